import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";

export const ROOT = path.join(__dirname, "..", "..");

/** A step of a workflow or of an action. */
export interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A job of a workflow. */
export interface Job {
  readonly if?: string;
  readonly needs?: readonly string[];
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly strategy?: { readonly matrix: { readonly node: readonly string[] } };
  readonly concurrency?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly steps?: readonly Step[];
}

export interface Workflow {
  readonly "run-name"?: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

export function readText(...file: string[]): string {
  return readFileSync(path.join(ROOT, ...file), "utf8");
}

/** GitHub's workflows, by file name. */
export function readWorkflows(): Record<string, Workflow> {
  const folder = path.join(ROOT, ".github", "workflows");
  return Object.fromEntries(
    readdirSync(folder).map((file) => [
      file,
      parse(readFileSync(path.join(folder, file), "utf8")) as Workflow,
    ]),
  );
}

/** The steps of this repository's own actions, by folder. */
export function readActions(): Record<string, readonly Step[]> {
  const folder = path.join(ROOT, ".github", "actions");
  return Object.fromEntries(
    readdirSync(folder).map((name) => {
      const text = readFileSync(path.join(folder, name, "action.yml"), "utf8");
      return [name, (parse(text) as { runs: { steps: Step[] } }).runs.steps];
    }),
  );
}

/** Stacks that have a file. */
export function stackNames(): string[] {
  return readdirSync(ROOT).flatMap((file) => /^Pulumi\.(\w+)\.yaml$/.exec(file)?.[1] ?? []);
}
