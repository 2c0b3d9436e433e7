import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { ChangedResource, Outcome } from "./operation-events";
import type { Options } from "./options";

/** The environment variable that names a file for a summary in JSON, for programs that run this one. */
export const SUMMARY_VARIABLE = "ECS_PLATFORM_LOCAL_SUMMARY";

/** What a run did, for a program to read. */
export interface Summary {
  readonly action: Options["action"];
  readonly stack: string;
  readonly seconds: number;
  /** An earlier run had been cut off, and what it left was put in order first. */
  readonly recovered: boolean;
  /** What could not be put in order was thrown away, and the stack deployed anew. */
  readonly startedAnew: boolean;
  readonly counts?: Outcome["counts"];
  readonly changed?: readonly ChangedResource[];
  /** How many resources each component has. */
  readonly components?: Readonly<Record<string, number>>;
  /** Everything in the state at the end, components included. */
  readonly remaining?: number;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly error?: string;
}

/** Writes the summary where somebody asked for it. */
export function writeSummary(summary: Summary): void {
  const file = process.env[SUMMARY_VARIABLE];
  if (file === undefined || file === "") return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(summary, undefined, 2)}\n`);
}
