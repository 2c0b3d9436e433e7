import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** A stack of an example: `examples/NAME/Pulumi.NAME.yaml`. */
export interface Example {
  readonly name: string;
  readonly stackFile: string;
  /** The folder of its Pulumi.yaml: one that has a program of its own has this, too. */
  readonly project: string;
}

/** The examples of this project, by name. */
export function findExamples(root: string): readonly Example[] {
  const folder = join(root, "examples");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => ({
      name,
      stackFile: join(folder, name, `Pulumi.${name}.yaml`),
      project: existsSync(join(folder, name, "Pulumi.yaml")) ? join(folder, name) : root,
    }))
    .filter(({ stackFile }) => existsSync(stackFile));
}
