import * as assert from "node:assert/strict";
import { Network, type NetworkArgs } from "../../components";
import { build, inputsByName } from "./support";

const happy = (): NetworkArgs => ({
  availabilityZones: ["us-east-1a", "us-east-1b"],
  nat: "none",
  ipv6: true,
});

const ROUTE = "aws:ec2/route:Route";
const SUBNET = "aws:ec2/subnet:Subnet";

describe("Network, IPv6", () => {
  it("is off by default: not a word of it anywhere", async () => {
    const { ipv6: _, ...args } = happy();
    let network: Network | undefined;
    const run = await build(() => (network = new Network("network", args)));
    const said = run.resources.filter(({ inputs }) => /ipv6|"::/i.test(JSON.stringify(inputs)));
    assert.deepEqual(said, []);
    assert.deepEqual([network?.ipv6, network?.ipv6Cidr], [false, undefined]);
  });

  it("adds this and nothing else", async () => {
    const { children } = await build(() => new Network("network", happy()));
    const without = await build(() => new Network("network", { ...happy(), ipv6: false }));
    assert.deepEqual(
      children.filter((child) => !without.children.includes(child)),
      [
        "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway network-egress-only-gateway",
        "aws:ec2/route:Route network-app-a-internet-ipv6",
        "aws:ec2/route:Route network-app-b-internet-ipv6",
        "aws:ec2/route:Route network-public-a-internet-ipv6",
        "aws:ec2/route:Route network-public-b-internet-ipv6",
      ],
    );
  });

  it("has AWS give the VPC a block", async () => {
    let network: Network | undefined;
    const run = await build(() => (network = new Network("network", happy())));
    assert.equal(run.one("aws:ec2/vpc:Vpc").input("assignGeneratedIpv6CidrBlock"), true);
    assert.equal(network?.ipv6, true);
    const block = await new Promise((resolve) => network?.ipv6Cidr?.apply(resolve));
    assert.equal(block, "2600:1f18:0:ab00::/56");
  });

  it("gives every subnet a /64 by tier and zone, and every interface an address of it", async () => {
    const run = await build(() => new Network("network", happy()));
    const blocks = run
      .all(SUBNET)
      .map((subnet) => [subnet.name, subnet.input("ipv6CidrBlock")] as const);
    assert.deepEqual(Object.fromEntries(blocks), {
      "network-app-a": "2600:1f18:0:ab00::/64",
      "network-public-a": "2600:1f18:0:ab01::/64",
      "network-data-a": "2600:1f18:0:ab02::/64",
      "network-app-b": "2600:1f18:0:ab08::/64",
      "network-public-b": "2600:1f18:0:ab09::/64",
      "network-data-b": "2600:1f18:0:ab0a::/64",
    });
    for (const subnet of run.all(SUBNET)) {
      assert.equal(subnet.input("assignIpv6AddressOnCreation"), true, subnet.name);
    }
  });

  it("opens public subnets both ways, app subnets outwards only, data subnets not at all", async () => {
    const run = await build(() => new Network("network", happy()));
    const routes = Object.entries(inputsByName(run, ROUTE)).filter(([name]) =>
      name.endsWith("-ipv6"),
    );
    const route = (key: string, target: object) => ({
      routeTableId: `network-${key}-routes-id`,
      destinationIpv6CidrBlock: "::/0",
      ...target,
    });
    const bothWays = { gatewayId: "network-internet-gateway-id" };
    const outwards = { egressOnlyGatewayId: "network-egress-only-gateway-id" };
    assert.deepEqual(Object.fromEntries(routes), {
      "network-public-a-internet-ipv6": route("public-a", bothWays),
      "network-public-b-internet-ipv6": route("public-b", bothWays),
      "network-app-a-internet-ipv6": route("app-a", outwards),
      "network-app-b-internet-ipv6": route("app-b", outwards),
    });
    assert.deepEqual(
      run.one("aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway").inputs,
      { vpcId: "network-vpc-id", tags: { Name: "network" } },
    );
  });

  it("previews what it creates", async () => {
    const make = () => new Network("network", happy());
    const [preview, deployment] = [await build(make, { preview: true }), await build(make)];
    assert.deepEqual(preview.children, deployment.children);
  });
});
