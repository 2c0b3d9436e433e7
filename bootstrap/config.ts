import { z } from "zod";
import { ciRolesSettings } from "../components/ci-roles/settings";
import { stateBackendSettings } from "../components/state-backend/settings";
import { parseSettings } from "../components/support/parse-settings";
import { SettingsError } from "../components/support/problem";
import { reason } from "../components/support/rules";
import { type ConfigSource, namespace, pulumiSource } from "../stacks/config-source";
import { awsSettings } from "../stacks/provider";

/** Everything that the stack file of this program says. */
const bootstrapConfig = z.strictObject({
  state: stateBackendSettings.prefault({}).describe("The bucket, and what lies beside it."),
  ci: ciRolesSettings
    .optional()
    .describe("Roles that pipelines take on to preview and deploy. Without it: none."),
  unprotectedBecause: reason
    .optional()
    .describe(
      "Lets `pulumi destroy` delete all states, and says why. Without it AWS and Pulumi refuse.",
    ),
});

export type BootstrapConfig = z.output<typeof bootstrapConfig> & {
  readonly aws: z.output<typeof awsSettings>;
};

/**
 * Reads and checks the configuration.
 *
 * @throws SettingsError with every problem at once; nothing has registered by then.
 */
export function loadBootstrapConfig(source: ConfigSource = pulumiSource()): BootstrapConfig {
  const own = parseSettings(
    bootstrapConfig,
    namespace(source, source.project),
    `${source.project}:`,
  );
  const provider = parseSettings(awsSettings, namespace(source, "aws"), "aws:");
  if (own.value === undefined || provider.value === undefined) {
    throw new SettingsError(`Pulumi.${source.stack}.yaml`, [...provider.problems, ...own.problems]);
  }
  return { ...own.value, aws: provider.value };
}
