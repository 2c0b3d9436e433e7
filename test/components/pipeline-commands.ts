import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

/** What a program that stands in for `aws` or `docker` answers, by the words that a call must begin with. */
export type Answers = Readonly<
  Record<string, { readonly out?: unknown; readonly error?: string; readonly code?: number }>
>;

export interface Outcome {
  readonly code: number | null;
  readonly output: string;
  /** Every call of a stand-in, as words, its name first. */
  readonly calls: readonly (readonly string[])[];
  /** What was written to the folder of the source. */
  readonly files: Readonly<Record<string, string>>;
}

/** Answers by the longest beginning that fits; a list is answered one by one, the last one again and again. */
const STAND_IN = `#!${process.execPath}
const { appendFileSync, readFileSync } = require("node:fs");
const { basename } = require("node:path");
const call = [basename(process.argv[1]), ...process.argv.slice(2)];
const log = process.env.STAND_IN_LOG;
const before = readFileSync(log, "utf8").split("\\n").filter(Boolean).map((line) => JSON.parse(line));
appendFileSync(log, JSON.stringify(call) + "\\n");
const answers = JSON.parse(process.env.STAND_IN_ANSWERS);
const [key] = Object.keys(answers)
  .filter((words) => (call.join(" ") + " ").startsWith(words + " "))
  .sort((a, b) => b.length - a.length);
const sameBefore = before.filter((other) => (other.join(" ") + " ").startsWith(key + " ")).length;
const { out, error = "", code = 0 } = answers[key] ?? { error: "no answer to " + call.join(" "), code: 99 };
const answer = Array.isArray(out) ? out[Math.min(sameBefore, out.length - 1)] : out;
if (answer !== undefined) process.stdout.write(JSON.stringify(answer));
process.stderr.write(error);
process.exitCode = code;
`;

/** Runs the commands of a buildspec as CodeBuild does: one after the other in the same shell, until one fails. */
export function runBuildspec(
  buildspec: string,
  environment: Readonly<Record<string, string>>,
  answers: Answers,
): Outcome {
  const folder = mkdtempSync(path.join(tmpdir(), "buildspec-"));
  try {
    const tools = path.join(folder, "tools");
    const source = path.join(folder, "source");
    const log = path.join(folder, "calls");
    spawnSync("mkdir", [tools, source]);
    writeFileSync(log, "");
    for (const tool of ["aws", "docker"]) {
      writeFileSync(path.join(tools, tool), STAND_IN, { mode: 0o755 });
    }
    const { phases } = JSON.parse(buildspec) as {
      phases: Record<string, { commands: readonly string[] }>;
    };
    const commands = Object.values(phases).flatMap((phase) => phase.commands);
    const script = commands.map((command) => `${command}\n[ $? -eq 0 ] || exit 1`).join("\n");
    const { status, stdout, stderr } = spawnSync("bash", ["-c", script], {
      cwd: source,
      encoding: "utf8",
      env: {
        ...environment,
        PATH: `${tools}:${path.dirname(process.execPath)}:/usr/bin:/bin`,
        STAND_IN_LOG: log,
        STAND_IN_ANSWERS: JSON.stringify(answers),
      },
    });
    return {
      code: status,
      output: stdout + stderr,
      calls: readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as string[]),
      files: Object.fromEntries(
        readdirSync(source).map((file) => [file, readFileSync(path.join(source, file), "utf8")]),
      ),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
