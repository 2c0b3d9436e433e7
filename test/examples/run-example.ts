import { createRequire } from "node:module";
import { join, sep } from "node:path";
import { exampleConfig, sourceOf } from "../stacks/support";
import type { Run } from "../support/run";
import { runProgram } from "../support/run-program";

const load = createRequire(__filename);

/** Runs an example that is a program of its own as Pulumi runs it: from the top, every time. */
export function runExample(name: string): Promise<Run> {
  const folder = join(__dirname, "..", "..", "examples", name);
  const { values } = sourceOf(exampleConfig(name));
  return runProgram(
    () => {
      for (const file of Object.keys(load.cache)) {
        if (file.startsWith(folder + sep)) delete load.cache[file];
      }
      return load(join(folder, "index")) as Record<string, unknown>;
    },
    { config: values, project: name, stack: name },
  );
}
