import { z } from "zod";
import { scheduleExpression, timezone } from "../support/schedule-expression";
import { taskRules, taskShape } from "../ecs-service/task-settings";

const schedule = z.strictObject({
  expression: scheduleExpression.describe(
    'When it runs, e.g. "cron(0 3 * * ? *)", "rate(1 hour)" or "at(2026-12-24T08:00:00)".',
  ),
  timezone: timezone
    .default("Etc/UTC")
    .describe('Time zone of the schedule, e.g. "Europe/Berlin".'),
  enabled: z
    .boolean()
    .default(true)
    .describe("Whether it runs; false keeps the schedule for later."),
  retries: z
    .int()
    .min(0)
    .max(185)
    .default(3)
    .describe("Tries to start it, where ECS has no room, say. A task that fails is not run again."),
  retryWithinSeconds: z
    .int()
    .min(60)
    .max(86400)
    .default(3600)
    .describe("Seconds after which a start that failed is given up."),
});

export const ecsTaskSettings = taskRules(
  z.strictObject({
    ...taskShape,
    schedule: schedule
      .optional()
      .describe("When it runs by itself. Without it: when somebody runs it."),
  }),
);

export type EcsTaskSettings = z.input<typeof ecsTaskSettings>;
