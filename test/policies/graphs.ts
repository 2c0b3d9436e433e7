import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Graph, graphOf, type PolicyResource, type ValueMap } from "../../policies/graph";
import { exampleConfig, runPlatform, shippedConfig } from "../stacks/support";
import { runExample } from "../examples/run-example";
import type { Run } from "../support/run";
import { EVERYTHING } from "./everything";

/** A shipped stack file, and what the program declares for it. */
export interface ShippedGraph {
  readonly name: string;
  /** The sections of its stack file, as the pack gets them from the engine. */
  readonly sections: ValueMap;
  readonly graph: Graph;
}

/** What a mocked run declared, as rules see it. */
export function graphOfRun(run: Run): Graph {
  return graphOf(
    run.resources
      .filter(({ kind }) => kind !== "read")
      .map((resource): PolicyResource => ({ ...resource, inputs: resource.inputs })),
  );
}

let shipped: Promise<readonly ShippedGraph[]> | undefined;

/** The graphs of all shipped stacks and examples; run once for all tests. */
export function shippedGraphs(): Promise<readonly ShippedGraph[]> {
  shipped ??= Promise.all([
    ...SHIPPED.map((name) => built(name, shippedConfig(name))),
    ...examples((name) => !isProgram(name)).map((name) => built(name, exampleConfig(name))),
    // Not shipped: it has what no shipped stack has.
    built("everything", EVERYTHING),
    ...examples(isProgram).map(async (name) => ({
      name,
      sections: sectionsOf(exampleConfig(name), name),
      graph: graphOfRun(await runExample(name)),
    })),
  ]);
  return shipped;
}

/** Names of stack files at the top of the repository. */
const SHIPPED = ["dev", "pr", "staging", "prod"] as const;
const EXAMPLES = join(__dirname, "..", "..", "examples");

function examples(wanted: (name: string) => boolean): string[] {
  return readdirSync(EXAMPLES).filter(wanted).sort();
}

/** Whether an example is a program of its own, and not a stack file for this one. */
function isProgram(name: string): boolean {
  return existsSync(join(EXAMPLES, name, "index.ts"));
}

async function built(name: string, config: Record<string, unknown>): Promise<ShippedGraph> {
  const sections = sectionsOf(config, "ecs-platform");
  return { name, sections, graph: graphOfRun(await runPlatform(config, name)) };
}

function sectionsOf(config: Readonly<Record<string, unknown>>, project: string): ValueMap {
  const prefix = `${project}:`;
  const own = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(
    own.map(([key, value]) => [key.slice(prefix.length), value]),
  ) as ValueMap;
}
