import { z } from "zod";
import { nameKey, ruleAcross, textInput } from "../support/rules";
import { scheduleExpression, timezone } from "../support/schedule-expression";

const percent = z.int().min(10).max(95);
const tasks = z.int().min(0).max(5000);
const cooldown = z.int().min(0).max(3600);

const customMetric = z.strictObject({
  namespace: z.string().min(1).max(255).describe('Namespace in CloudWatch, e.g. "AWS/SQS".'),
  metricName: z.string().min(1).max(255).describe("Name of the metric."),
  dimensions: z
    .record(z.string().min(1).max(255), textInput())
    .default({})
    .describe("Dimensions that tell the metric from its namesakes."),
  statistic: z
    .enum(["Average", "Minimum", "Maximum", "SampleCount", "Sum"])
    .default("Average")
    .describe("What of it counts in each minute."),
  unit: z.string().min(1).optional().describe("Unit, where the metric is published in several."),
  target: z
    .number()
    .min(0.000001)
    .describe("Value that scaling keeps the metric at. More tasks must bring it down."),
});

const schedule = ruleAcross(
  z.strictObject({
    schedule: scheduleExpression.describe(
      'When it starts, e.g. "cron(0 7 ? * MON-FRI *)" or "at(2026-12-24T08:00:00)".',
    ),
    timezone: timezone
      .default("Etc/UTC")
      .describe('Time zone of the schedule, e.g. "Europe/Berlin".'),
    min: tasks.describe("Tasks that always run from then on."),
    max: tasks.describe("Tasks that may run at most from then on."),
  }),
  ["max"],
  ({ min = 0, max = min }) => !(max < min),
  { rule: "must not be below min", allowed: "min or more", fix: "raise it, or lower min" },
);

const bounds = z.strictObject({
  min: z.int().min(1).max(5000).default(2).describe("Tasks that always run."),
  max: z
    .int()
    .min(1)
    .max(5000)
    .default(10)
    .describe("Tasks that may run at most; they bound the bill."),
  mode: z
    .enum(["targetTracking", "hybrid", "steps"])
    .default("targetTracking")
    .describe(
      "targetTracking adds and removes as many tasks as the targets need. steps adds one above the targets, and removes one below scaleInBelow…Percent. hybrid adds by both, and removes by steps.",
    ),
  follow: z
    .array(z.enum(["cpu", "memory"]))
    .default(["cpu", "memory"])
    .describe(
      "What scaling follows by itself. Leave memory out where it does not fall with the load, as in a Java service.",
    ),
  cpuPercent: percent.default(70).describe("Average CPU use that scaling keeps the service at."),
  memoryPercent: percent
    .default(80)
    .describe("Average memory use that scaling keeps the service at."),
  scaleInBelowCpuPercent: z
    .int()
    .min(1)
    .max(94)
    .default(50)
    .describe("With mode hybrid or steps: CPU use below which a task is removed."),
  scaleInBelowMemoryPercent: z
    .int()
    .min(1)
    .max(94)
    .default(60)
    .describe("With mode hybrid or steps: memory use below which a task is removed."),
  requestsPerTarget: z
    .number()
    .min(1)
    .optional()
    .describe("Requests in a minute that scaling keeps each task at; needs a route."),
  custom: z
    .record(nameKey, customMetric)
    .default({})
    .describe("Metrics of your own that scaling follows too, by a name of your choice."),
  schedules: z
    .record(nameKey, schedule)
    .default({})
    .describe(
      "Other bounds from certain times on, by a name of your choice. They last until another schedule, or the next deployment that changes min or max.",
    ),
  scaleOutCooldownSeconds: cooldown.default(60).describe("Seconds between two steps up."),
  scaleInCooldownSeconds: cooldown.default(300).describe("Seconds between two steps down."),
});

/** Each metric with what it is kept at, and below what it lets a task go. */
const LEVELS = [
  ["scaleInBelowCpuPercent", "cpuPercent", 50, 70],
  ["scaleInBelowMemoryPercent", "memoryPercent", 60, 80],
] as const;

export const scaling = LEVELS.reduce(
  (schema, [low, high, lowDefault, highDefault]) =>
    ruleAcross(
      schema,
      [low],
      ({ mode, [low]: below = lowDefault, [high]: target = highDefault }) =>
        mode === undefined || mode === "targetTracking" || !(below >= target),
      {
        rule: `must be below ${high}, or tasks would come and go without end`,
        allowed: `less than ${high}`,
        fix: `lower it, or raise ${high}`,
      },
    ),
  ruleAcross(
    ruleAcross(bounds, ["max"], ({ min = 1, max = min }) => !(max < min), {
      rule: "must not be below min",
      allowed: "min or more",
      fix: "raise it, or lower min",
    }),
    ["follow"],
    ({ mode, follow }) =>
      mode === undefined ||
      mode === "targetTracking" ||
      !Array.isArray(follow) ||
      follow.length > 0,
    {
      rule: "is empty, and steps go by cpu and memory alone",
      allowed: "cpu, memory or both with mode hybrid or steps",
      fix: "add one, or remove mode",
    },
  ),
);

export type Scaling = z.output<typeof scaling>;
