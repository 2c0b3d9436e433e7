import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { accountOf, policyDocument, serviceTrust } from "./iam";

/** Has EventBridge call a function for what fits a pattern. */
export function callOnEvent(
  name: string,
  {
    lambda,
    ...rule
  }: {
    readonly lambda: aws.lambda.Function;
    readonly description: string;
    readonly eventPattern: pulumi.Input<string>;
  },
  child: pulumi.CustomResourceOptions,
): void {
  const events = new aws.cloudwatch.EventRule(name, rule, child);
  const permission = new aws.lambda.Permission(
    name,
    {
      function: lambda.name,
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: events.arn,
    },
    child,
  );
  new aws.cloudwatch.EventTarget(
    name,
    { rule: events.name, arn: lambda.arn },
    // An event that comes before the permission is lost.
    { ...child, dependsOn: [permission] },
  );
}

/** A time at which a function is called, and with what. */
export interface ScheduledCall {
  readonly description: string;
  readonly expression: string;
  /** Default UTC. */
  readonly timezone?: string;
  /** Default nothing in particular. */
  readonly input?: object;
  readonly retryPolicy: aws.types.input.scheduler.ScheduleTargetRetryPolicy;
}

/** Has Scheduler call a function, by a role that may do nothing else. `calls` by the schedules' logical names. */
export function callBySchedule(
  name: string,
  lambda: aws.lambda.Function,
  calls: Readonly<Record<string, ScheduledCall>>,
  child: pulumi.CustomResourceOptions,
): void {
  const role = new aws.iam.Role(
    `${name}-schedule-role`,
    { assumeRolePolicy: serviceTrust("scheduler.amazonaws.com", accountOf(lambda.arn)) },
    child,
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-schedule-policy`,
    {
      role: role.name,
      policy: policyDocument([{ actions: ["lambda:InvokeFunction"], resources: [lambda.arn] }]),
    },
    child,
  );
  for (const [key, call] of Object.entries(calls)) {
    new aws.scheduler.Schedule(
      key,
      {
        description: call.description,
        scheduleExpression: call.expression,
        scheduleExpressionTimezone: call.timezone,
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: lambda.arn,
          roleArn: role.arn,
          input: JSON.stringify(call.input ?? {}),
          retryPolicy: call.retryPolicy,
        },
      },
      // AWS tries the role when it takes the schedule.
      { ...child, dependsOn: [policy] },
    );
  }
}
