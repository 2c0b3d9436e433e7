import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import {
  type Capacity,
  capacityProviderStrategies,
  placementStrategies,
} from "../ecs-service/capacity";
import type { Task, TaskNeighbours } from "../ecs-service/task";
import { type Statement, accountOf, policyDocument, serviceTrust } from "../support/iam";
import type { ecsTaskSettings } from "./settings";

type Schedule = NonNullable<z.output<typeof ecsTaskSettings>["schedule"]>;

export interface ScheduleArgs {
  readonly cluster: TaskNeighbours["cluster"];
  readonly task: Task;
  readonly capacity: Capacity;
  readonly schedule: Schedule;
}

/** Runs a task by the clock, by a role that may run this task alone. */
export function createSchedule(
  name: string,
  { cluster, task, capacity, schedule }: ScheduleArgs,
  child: pulumi.CustomResourceOptions,
): void {
  const role = new aws.iam.Role(
    `${name}-schedule-role`,
    { assumeRolePolicy: serviceTrust("scheduler.amazonaws.com", accountOf(cluster.arn)) },
    child,
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-schedule-policy`,
    { role: role.name, policy: policyDocument(runStatements(cluster.arn, task)) },
    child,
  );
  const { subnets, securityGroups, assignPublicIp } = task.networkConfiguration;
  new aws.scheduler.Schedule(
    `${name}-schedule`,
    {
      description: `Runs the task ${name}`,
      scheduleExpression: schedule.expression,
      scheduleExpressionTimezone: schedule.timezone,
      state: schedule.enabled ? "ENABLED" : "DISABLED",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: cluster.arn,
        roleArn: role.arn,
        ecsParameters: {
          taskDefinitionArn: task.taskDefinition.arn,
          taskCount: 1,
          capacityProviderStrategies: capacityProviderStrategies(capacity, cluster),
          placementStrategies: placementStrategies(capacity).orderedPlacementStrategies,
          networkConfiguration: { subnets, securityGroups, assignPublicIp },
          enableEcsManagedTags: true,
          propagateTags: "TASK_DEFINITION",
        },
        retryPolicy: {
          maximumRetryAttempts: schedule.retries,
          maximumEventAgeInSeconds: schedule.retryWithinSeconds,
        },
      },
    },
    // AWS tries the role when it takes the schedule, and the task needs its own rights when it starts.
    { ...child, dependsOn: [policy, ...task.rights] },
  );
}

/** Every revision of this task, in this cluster, with the task's own two roles and no others. */
function runStatements(clusterArn: pulumi.Input<string>, task: Task): Statement[] {
  const revisions = pulumi.interpolate`${task.taskDefinition.arnWithoutRevision}:*`;
  const tasks = pulumi.output(clusterArn).apply((arn) => `${arn.replace(":cluster/", ":task/")}/*`);
  return [
    {
      actions: ["ecs:RunTask"],
      resources: [revisions],
      conditions: { ArnEquals: { "ecs:cluster": clusterArn } },
    },
    {
      actions: ["ecs:TagResource"],
      resources: [tasks],
      conditions: { StringEquals: { "ecs:CreateAction": "RunTask" } },
    },
    {
      actions: ["iam:PassRole"],
      resources: [task.executionRole.arn, task.taskRole.arn],
      conditions: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
  ];
}
