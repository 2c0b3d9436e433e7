import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkSettings } from "../support/parse-settings";
import {
  type CheckedThreatDetectionSettings,
  type ThreatDetectionSettings,
  threatDetectionSettings,
} from "./settings";

export type ThreatDetectionArgs = ThreatDetectionSettings;

/**
 * GuardDuty, which looks for attackers in one region: in the calls, the traffic and the names that are looked up, and in
 * what programs do, who logs in to databases and who reads objects. `AccountNotices` tells people what it finds.
 *
 * ```ts
 * new ThreatDetection("threats", { malwareScans: true });
 * ```
 *
 * Once in an account and region: AWS refuses a second detector.
 *
 * To be watched on Fargate, a task needs a way to GuardDuty's image: the right to pull it, which `runtimeMonitoring` of an
 * `EcsCluster` gives, and a way out or endpoints of ECR.
 *
 * Cost: 30 days free; then from 4 USD per million calls and 1 USD per GB of traffic and names, and the settings' own
 * prices. (AWS price page of GuardDuty for us-east-1.)
 */
export class ThreatDetection extends pulumi.ComponentResource {
  public readonly detectorId: pulumi.Output<string>;
  public readonly arn: pulumi.Output<string>;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(
    name: string,
    args: ThreatDetectionArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const settings = checkSettings(`ThreatDetection "${name}"`, threatDetectionSettings, args);
    super("ecs-platform:index:ThreatDetection", name, {}, opts);
    const child = { parent: this };

    const detector = new aws.guardduty.Detector(
      `${name}-detector`,
      { enable: true, findingPublishingFrequency: "FIFTEEN_MINUTES" },
      child,
    );
    // What a new detector has on by itself, AWS decides: every feature is said, also those that are off.
    let former: aws.guardduty.DetectorFeature[] = [];
    for (const [feature, { isOn, additions }] of Object.entries(featuresOf(settings))) {
      // One after the other: each changes the one detector.
      former = [
        new aws.guardduty.DetectorFeature(
          `${name}-${feature.toLowerCase().replace(/_/g, "-")}`,
          {
            detectorId: detector.id,
            name: feature,
            status: status(isOn),
            ...(additions && {
              additionalConfigurations: Object.entries(additions).map(([addition, on]) => ({
                name: addition,
                status: status(on),
              })),
            }),
          },
          { ...child, dependsOn: former },
        ),
      ];
    }

    this.detectorId = detector.id;
    this.arn = detector.arn;
    this.registerOutputs({ detectorId: this.detectorId, arn: this.arn });
  }
}

interface Feature {
  readonly isOn: boolean;
  readonly additions?: Readonly<Record<string, boolean>>;
}

function featuresOf(settings: CheckedThreatDetectionSettings): Record<string, Feature> {
  const { fargate, hosts, eks, offBecause } = settings.runtime;
  const isWatched = offBecause === undefined;
  return {
    EBS_MALWARE_PROTECTION: { isOn: settings.malwareScans },
    EKS_AUDIT_LOGS: { isOn: settings.eksAuditLogs },
    LAMBDA_NETWORK_LOGS: { isOn: settings.functionTraffic },
    RDS_LOGIN_EVENTS: { isOn: settings.databaseLogins },
    RUNTIME_MONITORING: {
      isOn: isWatched,
      additions: {
        EC2_AGENT_MANAGEMENT: isWatched && hosts,
        ECS_FARGATE_AGENT_MANAGEMENT: isWatched && fargate,
        EKS_ADDON_MANAGEMENT: isWatched && eks,
      },
    },
    S3_DATA_EVENTS: { isOn: settings.bucketReads },
  };
}

function status(isOn: boolean): string {
  return isOn ? "ENABLED" : "DISABLED";
}
