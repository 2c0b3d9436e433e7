import * as assert from "node:assert/strict";
import { UNKNOWN, type ValueMap } from "../../policies/graph";
import { findings, resource } from "./fixtures";

const group = resource("aws:ec2/securityGroup:SecurityGroup", "group");
const balancerGroup = resource("aws:ec2/securityGroup:SecurityGroup", "balancer");
const balancer = resource(
  "aws:lb/loadBalancer:LoadBalancer",
  "alb",
  {},
  {
    securityGroups: balancerGroup,
  },
);

/** A rule as most programs write it. */
const rule = (inputs: ValueMap, of = group) =>
  resource(
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "rule",
    { ipProtocol: "tcp", ...inputs },
    { securityGroupId: of },
  );
/** The same by the resource that came before it. */
const olderRule = (inputs: ValueMap) =>
  resource(
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "rule",
    { type: "ingress", protocol: "tcp", ...inputs },
    { securityGroupId: group },
  );
const port = (number: number) => ({ fromPort: number, toPort: number });

describe("rules about what the internet reaches", () => {
  const open = "rule: lets the whole internet in, and is not port 80 or 443 of a load balancer";
  const risky = "rule: opens a port of administration or of a database to the whole internet";

  it("let it in to load balancers, by port 80 and 443", () => {
    for (const number of [80, 443]) {
      const inputs = { cidrIpv4: "0.0.0.0/0", ...port(number) };
      const web = [balancerGroup, balancer, rule(inputs, balancerGroup)];
      assert.deepEqual(findings("NET-09", web), []);
      assert.deepEqual(findings("NET-09", [group, rule(inputs)]), [open]);
    }
  });

  it("see ports that lists of risky ones leave out", () => {
    for (const number of [8443, 5433]) {
      const inputs = { cidrIpv4: "0.0.0.0/0", ...port(number) };
      assert.deepEqual(findings("NET-09", [balancerGroup, balancer, rule(inputs, balancerGroup)]), [
        open,
      ]);
      assert.deepEqual(findings("NET-10", [group, rule(inputs)]), []);
    }
  });

  it("see what is written in each of the three ways", () => {
    const everywhere = [
      rule({ cidrIpv6: "::/0", ...port(22) }),
      olderRule({ ipv6CidrBlocks: ["::/0"], ...port(22) }),
      olderRule({
        cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"],
        fromPort: 0,
        toPort: 0,
        protocol: "-1",
      }),
    ];
    for (const one of everywhere) assert.deepEqual(findings("NET-10", [group, one]), [risky]);
    const inline = resource(group.type, "rule", {
      ingress: [{ protocol: "tcp", ...port(3306), cidrBlocks: ["0.0.0.0/0"] }],
    });
    assert.deepEqual(findings("NET-10", [inline]), [risky]);
    const outwards = olderRule({ type: "egress", cidrBlocks: ["0.0.0.0/0"], ...port(22) });
    assert.deepEqual(findings("NET-10", [group, outwards]), []);
  });

  it("take half of the internet for the internet, and one office for an office", () => {
    const ssh = (cidr: ValueMap) => findings("NET-11", [group, rule({ ...cidr, ...port(22) })]);
    const large = ["rule: lets a large part of the internet in by SSH or RDP"];
    assert.deepEqual(ssh({ cidrIpv4: "128.0.0.0/1" }), large);
    assert.deepEqual(ssh({ cidrIpv4: "203.0.112.0/23" }), large);
    assert.deepEqual(ssh({ cidrIpv4: "203.0.113.0/24" }), []);
    assert.deepEqual(ssh({ cidrIpv6: "2001:db8::/63" }), large);
    assert.deepEqual(ssh({ cidrIpv6: "2001:db8::/64" }), []);
  });
});

describe("rules about ways in and out", () => {
  const vpc = resource("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" });
  const subnet = (name: string, tier: string, zone: string, cidrBlock: string) =>
    resource(
      "aws:ec2/subnet:Subnet",
      name,
      { tags: { Tier: tier }, availabilityZone: zone, cidrBlock },
      { vpcId: vpc },
    );
  const app = subnet("app-a", "app", "a", "10.0.0.0/24");
  const table = resource("aws:ec2/routeTable:RouteTable", "table");
  const association = (of: typeof app) =>
    resource(
      "aws:ec2/routeTableAssociation:RouteTableAssociation",
      "association",
      {},
      {
        routeTableId: table,
        subnetId: of,
      },
    );
  const route = (inputs: ValueMap, references = {}) =>
    resource("aws:ec2/route:Route", "route", inputs, { routeTableId: table, ...references });

  it("know a way to the internet gateway before its id is known", () => {
    const way = route({ destinationCidrBlock: "0.0.0.0/0", gatewayId: UNKNOWN });
    assert.deepEqual(findings("NET-06", [app, table, association(app), way]), [
      "route: leads a private subnet to the internet gateway",
    ]);
    const open = subnet("public-a", "public", "a", "10.0.1.0/24");
    assert.deepEqual(findings("NET-06", [open, table, association(open), way]), []);
    const inside = route({ destinationCidrBlock: "10.1.0.0/16", gatewayId: UNKNOWN });
    assert.deepEqual(findings("NET-06", [app, table, association(app), inside]), []);
  });

  it("let nothing out of a data subnet, whichever way", () => {
    const data = subnet("data-a", "data", "a", "10.0.2.0/24");
    const way = route({ destinationIpv6CidrBlock: "::/0", egressOnlyGatewayId: UNKNOWN });
    assert.deepEqual(findings("NET-06", [data, table, association(data), way]), [
      "route: leads out of a data subnet",
    ]);
  });

  it("want the NAT gateway of the same zone, or a regional one", () => {
    const gateway = (zone: string, inputs: ValueMap = {}) => [
      subnet("public", "public", zone, "10.0.1.0/24"),
      resource("aws:ec2/natGateway:NatGateway", "nat", inputs, {
        subnetId: subnet("public", "public", zone, "10.0.1.0/24"),
      }),
    ];
    const by = (found: readonly ReturnType<typeof resource>[]) =>
      findings("NET-07", [
        app,
        table,
        association(app),
        ...found,
        route(
          { destinationCidrBlock: "0.0.0.0/0", natGatewayId: UNKNOWN },
          { natGatewayId: found[1] },
        ),
      ]);
    assert.deepEqual(by(gateway("a")), []);
    assert.deepEqual(by(gateway("b")), ["route: leads to the NAT gateway of another zone"]);
    assert.deepEqual(by(gateway("b", { availabilityMode: "regional" })), []);
  });

  it("see blocks of subnets that overlap, or lie elsewhere", () => {
    const other = subnet("app-b", "app", "b", "10.0.0.128/25");
    assert.deepEqual(findings("NET-05", [vpc, app, other]), [
      "app-b: shares addresses with another subnet",
    ]);
    const elsewhere = subnet("app-b", "app", "b", "10.1.0.0/24");
    assert.deepEqual(findings("NET-05", [vpc, app, elsewhere]), ["app-b: lies outside its VPC"]);
  });
});
