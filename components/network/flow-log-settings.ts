import { z } from "zod";
import { logRetentionDays, reason, ruleAcross } from "../support/rules";

const settings = z.strictObject({
  destination: z
    .enum(["cloudwatch", "s3"])
    .default("cloudwatch")
    .describe(
      "Where the flow log goes: CloudWatch Logs (0.50 USD per GB, searched at once) or a bucket (0.25 USD per GB, searched by Athena).",
    ),
  retentionDays: logRetentionDays.default(30).describe("Days the flow log is kept."),
  archiveAfterDays: z
    .int()
    .min(1)
    .max(3650)
    .optional()
    .describe(
      "Days after which the bucket moves the flow log to Glacier Instant Retrieval (0.004 instead of 0.023 USD per GB and month, for 90 days at least).",
    ),
  traffic: z
    .enum(["ALL", "ACCEPT", "REJECT"])
    .default("ALL")
    .describe("Traffic to record. REJECT is cheaper and shows what security groups refused."),
  aggregationSeconds: z
    .literal([60, 600])
    .default(600)
    .describe("Longest span that one record sums up, in seconds. 60 costs up to ten times 600."),
  disabledBecause: reason.optional().describe("Turns flow logs off, and says why."),
});

const archived = ruleAcross(
  settings,
  ["archiveAfterDays"],
  ({ archiveAfterDays, destination }) => archiveAfterDays === undefined || destination === "s3",
  {
    rule: "stands without destination: s3",
    allowed: "nothing with destination: cloudwatch, which has no archive",
    fix: "remove it, or set destination to s3",
  },
);

/** The record of a VPC's traffic. */
export const flowLogSettings = ruleAcross(
  archived,
  ["archiveAfterDays"],
  ({ archiveAfterDays, retentionDays }) =>
    archiveAfterDays === undefined || archiveAfterDays < (retentionDays ?? Infinity),
  {
    rule: "must be less than retentionDays, after which the flow log is deleted",
    allowed: "a smaller number than retentionDays",
    fix: "lower it, or raise retentionDays",
  },
);

export type FlowLogSettings = z.output<typeof flowLogSettings>;
