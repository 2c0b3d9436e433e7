import { z } from "zod";

export const redeploymentSettings = z.strictObject({
  checkMinutes: z
    .int()
    .min(1)
    .max(1440)
    .default(15)
    .describe(
      "Minutes between two looks at all images and secrets, for changes that AWS told nothing of, or that came during a rollout.",
    ),
});

export type RedeploymentSettings = z.input<typeof redeploymentSettings>;
