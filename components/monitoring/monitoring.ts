import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, regionOf } from "../support/iam";
import { parseSettings } from "../support/parse-settings";
import { type Problem, SettingsError } from "../support/problem";
import { alarmsFor, createAlarm } from "./alarms";
import { countErrors } from "./application-errors";
import { dashboardBody } from "./dashboard";
import { watchDeployments } from "./deployment-failures";
import { type MonitoringSettings, monitoringSettings } from "./settings";
import { createStoppedTasksLog } from "./stopped-tasks";
import type { Watched } from "./watched";

const CLUSTER_ARN_MISSING: Problem = {
  key: "cluster.arn",
  value: undefined,
  rule: "is required with stoppedTasks",
  allowed: "the cluster's ARN",
  fix: "pass the EcsCluster, or remove stoppedTasks",
};

export interface MonitoringArgs extends MonitoringSettings, Watched {
  /** What is watched of the cluster; `arn` is required with `stoppedTasks`. An `EcsCluster` will do. */
  readonly cluster: Watched["cluster"] & { readonly arn?: pulumi.Input<string> };
  /** NAT gateways to watch with `natErrors`, by zone, as a `Network` has them. */
  readonly natGatewayIds?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Account that the key for notifications belongs to. */
  readonly accountId: pulumi.Input<string>;
  /** Name of the dashboard, unique in the account. */
  readonly dashboardName: string;
}

/**
 * Alarms on what a platform's users would notice, told to an encrypted SNS topic, and a dashboard whose panels each answer
 * a question.
 *
 * ```ts
 * const monitoring = new Monitoring("monitoring", {
 *   accountId: network.accountId, dashboardName: "shop",
 *   cluster, loadBalancer, services: { api }, databases: { database },
 *   emails: { team: "team@example.com" },
 * });
 * ```
 *
 * Cost: 0.10 USD a month for each alarm (seven for a service with requests, four for a database), 3 USD for the dashboard
 * after the account's first three, 1 USD for the key. (AWS price pages for us-east-1, read in November 2026.)
 */
export class Monitoring extends pulumi.ComponentResource {
  /** Where alarms are told, for more subscribers. */
  public readonly topicArn: pulumi.Output<string>;
  public readonly dashboardUrl: pulumi.Output<string>;
  /** Record of tasks that stopped; undefined without `stoppedTasks`. */
  public readonly stoppedTasksLogGroupName: pulumi.Output<string> | undefined;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, loadBalancer, services, databases, ...others } = args;
    const { accountId, dashboardName, natGatewayIds = {}, ...rest } = others;
    const { value: settings, problems } = parseSettings(monitoringSettings, rest, "");
    const clusterMissing = rest.stoppedTasks !== undefined && cluster.arn === undefined;
    if (settings === undefined || clusterMissing) {
      throw new SettingsError(`Monitoring "${name}"`, [
        ...problems,
        ...(clusterMissing ? [CLUSTER_ARN_MISSING] : []),
      ]);
    }
    super("ecs-platform:index:Monitoring", name, {}, opts);
    const child = { parent: this };
    const watched = {
      cluster,
      loadBalancer,
      services:
        settings.applicationErrors === undefined
          ? services
          : countErrors(
              name,
              { services, settings: settings.applicationErrors, namespace: dashboardName },
              child,
            ),
      databases,
    };

    const key = createTopicKey(name, accountId, child);
    const topic = new aws.sns.Topic(`${name}-alarms`, { kmsMasterKeyId: key.arn }, child);
    new aws.sns.TopicPolicy(
      `${name}-alarms-policy`,
      {
        arn: topic.arn,
        policy: policyDocument([
          {
            principal: { Service: "cloudwatch.amazonaws.com" },
            actions: ["sns:Publish"],
            resources: [topic.arn],
            conditions: { StringEquals: { "aws:SourceAccount": accountId } },
          },
        ]),
      },
      child,
    );
    for (const [person, endpoint] of Object.entries(settings.emails)) {
      new aws.sns.TopicSubscription(
        `${name}-email-${person}`,
        { topic: topic.arn, protocol: "email", endpoint },
        child,
      );
    }

    const actions = settings.silencedBecause === undefined ? [topic.arn] : [];
    const alarms = {
      ...alarmsFor(watched, settings, settings.natErrors ? natGatewayIds : {}),
      ...watchDeployments(
        name,
        { services, accountId, label: dashboardName, runbooksUrl: settings.runbooksUrl },
        child,
      ),
    };
    for (const [key, alarm] of Object.entries(alarms)) {
      createAlarm(`${name}-${key}`, alarm, actions, child);
    }

    const region = regionOf(topic.arn);
    const dashboard = new aws.cloudwatch.Dashboard(
      `${name}-dashboard`,
      { dashboardName, dashboardBody: dashboardBody(watched, region) },
      { ...child, deleteBeforeReplace: true },
    );

    if (settings.stoppedTasks !== undefined && cluster.arn !== undefined) {
      this.stoppedTasksLogGroupName = createStoppedTasksLog(
        name,
        {
          clusterArn: cluster.arn,
          accountId,
          label: dashboardName,
          retentionDays: settings.stoppedTasks.logRetentionDays,
        },
        child,
      ).name;
    }

    this.topicArn = topic.arn;
    this.dashboardUrl = pulumi.interpolate`https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.dashboardName}`;
    this.registerOutputs({ topicArn: this.topicArn, dashboardUrl: this.dashboardUrl });
  }
}

/** CloudWatch cannot publish to a topic under the key of SNS itself, whose policy nobody may change. */
function createTopicKey(
  name: string,
  accountId: pulumi.Input<string>,
  child: pulumi.CustomResourceOptions,
): aws.kms.Key {
  return new aws.kms.Key(
    `${name}-alarms-key`,
    {
      description: "Encrypts alarm notifications",
      enableKeyRotation: true,
      deletionWindowInDays: 7,
      policy: policyDocument([
        {
          // Without it nobody could ever change the key again; IAM decides who of the account may.
          principal: { AWS: accountId },
          actions: ["kms:*"],
          resources: ["*"],
        },
        {
          principal: { Service: "cloudwatch.amazonaws.com" },
          actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
          resources: ["*"],
          conditions: { StringEquals: { "aws:SourceAccount": accountId } },
        },
      ]),
    },
    child,
  );
}
