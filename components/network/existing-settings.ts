import { z } from "zod";
import { parseCidr } from "../support/cidr";
import { isIpv6Block } from "../support/ipv6";
import { different, patternInput, rule, ruleAcross, textInput } from "../support/rules";
import { availabilityZones } from "./zone-settings";

const vpcId = patternInput(/^vpc-[0-9a-f]+$/, {
  rule: "must be the id of a VPC",
  allowed: "vpc- and hexadecimal digits",
  fix: "look it up by `aws ec2 describe-vpcs`",
});

const accountId = patternInput(/^\d{12}$/, {
  rule: "must be an AWS account id",
  allowed: "12 digits",
  fix: 'write it in quotes, like "123456789012"',
});

const cidr = rule(
  textInput(),
  (value) => typeof value !== "string" || parseCidr(value) !== undefined,
  {
    rule: "must be an IPv4 block in CIDR notation",
    allowed: "four numbers from 0 to 255, a slash, and 0 to 32, with no bit set behind the prefix",
    fix: "give the VPC's own block, as `aws ec2 describe-vpcs` shows it",
  },
);

const ipv6Cidr = rule(textInput(), (value) => typeof value !== "string" || isIpv6Block(value), {
  rule: "must be an IPv6 block in CIDR notation",
  allowed: "an IPv6 address in its shortest form, a slash, and 0 to 128",
  fix: "give the VPC's own block, as `aws ec2 describe-vpcs` shows it",
});

const subnetIds = different(
  z.array(
    patternInput(/^subnet-[0-9a-f]+$/, {
      rule: "must be the id of a subnet",
      allowed: "subnet- and hexadecimal digits",
      fix: "look it up by `aws ec2 describe-subnets`",
    }),
  ),
  "subnets",
);

const PER_ZONE = {
  rule: "must have one subnet for each of existing.availabilityZones",
  allowed: "as many ids as zones, in the zones' order",
  fix: "add or remove ids, or correct availabilityZones",
};

const described = z.strictObject({
  vpcId: vpcId.describe("The VPC."),
  accountId: accountId.describe("The account that owns it."),
  cidr: cidr.describe("Its IPv4 block."),
  ipv6Cidr: ipv6Cidr
    .optional()
    .describe("Its IPv6 block. With it, what stands in the VPC gets IPv6 addresses too."),
  availabilityZones: availabilityZones.describe("Zones of the subnets, in the order of their ids."),
  publicSubnetIds: subnetIds.describe("Subnets with a route to the internet gateway, by zone."),
  appSubnetIds: subnetIds.describe("Private subnets with a way out (NAT or endpoints), by zone."),
  dataSubnetIds: subnetIds
    .default([])
    .describe("Private subnets for databases and caches, by zone. May be the app subnets."),
});

/** A VPC that somebody else looks after. */
export const existingSettings = (
  ["publicSubnetIds", "appSubnetIds", "dataSubnetIds"] as const
).reduce(
  (schema, tier) =>
    ruleAcross(
      schema,
      [tier],
      ({ availabilityZones: zones, [tier]: ids }) =>
        !Array.isArray(zones) ||
        !Array.isArray(ids) ||
        ids.length === zones.length ||
        (tier === "dataSubnetIds" && ids.length === 0),
      PER_ZONE,
    ),
  described,
);

export type ExistingSettings = z.output<typeof existingSettings>;
