import { z } from "zod";
import { contains, parseCidr } from "../support/cidr";
import { cidrBlock, different, logRetentionDays, reason, rule } from "../support/rules";
import { LONGEST_VPC_PREFIX } from "./subnet-plan";

/** Private ranges of RFC 1918. */
const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

const privateCidr = rule(
  cidrBlock,
  (value) => {
    const block = parseCidr(value);
    const isPrivate = PRIVATE_RANGES.map(parseCidr).some(
      (range) => block !== undefined && range !== undefined && contains(range, block),
    );
    return block === undefined || (isPrivate && block.prefix >= 16);
  },
  {
    rule: "must be a private block that a VPC can have",
    allowed: `/16 to /${LONGEST_VPC_PREFIX} within ${PRIVATE_RANGES.join(", ")}`,
    fix: "choose a block such as 10.0.0.0/16 that overlaps no network you will peer with",
  },
);

const availabilityZone = rule(z.string(), (name) => /^[a-z]{2}(-[a-z]+)+-\d[a-h]$/.test(name), {
  rule: "must be an Availability Zone name",
  allowed: "a region and a letter from a to h, e.g. us-east-1a",
  fix: "list zones by `aws ec2 describe-availability-zones` and give their names",
});

/** Interface endpoints that a platform without a route out may need, by the AWS service they lead to. */
export const ENDPOINT_SERVICES = [
  "ecr.api",
  "ecr.dkr",
  "ecs",
  "kms",
  "logs",
  "monitoring",
  "secretsmanager",
  "sns",
  "ssm",
  "ssmmessages",
  "ec2messages",
  "sts",
] as const;

const flowLogs = z.strictObject({
  retentionDays: logRetentionDays.default(30).describe("Days the flow log is kept."),
  traffic: z
    .enum(["ALL", "ACCEPT", "REJECT"])
    .default("ALL")
    .describe("Traffic to record. REJECT is cheaper and shows what security groups refused."),
  aggregationSeconds: z
    .literal([60, 600])
    .default(600)
    .describe("Longest span that one record sums up, in seconds. 60 costs up to ten times 600."),
  disabledBecause: reason.optional().describe("Turns flow logs off, and says why."),
});

export const networkSettings = z.strictObject({
  cidr: rule(privateCidr, (value) => (parseCidr(value)?.prefix ?? 0) <= LONGEST_VPC_PREFIX, {
    rule: "is too small for the subnet plan",
    allowed: `/16 to /${LONGEST_VPC_PREFIX}`,
    fix: "choose a larger block; the data subnet of a zone gets 1/64 of it, and AWS wants 16 addresses",
  })
    .default("10.0.0.0/16")
    .describe("Addresses of the VPC. Cannot be changed later without replacing everything in it."),
  availabilityZones: rule(
    z.array(availabilityZone).min(2).max(6),
    (zones) => new Set(zones).size === zones.length,
    { rule: "names a zone twice", allowed: "different zones", fix: "remove the repeated zone" },
  ).describe("Zones to spread over: 2 or more, 3 for production. Their order does not matter."),
  nat: z
    .enum(["none", "single", "per-az"])
    .describe(
      "Way out for app subnets: no way, one NAT gateway (about 33 USD a month plus 0.045 USD per GB; its zone's failure cuts off all zones), or one per zone.",
    ),
  interfaceEndpoints: different(z.array(z.enum(ENDPOINT_SERVICES)), "services")
    .default([])
    .describe(
      "AWS services reached inside the VPC without NAT (about 7.30 USD a month for each service and zone).",
    ),
  flowLogs: flowLogs.prefault({}).describe("Record of the traffic in the VPC, in CloudWatch Logs."),
});

export type NetworkSettings = z.input<typeof networkSettings>;
