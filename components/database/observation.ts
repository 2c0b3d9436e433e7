import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { afterwards } from "../support/afterwards";
import { managedPolicyArn, serviceTrust } from "../support/iam";
import { factsOf, hasPerformanceInsights } from "./engines";
import type { CheckedSettings } from "./settings";

/** What an instance needs to have its operating system read. */
export interface OsReadings {
  readonly monitoringInterval: number;
  readonly monitoringRoleArn?: pulumi.Output<string>;
}

/**
 * RDS writes its logs to groups that are named after the database, and makes them without retention unless they are
 * there before it.
 */
export function createLogGroups(
  name: string,
  identifier: pulumi.Output<string>,
  { engine, logRetentionDays }: CheckedSettings,
  child: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup[] {
  const { isCluster, logs } = factsOf(engine);
  const kind = isCluster ? "cluster" : "instance";
  return logs.map(
    (log) =>
      new aws.cloudwatch.LogGroup(
        `${name}-${log}-logs`,
        {
          name: pulumi.interpolate`/aws/rds/${kind}/${identifier}/${log}`,
          retentionInDays: logRetentionDays,
        },
        { ...child, deleteBeforeReplace: true },
      ),
  );
}

export function createOsReadings(
  name: string,
  intervalSeconds: number,
  accountId: pulumi.Input<string>,
  child: pulumi.CustomResourceOptions,
): OsReadings {
  if (intervalSeconds === 0) return { monitoringInterval: 0 };
  const role = new aws.iam.Role(
    `${name}-monitoring-role`,
    { assumeRolePolicy: serviceTrust("monitoring.rds.amazonaws.com", accountId) },
    child,
  );
  const attachment = new aws.iam.RolePolicyAttachment(
    `${name}-monitoring-policy`,
    {
      role: role.name,
      policyArn: managedPolicyArn(role.arn, "service-role/AmazonRDSEnhancedMonitoringRole"),
    },
    child,
  );
  return {
    monitoringInterval: intervalSeconds,
    // Known once the policy is attached: RDS tries the role when it creates the instance.
    monitoringRoleArn: afterwards(role.arn, attachment),
  };
}

/** Performance Insights as an instance of the class takes them. */
export function performanceInsights(settings: CheckedSettings, instanceClass: string) {
  if (!hasPerformanceInsights(settings.engine, instanceClass)) {
    return { performanceInsightsEnabled: false };
  }
  return {
    performanceInsightsEnabled: true,
    performanceInsightsRetentionPeriod: settings.performanceInsightsRetentionDays,
  };
}
