import type { PlatformConfig } from "./config";
import { type PlatformOutputs, describePlatform } from "./outputs";
import { createProvider } from "./provider";
import { createRegion } from "./region";

/** The whole platform of one environment. What an environment has is in its configuration alone. */
export function createPlatform(config: PlatformConfig): PlatformOutputs {
  const provider = createProvider(config.aws, {
    Project: config.project,
    Environment: config.stack,
    ManagedBy: "pulumi",
    ...config.tags,
  });
  return describePlatform(config, createRegion(config, { providers: [provider] }));
}
