import type { Control } from "../control";
import { inputRule } from "../rule";

const GROUP = "aws:cloudwatch/logGroup:LogGroup";

export const logControls: readonly Control[] = [
  {
    id: "LOG-01",
    title: "Every log has an end",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["CloudWatch.16", "CKV_AWS_66", "seed 002"],
    status: { kind: "held", setting: "services.NAME.logRetentionDays" },
    rule: inputRule({
      type: GROUP,
      path: "retentionInDays",
      // 0 is how AWS says never.
      holds: (value) => Number(value) > 0,
      message: "is kept and paid for ever",
      fix: "set the section's retentionDays or logRetentionDays",
      wrong: [0, undefined],
    }),
  },
  {
    id: "LOG-02",
    title: "Logs are encrypted with a key of the stack",
    severity: "low",
    appliesTo: "production",
    sources: ["CKV_AWS_158", "AWS-0017"],
    status: {
      kind: "not-applicable",
      because:
        "CloudWatch Logs encrypts every group with a key of its own, for nothing. A key of the stack closes no way in: whoever may read a group may use its key. It would cost 1 USD a month and 0.03 USD per 10,000 calls, and logs that nobody can read once it is deleted",
    },
    test: {
      file: "test/policies/logs.spec.ts",
      title: "LOG-02: leaves the encryption of logs to CloudWatch, so that they outlive every key",
    },
  },
];
