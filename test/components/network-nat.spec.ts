import * as assert from "node:assert/strict";
import { Network, type NetworkArgs } from "../../components";
import { build, dependsOn, inputsByName } from "./support";

const happy = (): NetworkArgs => ({
  availabilityZones: ["us-east-1a", "us-east-1b"],
  nat: "single",
});

const ROUTE = "aws:ec2/route:Route";

const internetRoute = (zone: string) => ({
  routeTableId: `network-public-${zone}-routes-id`,
  destinationCidrBlock: "0.0.0.0/0",
  gatewayId: "network-internet-gateway-id",
});

const natRoute = (zone: string, gatewayZone: string) => ({
  routeTableId: `network-app-${zone}-routes-id`,
  destinationCidrBlock: "0.0.0.0/0",
  natGatewayId: `network-nat-${gatewayZone}-id`,
});

/** What a network has beyond one without NAT. */
async function beyondNone(nat: NetworkArgs["nat"]): Promise<string[]> {
  const none = await build(() => new Network("network", { ...happy(), nat: "none" }));
  const { children } = await build(() => new Network("network", { ...happy(), nat }));
  return children.filter((child) => !none.children.includes(child));
}

describe("Network, way out", () => {
  it("none: only public subnets have a route", async () => {
    const run = await build(() => new Network("network", { ...happy(), nat: "none" }));
    assert.deepEqual(inputsByName(run, ROUTE), {
      "network-public-a-internet": internetRoute("a"),
      "network-public-b-internet": internetRoute("b"),
    });
    assert.deepEqual(run.component.outputs["natPublicIps"], []);
  });

  it("single: app subnets go through the first zone, data subnets nowhere", async () => {
    const run = await build(() => new Network("network", happy()));
    assert.deepEqual(inputsByName(run, ROUTE), {
      "network-app-a-nat": natRoute("a", "a"),
      "network-app-b-nat": natRoute("b", "a"),
      "network-public-a-internet": internetRoute("a"),
      "network-public-b-internet": internetRoute("b"),
    });
  });

  it("single: adds one gateway and one address", async () => {
    assert.deepEqual(await beyondNone("single"), [
      "aws:ec2/eip:Eip network-nat-a",
      "aws:ec2/natGateway:NatGateway network-nat-a",
      "aws:ec2/route:Route network-app-a-nat",
      "aws:ec2/route:Route network-app-b-nat",
    ]);
  });

  it("per-az: app subnets go through their own zone, data subnets nowhere", async () => {
    const run = await build(() => new Network("network", { ...happy(), nat: "per-az" }));
    assert.deepEqual(inputsByName(run, ROUTE), {
      "network-app-a-nat": natRoute("a", "a"),
      "network-app-b-nat": natRoute("b", "b"),
      "network-public-a-internet": internetRoute("a"),
      "network-public-b-internet": internetRoute("b"),
    });
  });

  it("per-az: adds a gateway and an address for each zone", async () => {
    assert.deepEqual(await beyondNone("per-az"), [
      "aws:ec2/eip:Eip network-nat-a",
      "aws:ec2/eip:Eip network-nat-b",
      "aws:ec2/natGateway:NatGateway network-nat-a",
      "aws:ec2/natGateway:NatGateway network-nat-b",
      "aws:ec2/route:Route network-app-a-nat",
      "aws:ec2/route:Route network-app-b-nat",
    ]);
  });

  it("puts each gateway into its zone's public subnet, with its own address", async () => {
    const run = await build(() => new Network("network", { ...happy(), nat: "per-az" }));
    const gateway = (zone: string) => ({
      subnetId: `network-public-${zone}-id`,
      allocationId: `network-nat-${zone}-id`,
      tags: { Name: `network-nat-${zone}` },
    });
    assert.deepEqual(inputsByName(run, "aws:ec2/natGateway:NatGateway"), {
      "network-nat-a": gateway("a"),
      "network-nat-b": gateway("b"),
    });
    assert.deepEqual(run.one("aws:ec2/eip:Eip", "network-nat-b").inputs, {
      domain: "vpc",
      tags: { Name: "network-nat-b" },
    });
  });

  it("waits for the internet gateway, without which AWS refuses both", async () => {
    const run = await build(() => new Network("network", happy()));
    const internetGateway = ["aws:ec2/internetGateway:InternetGateway network-internet-gateway"];
    assert.deepEqual(dependsOn(run, run.one("aws:ec2/eip:Eip")), internetGateway);
    assert.deepEqual(dependsOn(run, run.one("aws:ec2/natGateway:NatGateway")), internetGateway);
  });

  it("tells the public addresses, in the order of the zones' names", async () => {
    const { component } = await build(() => new Network("network", { ...happy(), nat: "per-az" }), {
      resources: { "aws:ec2/eip:Eip": ({ name }) => ({ publicIp: `address of ${name}` }) },
    });
    assert.deepEqual(component.outputs["natPublicIps"], [
      "address of network-nat-a",
      "address of network-nat-b",
    ]);
  });

  it("regional: adds one gateway of the whole VPC, which takes its addresses by itself", async () => {
    assert.deepEqual(await beyondNone("regional"), [
      "aws:ec2/natGateway:NatGateway network-nat-regional",
      "aws:ec2/route:Route network-app-a-nat",
      "aws:ec2/route:Route network-app-b-nat",
    ]);
    const run = await build(() => new Network("network", { ...happy(), nat: "regional" }));
    const gateway = run.one("aws:ec2/natGateway:NatGateway");
    assert.deepEqual(gateway.inputs, {
      vpcId: "network-vpc-id",
      availabilityMode: "regional",
      tags: { Name: "network-nat-regional" },
    });
    assert.deepEqual(dependsOn(run, gateway), [
      "aws:ec2/internetGateway:InternetGateway network-internet-gateway",
    ]);
  });

  it("regional: app subnets go through it, data subnets nowhere", async () => {
    const run = await build(() => new Network("network", { ...happy(), nat: "regional" }));
    assert.deepEqual(inputsByName(run, ROUTE), {
      "network-app-a-nat": natRoute("a", "regional"),
      "network-app-b-nat": natRoute("b", "regional"),
      "network-public-a-internet": internetRoute("a"),
      "network-public-b-internet": internetRoute("b"),
    });
  });

  it("regional: tells the addresses it has taken, in a fixed order", async () => {
    const addresses = [{ publicIp: "203.0.113.20" }, { publicIp: "203.0.113.10" }];
    const { component } = await build(
      () => new Network("network", { ...happy(), nat: "regional" }),
      {
        resources: {
          "aws:ec2/natGateway:NatGateway": () => ({ regionalNatGatewayAddresses: addresses }),
        },
      },
    );
    assert.deepEqual(component.outputs["natPublicIps"], ["203.0.113.10", "203.0.113.20"]);
  });
});
