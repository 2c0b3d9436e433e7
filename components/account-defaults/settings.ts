import { z } from "zod";
import { reason } from "../support/rules";

export const accountDefaultsSettings = z.strictObject({
  publicBucketsBecause: reason
    .optional()
    .describe("Lets buckets of the account be public, and says why."),
  passwordLength: z
    .int()
    .min(14)
    .max(128)
    .default(14)
    .describe("Characters that a password of an IAM user has at least."),
});

export const regionDefaultsSettings = z.strictObject({
  sharedImagesBecause: reason
    .optional()
    .describe("Lets machine images and snapshots be shared with everybody, and says why."),
  containerInsights: z
    .enum(["enhanced", "enabled", "disabled"])
    .default("enabled")
    .describe(
      "Metrics of new ECS clusters that say nothing of their own. Enhanced has them for each container and costs more.",
    ),
  taskRetirementDays: z
    .literal([0, 7, 14])
    .default(7)
    .describe("Days between AWS's notice that a Fargate task must be replaced and its end."),
});

export type AccountDefaultsSettings = z.input<typeof accountDefaultsSettings>;
export type RegionDefaultsSettings = z.input<typeof regionDefaultsSettings>;
