import { z } from "zod";
import { different, rule } from "../support/rules";

const path = rule(
  z.string(),
  (value) => /^\/[\w\-.$/~"'@:+*?&]*$/.test(value) && value.length <= 255,
  {
    rule: "must be a path pattern of a cache behavior",
    allowed:
      "a slash, then letters, digits and _-.$/~\"'@:+&, with * and ? as wildcards, at most 255 characters",
    fix: 'write it like "/static/*"',
  },
);

export const cdnSettings = z.strictObject({
  cachedPaths: different(z.array(path).max(24), "paths")
    .default([])
    .describe(
      "Paths whose answers are kept at the edge for as long as their Cache-Control says. The first that fits counts. Nothing else is kept.",
    ),
  priceClass: z
    .enum(["PriceClass_100", "PriceClass_200", "PriceClass_All"])
    .default("PriceClass_100")
    .describe(
      "Where it answers from: North America and Europe, these and most of Asia and Africa, or everywhere. More places cost more for each GB.",
    ),
  answerTimeoutSeconds: z
    .int()
    .min(1)
    .max(60)
    .default(30)
    .describe("Seconds to wait for the load balancer's answer."),
});

export type CdnSettings = z.input<typeof cdnSettings>;
