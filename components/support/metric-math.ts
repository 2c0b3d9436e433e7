import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** A metric of CloudWatch. */
export interface Metric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  /** "Average", "Sum", "p99" and so on. */
  readonly statistic: string;
}

/** A metric that may be measured in two places. */
export interface CombinedMetric extends Metric {
  /** Dimensions under which the same is measured a second time, and how the two become one number. */
  readonly second?: {
    readonly dimensions: Metric["dimensions"];
    readonly combination: Combination;
  };
}

/** What a metric is made of: itself, or itself and its second. */
export function partsOf({ second, ...metric }: CombinedMetric): Metric[] {
  return second === undefined ? [metric] : [metric, { ...metric, dimensions: second.dimensions }];
}

/** How several metrics become one number: all of them together, or the worst of them. */
export type Combination = "SUM" | "MAX";

/** Name of one of several metrics in an expression. */
export function partName(index: number): string {
  return `part${index + 1}`;
}

/** An expression over so many parts. One without data counts as 0 in a sum; a maximum passes it over. */
export function expressionOf(parts: number, by: Combination, nameOf = partName): string {
  const names = Array.from({ length: parts }, (_, index) => nameOf(index));
  const terms = by === "SUM" ? names.map((name) => `FILL(${name}, 0)`) : names;
  return `${by}([${terms.join(", ")}])`;
}

/** What an alarm watches: one metric as it is, or what several together come to. */
export function alarmMetrics(
  metrics: readonly Metric[],
  by: Combination,
  periodSeconds: number,
): Partial<aws.cloudwatch.MetricAlarmArgs> {
  const [first, second] = metrics;
  if (first === undefined || second !== undefined) {
    return { metricQueries: combinedQueries(metrics, by, periodSeconds) };
  }
  const { statistic, ...metric } = first;
  // Percentiles go by another argument than plain statistics.
  const isPercentile = /^p\d/.test(statistic);
  return {
    ...metric,
    ...(isPercentile ? { extendedStatistic: statistic } : { statistic }),
    period: periodSeconds,
  };
}

function combinedQueries(metrics: readonly Metric[], by: Combination, periodSeconds: number) {
  return [
    ...metrics.map((metric, index) => ({
      id: partName(index),
      metric: {
        namespace: metric.namespace,
        metricName: metric.metricName,
        dimensions: metric.dimensions,
        stat: metric.statistic,
        period: periodSeconds,
      },
      returnData: false,
    })),
    {
      id: "whole",
      label: metrics[0]?.metricName ?? "",
      expression: expressionOf(metrics.length, by),
      returnData: true,
    },
  ];
}
