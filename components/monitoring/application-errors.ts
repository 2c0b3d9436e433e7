import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { rule } from "../support/rules";
import type { WatchedService } from "./watched";

/** Errors that services log, counted by CloudWatch from their JSON lines. */
export const applicationErrors = z.strictObject({
  pattern: rule(z.string(), (text) => text.trim() !== "" && text.length <= 1024, {
    rule: "must be a filter pattern of CloudWatch Logs",
    allowed: "1 to 1024 characters",
    fix: 'write it like { $.level = "error" }',
  })
    .default('{ $.level = "error" }')
    .describe("Which log lines are errors, as a filter pattern of CloudWatch Logs."),
  perMinute: z
    .int()
    .min(0)
    .default(10)
    .describe("Errors in a minute above which an alarm is raised."),
});

/** Counts the errors in each service's log, and hands the services back with their metric. */
export function countErrors(
  name: string,
  args: {
    readonly services: Readonly<Record<string, WatchedService>>;
    readonly settings: z.output<typeof applicationErrors>;
    /** Keeps the metrics of this stack apart from others in the account. */
    readonly namespace: string;
  },
  child: pulumi.CustomResourceOptions,
): Record<string, WatchedService> {
  return Object.fromEntries(
    Object.entries(args.services).map(([key, service]): [string, WatchedService] => {
      if (service.logGroupName === undefined) return [key, service];
      const metricName = `${key}-errors`;
      new aws.cloudwatch.LogMetricFilter(
        `${name}-service-${key}-log-errors`,
        {
          logGroupName: service.logGroupName,
          pattern: args.settings.pattern,
          metricTransformation: {
            namespace: args.namespace,
            name: metricName,
            value: "1",
            // A minute with logs but without errors counts as none, instead of as silence.
            defaultValue: "0",
            unit: "Count",
          },
        },
        child,
      );
      const errorMetric = {
        namespace: args.namespace,
        metricName,
        dimensions: {},
        statistic: "Sum",
      };
      return [key, { ...fieldsOf(service), errorMetric }];
    }),
  );
}

/** A component has more than what is watched of it, and no spread of its own. */
function fieldsOf(service: WatchedService): WatchedService {
  const { serviceName, serviceArn, minimumTasks, usesSpot, isTraced, logGroupName } = service;
  const { targetGroupArnSuffix, alternateTargetGroupArnSuffix } = service;
  return {
    serviceName,
    minimumTasks,
    targetGroupArnSuffix,
    alternateTargetGroupArnSuffix,
    ...(serviceArn !== undefined && { serviceArn }),
    ...(usesSpot !== undefined && { usesSpot }),
    ...(isTraced !== undefined && { isTraced }),
    ...(logGroupName !== undefined && { logGroupName }),
  };
}
