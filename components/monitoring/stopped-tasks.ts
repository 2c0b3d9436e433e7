import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { logRetentionDays } from "../support/rules";
import { createEventLog } from "./event-log";

/** The record of tasks that stopped: ECS itself forgets them within an hour. */
export const stoppedTasks = z.strictObject({
  logRetentionDays: logRetentionDays.default(30).describe("Days that the record is kept."),
});

/** Keeps what ECS says of every task of the cluster that stops, with the reason, in a log group. */
export function createStoppedTasksLog(
  name: string,
  args: {
    readonly clusterArn: pulumi.Input<string>;
    readonly accountId: pulumi.Input<string>;
    /** Unique in the account. */
    readonly label: string;
    readonly retentionDays: z.output<typeof stoppedTasks>["logRetentionDays"];
  },
  child: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup {
  const { logGroup, policy } = createEventLog(
    `${name}-stopped-tasks`,
    {
      accountId: args.accountId,
      label: `${args.label}-stopped-tasks`,
      retentionDays: args.retentionDays,
    },
    child,
  );
  const rule = new aws.cloudwatch.EventRule(
    `${name}-stopped-tasks`,
    {
      description: "Tasks of the cluster that stopped, and why",
      eventPattern: pulumi.jsonStringify({
        source: ["aws.ecs"],
        "detail-type": ["ECS Task State Change"],
        detail: { clusterArn: [args.clusterArn], lastStatus: ["STOPPED"] },
      }),
    },
    child,
  );
  new aws.cloudwatch.EventTarget(
    `${name}-stopped-tasks`,
    { rule: rule.name, arn: logGroup.arn },
    { ...child, dependsOn: [policy] },
  );
  return logGroup;
}
