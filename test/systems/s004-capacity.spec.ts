import * as assert from "node:assert/strict";
import type { Run } from "../support/run";
import { serviceKeys, subnetsOf, userDataOf } from "./reading";
import { runExample } from "./support";

const GROUP = "aws:autoscaling/group:Group";
const PROVIDER = "aws:ecs/capacityProvider:CapacityProvider";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const DISTRIBUTION = "mixedInstancesPolicy.instancesDistribution";

describe("seed 004, the hosts of a production cluster on EC2", () => {
  let run: Run;
  before(async () => {
    run = await runExample("ec2-production");
  });

  const distribution = (key: string, of = run) => of.one(GROUP).input(`${DISTRIBUTION}.${key}`);

  it("S004-01: tasks are made for EC2, on a capacity provider over an Auto Scaling group", () => {
    assert.equal(
      run.one(PROVIDER).input("autoScalingGroupProvider.autoScalingGroupArn"),
      run.one(GROUP).outputs["arn"],
    );
    const tasks = run.all("aws:ecs/taskDefinition:TaskDefinition");
    assert.equal(tasks.length, 2);
    for (const task of tasks) assert.deepEqual(task.input("requiresCompatibilities"), ["EC2"]);
  });

  it("S004-05: on-demand and Spot hosts in one group", () => {
    assert.ok(run.one(GROUP).input("mixedInstancesPolicy") !== undefined);
    assert.equal(run.one(GROUP).input("capacityRebalance"), true);
  });

  it("S004-06: hosts and load balancer stand in two zones", () => {
    const zones = (ids: unknown) =>
      (ids as string[]).map((id) =>
        run.one("aws:ec2/subnet:Subnet", id.replace(/-id$/, "")).input("availabilityZone"),
      );
    const both = ["us-east-1a", "us-east-1b"];
    assert.deepEqual(zones(run.one(GROUP).input("vpcZoneIdentifiers")), both);
    assert.deepEqual(zones(run.one("aws:lb/loadBalancer:LoadBalancer").input("subnets")), both);
  });

  it("S004-08: the number of hosts follows the tasks", () => {
    assert.equal(
      run.one(PROVIDER).input("autoScalingGroupProvider.managedScaling.status"),
      "ENABLED",
    );
  });

  it("S004-09: the cluster's capacity is the provider over its hosts, and nothing else", () => {
    const attached = run.one("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders");
    assert.equal(attached.input("clusterName"), run.one("aws:ecs/cluster:Cluster").outputs["name"]);
    assert.deepEqual(attached.input("capacityProviders"), [run.one(PROVIDER).outputs["name"]]);
  });

  it("S004-10, S004-45: the cluster is called production-cluster and has Container Insights", async () => {
    const cluster = run.one("aws:ecs/cluster:Cluster");
    assert.equal(cluster.input("name"), "production-cluster");
    const insights = (of: Run) => of.one("aws:ecs/cluster:Cluster").input("settings");
    assert.deepEqual(insights(run), [{ name: "containerInsights", value: "enabled" }]);
    const other = await runExample("ec2-production", {
      "cluster.name": "staging-cluster",
      "cluster.containerInsights": "enhanced",
    });
    assert.equal(other.one("aws:ecs/cluster:Cluster").input("name"), "staging-cluster");
    assert.deepEqual(insights(other), [{ name: "containerInsights", value: "enhanced" }]);
  });

  it("S004-11, S004-12, S004-51, S004-87: above the base 20 % are on demand and 80 % Spot, or what the key says", async () => {
    const key = "onDemandPercentageAboveBaseCapacity";
    assert.equal(distribution(key), 20);
    assert.equal(100 - Number(distribution(key)), 80);
    const other = await runExample("ec2-production", {
      "cluster.ec2.onDemandPercentageAboveBase": 50,
    });
    assert.equal(distribution(key, other), 50);
  });

  it("S004-46, S004-88, S004-89, S004-90: t3.medium first, then t3a.medium and t2.medium, or what the list says", async () => {
    const overrides = (of: Run) =>
      of.one(GROUP).input("mixedInstancesPolicy.launchTemplate.overrides");
    assert.deepEqual(overrides(run), [
      { instanceType: "t3.medium" },
      { instanceType: "t3a.medium" },
      { instanceType: "t2.medium" },
    ]);
    const other = await runExample("ec2-production", {
      "cluster.ec2.instanceTypes": ["m6i.large", "m5.large"],
    });
    assert.deepEqual(overrides(other), [
      { instanceType: "m6i.large" },
      { instanceType: "m5.large" },
    ]);
  });

  it("S004-47, S004-48: 2 to 10 hosts", () => {
    assert.equal(run.one(GROUP).input("minSize"), 2);
    assert.equal(run.one(GROUP).input("maxSize"), 10);
  });

  it("S004-49: 2 hosts to begin with, and no deployment sets the number back", () => {
    assert.equal(run.one(GROUP).input("desiredCapacity"), 2);
    assert.ok(run.one(GROUP).ignoreChanges.includes("desiredCapacity"));
  });

  it("S004-50, S004-86: the one on-demand host of the base always runs", () => {
    assert.equal(distribution("onDemandBaseCapacity"), 1);
    assert.ok(Number(run.one(GROUP).input("minSize")) >= 1);
    assert.deepEqual(run.all("aws:autoscaling/schedule:Schedule"), []);
  });

  it("S004-91: Spot hosts by price and capacity", () => {
    assert.equal(distribution("spotAllocationStrategy"), "price-capacity-optimized");
  });

  it("S004-93: a host that AWS takes drains first, and so does one that scaling takes", () => {
    const agent = userDataOf(run, "platform-hosts-template").split("\n");
    assert.ok(agent.includes("ECS_ENABLE_SPOT_INSTANCE_DRAINING=true"));
    assert.ok(agent.includes("ECS_CLUSTER=production-cluster"));
    assert.equal(run.one(PROVIDER).input("autoScalingGroupProvider.managedDraining"), "ENABLED");
  });

  it("S004-94: EventBridge tells a topic of Spot interruptions", () => {
    const rule = run.one("aws:cloudwatch/eventRule:EventRule", "platform-spot");
    const pattern = rule.jsonInput("eventPattern") as { source: string[]; "detail-type": string[] };
    assert.deepEqual(pattern.source, ["aws.ec2"]);
    assert.ok(pattern["detail-type"].includes("EC2 Spot Instance Interruption Warning"));
    const target = run.one("aws:cloudwatch/eventTarget:EventTarget", "platform-spot");
    assert.equal(target.input("rule"), rule.outputs["name"]);
    const topic = run.one("aws:sns/topic:Topic", "platform-spot");
    assert.equal(target.input("arn"), topic.outputs["arn"]);
    assert.match(
      JSON.stringify(run.one("aws:sns/topicPolicy:TopicPolicy", "platform-spot-policy").inputs),
      /events\.amazonaws\.com/,
    );
  });

  it("S004-95: every service asks the provider for its hosts", () => {
    assert.deepEqual(serviceKeys(run), ["api", "nginx"]);
    for (const service of run.all("aws:ecs/service:Service")) {
      assert.equal(
        service.input("capacityProviderStrategies.0.capacityProvider"),
        run.one(PROVIDER).outputs["name"],
      );
    }
  });

  it("S004-99: hosts run in the private subnets", () => {
    assert.deepEqual(
      run.one(GROUP).input("vpcZoneIdentifiers"),
      subnetsOf(run, "app").map((name) => `${name}-id`),
    );
  });

  it("S004-102: hosts have no public address", () => {
    for (const name of subnetsOf(run, "app")) {
      const subnet = run.one("aws:ec2/subnet:Subnet", name);
      assert.notEqual(subnet.input("mapPublicIpOnLaunch"), true);
    }
    // The template leaves addresses to the subnet.
    assert.equal(run.one(TEMPLATE).input("networkInterfaces"), undefined);
  });

  it("S004-113, S004-114, S004-115, S004-116: hosts to 100 %, in steps of 1 to 10, each after 300 s of warm-up", () => {
    assert.deepEqual(run.one(PROVIDER).input("autoScalingGroupProvider.managedScaling"), {
      status: "ENABLED",
      targetCapacity: 100,
      minimumScalingStepSize: 1,
      maximumScalingStepSize: 10,
      instanceWarmupPeriod: 300,
    });
  });

  it("S004-119: hosts are measured every minute", () => {
    assert.equal(run.one(TEMPLATE).input("monitoring.enabled"), true);
  });

  it("S004-137: hosts and bastion answer IMDSv2 alone", async () => {
    const withBastion = await runExample("ec2-production", { bastion: {} });
    const templates = withBastion.all(TEMPLATE);
    assert.deepEqual(
      templates.map(({ name }) => name),
      ["bastion-template", "platform-hosts-template"],
    );
    for (const template of templates) {
      assert.equal(template.input("metadataOptions.httpTokens"), "required");
    }
  });
});
