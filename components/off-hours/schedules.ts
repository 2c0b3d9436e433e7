import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { callBySchedule } from "../support/function-calls";
import { cronAt } from "./clock";
import type { CheckedOffHoursSettings } from "./settings";

/** Later a call might undo what a person has done meanwhile. */
const retryPolicy = { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 1800 };

/** Has the function called at the times of the settings. */
export function createSchedules(
  name: string,
  { timezone, awake, leadMinutes }: CheckedOffHoursSettings,
  lambda: aws.lambda.Function,
  child: pulumi.CustomResourceOptions,
): void {
  callBySchedule(
    name,
    lambda,
    {
      [`${name}-wake`]: {
        description: "Wakes the environment",
        expression: cronAt(awake.days, awake.from, leadMinutes),
        timezone,
        input: { turn: "wake" },
        retryPolicy,
      },
      [`${name}-sleep`]: {
        description: "Puts the environment to sleep",
        expression: cronAt(awake.days, awake.to),
        timezone,
        input: { turn: "sleep" },
        retryPolicy,
      },
    },
    child,
  );
}
