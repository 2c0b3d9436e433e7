import { appendFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { execa } from "execa";

/** Where a build tells what it does. */
export interface Report {
  /** For whoever waits: what it does just now. */
  readonly detail: (text: string) => void;
  /**
   * For whoever wants to know what happened: all output of all tools. Kept after success and
   * failure alike.
   */
  readonly logFile: string;
}

const LAST_LINES = 15;

/**
 * Runs a tool and gives what it prints; a failure shows the last lines of the tool and where the
 * others are.
 */
export async function run(
  report: Report,
  [command, ...commandArguments]: readonly [string, ...string[]],
  options: {
    readonly folder: string;
    readonly environment?: Readonly<Record<string, string>>;
    readonly onMessage?: (line: string) => void;
  },
): Promise<string> {
  await appendFile(report.logFile, `\n$ ${[command, ...commandArguments].join(" ")}\n`);
  const running = execa(command, commandArguments, {
    cwd: options.folder,
    env: options.environment,
    stdin: "ignore",
    stderr: ["pipe", { file: report.logFile, append: true }],
    reject: false,
  });
  if (options.onMessage !== undefined) {
    createInterface({ input: running.stderr }).on("line", options.onMessage);
  }
  const result = await running;
  if (!result.failed) return result.stdout;
  const said = [result.stderr, result.stdout, result.originalMessage ?? ""].find((text) =>
    text.trim(),
  );
  throw new Error(
    [
      `${command} ${commandArguments[0] ?? ""} failed:`,
      ...(said ?? "").trim().split("\n").slice(-LAST_LINES),
      `The whole log is in ${report.logFile}`,
    ].join("\n"),
  );
}
