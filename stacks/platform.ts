import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PlatformConfig } from "./config";
import { capacityWarnings } from "./contradictions/capacity";
import { createCloudflareProviders, routingOf } from "./domains";
import { type PlatformOutputs, type Region, describePlatform } from "./outputs";
import { createProvider } from "./provider";
import { createRegion } from "./region";
import { SecondRegion, configOfSecondRegion } from "./second-region";
import { stackTags } from "./tags";

const US_EAST_1 = "us-east-1";

/**
 * The whole platform of one environment. What an environment has is in its configuration alone.
 * `look` is called for each region, to see how it does once it is there.
 */
export function createPlatform(
  config: PlatformConfig,
  look: (region: Region, config: PlatformConfig) => void = () => undefined,
): PlatformOutputs {
  for (const warning of capacityWarnings(config)) void pulumi.log.warn(warning);
  const tags = stackTags(config);
  const provider = createProvider("aws", config.aws, tags);
  const region = createRegion(
    config,
    { providers: [provider, ...createCloudflareProviders(config)] },
    { routing: routingOf(config, "PRIMARY"), usEast1Provider: usEast1Provider(config, provider) },
  );

  look(region, config);
  const outputs = describePlatform(config, region);
  if (config.secondRegion === undefined) return outputs;

  const secondConfig = configOfSecondRegion(config, config.secondRegion);
  const second = new SecondRegion(
    "second-region",
    secondConfig,
    { routing: routingOf(secondConfig, "SECONDARY"), primaryDomains: region.domains },
    { providers: [createProvider("aws-second-region", secondConfig.aws, tags)] },
  );
  look(second.region, secondConfig);
  return { ...outputs, secondRegion: describePlatform(secondConfig, second.region) };
}

/** CloudFront takes its certificate from there, wherever the platform stands. */
function usEast1Provider(config: PlatformConfig, own: aws.Provider): aws.Provider | undefined {
  if (config.cdn === undefined) return undefined;
  if (config.aws.region === US_EAST_1) return own;
  return createProvider("aws-us-east-1", { ...config.aws, region: US_EAST_1 }, stackTags(config));
}
