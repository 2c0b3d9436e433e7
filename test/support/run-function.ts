import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What one call of a command gets: an answer, or `{ error }` for an error of that name. */
type Answer = object;

export interface FunctionCall {
  /** The folder under components with the function's files. */
  readonly folder: string;
  /** What it reads beside its code, by file name. */
  readonly files: Readonly<Record<string, unknown>>;
  readonly event: object;
  /** By command without "Command": one answer for all calls, or one after the other, the last for all that follow. */
  readonly answers: Readonly<Record<string, Answer | readonly Answer[]>>;
  /** Seconds that Lambda gives it. Every pause of it takes from them; none really passes. Default 900. */
  readonly seconds?: number;
  /** What the clock says. */
  readonly now?: string;
}

export interface Outcome {
  readonly result?: unknown;
  readonly error?: string;
  readonly asked: readonly [command: string, input: Readonly<Record<string, unknown>>][];
}

/**
 * Calls a function of Lambda in a process of its own, with an SDK that answers from a table and notes what it is asked.
 * Times come as dates, as AWS's do.
 */
export function runFunction(call: FunctionCall): Outcome {
  const folder = mkdtempSync(join(tmpdir(), "function-"));
  try {
    cpSync(join(__dirname, "..", "..", "components", call.folder), folder, { recursive: true });
    for (const [name, content] of Object.entries(call.files)) {
      writeFileSync(join(folder, name), JSON.stringify(content));
    }
    writeSdk(folder, readFileSync(join(folder, "aws.mjs"), "utf8"));
    const printed = execFileSync(
      process.execPath,
      ["--input-type=module", "--eval", programFor(call)],
      { cwd: folder, encoding: "utf8" },
    );
    return JSON.parse(printed) as Outcome;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Just what the code imports: a client or a command that does not exist at AWS is not noticed here. */
function writeSdk(folder: string, code: string): void {
  for (const [, names = "", name = ""] of code.matchAll(
    /import \{([^}]+)\} from "(@aws-sdk\/[^"]+)"/g,
  )) {
    const sdk = join(folder, "node_modules", name);
    mkdirSync(sdk, { recursive: true });
    writeFileSync(join(sdk, "package.json"), '{"type":"module","exports":"./index.js"}');
    const exported = names.split(",").map((one) => one.trim());
    writeFileSync(
      join(sdk, "index.js"),
      exported
        .filter(Boolean)
        .map((one) => (one.endsWith("Command") ? commandNamed(one) : clientNamed(one)))
        .join("\n"),
    );
  }
}

const commandNamed = (name: string) =>
  `export class ${name} { constructor(input) { this.input = input; } }`;

const clientNamed = (name: string) => `
export class ${name} {
  async send(command) {
    const name = command.constructor.name.replace(/Command$/, "");
    const before = globalThis.asked.filter(([asked]) => asked === name).length;
    globalThis.asked.push([name, command.input]);
    const given = globalThis.answers[name] ?? {};
    const answer = Array.isArray(given) ? (given[before] ?? given.at(-1)) : given;
    if (answer.error) throw Object.assign(new Error(answer.error), { name: answer.error });
    return JSON.parse(JSON.stringify(answer), (_, value) =>
      typeof value === "string" && /^\\d{4}-.*Z$/.test(value) ? new Date(value) : value);
  }
}`;

function programFor({ event, answers, seconds = 900, now }: FunctionCall): string {
  return `
    globalThis.asked = [];
    globalThis.answers = ${JSON.stringify(answers)};
    let left = ${seconds * 1000};
    globalThis.setTimeout = (resume, milliseconds) => { left -= milliseconds; setImmediate(resume); };
    ${now === undefined ? "" : `Date.now = () => +new Date("${now}");`}
    console.log = () => {};
    const { handler } = await import("./index.mjs");
    const context = { getRemainingTimeInMillis: () => left };
    const outcome = await handler(${JSON.stringify(event)}, context).then(
      (result) => ({ result }), ({ message }) => ({ error: message }));
    process.stdout.write(JSON.stringify({ ...outcome, asked: globalThis.asked }));`;
}
