import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { endProcesses, processesOfRun } from "../processes";
import { SUMMARY_VARIABLE, type Summary } from "../summary";

export const ROOT = join(__dirname, "..", "..");
const LINES_SHOWN = 30;
const POLL_MILLISECONDS = 50;

/** A stack that tests deploy, with a state of its own: nobody's `.local/dev` is touched. */
export interface TestStack {
  readonly stack: string;
  /** How the command line names the stack. */
  readonly selection: readonly [option: "--stack" | "--example", name: string];
  /** Holds the stack's folder, and beside it logs and files of the test. */
  readonly stateFolder: string;
  /** The stack's folder, as the runner knows it. */
  readonly folder: string;
  /** All output of all its runs. */
  readonly log: string;
}

/** A run that has ended. */
export interface FinishedRun {
  readonly exitCode: number | null;
  readonly output: string;
  readonly summary: Summary | undefined;
}

/** A run that is under way. */
export interface Run {
  readonly pid: number;
  readonly finished: Promise<FinishedRun>;
  /** Waits until the run has printed something; false if it ended without. */
  readonly printed: (pattern: RegExp) => Promise<boolean>;
}

/** A stack as if it had never been deployed; `test` names the folder for whatever belongs to the test. */
export async function freshStack(
  stack: string,
  test: string,
  option: TestStack["selection"][0] = "--stack",
): Promise<TestStack> {
  const stateFolder = join(ROOT, ".local", test);
  const folder = join(stateFolder, stack);
  await endProcesses(() => processesOfRun(folder), 10_000); // of a test that was cut off
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(stateFolder, { recursive: true });
  const log = join(stateFolder, `${stack}.log`);
  rmSync(log, { force: true });
  return { stack, selection: [option, stack], stateFolder, folder, log };
}

/** Does what `npm run local -- …` does. */
export function startRun(test: TestStack, ...options: readonly string[]): Run {
  const summaryFile = join(test.stateFolder, `${test.stack}.summary.json`);
  rmSync(summaryFile, { force: true });
  const commandLine = [...test.selection, "--state-folder", test.stateFolder, ...options];
  appendFileSync(test.log, `\n$ npm run local -- ${commandLine.join(" ")}\n`);
  const child = spawn(
    process.execPath,
    ["-r", require.resolve("ts-node/register/transpile-only"), "local/main.ts", ...commandLine],
    {
      cwd: ROOT,
      env: { ...process.env, [SUMMARY_VARIABLE]: summaryFile },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  let ended = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      appendFileSync(test.log, text);
    });
  }
  const finished = (async () => {
    const [exitCode] = (await once(child, "close")) as [number | null];
    ended = true;
    const summary = existsSync(summaryFile)
      ? (JSON.parse(readFileSync(summaryFile, "utf8")) as Summary)
      : undefined;
    return { exitCode, output, summary };
  })();
  return {
    pid: child.pid ?? 0,
    finished,
    printed: async (pattern) => {
      while (!pattern.test(output) && !ended) await delay(POLL_MILLISECONDS);
      return pattern.test(output);
    },
  };
}

/** Runs to the end, which must be a good one, and gives what the run did. */
export async function successfulRun(
  test: TestStack,
  ...options: readonly string[]
): Promise<Summary> {
  const { exitCode, output, summary } = await startRun(test, ...options).finished;
  if (exitCode === 0 && summary !== undefined) return summary;
  const lastLines = output.trimEnd().split("\n").slice(-LINES_SHOWN).join("\n  ");
  throw new Error(
    `the run ended with exit code ${exitCode ?? "none"}; ${test.log} has it all:\n  ${lastLines}`,
  );
}
