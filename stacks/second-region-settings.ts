import { z } from "zod";
import { loadBalancerSettings } from "../components/load-balancer/settings";
import { networkSettings } from "../components/network/settings";
import { nameKey, ruleAcross } from "../components/support/rules";
import { awsRegion } from "./provider";

const settings = z.strictObject({
  region: awsRegion.describe("Region that the platform stands in once more."),
  network: networkSettings.describe("The VPC there: zones of that region, and a block of its own."),
  certificateArn: loadBalancerSettings.shape.certificateArn.describe(
    "Certificate there, where loadBalancer.certificateArn names one: a certificate is good for one region only.",
  ),
  standby: z
    .enum(["active", "warm", "cold"])
    .default("active")
    .describe(
      "How much of it runs. active: as much as in the first region. warm: warmTasks of each service, which scale out when requests come, and databases of its own. cold: no task, host, NAT, interface endpoint, database or cache until this says active, for little more than the load balancer's price.",
    ),
  warmTasks: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe("With standby: warm, the tasks of each service that always run there. Default 1."),
  routing: z
    .enum(["failover", "latency"])
    .default("failover")
    .describe(
      "How Route 53 shares the requests out: all to the first region until its health check fails, or each to the nearest healthy region.",
    ),
  snapshots: z
    .record(nameKey, z.string().min(1))
    .default({})
    .describe(
      "Snapshots there that databases begin with, by the database's key: what AWS Backup copied. They count when a database is created.",
    ),
});

/** A standby that does not run in full; what a rule reads may still be wrong by itself. */
const isReduced = (standby: unknown) => standby === "warm" || standby === "cold";

/** What differs in the second region; all else is as in the first. */
export const secondRegionSettings = ruleAcross(
  ruleAcross(
    ruleAcross(
      settings,
      ["warmTasks"],
      ({ standby, warmTasks }) => warmTasks === undefined || standby === "warm",
      {
        rule: "stands without standby: warm",
        allowed: "nothing",
        fix: "remove it, or set standby to warm",
      },
    ),
    ["routing"],
    ({ standby, routing }) => routing !== "latency" || !isReduced(standby),
    {
      rule: "sends people to a region that is not there for them",
      allowed: "failover with standby warm or cold",
      fix: "set failover, or standby to active",
    },
  ),
  ["snapshots"],
  ({ standby, snapshots = {} }) => standby !== "cold" || Object.keys(snapshots).length === 0,
  {
    rule: "are for databases, and a cold region has none",
    allowed: "nothing with standby: cold",
    fix: "remove them, or set standby to active, which restores them",
  },
);

export type SecondRegionSettings = z.output<typeof secondRegionSettings>;
