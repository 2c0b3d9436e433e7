import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { partitionOf } from "../support/iam";
import { checkSettings } from "../support/parse-settings";
import { createCopies } from "./copies";
import { CONFIG_RULES, CONFIG_RULE_KEYS, type ConfigRule } from "./rules";
import { type ConfigurationRecorderSettings, configurationRecorderSettings } from "./settings";

export interface ConfigurationRecorderArgs extends ConfigurationRecorderSettings {
  readonly accountId: pulumi.Input<string>;
  /** Whether it records what lies in no region, such as roles: in one region of an account. Default true. */
  readonly recordsGlobals?: boolean;
  /** Whether the records outlive it. Default true. */
  readonly deletionProtection?: boolean;
}

/**
 * AWS Config: a record of how every resource of a region was at any time, and a set of rules that resources are tried
 * by whenever they change, whoever made them. `AccountNotices` tells people what begins to break one.
 *
 * ```ts
 * new ConfigurationRecorder("configuration", {
 *   accountId: notices.accountId,
 *   without: { "flow-logs": "the only VPC is the empty default one" },
 * });
 * ```
 *
 * Once in an account and region: AWS refuses a second recorder.
 *
 * Cost: 0.003 USD for each change that is recorded and 0.001 USD for each trial of a rule, which comes to about 10 USD a
 * month for an account that is deployed to daily; 1 USD a month for the key. (AWS price page of Config for us-east-1.)
 */
export class ConfigurationRecorder extends pulumi.ComponentResource {
  public readonly bucketName: pulumi.Output<string>;
  public readonly recorderName: pulumi.Output<string>;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(
    name: string,
    args: ConfigurationRecorderArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { accountId, recordsGlobals = true, deletionProtection = true, ...rest } = args;
    const settings = checkSettings(
      `ConfigurationRecorder "${name}"`,
      configurationRecorderSettings,
      rest,
    );
    super("ecs-platform:index:ConfigurationRecorder", name, {}, opts);
    const child = { parent: this };
    const { retentionDays } = settings;

    const { bucket, policy, key } = createCopies(
      name,
      { accountId, retentionDays, forceDestroy: !deletionProtection },
      child,
    );
    const serviceLinkedRole = settings.createServiceLinkedRole
      ? new aws.iam.ServiceLinkedRole(
          `${name}-service-linked-role`,
          { awsServiceName: "config.amazonaws.com" },
          child,
        )
      : undefined;
    const recorder = new aws.cfg.Recorder(
      `${name}-recorder`,
      {
        // By the role that AWS keeps for Config, as Security Hub asks for; its ARN is known without a look-up.
        roleArn:
          serviceLinkedRole?.arn ??
          pulumi.interpolate`arn:${partitionOf(key.arn)}:iam::${accountId}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
        recordingGroup: { allSupported: true, includeGlobalResourceTypes: recordsGlobals },
        recordingMode: { recordingFrequency: settings.frequency.toUpperCase() },
      },
      child,
    );
    const channel = new aws.cfg.DeliveryChannel(
      `${name}-channel`,
      {
        s3BucketName: bucket.bucket,
        snapshotDeliveryProperties: { deliveryFrequency: "TwentyFour_Hours" },
      },
      { ...child, dependsOn: [recorder, policy] },
    );
    const running = new aws.cfg.RecorderStatus(
      `${name}-running`,
      { name: recorder.name, isEnabled: true },
      // AWS starts no recorder without a channel, and deletes no channel of one that runs.
      { ...child, dependsOn: [channel] },
    );
    new aws.cfg.RetentionConfiguration(
      `${name}-retention`,
      { retentionPeriodInDays: retentionDays },
      child,
    );
    for (const key of CONFIG_RULE_KEYS) {
      if (settings.without[key] !== undefined) continue;
      const { identifier, controls, parameters }: ConfigRule = CONFIG_RULES[key];
      new aws.cfg.Rule(
        `${name}-${key}`,
        {
          description: `Controls ${controls} of ecs-platform`,
          source: { owner: "AWS", sourceIdentifier: identifier },
          ...(parameters && { inputParameters: JSON.stringify(parameters) }),
        },
        { ...child, dependsOn: [running] },
      );
    }

    this.bucketName = bucket.bucket;
    this.recorderName = recorder.name;
    this.registerOutputs({ bucketName: this.bucketName, recorderName: this.recorderName });
  }
}
