import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { type Combination, alarmMetrics } from "../support/metric-math";
import { different, reason, rule, ruleAcross } from "../support/rules";
import type { Requests } from "./routing";

/** What ends a deployment and takes it back. */
export const rollbackAlarms = ruleAcross(
  z.strictObject({
    errorsPerMinute: z
      .number()
      .min(0)
      .optional()
      .describe(
        "Answers with 5xx in a minute that are still borne. Needs a route. 0.10 USD a month for each target group.",
      ),
    p99Seconds: z
      .number()
      .min(0.001)
      .max(4000)
      .optional()
      .describe(
        "Seconds in which 99 of 100 requests must be answered. Needs a route. 0.10 USD a month for each target group.",
      ),
    alarmNames: different(
      z.array(
        rule(z.string(), (name) => name.length >= 1 && name.length <= 255, {
          rule: "is not the name of an alarm",
          allowed: "1 to 255 characters",
          fix: "name an alarm of CloudWatch in this region and account",
        }),
      ),
      "alarms",
    )
      .default([])
      .describe("Alarms of your own, by name."),
    disabledBecause: reason
      .optional()
      .describe(
        "Keeps the alarms but has no deployment taken back by them, and says why. Also the step before rollbackAlarms is removed.",
      ),
  }),
  [],
  ({ errorsPerMinute, p99Seconds, alarmNames }) =>
    errorsPerMinute !== undefined ||
    p99Seconds !== undefined ||
    (alarmNames !== undefined && (!Array.isArray(alarmNames) || alarmNames.length > 0)),
  {
    rule: "names no alarm",
    allowed: "errorsPerMinute, p99Seconds, alarmNames or several of them",
    fix: "add one, or remove rollbackAlarms",
  },
);

export type RollbackAlarms = z.output<typeof rollbackAlarms>;

/**
 * Alarms that ECS looks at while it deploys. Nobody is told of them: they are stricter than those for people, and what they
 * do is seen in the deployment. They know the target groups alone, so that they stand before the service does.
 */
export function createRollbackAlarms(
  name: string,
  settings: RollbackAlarms,
  requests: Requests | undefined,
  child: pulumi.CustomResourceOptions,
): Required<Pick<aws.ecs.ServiceArgs, "alarms">> {
  const { errorsPerMinute, p99Seconds } = settings;
  const own =
    requests === undefined
      ? []
      : [
          ...(errorsPerMinute === undefined
            ? []
            : [
                createAlarm(
                  `${name}-rollback-errors`,
                  {
                    description: `Takes a deployment of ${name} back: it answers more than ${errorsPerMinute} requests a minute with 5xx. For deployments, not for people.`,
                    metricName: "HTTPCode_Target_5XX_Count",
                    statistic: "Sum",
                    by: "SUM",
                    above: errorsPerMinute,
                  },
                  requests,
                  child,
                ),
              ]),
          ...(p99Seconds === undefined
            ? []
            : [
                createAlarm(
                  `${name}-rollback-latency`,
                  {
                    description: `Takes a deployment of ${name} back: one in a hundred requests takes longer than ${p99Seconds} s. For deployments, not for people.`,
                    metricName: "TargetResponseTime",
                    statistic: "p99",
                    // A few slow requests at the new tasks do not show among the many that the old ones answer.
                    by: "MAX",
                    above: p99Seconds,
                  },
                  requests,
                  child,
                ),
              ]),
        ];
  const isEnabled = settings.disabledBecause === undefined;
  return {
    alarms: {
      enable: isEnabled,
      rollback: isEnabled,
      alarmNames: [...own.map((alarm) => alarm.name), ...settings.alarmNames],
    },
  };
}

function createAlarm(
  name: string,
  alarm: {
    readonly description: string;
    readonly metricName: string;
    readonly statistic: string;
    readonly by: Combination;
    readonly above: number;
  },
  { loadBalancer, targetGroups }: Requests,
  child: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm {
  const metrics = targetGroups.map((targetGroup) => ({
    namespace: "AWS/ApplicationELB",
    metricName: alarm.metricName,
    dimensions: { LoadBalancer: loadBalancer, TargetGroup: targetGroup },
    statistic: alarm.statistic,
  }));
  return new aws.cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: alarm.description,
      ...alarmMetrics(metrics, alarm.by, 60),
      comparisonOperator: "GreaterThanThreshold",
      threshold: alarm.above,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: "notBreaching",
    },
    child,
  );
}
