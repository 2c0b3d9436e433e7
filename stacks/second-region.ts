import * as pulumi from "@pulumi/pulumi";
import type { PlatformConfig } from "./config";
import type { Place } from "./domains";
import type { Region } from "./outputs";
import { createRegion } from "./region";
import type { SecondRegionSettings } from "./second-region-settings";

/**
 * The same platform in another region, with services and databases of its own. Nothing is copied between the regions'
 * databases and buckets.
 *
 * It is a parent only: what lies under it bears the same names as in the first region, and its own URNs.
 */
export class SecondRegion extends pulumi.ComponentResource {
  public readonly region: Region;

  constructor(
    name: string,
    config: PlatformConfig,
    place: Place,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("ecs-platform:index:SecondRegion", name, {}, opts);
    this.region = createRegion(config, { parent: this }, place);
    this.registerOutputs({ loadBalancerDnsName: this.region.loadBalancer.dnsName });
  }
}

/** The configuration as the second region has it. */
export function configOfSecondRegion(
  config: PlatformConfig,
  settings: SecondRegionSettings,
): PlatformConfig {
  const { certificateArn, ...loadBalancer } = config.loadBalancer;
  const own = settings.certificateArn;
  return {
    ...config,
    // Names what is known to the whole account, such as the dashboard.
    stack: `${config.stack}-${settings.region}`,
    aws: { ...config.aws, region: settings.region },
    network: settings.network,
    // One way to the code is enough, and contradictions/pipelines.ts refuses pipelines beside a second region.
    sourceConnections: {},
    loadBalancer: {
      ...loadBalancer,
      ...(certificateArn !== undefined && own !== undefined && { certificateArn: own }),
    },
  };
}
