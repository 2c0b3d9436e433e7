import * as pulumi from "@pulumi/pulumi";
import { backupSettingsOf } from "./backups";
import type { PlatformConfig } from "./config";
import type { Place } from "./domains";
import type { Region } from "./outputs";
import { createRegion } from "./region";
import type { SecondRegionSettings } from "./second-region-settings";
import { onStandby } from "./standby";
import { stackTags } from "./tags";

/**
 * The same platform in another region, with services and databases of its own, or as much of it as `standby` says. Nothing
 * is copied between the regions' databases and buckets but backups.
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
  // One budget counts both regions: their resources bear the same tags.
  const { budget: _, ...shared } = config;
  const backups = backupSettingsOf(config);
  const second = {
    ...shared,
    // Names what is known to the whole account, such as the dashboard.
    stack: `${config.stack}-${settings.region}`,
    aws: { ...config.aws, region: settings.region },
    network: settings.network,
    tags: stackTags(config),
    databases: withSnapshots(config.databases, settings.snapshots),
    // What is made there is copied here.
    ...(backups && {
      backups: {
        ...backups,
        ...(backups.copyTo && { copyTo: { ...backups.copyTo, region: config.aws.region } }),
        // They are where they are, and backed up once.
        otherResources: [],
      },
    }),
    // One way to the code is enough, and contradictions/pipelines.ts refuses pipelines beside a second region.
    sourceConnections: {},
    loadBalancer: {
      ...loadBalancer,
      ...(certificateArn !== undefined && own !== undefined && { certificateArn: own }),
    },
  };
  return onStandby(second, settings);
}

function withSnapshots(
  databases: PlatformConfig["databases"],
  snapshots: SecondRegionSettings["snapshots"],
): PlatformConfig["databases"] {
  return Object.fromEntries(
    Object.entries(databases).map(([name, { snapshotIdentifier: _, ...settings }]) => {
      // A snapshot of the first region is not to be had in another.
      const snapshotIdentifier = snapshots[name];
      return [
        name,
        { ...settings, ...(snapshotIdentifier !== undefined && { snapshotIdentifier }) },
      ];
    }),
  );
}
