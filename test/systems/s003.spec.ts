import * as assert from "node:assert/strict";
import { parse } from "yaml";
import { type StackConfig, runPlatform } from "../stacks/support";
import type { Run } from "../support/run";
import {
  alarmsOf,
  containersOf,
  routing,
  routesOf,
  serviceKeys,
  severityOf,
  subnetsOf,
} from "./reading";
import { exampleFile, repositoryFile, runExample } from "./support";

const HOST = "server.example.com";

/** One of the example's other environments. */
function runStage(stage: "dev" | "staging"): Promise<Run> {
  const { config } = parse(exampleFile("go-server", `Pulumi.${stage}.yaml`)) as {
    config: StackConfig;
  };
  return runPlatform(config, stage);
}

describe("seed 003, a Go server on Fargate", () => {
  let run: Run;
  before(async () => {
    run = await runExample("go-server");
  });

  it("S003-01, S003-07, S003-08: the server as a service behind an internet-facing load balancer", () => {
    assert.deepEqual(serviceKeys(run), ["server"]);
    assert.notEqual(run.one("aws:lb/loadBalancer:LoadBalancer").input("internal"), true);
    // The rule for test requests is tried before that for all others.
    assert.deepEqual(
      routing(run),
      [99, 100].map((priority) => ({ priority, hosts: [HOST], paths: ["/*"], to: "server-tg" })),
    );
    const group = run.one("aws:lb/targetGroup:TargetGroup", "server-tg");
    assert.equal(group.input("targetType"), "ip");
    assert.equal(
      run.one("aws:ecs/service:Service").input("loadBalancers.0.targetGroupArn"),
      group.outputs["arn"],
    );
  });

  it("S003-04: a cluster on Fargate", () => {
    assert.equal(run.all("aws:ecs/cluster:Cluster").length, 1);
    assert.deepEqual(
      run.one("aws:ecs/taskDefinition:TaskDefinition").input("requiresCompatibilities"),
      ["FARGATE"],
    );
    assert.deepEqual(run.all("aws:autoscaling/group:Group"), []);
  });

  it("S003-05: two zones for tasks and load balancer, and two tasks at least", () => {
    const zones = (tier: string) =>
      subnetsOf(run, tier).map((name) =>
        run.one("aws:ec2/subnet:Subnet", name).input("availabilityZone"),
      );
    assert.deepEqual(zones("app"), ["eu-west-1a", "eu-west-1b"]);
    assert.deepEqual(zones("public"), ["eu-west-1a", "eu-west-1b"]);
    assert.equal(run.one("aws:ecs/service:Service").input("desiredCount"), 2);
  });

  it("S003-06: the tasks are in private subnets, without public address", () => {
    const service = run.one("aws:ecs/service:Service");
    assert.equal(service.input("networkConfiguration.assignPublicIp"), false);
    assert.deepEqual(
      service.input("networkConfiguration.subnets"),
      subnetsOf(run, "app").map((name) => `${name}-id`),
    );
    for (const subnet of subnetsOf(run, "app")) {
      assert.deepEqual(routesOf(run, subnet), ["0.0.0.0/0 → network-nat-a"]);
    }
  });

  it("S003-09: every container of every task, sidecars too, logs to CloudWatch", async () => {
    const withSidecar = await runExample("go-server", {
      "services.server.sidecars": {
        proxy: { image: "public.ecr.aws/docker/library/busybox:1.37" },
      },
    });
    const containers = containersOf(withSidecar, "server");
    assert.equal(containers.length, 2);
    for (const { logConfiguration } of containers) {
      assert.equal(logConfiguration?.logDriver, "awslogs");
      assert.equal(logConfiguration.options["awslogs-group"], "server-logs-1a2b3c4");
    }
  });

  it("S003-22: every setting of the example is in its one stack file", () => {
    const { config } = parse(exampleFile("go-server", "Pulumi.go-server.yaml")) as {
      config: StackConfig;
    };
    assert.deepEqual(Object.keys(config), [
      "pulumi:disable-default-providers",
      "aws:region",
      "ecs-platform:network",
      "ecs-platform:domains",
      "ecs-platform:loadBalancer",
      "ecs-platform:repositories",
      "ecs-platform:sourceConnections",
      "ecs-platform:pipelines",
      "ecs-platform:services",
      "ecs-platform:unprotectedBecause",
    ]);
    assert.doesNotMatch(repositoryFile("index.ts"), /eu-west-1|go-server/);
  });

  it("S003-28, S003-29: an alias record at Route 53, and HTTPS with a certificate", () => {
    const loadBalancer = run.one("aws:lb/loadBalancer:LoadBalancer");
    const record = run.one("aws:route53/record:Record", `main-${HOST}-a`);
    assert.equal(record.input("name"), HOST);
    assert.equal(record.input("aliases.0.name"), loadBalancer.outputs["dnsName"]);
    assert.equal(run.one("aws:acm/certificate:Certificate").input("domainName"), HOST);
    assert.equal(
      run.one("aws:lb/listener:Listener", "load-balancer-https").input("protocol"),
      "HTTPS",
    );
  });

  it("S003-30, S003-31: scales by requests per target, and by CPU and memory", () => {
    const tracking = "targetTrackingScalingPolicyConfiguration";
    const predefined = `${tracking}.predefinedMetricSpecification.predefinedMetricType`;
    // Requests are those of both target groups that the strategy has.
    const own = `${tracking}.customizedMetricSpecification.metrics.0.metricStat.metric.metricName`;
    const metrics = run
      .all("aws:appautoscaling/policy:Policy")
      .map((policy) => policy.input(predefined) ?? policy.input(own))
      .sort();
    assert.deepEqual(metrics, [
      "ECSServiceAverageCPUUtilization",
      "ECSServiceAverageMemoryUtilization",
      "RequestCountPerTarget",
    ]);
  });

  it("S003-32: a development environment of the same program, smaller", async () => {
    const dev = await runStage("dev");
    assert.ok(dev.resources.length < run.resources.length);
    assert.equal(dev.one("aws:ecs/service:Service").input("desiredCount"), 1);
    assert.deepEqual(dev.all("aws:ec2/natGateway:NatGateway"), []);
  });

  it("S003-33: a staging environment of the same shape as production", async () => {
    const staging = await runStage("staging");
    const shape = ({ resources }: Run) =>
      resources
        .map(({ urn }) =>
          urn.replace(/^urn:pulumi:[^:]*/, "").replace(/server\.(staging\.)?example\.com/g, "HOST"),
        )
        .sort();
    assert.deepEqual(shape(staging), shape(run));
  });

  it("S003-37, S003-38: alarms on load balancer and service, and on the answers of the application", () => {
    const alarms = alarmsOf(run);
    assert.deepEqual(Object.keys(alarms).sort(), [
      "certificate-main-expiry",
      "load-balancer-errors",
      "nat-a-ports",
      "server-rollback-errors",
      "server-rollback-latency",
      "service-server-cpu",
      "service-server-deployment",
      "service-server-errors",
      "service-server-exits",
      "service-server-latency",
      "service-server-memory",
      "service-server-out-of-memory",
      "service-server-tasks",
      "service-server-unhealthy",
      "waf-blocked",
    ]);
    const forPeople = Object.values(alarms).filter(({ name }) => !name.includes("-rollback-"));
    for (const alarm of forPeople) {
      assert.match(String(severityOf(run, alarm)), /^(critical|warning|info)$/, alarm.name);
    }
  });
});
