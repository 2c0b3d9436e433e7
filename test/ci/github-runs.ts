import { readWorkflows, type Workflow } from "./support";

/** What GitHub knows when a workflow starts. */
export interface Event {
  readonly github: Readonly<Record<string, unknown>>;
  readonly vars?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
}

export type Result = "success" | "failure" | "cancelled" | "skipped";

type Expressions = typeof import("@actions/expressions");

/**
 * Which jobs of a workflow run, by GitHub's own evaluator of conditions. Jobs succeed, but for those whose result is given.
 */
export async function runningJobs(
  file: string,
  event: Event,
  results: Readonly<Record<string, Result>> = {},
): Promise<string[]> {
  const expressions = await import("@actions/expressions");
  const workflow = readWorkflows()[file] as Workflow;
  const ended: Record<string, Result> = {};
  for (const [name, job] of Object.entries(workflow.jobs)) {
    const needs = job.needs ?? [];
    const runs = evaluate(expressions, withStatus(job.if), event, needs, ended);
    ended[name] = runs ? (results[name] ?? "success") : "skipped";
  }
  return Object.keys(ended).filter((name) => ended[name] !== "skipped");
}

/** What GitHub puts in place of `${{ … }}`, in a job that is given these inputs and variables. */
export async function valueOf(
  text: string,
  { vars = {}, inputs = {} }: Pick<Event, "vars" | "inputs">,
): Promise<string> {
  const { Lexer, Parser, Evaluator, data } = await import("@actions/expressions");
  const context = { vars, inputs };
  const { tokens } = new Lexer(text.trim().replace(/^\$\{\{([^]*)\}\}$/, "$1")).lex();
  const evaluator = new Evaluator(
    new Parser(tokens, Object.keys(context), []).parse(),
    JSON.parse(JSON.stringify(context), data.reviver) as InstanceType<typeof data.Dictionary>,
  );
  return evaluator.evaluate().coerceString();
}

/** A condition that does not ask for the jobs before it wants all of them to have succeeded. */
function withStatus(condition = "true"): string {
  const asks = /\b(success|failure|cancelled|always)\(/.test(condition);
  return asks ? condition : `success() && (${condition})`;
}

function evaluate(
  { Lexer, Parser, Evaluator, data }: Expressions,
  condition: string,
  { github, vars = {}, inputs = {} }: Event,
  needs: readonly string[],
  ended: Readonly<Record<string, Result>>,
): boolean {
  const ofNeeds = needs.map((name) => ended[name]);
  const statuses: Readonly<Record<string, boolean>> = {
    success: ofNeeds.every((result) => result === "success"),
    failure: ofNeeds.includes("failure"),
    cancelled: false,
    always: true,
  };
  const functions = Object.entries(statuses).map(([name, status]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(status),
  }));
  const context = {
    github,
    vars,
    inputs,
    needs: Object.fromEntries(needs.map((name) => [name, { result: ended[name] }])),
  };
  const parser = new Parser(new Lexer(condition).lex().tokens, Object.keys(context), functions);
  const evaluator = new Evaluator(
    parser.parse(),
    JSON.parse(JSON.stringify(context), data.reviver) as InstanceType<typeof data.Dictionary>,
    new Map(functions.map((definition) => [definition.name, definition])),
  );
  return evaluator.evaluate().coerceString() === "true";
}
