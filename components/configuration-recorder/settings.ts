import { z } from "zod";
import { reason } from "../support/rules";
import { CONFIG_RULE_KEYS } from "./rules";

export const configurationRecorderSettings = z.strictObject({
  frequency: z
    .enum(["continuous", "daily"])
    .default("continuous")
    .describe(
      "Whether every change is recorded, for 0.003 USD each, or once a day what changed, for 0.012 USD each resource.",
    ),
  retentionDays: z
    .int()
    .min(30)
    .max(2557)
    .default(365)
    .describe("Days that AWS Config, and the copies in S3, can tell of a resource's past."),
  without: z
    .partialRecord(z.enum(CONFIG_RULE_KEYS), reason)
    .default({})
    .describe(
      "Rules that are left out, each with the reason. A rule costs 0.001 USD each time that it is tried.",
    ),
  createServiceLinkedRole: z
    .boolean()
    .default(true)
    .describe(
      "Whether the role of AWS Config is made, of which an account has one. False where it is there.",
    ),
});

export type ConfigurationRecorderSettings = z.input<typeof configurationRecorderSettings>;
export type CheckedConfigurationRecorderSettings = z.output<typeof configurationRecorderSettings>;
