/**
 * Actions that AWS knows no resource for ("Actions, resources, and condition keys for AWS services" in the Service
 * Authorization Reference: those whose column of resource types is empty), as far as anything here uses them.
 */
const WITHOUT_RESOURCE = [
  "autoscaling:Describe*",
  "cloudwatch:DescribeAlarm*",
  "cloudwatch:GetMetricData",
  "cloudwatch:GetMetricStatistics",
  "cloudwatch:GetMetricWidgetImage",
  "cloudwatch:ListMetrics",
  "cloudwatch:PutMetricData",
  "ec2:Describe*",
  "ecr:GetAuthorizationToken",
  "ecs:DescribeTaskDefinition",
  "ecs:RegisterTaskDefinition",
  "elasticloadbalancing:Describe*",
  "logs:DescribeLogGroups",
  "logs:GetQueryResults",
  "logs:StopQuery",
  "ssmmessages:*",
  "tag:GetResources",
  "xray:GetSampling*",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
] as const;

/** Whether an action can be granted on everything or not at all. */
export function needsEverything(action: string): boolean {
  return WITHOUT_RESOURCE.some((known) =>
    known.endsWith("*") ? action.startsWith(known.slice(0, -1)) : action === known,
  );
}
