import * as assert from "node:assert/strict";
import fc from "fast-check";
import {
  LONGEST_VPC_PREFIX,
  TIERS,
  type Tier,
  ZONE_LETTERS,
  planSubnets,
  subnetCidr,
  subnetIpv6Cidr,
  zoneLetter,
} from "../../components/network/subnet-plan";
import { type Cidr, contains, formatCidr, parseCidr } from "../../components/support/cidr";

const vpcBlocks = fc.integer({ min: 16, max: LONGEST_VPC_PREFIX }).chain((prefix) =>
  fc.integer({ min: 0, max: 2 ** prefix - 1 }).map((index): string => {
    return formatCidr({ address: index * 2 ** (32 - prefix), prefix });
  }),
);
const zones = fc.constantFrom(...ZONE_LETTERS).map((letter) => `us-east-1${letter}`);
const zoneSets = fc.uniqueArray(zones, { minLength: 1 });
const tierSets = fc.uniqueArray(fc.constantFrom(...TIERS), { minLength: 1 });

/** The blocks of every tier in every zone, by zone and tier. */
function plan(
  vpc: string,
  zoneNames: readonly string[],
  tiers: readonly Tier[],
): Record<string, string> {
  return Object.fromEntries(
    zoneNames.flatMap((zone) =>
      tiers.map((tier) => [`${zone} ${tier}`, subnetCidr(vpc, zone, tier)]),
    ),
  );
}

function parsed(text: string): Cidr {
  const block = parseCidr(text);
  assert.ok(block !== undefined, `${text} is not an aligned block`);
  return block;
}

describe("Subnet plan", () => {
  it("is this for 10.0.0.0/16, for ever", () => {
    assert.deepEqual(plan("10.0.0.0/16", ["us-east-1a", "us-east-1b", "us-east-1h"], TIERS), {
      "us-east-1a app": "10.0.0.0/20",
      "us-east-1a public": "10.0.16.0/21",
      "us-east-1a data": "10.0.24.0/22",
      "us-east-1b app": "10.0.32.0/20",
      "us-east-1b public": "10.0.48.0/21",
      "us-east-1b data": "10.0.56.0/22",
      "us-east-1h app": "10.0.224.0/20",
      "us-east-1h public": "10.0.240.0/21",
      "us-east-1h data": "10.0.248.0/22",
    });
  });

  it("keeps every subnet inside the VPC", () => {
    fc.assert(
      fc.property(vpcBlocks, zoneSets, tierSets, (vpc, zoneNames, tiers) => {
        for (const block of Object.values(plan(vpc, zoneNames, tiers))) {
          assert.ok(contains(parsed(vpc), parsed(block)), `${block} is not in ${vpc}`);
        }
      }),
    );
  });

  it("keeps subnets apart", () => {
    fc.assert(
      fc.property(vpcBlocks, zoneSets, tierSets, (vpc, zoneNames, tiers) => {
        const blocks = Object.values(plan(vpc, zoneNames, tiers));
        const overlaps = blocks.flatMap((one, position) =>
          blocks
            .slice(position + 1)
            .filter(
              (other) =>
                contains(parsed(one), parsed(other)) || contains(parsed(other), parsed(one)),
            )
            .map((other) => `${one} and ${other}`),
        );
        assert.deepEqual(overlaps, []);
      }),
    );
  });

  it("gives only blocks that AWS takes: aligned, and a /28 or larger", () => {
    fc.assert(
      fc.property(vpcBlocks, zoneSets, tierSets, (vpc, zoneNames, tiers) => {
        const prefixes = Object.values(plan(vpc, zoneNames, tiers)).map(
          (block) => parsed(block).prefix,
        );
        assert.deepEqual(
          prefixes.filter((prefix) => prefix > 28),
          [],
        );
      }),
    );
  });

  it("moves no subnet when a zone is added", () => {
    fc.assert(
      fc.property(vpcBlocks, zoneSets, zones, (vpc, zoneNames, added) => {
        const before = plan(vpc, zoneNames, TIERS);
        const after = plan(vpc, [added, ...zoneNames], TIERS);
        assert.deepEqual({ ...after, ...before }, after);
      }),
    );
  });

  it("moves no subnet when a tier is added", () => {
    fc.assert(
      fc.property(vpcBlocks, zoneSets, tierSets, (vpc, zoneNames, tiers) => {
        const after = plan(vpc, zoneNames, TIERS);
        assert.deepEqual({ ...after, ...plan(vpc, zoneNames, tiers) }, after);
      }),
    );
  });

  it("does not care about the order of the zones", () => {
    fc.assert(
      fc.property(
        vpcBlocks,
        zoneSets.chain((set) => fc.tuple(fc.constant(set), fc.shuffledSubarray(set, whole(set)))),
        (vpc, [zoneNames, shuffled]) => {
          assert.deepEqual(plan(vpc, shuffled, TIERS), plan(vpc, zoneNames, TIERS));
        },
      ),
    );
  });

  it("leaves room in every zone for a tier to come", () => {
    fc.assert(
      fc.property(vpcBlocks, (vpc) => {
        const free = 2 ** (32 - parsed(vpc).prefix) / 64;
        const blocks = Object.values(plan(vpc, ["us-east-1a"], TIERS)).map(parsed);
        const used = blocks.reduce((sum, { prefix }) => sum + 2 ** (32 - prefix), 0);
        assert.equal(used, free * 7);
      }),
    );
  });

  it("tells zones apart by their letter", () => {
    assert.equal(zoneLetter("eu-central-1c"), "c");
  });

  for (const [title, vpc, zone] of [
    ["a block that is too small", "10.0.0.0/23", "us-east-1a"],
    ["a zone without a place", "10.0.0.0/16", "us-east-1i"],
    ["what is no block", "10.0.0.1/16", "us-east-1a"],
  ] as const) {
    it(`has none for ${title}`, () => {
      assert.throws(() => subnetCidr(vpc, zone, "app"), {
        message: `no subnet plan for ${zone} in ${vpc}`,
      });
    });
  }
});

describe("Subnet plan, chosen", () => {
  it("is the computed one where nothing is chosen", () => {
    const { data } = planSubnets("10.0.0.0/16", ["us-east-1b"], undefined);
    assert.deepEqual(data, [
      {
        key: "data-b",
        tier: "data",
        letter: "b",
        availabilityZone: "us-east-1b",
        cidr: "10.0.56.0/22",
      },
    ]);
  });

  it("has the tiers and zones that are chosen, and no others", () => {
    const chosen = { app: { a: "10.0.11.0/24" }, public: { a: "10.0.1.0/24", b: "10.0.2.0/24" } };
    const zonesOfTwo = ["us-east-1a", "us-east-1b"];
    const keys = Object.entries(planSubnets("10.0.0.0/16", zonesOfTwo, chosen)).map(
      ([tier, subnets]) => [tier, subnets.map(({ key, cidr }) => `${key} ${cidr}`)],
    );
    assert.deepEqual(Object.fromEntries(keys), {
      app: ["app-a 10.0.11.0/24"],
      public: ["public-a 10.0.1.0/24", "public-b 10.0.2.0/24"],
      data: [],
    });
  });
});

describe("Subnet plan, IPv6", () => {
  for (const [block, letter, tier, expected] of [
    ["2600:1f18:0:ab00::/56", "a", "app", "2600:1f18:0:ab00::/64"],
    ["2600:1f18:0:ab00::/56", "a", "public", "2600:1f18:0:ab01::/64"],
    ["2600:1f18:0:ab00::/56", "a", "data", "2600:1f18:0:ab02::/64"],
    ["2600:1f18:0:ab00::/56", "b", "app", "2600:1f18:0:ab08::/64"],
    ["2600:1f18:0:ab00::/56", "h", "data", "2600:1f18:0:ab3a::/64"],
    ["2600:1f18:12::/56", "a", "app", "2600:1f18:12::/64"],
    ["2600:1f18:12::/56", "c", "public", "2600:1f18:12:11::/64"],
    ["2a05:d018::/56", "a", "app", "2a05:d018::/64"],
    ["2400:6500:0a3f:0b00::/56", "a", "app", "2400:6500:a3f:b00::/64"],
  ] as const) {
    it(`is ${expected} for ${tier} in zone ${letter} of ${block}`, () => {
      assert.equal(subnetIpv6Cidr(block, letter, tier), expected);
    });
  }

  it("has a block of its own for every tier in every zone, all within the /56", () => {
    const blocks = ZONE_LETTERS.flatMap((letter) =>
      TIERS.map((tier) => subnetIpv6Cidr("2600:1f18:0:ab00::/56", letter, tier)),
    );
    assert.equal(new Set(blocks).size, ZONE_LETTERS.length * TIERS.length);
    for (const block of blocks) assert.match(block, /^2600:1f18:0:ab[0-9a-f]{2}::\/64$/);
  });
});

function whole(set: readonly unknown[]): { minLength: number; maxLength: number } {
  return { minLength: set.length, maxLength: set.length };
}
