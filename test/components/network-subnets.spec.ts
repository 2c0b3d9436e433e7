import * as assert from "node:assert/strict";
import { Network, type NetworkArgs } from "../../components";
import { networkSettings } from "../../components/network/settings";
import { parseSettings } from "../../components/support/parse-settings";
import { build, inputsByName, itRefuses, itTakes } from "./support";

const SUBNETS = {
  public: { a: "10.0.1.0/24", b: "10.0.2.0/24" },
  app: { a: "10.0.11.0/24", b: "10.0.12.0/24" },
};

const happy = (): NetworkArgs => ({
  cidr: "10.0.0.0/16",
  availabilityZones: ["us-west-2a", "us-west-2b"],
  nat: "per-az",
  subnets: SUBNETS,
});

const SUBNET = "aws:ec2/subnet:Subnet";

describe("Network, subnets of one's own choice", () => {
  it("stand where they are placed, each in its zone and tier, and no others", async () => {
    const run = await build(() => new Network("network", happy()));
    const subnet = (tier: string, zone: string, cidrBlock: string) => ({
      vpcId: "network-vpc-id",
      availabilityZone: `us-west-2${zone}`,
      cidrBlock,
      mapPublicIpOnLaunch: false,
      tags: { Name: `network-${tier}-${zone}`, Tier: tier },
    });
    assert.deepEqual(inputsByName(run, SUBNET), {
      "network-app-a": subnet("app", "a", "10.0.11.0/24"),
      "network-app-b": subnet("app", "b", "10.0.12.0/24"),
      "network-public-a": subnet("public", "a", "10.0.1.0/24"),
      "network-public-b": subnet("public", "b", "10.0.2.0/24"),
    });
    assert.deepEqual(run.component.outputs["dataSubnetIds"], []);
  });

  it("are routed as computed ones: public to the internet, app through the gateway of their zone", async () => {
    const run = await build(() => new Network("network", happy()));
    const everywhere = { destinationCidrBlock: "0.0.0.0/0" };
    assert.deepEqual(inputsByName(run, "aws:ec2/route:Route"), {
      "network-public-a-internet": {
        ...everywhere,
        routeTableId: "network-public-a-routes-id",
        gatewayId: "network-internet-gateway-id",
      },
      "network-public-b-internet": {
        ...everywhere,
        routeTableId: "network-public-b-routes-id",
        gatewayId: "network-internet-gateway-id",
      },
      "network-app-a-nat": {
        ...everywhere,
        routeTableId: "network-app-a-routes-id",
        natGatewayId: "network-nat-a-id",
      },
      "network-app-b-nat": {
        ...everywhere,
        routeTableId: "network-app-b-routes-id",
        natGatewayId: "network-nat-b-id",
      },
    });
  });

  it("have a data tier where they have blocks for it", async () => {
    const data = { a: "10.0.21.0/24", b: "10.0.22.0/24" };
    const run = await build(
      () => new Network("network", { ...happy(), subnets: { ...SUBNETS, data } }),
    );
    assert.equal(run.one(SUBNET, "network-data-b").input("cidrBlock"), "10.0.22.0/24");
    assert.deepEqual(run.component.outputs["dataSubnetIds"], [
      "network-data-a-id",
      "network-data-b-id",
    ]);
  });

  for (const [title, publicIpOnLaunchBecause, expected] of [
    ["none by default", undefined, [false, false]],
    ["public ones where somebody says why, and no others", "seed 002 wants it", [true, false]],
  ] as const) {
    it(`give what is launched in them a public address: ${title}`, async () => {
      const run = await build(
        () => new Network("network", { ...happy(), publicIpOnLaunchBecause }),
      );
      assert.deepEqual(
        ["network-public-a", "network-app-a"].map((name) =>
          run.one(SUBNET, name).input("mapPublicIpOnLaunch"),
        ),
        expected,
      );
    });
  }
});

describe("Network settings, subnets", () => {
  const settings = { ...happy() };

  itTakes(networkSettings, settings, {
    "blocks for all tiers": { "subnets.data": { a: "10.0.21.0/24", b: "10.0.22.0/24" } },
    "the largest block": {
      cidr: "10.0.0.0/16",
      subnets: {
        public: { a: "10.0.0.0/18", b: "10.0.64.0/18" },
        app: { a: "10.0.128.0/18", b: "10.0.192.0/18" },
      },
    },
    "the smallest block": { "subnets.public.a": "10.0.1.0/28" },
    "blocks side by side": { "subnets.public.a": "10.0.3.0/24" },
  });

  itRefuses(networkSettings, settings, {
    "a zone without a block": {
      change: { "subnets.app.b": undefined },
      problem: {
        key: "subnets.app.b",
        value: undefined,
        rule: "is required: us-west-2b is among availabilityZones",
        allowed: "an IPv4 block from /16 to /28",
        fix: "give the zone a block in every tier that subnets has",
      },
    },
    "a zone without a block in the data tier": {
      change: { "subnets.data": { a: "10.0.21.0/24" } },
      problem: {
        key: "subnets.data.b",
        value: undefined,
        rule: "is required: us-west-2b is among availabilityZones",
        allowed: "an IPv4 block from /16 to /28",
        fix: "give the zone a block in every tier that subnets has",
      },
    },
    "the block of another zone": {
      change: { "subnets.public.c": "10.0.3.0/24" },
      problem: {
        key: "subnets.public.c",
        value: "10.0.3.0/24",
        rule: "is the block of a zone that availabilityZones does not have",
        allowed: "blocks of the zones in availabilityZones",
        fix: "add the zone to availabilityZones, or remove its block",
      },
    },
    "a zone by its whole name": {
      change: { "subnets.public": { ...SUBNETS.public, "us-west-2a": "10.0.3.0/24" } },
      problem: {
        key: "subnets.public.us-west-2a",
        value: "us-west-2a",
        rule: "is not the letter of a zone",
        allowed: "a, b, c, d, e, f, g, h",
        fix: 'name the zone by its letter alone: "a" for us-east-1a',
      },
    },
    "a block outside the VPC": {
      change: { "subnets.app.a": "10.1.11.0/24" },
      problem: {
        key: "subnets.app.a",
        value: "10.1.11.0/24",
        rule: "does not lie in the VPC",
        allowed: "a part of cidr",
        fix: "choose a block within cidr, or another cidr",
      },
    },
    "a block within another": {
      change: { "subnets.public.b": "10.0.11.128/25" },
      problem: {
        key: "subnets.public.b",
        value: "10.0.11.128/25",
        rule: "overlaps subnets.app.a",
        allowed: "a block apart from all others",
        fix: "choose another block",
      },
    },
    "a block around another": {
      change: { "subnets.public.b": "10.0.8.0/22" },
      problem: {
        key: "subnets.public.b",
        value: "10.0.8.0/22",
        rule: "overlaps subnets.app.a",
        allowed: "a block apart from all others",
        fix: "choose another block",
      },
    },
    "a block that is too small for AWS": {
      change: { "subnets.public.a": "10.0.1.0/29" },
      problem: {
        key: "subnets.public.a",
        value: "10.0.1.0/29",
        rule: "must be a size that AWS takes for a subnet",
        allowed: "/16 to /28",
        fix: "choose a block such as 10.0.1.0/24",
      },
    },
    "a block that is too large for AWS": {
      change: { "subnets.public.a": "10.2.0.0/15" },
      problem: {
        key: "subnets.public.a",
        value: "10.2.0.0/15",
        rule: "must be a size that AWS takes for a subnet",
        allowed: "/16 to /28",
        fix: "choose a block such as 10.0.1.0/24",
      },
    },
    "a block with bits behind the prefix": {
      change: { "subnets.public.a": "10.0.1.1/24" },
      problem: {
        key: "subnets.public.a",
        value: "10.0.1.1/24",
        rule: "must be an IPv4 block in CIDR notation",
        allowed:
          "four numbers from 0 to 255, a slash, and 0 to 32, with no bit set behind the prefix",
        fix: "write it like 203.0.113.0/24",
      },
    },
  });

  it("say what is wrong with a block although other values are wrong, too", () => {
    const publicTier = { a: "10.0.1.0/24", b: "10.1.2.0/24" };
    const wrong = { ...settings, nat: "both", subnets: { ...SUBNETS, public: publicTier } };
    assert.deepEqual(
      parseSettings(networkSettings, wrong, "").problems.map(({ key }) => key),
      ["nat", "subnets.public.b"],
    );
  });
});
