import type { z } from "zod";
import { parseSettings } from "../components/support/parse-settings";
import { SettingsError } from "../components/support/problem";
import { type ConfigSource, namespace, pulumiSource } from "../stacks/config-source";
import { cloudSettings, deploymentsSettings, type DeploymentsSettings } from "./settings";

export type DeploymentsConfig = DeploymentsSettings & {
  readonly cloud: z.output<typeof cloudSettings>;
};

/**
 * Reads and checks the configuration.
 *
 * @throws SettingsError with every problem at once; nothing has registered by then.
 */
export function loadDeploymentsConfig(source: ConfigSource = pulumiSource()): DeploymentsConfig {
  const own = parseSettings(
    deploymentsSettings,
    namespace(source, source.project),
    `${source.project}:`,
  );
  const cloud = parseSettings(cloudSettings, namespace(source, "pulumiservice"), "pulumiservice:");
  if (own.value === undefined || cloud.value === undefined) {
    throw new SettingsError(`Pulumi.${source.stack}.yaml`, [...cloud.problems, ...own.problems]);
  }
  return { ...own.value, cloud: cloud.value };
}
