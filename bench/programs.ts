import { exampleConfig, runPlatform, shippedConfig } from "../test/stacks/support";
import type { Run } from "../test/support/run";
import { runProgram } from "../test/support/run-program";
import { synthetic } from "./synthetic";

/** A program to measure. Add one to the list below and it is in the table. */
export interface Program {
  readonly name: string;
  readonly run: () => Promise<Run>;
}

/** Everything `npm run bench` measures, in the order of its table. */
export const programs: readonly Program[] = [
  { name: "synthetic, 100 resources", run: () => runProgram(synthetic(100)) },
  { name: "synthetic, 1000 resources", run: () => runProgram(synthetic(1000)) },
  { name: "platform, Pulumi.dev.yaml", run: () => runPlatform(shippedConfig("dev"), "dev") },
  { name: "platform, Pulumi.prod.yaml", run: () => runPlatform(shippedConfig("prod"), "prod") },
  // The largest of the examples.
  example("java-and-dotnet"),
];

function example(name: string): Program {
  return { name: `example ${name}`, run: () => runPlatform(exampleConfig(name), name) };
}
