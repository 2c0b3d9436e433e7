import * as assert from "node:assert/strict";
import type { Run } from "../support/run";
import { containerOf, routesOf, rulesOutOf, subnetsOf, textOf } from "./reading";
import { runExample } from "./support";

const EXAMPLE = "fargate-reference";
const ZONES = ["us-west-2a", "us-west-2b"];
const database = {
  databases: { orders: { engineVersion: "17", instanceClass: "db.t4g.micro", multiAz: true } },
};

/** Zones of subnets, given by id. */
function zonesOf(run: Run, ids: unknown): unknown[] {
  return (ids as string[]).map((id) =>
    run.one("aws:ec2/subnet:Subnet", id.replace(/-id$/, "")).input("availabilityZone"),
  );
}

describe("seed 002, the way of a request through the reference architecture on Fargate", () => {
  let run: Run;
  before(async () => {
    run = await runExample(EXAMPLE);
  });

  const service = () => run.one("aws:ecs/service:Service");
  const targetGroup = () => run.one("aws:lb/targetGroup:TargetGroup");

  it("S002-153: the internet gateway belongs to the VPC of load balancer and targets", () => {
    const vpc = "network-vpc-id";
    assert.equal(run.one("aws:ec2/internetGateway:InternetGateway").input("vpcId"), vpc);
    assert.equal(targetGroup().input("vpcId"), vpc);
    for (const id of run.one("aws:lb/loadBalancer:LoadBalancer").input("subnets") as string[]) {
      const subnet = run.one("aws:ec2/subnet:Subnet", id.replace(/-id$/, ""));
      assert.equal(subnet.input("vpcId"), vpc);
    }
  });

  it("S002-154: TLS ends at the load balancer, which asks the targets for their health", () => {
    const https = run.one("aws:lb/listener:Listener", "load-balancer-https");
    assert.equal(https.input("port"), 443);
    assert.equal(
      https.input("certificateArn"),
      run.one("aws:acm/certificate:Certificate").outputs["arn"],
    );
    assert.notEqual(targetGroup().input("healthCheck.enabled"), false);
    assert.equal(targetGroup().input("healthCheck.path"), "/health");
  });

  it("S002-155: the service's tasks are the targets, each with its share from the start", () => {
    assert.equal(service().input("loadBalancers.0.targetGroupArn"), targetGroup().outputs["arn"]);
    assert.equal(targetGroup().input("slowStart"), undefined);
    assert.equal(targetGroup().input("stickiness"), undefined);
  });

  it("S002-156: tasks are in private subnets, without a public address", () => {
    assert.equal(service().input("networkConfiguration.assignPublicIp"), false);
    assert.deepEqual(
      service().input("networkConfiguration.subnets"),
      subnetsOf(run, "app").map((name) => `${name}-id`),
    );
  });

  it("S002-157: service, container and target group speak of the same port", () => {
    assert.equal(service().input("loadBalancers.0.containerPort"), 3000);
    assert.equal(containerOf(run, "app").portMappings?.[0]?.containerPort, 3000);
    assert.equal(targetGroup().input("port"), 3000);
  });

  it("S002-158, S002-165: no network ACL stops an answer, and connections idle for as long as configured", async () => {
    assert.deepEqual(
      run.names().filter((name) => /networkAcl/i.test(name)),
      [],
    );
    assert.equal(run.one("aws:lb/loadBalancer:LoadBalancer").input("idleTimeout"), 60);
    const patient = await runExample(EXAMPLE, { "loadBalancer.idleTimeoutSeconds": 120 });
    assert.equal(patient.one("aws:lb/loadBalancer:LoadBalancer").input("idleTimeout"), 120);
  });

  it("S002-159: containers, load balancer and network keep logs", () => {
    const { logConfiguration } = containerOf(run, "app");
    assert.equal(logConfiguration?.logDriver, "awslogs");
    assert.equal(logConfiguration.options["awslogs-group"], "app-logs-1a2b3c4");
    const loadBalancer = run.one("aws:lb/loadBalancer:LoadBalancer");
    assert.equal(loadBalancer.input("accessLogs.enabled"), true);
    assert.equal(run.all("aws:ec2/flowLog:FlowLog").length, 1);
  });

  it("S002-160: tasks may open connections on 443", () => {
    assert.ok(rulesOutOf(run, "app-security-group").includes("tcp 443 to 0.0.0.0/0"));
  });

  it("S002-161: their subnets lead to the NAT gateway of their zone", () => {
    assert.deepEqual(
      subnetsOf(run, "app").map((name) => routesOf(run, name)[0]),
      ["0.0.0.0/0 → network-nat-a", "0.0.0.0/0 → network-nat-b"],
    );
  });

  it("S002-162, S002-163: NAT gateways have public addresses, and a way through the internet gateway", () => {
    const gateways = run.all("aws:ec2/natGateway:NatGateway");
    assert.equal(gateways.length, 2);
    for (const gateway of gateways) {
      assert.notEqual(gateway.input("connectivityType"), "private");
      assert.equal(gateway.input("allocationId"), `${gateway.name}-id`);
      assert.ok(
        routesOf(run, textOf(gateway, "subnetId").replace(/-id$/, "")).includes(
          "0.0.0.0/0 → network-internet-gateway",
        ),
      );
    }
  });

  it("S002-164: the addresses that partners see are an output", () => {
    const { natPublicIps } = run.outputs["ids"] as { natPublicIps: unknown };
    const addresses = run.all("aws:ec2/eip:Eip").map(({ outputs }) => outputs["publicIp"]);
    assert.deepEqual(natPublicIps, addresses);
    assert.equal(addresses.length, 2);
  });

  it("S002-166: every part stands in both zones", async () => {
    const withDatabase = await runExample(EXAMPLE, database);
    const loadBalancer = withDatabase.one("aws:lb/loadBalancer:LoadBalancer");
    const gateways = withDatabase.all("aws:ec2/natGateway:NatGateway");
    for (const ids of [
      loadBalancer.input("subnets"),
      gateways.map((gateway) => gateway.input("subnetId")),
      withDatabase.one("aws:ecs/service:Service").input("networkConfiguration.subnets"),
      withDatabase.one("aws:rds/subnetGroup:SubnetGroup").input("subnetIds"),
    ]) {
      assert.deepEqual(zonesOf(withDatabase, ids), ZONES);
    }
  });

  it("S002-167: the load balancer sends requests to the targets of every zone", () => {
    assert.notEqual(targetGroup().input("loadBalancingCrossZoneEnabled"), "false");
    const loadBalancer = run.one("aws:lb/loadBalancer:LoadBalancer");
    assert.deepEqual(zonesOf(run, loadBalancer.input("subnets")), ZONES);
  });

  it("S002-168: Fargate keeps the tasks spread over the zones; hosts do it by the spread strategy", async () => {
    assert.equal(service().input("orderedPlacementStrategies"), undefined);
    assert.equal(service().input("availabilityZoneRebalancing"), "ENABLED");
    assert.deepEqual(zonesOf(run, service().input("networkConfiguration.subnets")), ZONES);

    const onHosts = await runExample(EXAMPLE, {
      "cluster.ec2": { instanceTypes: ["m6i.large"], minSize: 2, maxSize: 4 },
      "services.app.capacity": { EC2: { weight: 1 } },
    });
    assert.deepEqual(onHosts.one("aws:ecs/service:Service").input("orderedPlacementStrategies.0"), {
      type: "spread",
      field: "attribute:ecs.availability-zone",
    });
  });

  it("S002-169: with two tasks at least, one that fails its health check leaves another", () => {
    assert.equal(targetGroup().input("healthCheck.unhealthyThreshold"), 3);
    assert.equal(service().input("desiredCount"), 2);
  });

  it("S002-170: ECS replaces a task whose container ends", () => {
    assert.equal(containerOf(run, "app").essential, true);
    assert.notEqual(service().input("schedulingStrategy"), "DAEMON");
  });

  it("S002-171: auto scaling keeps the number of tasks, and the next deployment leaves it alone", () => {
    assert.equal(
      run.one("aws:appautoscaling/target:Target").input("resourceId"),
      "service/platform-cluster-1a2b3c4/app-service-1a2b3c4",
    );
    assert.ok(service().ignoreChanges.includes("desiredCount"));
  });
});
