import { z } from "zod";
import { logRetentionDays } from "../support/rules";

const ledger = z.strictObject({
  retentionDays: z
    .int()
    .min(1)
    .max(3650)
    .default(365)
    .describe(
      "Days that an entry is kept. Longer than the version itself, it tells only that there was one.",
    ),
  logRetentionDays: logRetentionDays
    .default(30)
    .describe("Days that the log of the function is kept that makes the entries."),
});

export const stateBackendSettings = z.strictObject({
  versionRetentionDays: z
    .int()
    .min(1)
    .max(3650)
    .default(90)
    .describe(
      "Days that a former version of a state can be had back. The 20 newest are kept for longer. An update makes several.",
    ),
  ledger: ledger
    .optional()
    .describe(
      "A table in DynamoDB with an entry for every version of every state. {} is enough. Without it: none.",
    ),
});

export type StateBackendSettings = z.input<typeof stateBackendSettings>;
