/** The command line or what it names is wrong: nothing was started. */
export class UsageError extends Error {}

/** The user or the system asked the run to stop. */
export class Stopped extends Error {
  constructor() {
    super("The run was stopped.");
  }
}

/** What to tell the user about anything that was thrown. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name.endsWith("CommandError") || error.name === "ConcurrentUpdateError"
    ? whatTheEngineSays(error.message)
    : error.message;
}

/** The Automation API adds a command line, and all output twice. */
function whatTheEngineSays(message: string): string {
  const said = /^error: (.*)|stderr: (Command was killed .*?):/gm;
  const errors = [...message.matchAll(said)].map(([, told, killed]) => told ?? killed ?? "");
  return errors.length > 0 ? [...new Set(errors)].join("\n") : message;
}
