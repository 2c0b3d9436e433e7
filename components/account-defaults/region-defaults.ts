import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkSettings } from "../support/parse-settings";
import { type RegionDefaultsSettings, regionDefaultsSettings } from "./settings";

export type RegionDefaultsArgs = RegionDefaultsSettings;

/**
 * What new things of a region are like where nobody says otherwise: disks encrypted, the metadata of instances behind a
 * token (IMDSv2), no image or snapshot for everybody, ECS with metrics and with logs that never stop an application.
 * What is there already stays as it is.
 *
 * ```ts
 * new RegionDefaults("defaults", { containerInsights: "enhanced" });
 * ```
 *
 * Cost: none by itself; metrics of clusters cost by the task and service.
 */
export class RegionDefaults extends pulumi.ComponentResource {
  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: RegionDefaultsArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const settings = checkSettings(`RegionDefaults "${name}"`, regionDefaultsSettings, args);
    super("ecs-platform:index:RegionDefaults", name, {}, opts);
    const child = { parent: this };

    new aws.ebs.EncryptionByDefault(`${name}-disks`, { enabled: true }, child);
    new aws.ec2.InstanceMetadataDefaults(
      `${name}-instance-metadata`,
      // No hop limit: containers on hosts and a bastion need different ones, and their templates say theirs.
      { httpTokens: "required" },
      child,
    );
    if (settings.sharedImagesBecause === undefined) {
      new aws.ebs.SnapshotBlockPublicAccess(
        `${name}-no-public-snapshots`,
        { state: "block-all-sharing" },
        child,
      );
      new aws.ec2.ImageBlockPublicAccess(
        `${name}-no-public-images`,
        { state: "block-new-sharing" },
        child,
      );
    }
    const ofEcs = {
      containerInsights: settings.containerInsights,
      defaultLogDriverMode: "non-blocking",
      fargateTaskRetirementWaitPeriod: String(settings.taskRetirementDays),
    };
    for (const [setting, value] of Object.entries(ofEcs)) {
      new aws.ecs.AccountSettingDefault(`${name}-ecs-${setting}`, { name: setting, value }, child);
    }
    this.registerOutputs({});
  }
}
