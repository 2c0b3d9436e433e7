import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, serviceTrust } from "../support/iam";
import type { CheckedAuditTrailSettings } from "./settings";

/** Where a trail writes for searches, and as whom. */
export interface SearchableLog {
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly role: aws.iam.Role;
  readonly policy: aws.iam.RolePolicy;
}

export function createSearchableLog(
  name: string,
  { retentionDays }: CheckedAuditTrailSettings["search"],
  child: pulumi.CustomResourceOptions,
): SearchableLog {
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-logs`,
    { retentionInDays: retentionDays },
    child,
  );
  const role = new aws.iam.Role(
    `${name}-log-role`,
    { assumeRolePolicy: serviceTrust("cloudtrail.amazonaws.com") },
    child,
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-log-policy`,
    {
      role: role.name,
      policy: policyDocument([
        {
          actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
          resources: [pulumi.interpolate`${logGroup.arn}:*`],
        },
      ]),
    },
    child,
  );
  return { logGroup, role, policy };
}

/** Raises an alarm when the root user does anything, in whichever region: the trail brings it all to this one. */
export function createRootAlarm(
  name: string,
  {
    logGroup,
    notices,
  }: {
    readonly logGroup: aws.cloudwatch.LogGroup;
    readonly notices: { readonly topicArn: pulumi.Input<string>; readonly runbook: string };
  },
  child: pulumi.CustomResourceOptions,
): void {
  const metric = { namespace: "AccountBaseline", name: "RootActions" };
  new aws.cloudwatch.LogMetricFilter(
    `${name}-root`,
    {
      logGroupName: logGroup.name,
      // What AWS does in root's name, nobody did (CIS AWS Foundations Benchmark 3.0, control 4.3).
      pattern:
        '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
      metricTransformation: { ...metric, value: "1", defaultValue: "0" },
    },
    child,
  );
  new aws.cloudwatch.MetricAlarm(
    `${name}-root-login`,
    {
      alarmDescription: `The root user did something in the account, which nobody should need. What to do: ${notices.runbook}`,
      namespace: metric.namespace,
      metricName: metric.name,
      statistic: "Sum",
      period: 300,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
      alarmActions: [notices.topicArn],
    },
    child,
  );
}
