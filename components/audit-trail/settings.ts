import { z } from "zod";
import { logRetentionDays, reason, ruleAcross } from "../support/rules";

const lock = z.strictObject({
  days: z.int().min(1).max(3650).describe("Days that a record cannot be deleted."),
  mode: z
    .enum(["governance", "compliance"])
    .default("governance")
    .describe(
      "Whether a person with the right s3:BypassGovernanceRetention can, or nobody at all, not even AWS or the root user.",
    ),
});

const search = z.strictObject({
  retentionDays: logRetentionDays
    .default(90)
    .describe("Days that records can be searched in CloudWatch Logs, for 0.50 USD for each GB."),
  disabledBecause: reason
    .optional()
    .describe("Leaves out the log and with it the alarm on root, and says why."),
});

const settings = z.strictObject({
  retentionDays: z
    .int()
    .min(90)
    .max(3650)
    .default(365)
    .describe("Days that records are kept in S3, for 0.023 USD per GB and month."),
  lock: lock
    .optional()
    .describe(
      "Refuses to delete records, whoever asks (S3 Object Lock). Without it: versions only.",
    ),
  search: search.prefault({}).describe("A copy in CloudWatch Logs, which the alarm on root reads."),
  insights: z
    .boolean()
    .default(false)
    .describe(
      "Whether CloudTrail looks for unusual numbers of calls and errors, for 0.35 USD per 100,000 calls and kind.",
    ),
});

export const auditTrailSettings = ruleAcross(
  settings,
  ["lock", "days"],
  ({ lock: given, retentionDays = 365 }) => given === undefined || !(given.days > retentionDays),
  {
    rule: "locks records for longer than they are kept",
    allowed: "at most retentionDays",
    fix: "lower it, or raise retentionDays",
  },
);

export type AuditTrailSettings = z.input<typeof auditTrailSettings>;
export type CheckedAuditTrailSettings = z.output<typeof auditTrailSettings>;
