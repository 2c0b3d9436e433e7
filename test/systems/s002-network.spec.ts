import * as assert from "node:assert/strict";
import { contains, parseCidr } from "../../components/support/cidr";
import type { Run } from "../support/run";
import { routesOf, rulesOutOf, subnetsOf } from "./reading";
import { exampleConfig, exampleFile, problemsOf, runExample } from "./support";

const EXAMPLE = "fargate-reference";
const ZONES = ["us-west-2a", "us-west-2b"];
const OUT = { a: ["0.0.0.0/0 → network-nat-a"], b: ["0.0.0.0/0 → network-nat-b"] };
const IPV6_OUT = "::/0 → network-egress-only-gateway";

function idsOf(run: Run, tier: string): string[] {
  return subnetsOf(run, tier).map((name) => `${name}-id`);
}

/** The subnet that has this block: where it is. */
function placeOf(run: Run, cidr: string) {
  const found = run
    .all("aws:ec2/subnet:Subnet")
    .filter((subnet) => subnet.input("cidrBlock") === cidr);
  assert.equal(found.length, 1, cidr);
  const [subnet] = found;
  return {
    name: subnet?.name ?? "",
    zone: subnet?.input("availabilityZone"),
    tier: subnet?.input("tags.Tier"),
  };
}

/** Ways to IPv4 addresses outside. */
function ipv4RoutesOf(run: Run, subnet: string): string[] {
  return routesOf(run, subnet).filter((route) => route.startsWith("0.0.0.0/0"));
}

function addressesOf(run: Run, subnet: string): unknown {
  return run.one("aws:ec2/subnet:Subnet", subnet).input("mapPublicIpOnLaunch");
}

/** Configuration with blocks for a third zone. */
const threeZones = {
  "network.availabilityZones": [...ZONES, "us-west-2c"],
  "network.subnets": {
    public: { a: "10.0.1.0/24", b: "10.0.2.0/24", c: "10.0.3.0/24" },
    app: { a: "10.0.11.0/24", b: "10.0.12.0/24", c: "10.0.13.0/24" },
    data: { a: "10.0.21.0/24", b: "10.0.22.0/24", c: "10.0.23.0/24" },
  },
};

describe("seed 002, the network of the reference on Fargate", () => {
  let run: Run;
  before(async () => {
    run = await runExample(EXAMPLE);
  });

  it("S002-03: the example's picture, drawn from its stack file, shows all of it", () => {
    const page = exampleFile(EXAMPLE, "README.md");
    const picture = /```mermaid\n([^]*?)```/.exec(page)?.[1] ?? "";
    const boxes = [
      ...['region["us-west-2"]', 'vpc["VPC 10.0.0.0/16"]', "internet gateway", "Internet"],
      ...[
        "us-west-2a<br/>10.0.1.0/24<br/>NAT gateway",
        "us-west-2b<br/>10.0.2.0/24<br/>NAT gateway",
      ],
      ...["us-west-2a<br/>10.0.11.0/24", "us-west-2b<br/>10.0.12.0/24"],
      ...["app<br/>port 3000<br/>2 to 10 tasks", "Application Load Balancer"],
      ...["CloudWatch<br/>logs, metrics", "ECS cluster<br/>Fargate", "Application Auto Scaling"],
      ...["Route 53<br/>app.example.com", "ACM certificate", "Secrets Manager"],
    ];
    const missing = boxes.filter((box) => !picture.includes(box));
    assert.deepEqual(missing, []);
  });

  it("S002-04: everything is in us-west-2, and no other region is written anywhere", () => {
    const config = exampleConfig(EXAMPLE);
    assert.equal(config["aws:region"], "us-west-2");
    const region = /\b(af|ap|ca|eu|il|me|mx|sa|us)(-gov)?-[a-z]+-\d(?=[a-z]?\b)/g;
    const written = (value: unknown) => [
      ...new Set([...JSON.stringify(value).matchAll(region)].map(([name]) => name)),
    ];
    assert.deepEqual(written(config), ["us-west-2"]);
    const inputs = run.resources
      .filter(({ type }) => type.startsWith("aws:"))
      .map((resource) => resource.inputs);
    assert.deepEqual(written(inputs), ["us-west-2"]);
    assert.equal(run.one("pulumi:providers:aws").input("region"), "us-west-2");
  });

  it("S002-05, S002-06, S002-07: a VPC of 10.0.0.0/16, which all subnets lie in", () => {
    assert.equal(run.one("aws:ec2/vpc:Vpc").input("cidrBlock"), "10.0.0.0/16");
    const vpc = parseCidr("10.0.0.0/16");
    const blocks = run.all("aws:ec2/subnet:Subnet").map((subnet) => {
      const cidr = subnet.input("cidrBlock");
      return typeof cidr === "string" ? parseCidr(cidr) : undefined;
    });
    assert.equal(blocks.length, 6);
    for (const block of blocks) {
      assert.ok(vpc !== undefined && block !== undefined && contains(vpc, block));
    }
  });

  it("S002-08: two Availability Zones", () => {
    const zones = run.all("aws:ec2/subnet:Subnet").map((one) => one.input("availabilityZone"));
    assert.deepEqual([...new Set(zones)].sort(), ZONES);
  });

  it("S002-09, S002-10: public subnets 10.0.1.0/24 and 10.0.2.0/24, one in each zone", () => {
    const places = ["10.0.1.0/24", "10.0.2.0/24"].map((cidr) => placeOf(run, cidr));
    assert.deepEqual(
      places.map(({ zone }) => zone),
      ZONES,
    );
    assert.deepEqual(
      subnetsOf(run, "public"),
      places.map(({ name }) => name),
    );
    for (const { name } of places) {
      assert.deepEqual(ipv4RoutesOf(run, name), ["0.0.0.0/0 → network-internet-gateway"]);
    }
  });

  it("S002-11, S002-12, S002-25, S002-34: a NAT gateway in each zone's public subnet", () => {
    const gateways = run.all("aws:ec2/natGateway:NatGateway");
    assert.deepEqual(
      gateways.map((gateway) => gateway.input("subnetId")),
      ["10.0.1.0/24", "10.0.2.0/24"].map((cidr) => `${placeOf(run, cidr).name}-id`),
    );
    assert.equal(gateways.length, ZONES.length);
  });

  it("S002-13, S002-14: private subnets 10.0.11.0/24 and 10.0.12.0/24, one in each zone", () => {
    const places = ["10.0.11.0/24", "10.0.12.0/24"].map((cidr) => placeOf(run, cidr));
    assert.deepEqual(
      places.map(({ zone }) => zone),
      ZONES,
    );
    assert.deepEqual(
      subnetsOf(run, "app"),
      places.map(({ name }) => name),
    );
  });

  it("S002-15, S002-16, S002-33: each private subnet goes out through the NAT gateway of its zone", () => {
    const [a = "", b = ""] = ["10.0.11.0/24", "10.0.12.0/24"].map(
      (cidr) => placeOf(run, cidr).name,
    );
    assert.deepEqual(ipv4RoutesOf(run, a), OUT.a);
    assert.deepEqual(ipv4RoutesOf(run, b), OUT.b);
  });

  it("S002-17, S002-18, S002-27: two tasks, in the private subnets of both zones, without public address", () => {
    const service = run.one("aws:ecs/service:Service");
    assert.deepEqual(service.input("networkConfiguration.subnets"), idsOf(run, "app"));
    assert.equal(service.input("networkConfiguration.assignPublicIp"), false);
    assert.equal(service.input("desiredCount"), 2);
  });

  it("S002-19, S002-31: one internet gateway, attached to the VPC", () => {
    const gateway = run.one("aws:ec2/internetGateway:InternetGateway");
    assert.equal(
      gateway.input("vpcId"),
      run.one("aws:ec2/vpc:Vpc").outputs["id"] ?? "network-vpc-id",
    );
  });

  it("S002-21, S002-22: DNS support and host names in the VPC", () => {
    const vpc = run.one("aws:ec2/vpc:Vpc");
    assert.equal(vpc.input("enableDnsSupport"), true);
    assert.equal(vpc.input("enableDnsHostnames"), true);
  });

  it("S002-23: a subnet of each tier for each of two or three zones; one zone is refused", async () => {
    const more = await runExample(EXAMPLE, threeZones);
    for (const tier of ["public", "app", "data"]) {
      assert.equal(subnetsOf(run, tier).length, 2);
      assert.equal(subnetsOf(more, tier).length, 3);
    }
    const [problem] = problemsOf(EXAMPLE, { "network.availabilityZones": ["us-west-2a"] });
    assert.equal(problem?.key, "ecs-platform:network.availabilityZones");
  });

  it("S002-24: the load balancer is in all public subnets", () => {
    assert.deepEqual(
      run.one("aws:lb/loadBalancer:LoadBalancer").input("subnets"),
      idsOf(run, "public"),
    );
  });

  it("S002-26: public subnets give addresses at launch for the reason written down, and not by default", async () => {
    const without = await runExample(EXAMPLE, { "network.publicIpOnLaunchBecause": undefined });
    for (const name of subnetsOf(run, "public")) {
      assert.equal(addressesOf(run, name), true);
      assert.equal(addressesOf(without, name), false);
    }
    for (const name of [...subnetsOf(run, "app"), ...subnetsOf(run, "data")]) {
      assert.notEqual(addressesOf(run, name), true);
    }
  });

  it("S002-28: a database stands in the private tier for data, and without one there is nothing of RDS", async () => {
    assert.deepEqual(
      run.names().filter((name) => name.startsWith("aws:rds/")),
      [],
    );
    const withDatabase = await runExample(EXAMPLE, {
      databases: { orders: { engineVersion: "17", instanceClass: "db.t4g.micro", multiAz: false } },
    });
    const group = withDatabase.one("aws:rds/subnetGroup:SubnetGroup");
    assert.deepEqual(group.input("subnetIds"), idsOf(withDatabase, "data"));
    for (const name of subnetsOf(withDatabase, "data")) {
      assert.deepEqual(routesOf(withDatabase, name), []);
    }
  });

  it("S002-29: no private subnet has a route to the internet gateway", () => {
    const [a = "", b = ""] = subnetsOf(run, "app");
    assert.deepEqual(routesOf(run, a), [...OUT.a, IPV6_OUT]);
    assert.deepEqual(routesOf(run, b), [...OUT.b, IPV6_OUT]);
    for (const name of subnetsOf(run, "data")) assert.deepEqual(routesOf(run, name), []);
  });

  it("S002-30, S002-32: the subnets of the load balancer lead to the internet gateway", () => {
    const subnets = run.one("aws:lb/loadBalancer:LoadBalancer").input("subnets") as string[];
    assert.equal(subnets.length, 2);
    for (const id of subnets) {
      assert.deepEqual(routesOf(run, id.replace(/-id$/, "")), [
        "0.0.0.0/0 → network-internet-gateway",
        "::/0 → network-internet-gateway",
      ]);
    }
  });

  it("S002-35: one key chooses a NAT gateway for each zone, one for all, or none", async () => {
    const single = await runExample(EXAMPLE, { "network.nat": "single" });
    assert.equal(single.all("aws:ec2/natGateway:NatGateway").length, 1);
    for (const name of subnetsOf(single, "app")) {
      assert.deepEqual(ipv4RoutesOf(single, name), OUT.a);
    }
    const none = await runExample(EXAMPLE, {
      "network.nat": "none",
      "network.interfaceEndpoints": ["ecr.api", "ecr.dkr", "logs", "secretsmanager"],
      "services.app.image": "123456789012.dkr.ecr.us-west-2.amazonaws.com/app:1.0.0",
    });
    assert.deepEqual(none.all("aws:ec2/natGateway:NatGateway"), []);
    assert.deepEqual(
      problemsOf(EXAMPLE, { "network.nat": "none" }).map(({ key }) => key),
      ["ecs-platform:network.interfaceEndpoints", "ecs-platform:services.app.image"],
    );
  });

  it("S002-36: each NAT gateway has an Elastic IP", () => {
    for (const gateway of run.all("aws:ec2/natGateway:NatGateway")) {
      const [source = ""] = gateway.propertyDependencies["allocationId"] ?? [];
      const address = run.byUrn(source);
      assert.equal(address.type, "aws:ec2/eip:Eip");
      assert.equal(address.input("domain"), "vpc");
      assert.equal(gateway.input("allocationId"), `${address.name}-id`);
    }
    assert.equal(run.all("aws:ec2/eip:Eip").length, 2);
  });

  it("S002-37, S002-38: tasks reach interfaces and packages outside through their NAT gateway, on 443 and 80", () => {
    const out = rulesOutOf(run, "app-security-group");
    for (const port of [443, 80]) assert.ok(out.includes(`tcp ${port} to 0.0.0.0/0`));
    const subnets = run
      .one("aws:ecs/service:Service")
      .input("networkConfiguration.subnets") as string[];
    const routes = subnets.map((id) => ipv4RoutesOf(run, id.replace(/-id$/, "")));
    assert.deepEqual(routes, [OUT.a, OUT.b]);
  });
});
