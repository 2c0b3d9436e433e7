import { readConfig } from "../local/stack-files";
import { type PlatformConfig, loadConfig } from "../stacks/config";

const PROJECT = "ecs-platform";

/** What a stack file says, checked and with the defaults filled in. */
export function readStack(stack: string, stackFile: string): PlatformConfig {
  const values = Object.entries(readConfig(stackFile, PROJECT).config).map(
    ([key, value]): [string, string] => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ],
  );
  return loadConfig({ project: PROJECT, stack, values: Object.fromEntries(values) });
}
