import { z } from "zod";

export const spotFallbackSettings = z.strictObject({
  returnAfterMinutes: z
    .int()
    .min(15)
    .max(1440)
    .default(60)
    .describe(
      "Minutes on demand after which Spot is tried again. Where it is still short, it falls back once more.",
    ),
});

export type SpotFallbackSettings = z.input<typeof spotFallbackSettings>;
