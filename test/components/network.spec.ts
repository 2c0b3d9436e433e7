import * as assert from "node:assert/strict";
import { Network, type NetworkArgs } from "../../components";
import { build, inputsByName, refusal } from "./support";

const happy = (): NetworkArgs => ({
  availabilityZones: ["us-east-1a", "us-east-1b"],
  nat: "none",
});

const SUBNET = "aws:ec2/subnet:Subnet";

describe("Network", () => {
  it("creates this and nothing else", async () => {
    const { component, children } = await build(() => new Network("network", happy()));
    assert.equal(component.type, "ecs-platform:index:Network");
    assert.deepEqual(children, [
      "aws:cloudwatch/logGroup:LogGroup network-flow-logs",
      "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup network-default-security-group",
      "aws:ec2/flowLog:FlowLog network-flow-log",
      "aws:ec2/internetGateway:InternetGateway network-internet-gateway",
      "aws:ec2/route:Route network-public-a-internet",
      "aws:ec2/route:Route network-public-b-internet",
      "aws:ec2/routeTable:RouteTable network-app-a-routes",
      "aws:ec2/routeTable:RouteTable network-app-b-routes",
      "aws:ec2/routeTable:RouteTable network-data-a-routes",
      "aws:ec2/routeTable:RouteTable network-data-b-routes",
      "aws:ec2/routeTable:RouteTable network-public-a-routes",
      "aws:ec2/routeTable:RouteTable network-public-b-routes",
      "aws:ec2/routeTableAssociation:RouteTableAssociation network-app-a-routes",
      "aws:ec2/routeTableAssociation:RouteTableAssociation network-app-b-routes",
      "aws:ec2/routeTableAssociation:RouteTableAssociation network-data-a-routes",
      "aws:ec2/routeTableAssociation:RouteTableAssociation network-data-b-routes",
      "aws:ec2/routeTableAssociation:RouteTableAssociation network-public-a-routes",
      "aws:ec2/routeTableAssociation:RouteTableAssociation network-public-b-routes",
      "aws:ec2/subnet:Subnet network-app-a",
      "aws:ec2/subnet:Subnet network-app-b",
      "aws:ec2/subnet:Subnet network-data-a",
      "aws:ec2/subnet:Subnet network-data-b",
      "aws:ec2/subnet:Subnet network-public-a",
      "aws:ec2/subnet:Subnet network-public-b",
      "aws:ec2/vpc:Vpc network-vpc",
      "aws:ec2/vpcEndpoint:VpcEndpoint network-s3",
      "aws:iam/role:Role network-flow-logs-role",
      "aws:iam/rolePolicy:RolePolicy network-flow-logs-policy",
    ]);
  });

  it("previews what it creates", async () => {
    const make = () => new Network("network", { ...happy(), nat: "per-az" });
    const [preview, deployment] = [await build(make, { preview: true }), await build(make)];
    assert.deepEqual(preview.children, deployment.children);
  });

  it("has a VPC that Pulumi does not delete, unless the caller says so", async () => {
    const vpcOf = async (args: Partial<NetworkArgs>) =>
      (await build(() => new Network("network", { ...happy(), ...args }))).one("aws:ec2/vpc:Vpc");
    assert.equal((await vpcOf({})).protect, true);
    assert.equal((await vpcOf({ deletionProtection: false })).protect, false);
  });

  it("gives the VPC its block and names", async () => {
    const run = await build(() => new Network("network", { ...happy(), cidr: "10.20.0.0/18" }));
    assert.deepEqual(run.one("aws:ec2/vpc:Vpc").inputs, {
      cidrBlock: "10.20.0.0/18",
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { Name: "network" },
    });
  });

  it("takes 10.0.0.0/16 where no block is given", async () => {
    const run = await build(() => new Network("network", happy()));
    assert.equal(run.one("aws:ec2/vpc:Vpc").input("cidrBlock"), "10.0.0.0/16");
  });

  it("closes the default security group in both directions", async () => {
    const run = await build(() => new Network("network", happy()));
    assert.deepEqual(run.one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").inputs, {
      vpcId: "network-vpc-id",
      ingress: [],
      egress: [],
      tags: { Name: "network-default-closed" },
    });
  });

  it("has a way to the internet", async () => {
    const run = await build(() => new Network("network", happy()));
    assert.deepEqual(run.one("aws:ec2/internetGateway:InternetGateway").inputs, {
      vpcId: "network-vpc-id",
      tags: { Name: "network" },
    });
  });

  it("places every tier in every zone, and hands out no public addresses", async () => {
    const run = await build(() => new Network("network", happy()));
    const subnet = (zone: string, key: string, tier: string, cidrBlock: string) => ({
      vpcId: "network-vpc-id",
      availabilityZone: `us-east-1${zone}`,
      cidrBlock,
      mapPublicIpOnLaunch: false,
      tags: { Name: `network-${key}`, Tier: tier },
    });
    assert.deepEqual(inputsByName(run, SUBNET), {
      "network-app-a": subnet("a", "app-a", "app", "10.0.0.0/20"),
      "network-app-b": subnet("b", "app-b", "app", "10.0.32.0/20"),
      "network-data-a": subnet("a", "data-a", "data", "10.0.24.0/22"),
      "network-data-b": subnet("b", "data-b", "data", "10.0.56.0/22"),
      "network-public-a": subnet("a", "public-a", "public", "10.0.16.0/21"),
      "network-public-b": subnet("b", "public-b", "public", "10.0.48.0/21"),
    });
  });

  it("gives every subnet a route table of its own", async () => {
    const run = await build(() => new Network("network", happy()));
    const ownTable = (key: string) => ({
      subnetId: `network-${key}-id`,
      routeTableId: `network-${key}-routes-id`,
    });
    assert.deepEqual(inputsByName(run, "aws:ec2/routeTableAssociation:RouteTableAssociation"), {
      "network-app-a-routes": ownTable("app-a"),
      "network-app-b-routes": ownTable("app-b"),
      "network-data-a-routes": ownTable("data-a"),
      "network-data-b-routes": ownTable("data-b"),
      "network-public-a-routes": ownTable("public-a"),
      "network-public-b-routes": ownTable("public-b"),
    });
  });

  it("keeps a route table's routes in resources of their own", async () => {
    const run = await build(() => new Network("network", happy()));
    assert.deepEqual(run.one("aws:ec2/routeTable:RouteTable", "network-data-a-routes").inputs, {
      vpcId: "network-vpc-id",
      tags: { Name: "network-data-a", Tier: "data" },
    });
  });

  it("declares the same for zones in another order", async () => {
    const reversed = { ...happy(), nat: "single", availabilityZones: ["us-east-1b", "us-east-1a"] };
    const [one, other] = [
      await build(() => new Network("network", { ...happy(), nat: "single" })),
      await build(() => new Network("network", reversed as NetworkArgs)),
    ];
    assert.deepEqual(
      other.resources.map(({ name, inputs }) => ({ name, inputs })),
      one.resources.map(({ name, inputs }) => ({ name, inputs })),
    );
    assert.deepEqual(other.component.outputs, one.component.outputs);
  });

  it("moves and renames nothing when a zone is added", async () => {
    const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];
    const [two, three] = [
      await build(() => new Network("network", happy())),
      await build(() => new Network("network", { ...happy(), availabilityZones: zones })),
    ];
    const before = inputsByName(two, SUBNET);
    const after = inputsByName(three, SUBNET);
    assert.deepEqual({ ...after, ...before }, after);
    assert.deepEqual(
      two.children.filter((child) => !three.children.includes(child)),
      [],
    );
  });

  it("registers its ids in the order of the zones' names", async () => {
    const { component } = await build(() => new Network("network", { ...happy(), nat: "single" }));
    assert.deepEqual(component.outputs, {
      vpcId: "network-vpc-id",
      accountId: "123456789012",
      publicSubnetIds: ["network-public-a-id", "network-public-b-id"],
      appSubnetIds: ["network-app-a-id", "network-app-b-id"],
      dataSubnetIds: ["network-data-a-id", "network-data-b-id"],
      natPublicIps: ["203.0.113.10"],
    });
  });

  it("lists every problem and registers nothing", async () => {
    const wrong = { availabilityZones: ["us-east-1a"], nat: "both" } as unknown as NetworkArgs;
    const error = await refusal(() => new Network("network", wrong));
    assert.match(error.message, /^Network "network": 2 problems; nothing was created\.\n/);
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      ["availabilityZones", "nat"],
    );
  });
});
