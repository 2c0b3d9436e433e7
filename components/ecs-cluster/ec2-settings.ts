import { z } from "zod";
import { instanceType, processorOf } from "../support/instance-type";
import { different, email, nameKey, ruleAcross, rule } from "../support/rules";

const managedScaling = ruleAcross(
  z.strictObject({
    targetCapacityPercent: z
      .int()
      .min(1)
      .max(100)
      .default(100)
      .describe(
        "Share of the hosts that is meant to be in use. Below 100 keeps spare hosts, so that new tasks need not wait for one.",
      ),
    minimumStep: z
      .int()
      .min(1)
      .max(10000)
      .default(1)
      .describe("Hosts that are added or removed at once, at least."),
    maximumStep: z
      .int()
      .min(1)
      .max(10000)
      .default(10)
      .describe("Hosts that are added or removed at once, at most."),
    warmupSeconds: z
      .int()
      .min(0)
      .max(10000)
      .default(300)
      .describe("Seconds in which a new host does not count yet."),
  }),
  ["maximumStep"],
  ({ minimumStep = 1, maximumStep = 10 }) => !(maximumStep < minimumStep),
  {
    rule: "must not be below minimumStep",
    allowed: "minimumStep or more",
    fix: "raise it, or lower minimumStep",
  },
);

const instanceTypes = rule(
  different(z.array(instanceType).min(1).max(40), "types"),
  (types) => new Set(types.map(processorOf)).size <= 1,
  {
    rule: "mixes processors, and an image is built for one",
    allowed: "only Graviton types, such as t4g.medium, or none",
    fix: "remove the types of one of the two kinds",
  },
);

const size = z.int().min(0).max(1000);

const hosts = z.strictObject({
  instanceTypes: instanceTypes.describe(
    "What hosts may be, the preferred first; several find Spot capacity more often. t3.medium is about 30 USD a month on demand, t4g.medium 25.",
  ),
  minSize: size.describe("Hosts that always run. 2 or more survive the loss of a zone."),
  maxSize: size.min(1).describe("Hosts that may run at most; they bound the bill."),
  desiredCapacity: size
    .optional()
    .describe("Hosts at the very start; from then on scaling decides. Default: minSize."),
  onDemandBase: size.default(0).describe("Hosts that are on demand before the percentage counts."),
  onDemandPercentageAboveBase: z
    .int()
    .min(0)
    .max(100)
    .default(100)
    .describe("Share of the other hosts that is on demand. The rest is Spot, about 70 % cheaper."),
  spotAllocationStrategy: z
    .enum(["price-capacity-optimized", "capacity-optimized", "lowest-price"])
    .default("price-capacity-optimized")
    .describe(
      "How Spot hosts are chosen. price-capacity-optimized weighs price against the risk of interruption.",
    ),
  capacityRebalancing: z
    .boolean()
    .default(true)
    .describe("Whether a Spot host at risk is replaced before AWS takes it."),
  managedScaling: managedScaling
    .prefault({})
    .describe("How the number of hosts follows the tasks that want to run."),
  terminationProtection: z
    .boolean()
    .default(false)
    .describe(
      "Whether scaling leaves hosts alone that run tasks, instead of moving the tasks first. Then maxLifetimeDays replaces only hosts that are idle.",
    ),
  volumeGiB: z
    .int()
    .min(30)
    .max(16384)
    .default(30)
    .describe("Size of a host's encrypted disk in GiB, at 0.08 USD a month each."),
  detailedMonitoring: z
    .boolean()
    .default(true)
    .describe(
      "Metrics of hosts every minute instead of every five, 2.10 USD a month for each host.",
    ),
  maxLifetimeDays: z
    .int()
    .min(1)
    .max(365)
    .default(30)
    .describe("Days after which a host is replaced by one from the newest image."),
  interruptionEmails: z
    .record(nameKey, email)
    .default({})
    .describe(
      "Who is told of Spot interruptions, by a name of your choice. Everyone confirms once by mail.",
    ),
});

/** Counts that must not exceed maxSize, and what to do where they do. */
const BOUNDED_BY_MAXIMUM = ["minSize", "desiredCapacity", "onDemandBase"] as const;

export const ec2 = ruleAcross(
  BOUNDED_BY_MAXIMUM.reduce(
    (schema, key) =>
      ruleAcross(schema, [key], ({ [key]: count = 0, maxSize = count }) => !(count > maxSize), {
        rule: "must not be above maxSize",
        allowed: "maxSize or less",
        fix: "lower it, or raise maxSize",
      }),
    hosts,
  ),
  ["desiredCapacity"],
  ({ desiredCapacity, minSize = 0 }) =>
    desiredCapacity === undefined || !(desiredCapacity < minSize),
  {
    rule: "must not be below minSize",
    allowed: "minSize to maxSize",
    fix: "raise it, remove it, or lower minSize",
  },
);

export type CheckedEc2Settings = z.output<typeof ec2>;

/** Whether any host may be a Spot instance, which AWS can take away. */
export function hasSpot({
  onDemandPercentageAboveBase,
}: Pick<CheckedEc2Settings, "onDemandPercentageAboveBase">): boolean {
  return onDemandPercentageAboveBase < 100;
}
