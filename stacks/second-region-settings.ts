import { z } from "zod";
import { loadBalancerSettings } from "../components/load-balancer/settings";
import { networkSettings } from "../components/network/settings";
import { awsRegion } from "./provider";

/** What differs in the second region; all else is as in the first. */
export const secondRegionSettings = z.strictObject({
  region: awsRegion.describe("Region that the platform stands in once more."),
  network: networkSettings.describe("The VPC there: zones of that region, and a block of its own."),
  certificateArn: loadBalancerSettings.shape.certificateArn.describe(
    "Certificate there, where loadBalancer.certificateArn names one: a certificate is good for one region only.",
  ),
  routing: z
    .enum(["failover", "latency"])
    .default("failover")
    .describe(
      "How Route 53 shares the requests out: all to the first region until its health check fails, or each to the nearest healthy region.",
    ),
});

export type SecondRegionSettings = z.output<typeof secondRegionSettings>;
