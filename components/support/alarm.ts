import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { AlarmKind } from "./alarm-kinds";
import { type CombinedMetric, alarmMetrics, partsOf } from "./metric-math";

/** How soon somebody must look: at once, also at night; within the day; when there is time. */
export const SEVERITIES = ["critical", "warning", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** ARN of the SNS topic of each severity. */
export type AlarmTopics = Readonly<Record<Severity, pulumi.Input<string>>>;

/** When an alarm is raised, and what a person is told then. */
export interface Alarm {
  readonly metric: CombinedMetric;
  readonly above?: number;
  readonly below?: number;
  /** Length of a period, and how many in a row must be bad. */
  readonly minutes: number;
  readonly periods: number;
  /**
   * What silence means: nothing bad (no requests), the worst (nothing left to report), or what was said last, for a metric
   * that comes less often than it is looked at.
   */
  readonly silence: "notBreaching" | "breaching" | "ignore";
  readonly severity: Severity;
  /** File in the folder of runbooks, without ".md": what to do. Alarms of one kind share it. */
  readonly runbook: AlarmKind;
  /** What is wrong, in a sentence or two. */
  readonly description: string;
}

/** Whom alarms tell, and which there are; `Monitoring` has it as `telling`. */
export interface Telling {
  readonly topics: AlarmTopics;
  /** Where the runbooks are, without a slash at the end. */
  readonly runbooksUrl: string;
  /** Whether alarms are kept but tell nobody. */
  readonly silenced: boolean;
  /** Kinds of alarms that nobody wants, or "all". Default: every alarm is wanted. */
  readonly without?: readonly AlarmKind[] | "all";
}

/** An alarm of CloudWatch, or none where the settings say that nobody wants it. */
export function createAlarm(
  name: string,
  alarm: Alarm,
  telling: Telling,
  child: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm | undefined {
  if (!isWanted(alarm.runbook, telling)) return undefined;
  const actions = telling.silenced ? [] : [telling.topics[alarm.severity]];
  return new aws.cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: `${alarm.description} What to do: ${telling.runbooksUrl}/${alarm.runbook}.md`,
      ...watchedMetric(alarm),
      comparisonOperator: alarm.above === undefined ? "LessThanThreshold" : "GreaterThanThreshold",
      threshold: alarm.above ?? alarm.below ?? 0,
      evaluationPeriods: alarm.periods,
      treatMissingData: alarm.silence,
      alarmActions: actions,
      okActions: actions,
    },
    // Off-hours have alarms tell nobody at night, and so may whoever mends something.
    { ...child, ignoreChanges: ["actionsEnabled"] },
  );
}

/** Whether alarms of a kind are made, and what they need: the rules of EventBridge that count what they watch. */
export function isWanted(kind: AlarmKind, { without = [] }: Pick<Telling, "without">): boolean {
  return without !== "all" && !without.includes(kind);
}

function watchedMetric({ metric, minutes }: Alarm): Partial<aws.cloudwatch.MetricAlarmArgs> {
  // Of one metric alone there is nothing to combine.
  const { combination = "MAX" } = metric.second ?? {};
  return alarmMetrics(partsOf(metric), combination, minutes * 60);
}
