import * as assert from "node:assert/strict";
import { parse } from "yaml";
import type { Run } from "../support/run";
import { alarmsOf, dashboardMetrics, severityOf } from "./reading";
import { exampleConfig, repositoryFile, runExample } from "./support";

const LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const DATABASE = {
  orders: { engineVersion: "17", instanceClass: "db.t4g.micro", multiAz: true },
};

describe("seed 004, what surrounds a production cluster on EC2", () => {
  let run: Run;
  before(async () => {
    run = await runExample("ec2-production");
  });

  it("S004-02: one Pulumi program in TypeScript", () => {
    const project = parse(repositoryFile("Pulumi.yaml")) as { name: string; runtime: object };
    assert.deepEqual(project.runtime, { name: "nodejs", options: { packagemanager: "npm" } });
    const { main } = JSON.parse(repositoryFile("package.json")) as { main: string };
    assert.equal(main, "index.ts");
  });

  it("S004-23: the oldest Pulumi CLI and Node that will do are named, and older ones refused", () => {
    const project = parse(repositoryFile("Pulumi.yaml")) as { requiredPulumiVersion: string };
    assert.match(project.requiredPulumiVersion, /^>=3\.\d+\.\d+$/);
    const { engines } = JSON.parse(repositoryFile("package.json")) as { engines: object };
    assert.deepEqual(engines, { node: ">=20.19" });
    assert.match(repositoryFile("docs/deployment-guide.md"), /Node 20\.19 or newer/);
  });

  it("S004-25: the page on rights names every service that the example creates something in", () => {
    const page = repositoryFile("docs/deployment-guide.md");
    const modules = run.resources.flatMap(({ type }) => /^aws:([a-z0-9]+)\//.exec(type)?.[1] ?? []);
    for (const module of new Set(modules)) {
      const name = SERVICE_NAMES[module];
      assert.ok(name !== undefined && page.includes(name), `${module} is on the page`);
    }
  });

  it("S004-26, S004-27, S004-28: index.ts composes, one schema has all keys, outputs are in one place", () => {
    const program = repositoryFile("index.ts");
    assert.match(program, /createPlatform\(loadConfig\(\), failWhereGivenUp\)/);
    assert.match(repositoryFile("stacks/config.ts"), /export const platformConfig = /);
    assert.match(repositoryFile("stacks/outputs.ts"), /export interface PlatformOutputs /);
    assert.deepEqual(Object.keys(run.outputs).sort(), [
      "albUrl",
      "commands",
      "dashboardUrl",
      "ids",
      "serviceEndpoints",
      "url",
    ]);
  });

  it("S004-30: one component makes the load balancer and its listeners", () => {
    const component = run.one("ecs-platform:index:LoadBalancer");
    const types = run.childrenOf(component).map(({ type }) => type);
    assert.ok(types.includes(LOAD_BALANCER) && types.includes("aws:lb/listener:Listener"));
  });

  it("S004-31: one component makes the cluster, its hosts and the capacity provider", () => {
    const component = run.one("ecs-platform:index:EcsCluster");
    const types = run.childrenOf(component).map(({ type }) => type);
    for (const type of [
      "aws:ecs/cluster:Cluster",
      "aws:autoscaling/group:Group",
      "aws:ecs/capacityProvider:CapacityProvider",
    ]) {
      assert.ok(types.includes(type), `${type} in the cluster`);
    }
  });

  it("S004-42: us-east-1, from the stack file alone", () => {
    assert.equal(exampleConfig("ec2-production")["aws:region"], "us-east-1");
    assert.equal(run.one("pulumi:providers:aws").input("region"), "us-east-1");
  });

  it("S004-43: everything is tagged Environment = production, hosts and their disks too", () => {
    const { tags } = run.one("pulumi:providers:aws").jsonInput("defaultTags") as {
      tags: Record<string, string>;
    };
    assert.equal(tags["Environment"], "production");
    const { provider } = run.one("aws:ecs/cluster:Cluster");
    assert.equal(provider, run.one("pulumi:providers:aws").urn);
    const onHosts = run.one("aws:autoscaling/group:Group").input("tags") as { key: string }[];
    assert.deepEqual(
      onHosts.filter(({ key }) => key === "Environment"),
      [{ key: "Environment", propagateAtLaunch: true, value: "production" }],
    );
    const onDisks = run.one("aws:ec2/launchTemplate:LaunchTemplate");
    assert.equal(onDisks.input("tagSpecifications.0.tags.Environment"), "production");
  });

  it("S004-128: alarms over services, load balancer, hosts, NAT gateways and databases, each to somebody", async () => {
    const ofService = [
      ...["cpu", "deployment", "errors", "exits", "latency", "memory"],
      ...["out-of-memory", "tasks", "unhealthy"],
    ];
    const own = Object.keys(alarmsOf(run)).filter((key) => !/^(backups|waf)-/.test(key));
    assert.deepEqual(own, [
      "certificate-main-expiry",
      "cluster-capacity",
      "load-balancer-errors",
      "nat-a-ports",
      "nat-b-ports",
      ...ofService.map((key) => `service-api-${key}`),
      ...ofService.map((key) => `service-nginx-${key}`),
      "spot-interruptions",
    ]);
    const metricOf = (alarm: string) => alarmsOf(run)[alarm]?.input("metricName");
    assert.equal(metricOf("cluster-capacity"), "CapacityProviderReservation");
    assert.equal(metricOf("nat-a-ports"), "ErrorPortAllocation");

    const withDatabase = await runExample("ec2-production", { databases: DATABASE });
    const alarms = Object.entries(alarmsOf(withDatabase));
    const ofDatabase = alarms.filter(([key]) => key.startsWith("database-orders-"));
    assert.deepEqual(
      ofDatabase.map(([, alarm]) => alarm.input("metricName")),
      ["DatabaseConnections", "CPUUtilization", "FreeableMemory", "FreeStorageSpace"],
    );
    for (const [key, alarm] of alarms) {
      assert.match(String(severityOf(withDatabase, alarm)), /^(critical|warning|info)$/, key);
    }
  });

  it("S004-129, S004-132: a dashboard of the cluster and of each service", () => {
    const metrics = dashboardMetrics(run);
    const inCluster = metrics.filter(
      ({ dimensions }) => dimensions["ClusterName"] === "production-cluster",
    );
    assert.ok(inCluster.some(({ namespace }) => namespace === "ECS/ContainerInsights"));
    for (const key of ["api", "nginx"]) {
      const name = run.one("aws:ecs/service:Service", `${key}-service`).outputs["name"];
      const ofService = inCluster.filter(({ dimensions }) => dimensions["ServiceName"] === name);
      const shown = ofService.map(({ metricName }) => metricName);
      assert.ok(shown.includes("CPUUtilization") && shown.includes("MemoryUtilization"));
    }
  });

  it("S004-133: alarms go to encrypted SNS topics, and from there by mail", async () => {
    const topic = run.one("aws:sns/topic:Topic", "monitoring-critical");
    assert.ok(topic.input("kmsMasterKeyId") !== undefined);
    const { "service-api-errors": alarm } = alarmsOf(run);
    assert.deepEqual(alarm?.input("alarmActions"), [topic.outputs["arn"]]);
    const told = await runExample("ec2-production", {
      "monitoring.emails": { ops: "ops@example.com" },
    });
    const subscription = told.one(
      "aws:sns/topicSubscription:TopicSubscription",
      "monitoring-email-ops",
    );
    assert.equal(subscription.input("topic"), topic.outputs["arn"]);
    assert.equal(subscription.input("endpoint"), "ops@example.com");
  });

  it("S004-154: hosts never hold a destruction up; protection does, until one key with a reason lifts it", async () => {
    assert.equal(run.one("aws:autoscaling/group:Group").input("forceDelete"), true);
    assert.equal(run.one(LOAD_BALANCER).protect, true);
    assert.equal(run.one(LOAD_BALANCER).input("enableDeletionProtection"), true);
    assert.deepEqual(forceDestroys(run), new Set([false]));
    const open = await runExample("ec2-production", { unprotectedBecause: "it is to be removed" });
    assert.deepEqual(
      open.resources.filter(({ protect }) => protect),
      [],
    );
    assert.equal(open.one(LOAD_BALANCER).input("enableDeletionProtection"), false);
    assert.deepEqual(forceDestroys(open), new Set([true]));
  });

  it("S004-156: deleted vaults can be had back for 7 days, and a database leaves a snapshot", async () => {
    const vaults = run.all("aws:secretsmanager/secret:Secret");
    assert.deepEqual(
      vaults.map((vault) => vault.input("recoveryWindowInDays")),
      [7, 7],
    );
    const withDatabase = await runExample("ec2-production", { databases: DATABASE });
    const instance = withDatabase.one("aws:rds/instance:Instance");
    assert.notEqual(instance.input("skipFinalSnapshot"), true);
    assert.ok(instance.input("finalSnapshotIdentifier") !== undefined);
    assert.equal(instance.protect, true);
  });
});

/** Whether what is in buckets and vaults goes with them. */
function forceDestroys(run: Run): Set<unknown> {
  const holders = ["aws:s3/bucket:Bucket", "aws:backup/vault:Vault"];
  return new Set(
    holders.flatMap((type) => run.all(type)).map((holder) => holder.input("forceDestroy")),
  );
}

/** What docs/deployment-guide.md calls the modules of @pulumi/aws. */
const SERVICE_NAMES: Readonly<Record<string, string>> = {
  acm: "ACM",
  appautoscaling: "Auto Scaling",
  autoscaling: "Auto Scaling",
  backup: "AWS Backup",
  budgets: "Budgets",
  cloudwatch: "CloudWatch",
  costexplorer: "Cost Explorer",
  ec2: "VPC",
  ecs: "ECS",
  iam: "IAM roles",
  kms: "KMS",
  lambda: "Lambda",
  lb: "Elastic Load Balancing",
  route53: "Route 53",
  s3: "S3",
  scheduler: "EventBridge",
  secretsmanager: "Secrets Manager",
  sns: "SNS",
  vpc: "VPC",
  wafv2: "AWS WAF",
};
