import { z } from "zod";

export const costReportSettings = z.strictObject({
  granularity: z
    .enum(["hourly", "daily", "monthly"])
    .default("daily")
    .describe("How fine the report is."),
  resources: z
    .boolean()
    .default(true)
    .describe("Whether it tells the single resources apart, which makes it many times larger."),
  splitByTask: z
    .boolean()
    .default(true)
    .describe(
      "Whether the costs of EC2 hosts are split by ECS task. Takes the account's consent once, in the cost management preferences.",
    ),
  retentionDays: z
    .int()
    .min(90)
    .max(3650)
    .default(1095)
    .describe("Days that reports are kept, for 0.023 USD per GB and month."),
});

export type CostReportSettings = z.input<typeof costReportSettings>;
export type CheckedCostReportSettings = z.output<typeof costReportSettings>;
