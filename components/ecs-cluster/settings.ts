import { z } from "zod";
import { logRetentionDays } from "../support/rules";

export const ecsClusterSettings = z.strictObject({
  containerInsights: z
    .enum(["enhanced", "enabled", "disabled"])
    .default("enabled")
    .describe(
      "CloudWatch Container Insights: metrics of the cluster and its services, such as running tasks; enhanced adds tasks and containers. Charged as custom metrics, so disabled saves money, and the alarm on running tasks with it.",
    ),
  execLogRetentionDays: logRetentionDays
    .default(90)
    .describe("Days that the record of ECS Exec sessions is kept."),
});

export type EcsClusterSettings = z.input<typeof ecsClusterSettings>;
