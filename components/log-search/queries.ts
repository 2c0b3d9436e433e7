import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { InsightsSettings } from "./settings";

/** The queries that are saved for a stack whose services log JSON, by the name they get. */
export function savedQueries(settings: InsightsSettings): Record<string, string> {
  const { levelField, errorLevel, messageField, durationField, slowMilliseconds } = settings;
  const isError = `filter ${levelField} = "${errorLevel}"`;
  return {
    "latest-errors": [
      `fields @timestamp, @log, ${messageField}`,
      isError,
      "sort @timestamp desc",
      "limit 100",
    ].join("\n| "),
    "errors-by-service": [isError, "stats count(*) as errors by @log, bin(5m)"].join("\n| "),
    "slow-requests": [
      `fields @timestamp, @log, ${durationField}, ${messageField}`,
      `filter ${durationField} > ${slowMilliseconds}`,
      `sort ${durationField} desc`,
      "limit 100",
    ].join("\n| "),
    "lines-by-level": [`stats count(*) as lines by @log, ${levelField}`, "sort lines desc"].join(
      "\n| ",
    ),
  };
}

/** Of the events that ECS publishes when a task stops. */
export const STOPPED_TASKS = [
  "fields @timestamp, detail.group, detail.stoppedReason, detail.containers.0.exitCode",
  "sort @timestamp desc",
  "limit 50",
].join("\n| ");

/** Saves the queries under the stack's name, each for the log groups of all its services. */
export function createQueries(
  name: string,
  args: {
    readonly settings: InsightsSettings;
    readonly folder: string;
    readonly logGroupNames: readonly pulumi.Input<string>[];
    readonly stoppedTasksLogGroupName: pulumi.Input<string> | undefined;
  },
  child: pulumi.CustomResourceOptions,
): void {
  for (const [key, queryString] of Object.entries(savedQueries(args.settings))) {
    new aws.cloudwatch.QueryDefinition(
      `${name}-${key}`,
      { name: `${args.folder}/${key}`, queryString, logGroupNames: [...args.logGroupNames] },
      child,
    );
  }
  if (args.stoppedTasksLogGroupName !== undefined) {
    new aws.cloudwatch.QueryDefinition(
      `${name}-stopped-tasks`,
      {
        name: `${args.folder}/stopped-tasks`,
        queryString: STOPPED_TASKS,
        logGroupNames: [args.stoppedTasksLogGroupName],
      },
      child,
    );
  }
}
