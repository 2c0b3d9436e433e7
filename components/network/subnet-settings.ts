import { z } from "zod";
import { type Cidr, contains, parseCidr } from "../support/cidr";
import { cidrBlock, isMap, rule } from "../support/rules";
import { TIERS, type Tier, ZONE_LETTERS, zoneLetter } from "./subnet-plan";

const subnetBlock = rule(
  cidrBlock,
  (value) => {
    const block = parseCidr(value);
    return block === undefined || (block.prefix >= 16 && block.prefix <= 28);
  },
  {
    rule: "must be a size that AWS takes for a subnet",
    allowed: "/16 to /28",
    fix: "choose a block such as 10.0.1.0/24",
  },
);

const letter = rule(z.string(), (text) => ZONE_LETTERS.some((known) => known === text), {
  rule: "is not the letter of a zone",
  allowed: ZONE_LETTERS.join(", "),
  fix: 'name the zone by its letter alone: "a" for us-east-1a',
});

const blocks = z.record(letter, subnetBlock);

/** Blocks of one's own choice, by tier and zone letter. */
export const subnetSettings = z.strictObject({
  public: blocks.describe("Blocks of the public subnets by zone letter, e.g. a: 10.0.1.0/24."),
  app: blocks.describe("Blocks of the app subnets by zone letter."),
  data: blocks
    .optional()
    .describe("Blocks of the data subnets by zone letter. Without it there is no data tier."),
});

export type SubnetSettings = z.output<typeof subnetSettings>;

/** What is wrong with one block beside the others, the zones and the VPC's block. */
export interface SubnetProblem {
  readonly tier: Tier;
  readonly letter: string;
  readonly rule: string;
  readonly allowed: string;
  readonly fix: string;
}

interface Entry {
  readonly tier: Tier;
  readonly letter: string;
  readonly block: Cidr | undefined;
}

/** Looks at what may be wrong in any way: each value has problems of its own. */
export function subnetProblems(
  subnets: unknown,
  vpcCidr: unknown,
  availabilityZones: unknown,
): SubnetProblem[] {
  const tiers = TIERS.flatMap((tier) => {
    const given = isMap(subnets) ? subnets[tier] : undefined;
    return isMap(given) ? [{ tier, given }] : [];
  });
  const entries = tiers.flatMap(({ tier, given }) =>
    Object.entries(given).map(([letterOfZone, text]): Entry => ({
      tier,
      letter: letterOfZone,
      block: typeof text === "string" ? parseCidr(text) : undefined,
    })),
  );
  const zones = Array.isArray(availabilityZones)
    ? availabilityZones.filter((zone) => typeof zone === "string")
    : [];
  return [
    ...tiers.flatMap(({ tier, given }) => zonesWithoutBlock(tier, given, zones)),
    ...entries
      .filter(({ letter: own }) => !zones.some((zone) => zoneLetter(zone) === own))
      .map(ofNoZone),
    ...outsideVpc(entries, typeof vpcCidr === "string" ? parseCidr(vpcCidr) : undefined),
    ...overlapping(entries),
  ];
}

function zonesWithoutBlock(
  tier: Tier,
  given: Readonly<Record<string, unknown>>,
  zones: readonly string[],
): SubnetProblem[] {
  return zones
    .filter((zone) => !(zoneLetter(zone) in given))
    .map((zone) => ({
      tier,
      letter: zoneLetter(zone),
      rule: `is required: ${zone} is among availabilityZones`,
      allowed: "an IPv4 block from /16 to /28",
      fix: "give the zone a block in every tier that subnets has",
    }));
}

function ofNoZone({ tier, letter: own }: Entry): SubnetProblem {
  return {
    tier,
    letter: own,
    rule: "is the block of a zone that availabilityZones does not have",
    allowed: "blocks of the zones in availabilityZones",
    fix: "add the zone to availabilityZones, or remove its block",
  };
}

function outsideVpc(entries: readonly Entry[], vpc: Cidr | undefined): SubnetProblem[] {
  return entries
    .filter(({ block }) => vpc !== undefined && block !== undefined && !contains(vpc, block))
    .map(({ tier, letter: own }) => ({
      tier,
      letter: own,
      rule: "does not lie in the VPC",
      allowed: "a part of cidr",
      fix: "choose a block within cidr, or another cidr",
    }));
}

function overlapping(entries: readonly Entry[]): SubnetProblem[] {
  return entries.flatMap(({ tier, letter: own, block }, position) => {
    const other = entries
      .slice(0, position)
      .find(
        (former) =>
          block !== undefined && former.block !== undefined && overlap(block, former.block),
      );
    if (other === undefined) return [];
    return [
      {
        tier,
        letter: own,
        rule: `overlaps subnets.${other.tier}.${other.letter}`,
        allowed: "a block apart from all others",
        fix: "choose another block",
      },
    ];
  });
}

/** Blocks are aligned: they overlap only where one lies in the other. */
function overlap(one: Cidr, other: Cidr): boolean {
  return contains(one, other) || contains(other, one);
}
