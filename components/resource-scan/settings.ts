import { z } from "zod";

export const resourceScanSettings = z.strictObject({
  images: z
    .boolean()
    .default(true)
    .describe(
      "Whether Inspector looks for holes in images in ECR, 0.09 USD for each that is pushed and 0.01 USD for each later look.",
    ),
  hosts: z
    .boolean()
    .default(false)
    .describe("Whether it does in EC2 instances, for 1.26 USD a month each."),
  functions: z
    .boolean()
    .default(false)
    .describe("Whether it does in Lambda functions, for 0.30 USD a month each."),
});

export type ResourceScanSettings = z.input<typeof resourceScanSettings>;
