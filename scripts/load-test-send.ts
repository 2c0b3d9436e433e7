import type { Send } from "./load-test-run";
import type { Endpoint } from "./load-test-scenario";

/** Sends requests to a host; connections are kept and shared, as by a browser's users behind it. */
export function senderTo(
  target: string,
  timeoutSeconds: number,
  environment: NodeJS.ProcessEnv,
): Send {
  return async ({ path, method, headers, headersFrom, body }) => {
    try {
      const response = await fetch(new URL(path, target), {
        method,
        headers: { ...headers, ...fromEnvironment(headersFrom, environment) },
        ...(body !== undefined && { body }),
        redirect: "manual",
        signal: AbortSignal.timeout(Math.round(timeoutSeconds * 1000)),
      });
      // Half an answer is none.
      await response.arrayBuffer();
      return { status: response.status };
    } catch (error) {
      return { problem: reasonOf(error) };
    }
  };
}

/** Variables that a scenario's headers want and the environment lacks. */
export function missingVariables(
  endpoints: Readonly<Record<string, Endpoint>>,
  environment: NodeJS.ProcessEnv,
): string[] {
  const wanted = Object.values(endpoints).flatMap(({ headersFrom }) => Object.values(headersFrom));
  return [...new Set(wanted)].filter((name) => environment[name] === undefined);
}

function fromEnvironment(
  headersFrom: Endpoint["headersFrom"],
  environment: NodeJS.ProcessEnv,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headersFrom).map(([header, name]) => [header, environment[name] ?? ""]),
  );
}

/** fetch hides the system's reason in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "timeout";
  const cause: NodeJS.ErrnoException = error.cause instanceof Error ? error.cause : error;
  return cause.code ?? cause.message;
}
