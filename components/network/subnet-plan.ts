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
