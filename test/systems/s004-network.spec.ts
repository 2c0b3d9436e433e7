import * as assert from "node:assert/strict";
import type { Run } from "../support/run";
import { routesOf, subnetsOf } from "./reading";
import { runExample } from "./support";

const SUBNET = "aws:ec2/subnet:Subnet";
const RECORD = "aws:route53/record:Record";
const HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck";
const SERVICE = "aws:ecs/service:Service";

describe("seed 004, the network of a production cluster on EC2", () => {
  let run: Run;
  before(async () => {
    run = await runExample("ec2-production");
  });

  const idsOf = (tier: string) => subnetsOf(run, tier).map((name) => `${name}-id`);
  const natGateways = (of: Run) => of.all("aws:ec2/natGateway:NatGateway").map(({ name }) => name);

  it("S004-13, S004-100, S004-101: hosts and tasks are in private subnets, without public address", () => {
    assert.deepEqual(
      run.one("aws:autoscaling/group:Group").input("vpcZoneIdentifiers"),
      idsOf("app"),
    );
    assert.equal(run.all(SERVICE).length, 2);
    for (const service of run.all(SERVICE)) {
      assert.deepEqual(service.input("networkConfiguration.subnets"), idsOf("app"));
      assert.equal(service.input("networkConfiguration.assignPublicIp"), false);
    }
  });

  it("S004-14: the load balancer is in the public subnets", () => {
    assert.deepEqual(run.one("aws:lb/loadBalancer:LoadBalancer").input("subnets"), idsOf("public"));
    for (const name of subnetsOf(run, "public")) {
      assert.deepEqual(routesOf(run, name), ["0.0.0.0/0 → network-internet-gateway"]);
    }
  });

  it("S004-29: one component makes VPC, subnets and NAT gateways", () => {
    const network = run.one("ecs-platform:index:Network");
    const types = new Set(run.childrenOf(network).map(({ type }) => type));
    for (const type of ["aws:ec2/vpc:Vpc", SUBNET, "aws:ec2/natGateway:NatGateway"]) {
      assert.ok(types.has(type), `${type} in the network`);
    }
  });

  it("S004-44: the VPC is 10.0.0.0/16", () => {
    assert.equal(run.one("aws:ec2/vpc:Vpc").input("cidrBlock"), "10.0.0.0/16");
  });

  it("S004-92: two zones", () => {
    const zones = run.all(SUBNET).map((subnet) => subnet.input("availabilityZone"));
    assert.deepEqual([...new Set(zones)], ["us-east-1a", "us-east-1b"]);
  });

  it("S004-103: private subnets reach the internet through NAT alone", () => {
    assert.deepEqual(routesOf(run, "network-app-a"), ["0.0.0.0/0 → network-nat-a"]);
    assert.deepEqual(routesOf(run, "network-app-b"), ["0.0.0.0/0 → network-nat-b"]);
    assert.equal(
      run.one("aws:ec2/route:Route", "network-app-a-nat").input("natGatewayId"),
      "network-nat-a-id",
    );
  });

  it("S004-120: one NAT gateway, as the seed was shipped, by one word", async () => {
    const shipped = await runExample("ec2-production", { "network.nat": "single" });
    assert.deepEqual(natGateways(shipped), ["network-nat-a"]);
    assert.deepEqual(routesOf(shipped, "network-app-b"), ["0.0.0.0/0 → network-nat-a"]);
  });

  it("S004-121: a NAT gateway in each zone, as production should have", () => {
    assert.deepEqual(natGateways(run), ["network-nat-a", "network-nat-b"]);
  });

  it("S004-125, S004-126, S004-127, S004-136: endpoints for ECR, S3, Secrets Manager, logs and metrics, and none without the key", async () => {
    const endpoints = (of: Run) =>
      of
        .all("aws:ec2/vpcEndpoint:VpcEndpoint")
        .map(
          (endpoint) =>
            `${endpoint.input("serviceName") as string}, ${endpoint.input("vpcEndpointType") as string}`,
        );
    assert.deepEqual(endpoints(run), [
      "com.amazonaws.us-east-1.ecr.api, Interface",
      "com.amazonaws.us-east-1.ecr.dkr, Interface",
      "com.amazonaws.us-east-1.logs, Interface",
      "com.amazonaws.us-east-1.monitoring, Interface",
      "com.amazonaws.us-east-1.s3, Gateway",
      "com.amazonaws.us-east-1.secretsmanager, Interface",
    ]);
    const without = await runExample("ec2-production", { "network.interfaceEndpoints": undefined });
    assert.deepEqual(endpoints(without), ["com.amazonaws.us-east-1.s3, Gateway"]);
  });

  it("S004-144: a second region takes over when the first fails its health check", async () => {
    const both = await runExample("ec2-production", {
      "domains.main.healthCheck": { path: "/nginx" },
      secondRegion: {
        region: "us-west-2",
        network: {
          cidr: "10.1.0.0/16",
          availabilityZones: ["us-west-2a", "us-west-2b"],
          nat: "per-az",
        },
      },
    });
    const addresses = both.all(RECORD).filter((record) => record.input("type") === "A");
    const [first, second, ...more] = addresses;
    assert.deepEqual(more, []);
    assert.equal(first?.input("failoverRoutingPolicies.0.type"), "PRIMARY");
    assert.equal(second?.input("failoverRoutingPolicies.0.type"), "SECONDARY");
    assert.match(first.input("aliases.0.name") as string, /\.us-east-1\./);
    assert.match(second.input("aliases.0.name") as string, /\.us-west-2\./);
    for (const record of [first, second]) {
      const check = both
        .all(HEALTH_CHECK)
        .find((candidate) => candidate.input("fqdn") === record.input("aliases.0.name"));
      assert.ok(check !== undefined);
      assert.equal(record.input("healthCheckId"), `${check.name}-id`);
    }
    assert.deepEqual(
      both.all("aws:autoscaling/group:Group").map(({ name }) => name),
      ["platform-hosts", "platform-hosts"],
    );
  });
});
