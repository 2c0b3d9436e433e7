import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Scaling } from "./scaling-settings";

export interface StepsArgs {
  readonly target: aws.appautoscaling.Target;
  readonly settings: Scaling;
  /** Tell the service's metrics from those of others. */
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
}

/** A metric that steps go by. */
interface Stepped {
  readonly key: "cpu" | "memory";
  readonly metricName: string;
  /** Above it a task is added. */
  readonly above: number;
  /** Below it a task may go. */
  readonly below: number;
}

/** Minutes in a row that a metric is high or low, as AWS's own tracking has them. */
const MINUTES = { high: 3, low: 15 };

/** Adds one task where CPU or memory is high, and removes one where both are low. */
export function createSteps(
  name: string,
  args: StepsArgs,
  child: pulumi.CustomResourceOptions,
): void {
  const { settings } = args;
  const out = createStep(`${name}-out`, args, 1, settings.scaleOutCooldownSeconds, child);
  const into = createStep(`${name}-in`, args, -1, settings.scaleInCooldownSeconds, child);
  const stepped = steppedMetrics(settings);
  for (const metric of stepped) {
    createHighAlarm(`${name}-${metric.key}-high`, metric, args, out, child);
    const other = stepped.find((candidate) => candidate !== metric);
    createLowAlarm(`${name}-${metric.key}-low`, metric, other, args, into, child);
  }
}

function steppedMetrics(settings: Scaling): Stepped[] {
  const all: Stepped[] = [
    {
      key: "cpu",
      metricName: "CPUUtilization",
      above: settings.cpuPercent,
      below: settings.scaleInBelowCpuPercent,
    },
    {
      key: "memory",
      metricName: "MemoryUtilization",
      above: settings.memoryPercent,
      below: settings.scaleInBelowMemoryPercent,
    },
  ];
  return all.filter(({ key }) => settings.follow.includes(key));
}

function createStep(
  name: string,
  { target }: StepsArgs,
  tasks: 1 | -1,
  cooldown: number,
  child: pulumi.CustomResourceOptions,
): aws.appautoscaling.Policy {
  return new aws.appautoscaling.Policy(
    name,
    {
      policyType: "StepScaling",
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      stepScalingPolicyConfiguration: {
        adjustmentType: "ChangeInCapacity",
        metricAggregationType: "Average",
        cooldown,
        stepAdjustments: [
          {
            // However far beyond the alarm's threshold the metric is.
            ...(tasks > 0 ? { metricIntervalLowerBound: "0" } : { metricIntervalUpperBound: "0" }),
            scalingAdjustment: tasks,
          },
        ],
      },
    },
    child,
  );
}

function createHighAlarm(
  name: string,
  metric: Stepped,
  { dimensions }: StepsArgs,
  policy: aws.appautoscaling.Policy,
  child: pulumi.CustomResourceOptions,
): void {
  const { metricName, above } = metric;
  new aws.cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: `Adds a task: ${metricName} is above ${above} %. For scaling, not for people.`,
      ...plain(metric, dimensions),
      evaluationPeriods: MINUTES.high,
      comparisonOperator: "GreaterThanThreshold",
      threshold: above,
      treatMissingData: "notBreaching",
      alarmActions: [policy.arn],
    },
    child,
  );
}

function createLowAlarm(
  name: string,
  metric: Stepped,
  other: Stepped | undefined,
  { dimensions }: StepsArgs,
  policy: aws.appautoscaling.Policy,
  child: pulumi.CustomResourceOptions,
): void {
  const condition = [metric, ...(other ? [other] : [])]
    .map(({ metricName, below }) => `${metricName} is below ${below} %`)
    .join(" and ");
  new aws.cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: `Removes a task: ${condition}. For scaling, not for people.`,
      ...(other === undefined
        ? plain(metric, dimensions)
        : { metricQueries: guarded(metric, other, dimensions) }),
      evaluationPeriods: MINUTES.low,
      comparisonOperator: "LessThanThreshold",
      threshold: metric.below,
      treatMissingData: "notBreaching",
      alarmActions: [policy.arn],
    },
    child,
  );
}

function plain({ metricName }: Stepped, dimensions: StepsArgs["dimensions"]) {
  return { namespace: "AWS/ECS", metricName, dimensions, statistic: "Average", period: 60 };
}

/** A task that is idle by CPU may still hold memory that is needed: while the other metric is not low, this one counts as full. */
function guarded(metric: Stepped, other: Stepped, dimensions: StepsArgs["dimensions"]) {
  return [
    ...[metric, other].map(({ key, metricName }) => ({
      id: key,
      metric: { namespace: "AWS/ECS", metricName, dimensions, period: 60, stat: "Average" },
      returnData: false,
    })),
    {
      id: "low",
      label: metric.metricName,
      expression: `IF(${other.key} < ${other.below}, ${metric.key}, 100)`,
      returnData: true,
    },
  ];
}
