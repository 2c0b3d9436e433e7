import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Network, type NetworkArgs } from "../../components";
import { networkSettings } from "../../components/network/settings";
import type { Problem } from "../../components/support/problem";
import { build, itRefuses, itTakes, listWith, outOfBounds, refusal } from "./support";

const existing = () => ({
  vpcId: "vpc-0a1b",
  accountId: "123456789012",
  cidr: "10.9.0.0/16",
  availabilityZones: ["us-east-1b", "us-east-1a"],
  publicSubnetIds: ["subnet-1b", "subnet-1a"],
  appSubnetIds: ["subnet-2b", "subnet-2a"],
  dataSubnetIds: ["subnet-3b", "subnet-3a"],
});

const happy = (): NetworkArgs => ({ existing: existing() });

describe("Network, adopted", () => {
  it("creates nothing", async () => {
    const { children } = await build(() => new Network("network", happy()));
    assert.deepEqual(children, []);
  });

  it("hands on what is known of the VPC, in the given order", async () => {
    let network: Network | undefined;
    const { component } = await build(() => (network = new Network("network", happy())));
    assert.deepEqual(component.outputs, {
      vpcId: "vpc-0a1b",
      accountId: "123456789012",
      publicSubnetIds: ["subnet-1b", "subnet-1a"],
      appSubnetIds: ["subnet-2b", "subnet-2a"],
      dataSubnetIds: ["subnet-3b", "subnet-3a"],
      natPublicIps: [],
    });
    assert.deepEqual(network?.availabilityZones, ["us-east-1b", "us-east-1a"]);
    assert.equal(await promise(network.vpcCidr), "10.9.0.0/16");
    assert.deepEqual([network.ipv6, network.ipv6Cidr], [false, undefined]);
  });

  it("speaks IPv6 where its VPC does", async () => {
    let network: Network | undefined;
    const ipv6Cidr = "2600:1f18:0:ab00::/56";
    await build(
      () => (network = new Network("network", { existing: { ...existing(), ipv6Cidr } })),
    );
    assert.equal(network?.ipv6, true);
    assert.equal(await promise(network.ipv6Cidr), ipv6Cidr);
  });

  it("has no data subnets where none are named", async () => {
    const { dataSubnetIds: _, ...others } = existing();
    const { component } = await build(() => new Network("network", { existing: others }));
    assert.deepEqual(component.outputs["dataSubnetIds"], []);
  });

  it("takes what another program computes", async () => {
    const args = { existing: { ...existing(), vpcId: pulumi.output("vpc-0f") } };
    const { component } = await build(() => new Network("network", args));
    assert.equal(component.outputs["vpcId"], "vpc-0f");
  });

  it("refuses everything that would shape a VPC, by key", async () => {
    const own = {
      ...happy(),
      cidr: "10.1.0.0/16",
      availabilityZones: ["us-east-1a", "us-east-1b"],
      subnets: { public: {}, app: {} },
      nat: "instance",
      natInstance: {},
      interfaceEndpoints: ["logs"],
      gatewayEndpoints: ["dynamodb"],
      ipv6: true,
      publicIpOnLaunchBecause: "ten letters",
      flowLogs: { retentionDays: 1 },
    } as NetworkArgs;
    const { problems } = await refusal(() => new Network("network", own));
    assert.deepEqual(
      problems.filter(({ rule }) => rule.includes("beside existing")).map(({ key }) => key),
      [
        "cidr",
        "availabilityZones",
        "subnets",
        "nat",
        "natInstance",
        "interfaceEndpoints",
        "gatewayEndpoints",
        "ipv6",
        "publicIpOnLaunchBecause",
        "flowLogs",
      ],
    );
  });
});

describe("Network settings, existing", () => {
  itTakes(networkSettings, happy(), {
    "no data subnets": { "existing.dataSubnetIds": undefined },
    "an IPv6 block": { "existing.ipv6Cidr": "2600:1f18:0:ab00::/56" },
    "a block outside the private ranges": { "existing.cidr": "100.64.0.0/16" },
  });

  const notPerZone = (tier: string, value: readonly string[]) => ({
    change: { [`existing.${tier}`]: value },
    problem: {
      key: `existing.${tier}`,
      value,
      rule: "must have one subnet for each of existing.availabilityZones",
      allowed: "as many ids as zones, in the zones' order",
      fix: "add or remove ids, or correct availabilityZones",
    },
  });
  const wrong = (key: string, value: string, problem: Omit<Problem, "key" | "value">) => ({
    change: { [key]: value },
    problem: { key, value, ...problem },
  });

  itRefuses(networkSettings, happy(), {
    "a way out of its own": {
      change: { nat: "single" },
      problem: {
        key: "nat",
        value: "single",
        rule: "has no effect beside existing, whose VPC stays as it is",
        allowed: "nothing beside existing",
        fix: "remove it, or remove existing",
      },
    },
    "a public tier of one": notPerZone("publicSubnetIds", ["subnet-1b"]),
    "an app tier of three": notPerZone("appSubnetIds", ["subnet-1", "subnet-2", "subnet-3"]),
    "a data tier of one": notPerZone("dataSubnetIds", ["subnet-3b"]),
    "an empty app tier": notPerZone("appSubnetIds", []),
    "one zone": {
      change: {
        existing: {
          ...existing(),
          availabilityZones: ["us-east-1a"],
          publicSubnetIds: ["subnet-1"],
          appSubnetIds: ["subnet-2"],
          dataSubnetIds: ["subnet-3"],
        },
      },
      problem: outOfBounds(
        "existing.availabilityZones",
        ["us-east-1a"],
        listWith("at least 2 entries", "a region and a letter from a to h, e.g. us-east-1a"),
      ),
    },
    "a subnet twice": {
      change: { "existing.appSubnetIds": ["subnet-1a", "subnet-1a"] },
      problem: {
        key: "existing.appSubnetIds",
        value: ["subnet-1a", "subnet-1a"],
        rule: "has an entry twice",
        allowed: "different subnets",
        fix: "remove the repeated entry",
      },
    },
    "the name of a VPC": wrong("existing.vpcId", "main", {
      rule: "must be the id of a VPC",
      allowed: "vpc- and hexadecimal digits",
      fix: "look it up by `aws ec2 describe-vpcs`",
    }),
    "the name of an account": wrong("existing.accountId", "prod", {
      rule: "must be an AWS account id",
      allowed: "12 digits",
      fix: 'write it in quotes, like "123456789012"',
    }),
    "a block with bits behind the prefix": wrong("existing.cidr", "10.9.0.1/16", {
      rule: "must be an IPv4 block in CIDR notation",
      allowed:
        "four numbers from 0 to 255, a slash, and 0 to 32, with no bit set behind the prefix",
      fix: "give the VPC's own block, as `aws ec2 describe-vpcs` shows it",
    }),
    "an IPv4 block for IPv6": wrong("existing.ipv6Cidr", "10.9.0.0/16", {
      rule: "must be an IPv6 block in CIDR notation",
      allowed: "an IPv6 address in its shortest form, a slash, and 0 to 128",
      fix: "give the VPC's own block, as `aws ec2 describe-vpcs` shows it",
    }),
  });
});

function promise<Value>(output: pulumi.Output<Value> | undefined): Promise<Value | undefined> {
  return new Promise((resolve) => {
    if (output === undefined) resolve(undefined);
    else output.apply(resolve);
  });
}
