import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { contains, parseCidr } from "../support/cidr";
import { instanceType } from "../support/instance-type";
import { cidrBlock, different, port, reason, rule, ruleAcross } from "../support/rules";
import { existingSettings } from "./existing-settings";
import { flowLogSettings } from "./flow-log-settings";
import { LONGEST_VPC_PREFIX } from "./subnet-plan";
import { subnetProblems, subnetSettings } from "./subnet-settings";
import { availabilityZones } from "./zone-settings";

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

const NAT = ["none", "instance", "single", "per-az", "regional"] as const;

/** Interface endpoints that a platform without a route out may need, by the AWS service they lead to. */
export const ENDPOINT_SERVICES = [
  "autoscaling",
  "ec2",
  "ec2messages",
  "ecr.api",
  "ecr.dkr",
  "ecs",
  "ecs-agent",
  "ecs-telemetry",
  "elasticfilesystem",
  "events",
  "kinesis-firehose",
  "kinesis-streams",
  "kms",
  "logs",
  "monitoring",
  "secretsmanager",
  "sns",
  "sqs",
  "ssm",
  "ssmmessages",
  "sts",
  "xray",
] as const;

/** The instance of `nat: instance`. */
export const natInstanceSettings = z.strictObject({
  instanceType: instanceType
    .default("t4g.nano")
    .describe(
      "Size. t4g.nano is about 3.10 USD a month and carries 32 Mbit/s for long, 5 Gbit/s in bursts.",
    ),
  extraPorts: different(
    z.array(
      rule(port, (value) => value !== 443, {
        rule: "is open anyway",
        allowed: "1 to 65535, but for 443",
        fix: "remove it",
      }),
    ),
    "ports",
  )
    .default([])
    .describe("TCP ports that it passes on beside 443."),
});

export type NatInstanceSettings = z.output<typeof natInstanceSettings>;

const described = z.strictObject({
  cidr: rule(privateCidr, (value) => (parseCidr(value)?.prefix ?? 0) <= LONGEST_VPC_PREFIX, {
    rule: "is too small for the subnet plan",
    allowed: `/16 to /${LONGEST_VPC_PREFIX}`,
    fix: "choose a larger block; the data subnet of a zone gets 1/64 of it, and AWS wants 16 addresses",
  })
    .default("10.0.0.0/16")
    .describe("Addresses of the VPC. Cannot be changed later without replacing everything in it."),
  availabilityZones: availabilityZones
    .optional()
    .describe(
      "Zones to spread over: 2 or more, 3 for production. Their order does not matter. Required without existing.",
    ),
  subnets: subnetSettings
    .optional()
    .describe("Blocks of the subnets. Default: they follow from cidr, tier and zone."),
  nat: z
    .enum(NAT)
    .optional()
    .describe(
      "Way out for app subnets: no way, one small instance (about 7.40 USD a month), one NAT gateway (about 36.50 USD a month plus 0.045 USD per GB; its zone's failure cuts off all zones), one per zone, or one regional gateway that follows the zones in use at the price of one each. Required without existing.",
    ),
  natInstance: natInstanceSettings.optional().describe("The instance of nat: instance."),
  interfaceEndpoints: different(z.array(z.enum(ENDPOINT_SERVICES)), "services")
    .default([])
    .describe(
      "AWS services reached inside the VPC without NAT (about 7.30 USD a month for each service and zone).",
    ),
  gatewayEndpoints: different(z.array(z.enum(["dynamodb"])), "services")
    .default([])
    .describe("AWS services reached through the route tables, for free. S3 always is."),
  ipv6: z
    .boolean()
    .default(false)
    .describe(
      "Whether everything has an IPv6 address too: public subnets both ways, app subnets outwards only (free), data subnets without a route.",
    ),
  publicIpOnLaunchBecause: reason
    .optional()
    .describe(
      "Gives every network interface launched in a public subnet a public IPv4 address (3.65 USD a month each), and says why. The platform needs none.",
    ),
  flowLogs: flowLogSettings.prefault({}).describe("Record of the traffic in the VPC."),
  existing: existingSettings
    .optional()
    .describe("A VPC to use as it is, in place of one's own. Nothing is created in it."),
});

const REQUIRED = {
  availabilityZones: "a list of at least 2 Availability Zones",
  nat: NAT.join(", "),
} as const;

/** What a VPC of one's own cannot do without. */
const complete = (["availabilityZones", "nat"] as const).reduce(
  (schema, key) =>
    ruleAcross(
      schema,
      [key],
      ({ existing, [key]: value }) => existing !== undefined || value !== undefined,
      {
        rule: "is required, unless existing names a VPC",
        allowed: REQUIRED[key],
        fix: `add the key ${key}`,
      },
    ),
  described,
);

/** A VPC that is adopted stays as it is: whatever would shape it is refused, but for a default's own value. */
const alone = Object.entries(described.shape)
  .filter(([key]) => key !== "existing")
  .reduce(
    (schema, [key, field]) =>
      ruleAcross(
        schema,
        [key],
        (values) =>
          values.existing === undefined ||
          isDeepStrictEqual(
            (values as Record<string, unknown>)[key],
            field.safeParse(undefined).data,
          ),
        {
          rule: "has no effect beside existing, whose VPC stays as it is",
          allowed: "nothing beside existing",
          fix: "remove it, or remove existing",
        },
      ),
    complete,
  );

const withInstance = ruleAcross(
  alone,
  ["natInstance"],
  ({ nat, natInstance }) => natInstance === undefined || nat === "instance",
  {
    rule: "stands without nat: instance",
    allowed: "nothing with another way out",
    fix: "remove it, or set nat to instance",
  },
);

export const networkSettings = withInstance.superRefine(
  (value: Partial<z.output<typeof described>>, context) => {
    const problems = subnetProblems(value.subnets, value.cidr, value.availabilityZones);
    for (const { tier, letter, rule: message, allowed, fix } of problems) {
      context.addIssue({
        code: "custom",
        message,
        path: ["subnets", tier, letter],
        params: { allowed, fix },
      });
    }
  },
  // Also when other values are wrong, so that all problems show at once.
  { when: ({ value }) => typeof value === "object" && value !== null },
);

export type NetworkSettings = z.input<typeof networkSettings>;
