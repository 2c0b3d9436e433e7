import { type Cidr, formatCidr, parseCidr, subBlock } from "../support/cidr";

/**
 * What lives where: `public` holds load balancer and NAT gateways, `app` tasks and bastion, `data` databases.
 * The order is that of the addresses.
 */
export const TIERS = ["app", "public", "data"] as const;
export type Tier = (typeof TIERS)[number];

/**
 * Where a tier lies in its zone's block. Tasks take an address each, hence half of it for `app`. The last eighth is kept
 * for a tier yet to come: adding one there moves no existing subnet, and these numbers must never change.
 */
const PLACE: Readonly<Record<Tier, { readonly extraBits: number; readonly index: number }>> = {
  app: { extraBits: 1, index: 0 },
  public: { extraBits: 2, index: 2 },
  data: { extraBits: 3, index: 6 },
};

/** Zones are told apart by their letter, which has a fixed place among eight: adding a zone moves no other. */
export const ZONE_LETTERS = ["a", "b", "c", "d", "e", "f", "g", "h"] as const;
const ZONE_BITS = 3;

/** A subnet of AWS has 16 addresses at least, and data gets an eighth of an eighth of the VPC. */
export const LONGEST_VPC_PREFIX = 28 - ZONE_BITS - PLACE.data.extraBits;

/** "a" of "us-east-1a": names the zone's resources, so that no logical name holds the region. */
export function zoneLetter(availabilityZone: string): string {
  return availabilityZone.slice(-1);
}

/**
 * The block of one tier in one zone. It depends on these three alone, never on which other zones or tiers there are.
 *
 * With 10.0.0.0/16: zone a is 10.0.0.0/19, of which app 10.0.0.0/20, public 10.0.16.0/21, data 10.0.24.0/22.
 */
export function subnetCidr(vpcCidr: string, availabilityZone: string, tier: Tier): string {
  const vpc = parseCidr(vpcCidr);
  const zone = ZONE_LETTERS.findIndex((letter) => letter === zoneLetter(availabilityZone));
  if (vpc === undefined || vpc.prefix > LONGEST_VPC_PREFIX || zone < 0) {
    throw new Error(`no subnet plan for ${availabilityZone} in ${vpcCidr}`);
  }
  const zoneBlock: Cidr = subBlock(vpc, vpc.prefix + ZONE_BITS, zone);
  const { extraBits, index } = PLACE[tier];
  return formatCidr(subBlock(zoneBlock, zoneBlock.prefix + extraBits, index));
}

/** A subnet to be. */
export interface PlannedSubnet {
  /** Tier and zone letter, e.g. "app-a". */
  readonly key: string;
  readonly tier: Tier;
  readonly letter: string;
  readonly availabilityZone: string;
  readonly cidr: string;
}

/** The subnets of every tier: where the settings place them, or where their tier and zone do. */
export function planSubnets(
  vpcCidr: string,
  availabilityZones: readonly string[],
  chosen: Partial<Record<Tier, Readonly<Record<string, string>>>> | undefined,
): Record<Tier, PlannedSubnet[]> {
  const planTier = (tier: Tier) =>
    availabilityZones.flatMap((availabilityZone): PlannedSubnet[] => {
      const letter = zoneLetter(availabilityZone);
      const cidr = chosen ? chosen[tier]?.[letter] : subnetCidr(vpcCidr, availabilityZone, tier);
      return cidr === undefined
        ? []
        : [{ key: `${tier}-${letter}`, tier, letter, availabilityZone, cidr }];
    });
  return { app: planTier("app"), public: planTier("public"), data: planTier("data") };
}

/**
 * The IPv6 block of one tier in one zone: one of the 256 that a VPC's /56 divides into, by the places of zone and tier.
 *
 * With 2600:1f18:0:ab00::/56: zone a has app 2600:1f18:0:ab00::/64, public :ab01, data :ab02; zone b begins with :ab08.
 */
export function subnetIpv6Cidr(vpcIpv6Cidr: string, letter: string, tier: Tier): string {
  const groups = (vpcIpv6Cidr.split("::")[0] ?? "").split(":").map((group) => parseInt(group, 16));
  const [first = 0, second = 0, third = 0, fourth = 0] = groups;
  const place = ZONE_LETTERS.findIndex((known) => known === letter) * 8 + TIERS.indexOf(tier);
  const network = [first, second, third, fourth + place].map((group) => group.toString(16));
  // AWS writes addresses as RFC 5952 has them, zeros at the end left out.
  return `${network.join(":").replace(/(:0)+$/, "")}::/64`;
}
