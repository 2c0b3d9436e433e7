import * as pulumi from "@pulumi/pulumi";
import { type Statement, allLogGroupsBeside, logGroupArnBeside } from "../support/iam";

/**
 * What Grafana may do in AWS: read metrics, alarms and the logs of the stack's own services; write nothing.
 * From "Configure CloudWatch" in Grafana's documentation. Metrics and queries have no narrower resource than all.
 */
export function readOnlyRights(
  /** Any log group of the stack: the others are beside it. */
  logGroupArn: pulumi.Input<string>,
  logGroupNames: readonly pulumi.Input<string>[],
): Statement[] {
  const ownGroups = logGroupNames.map(
    (name) => pulumi.interpolate`${logGroupArnBeside(logGroupArn, name)}:*`,
  );
  return [
    {
      actions: [
        "cloudwatch:DescribeAlarmHistory",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:DescribeAlarmsForMetric",
        "cloudwatch:GetMetricData",
        "cloudwatch:ListMetrics",
        "logs:GetQueryResults",
        "logs:StopQuery",
        "tag:GetResources",
      ],
      resources: ["*"],
    },
    { actions: ["logs:DescribeLogGroups"], resources: [allLogGroupsBeside(logGroupArn)] },
    ...(ownGroups.length === 0
      ? []
      : [
          {
            actions: ["logs:GetLogEvents", "logs:GetLogGroupFields", "logs:StartQuery"],
            resources: ownGroups,
          },
        ]),
  ];
}
