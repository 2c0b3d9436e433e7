import * as assert from "node:assert/strict";
import type { Run } from "../support/run";
import { type Container, containersOf, rulesInto, rulesOutOf } from "./reading";
import { type Changes, problemsOf, runExample } from "./support";

const EXAMPLE = "fargate-reference";
const SERVICE = "aws:ecs/service:Service";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";

/** What the configuration of the one service is told, by key below ecs-platform:services.app. */
function keysRefused(changes: Changes): string[] {
  const full = Object.entries(changes).map(([key, value]) => [`services.app.${key}`, value]);
  return problemsOf(EXAMPLE, Object.fromEntries(full) as Changes).map(({ key }) =>
    key.replace("ecs-platform:services.app.", ""),
  );
}

async function sizeOf(cpu: number, memoryMiB: number): Promise<unknown[]> {
  const run = await runExample(EXAMPLE, {
    "services.app.cpu": cpu,
    "services.app.memoryMiB": memoryMiB,
  });
  const task = run.one(TASK);
  return [task.input("cpu"), task.input("memory")];
}

/** Everywhere that the port of a service is told. */
function portsOf(run: Run): unknown[] {
  const [container] = containersOf(run, "app");
  return [
    run.one("aws:lb/targetGroup:TargetGroup").input("port"),
    container?.portMappings?.[0]?.containerPort,
    run.one(SERVICE).input("loadBalancers.0.containerPort"),
    ...rulesInto(run, "app-security-group"),
    ...rulesOutOf(run, "load-balancer-security-group"),
  ];
}

describe("seed 002, cluster and service of the reference on Fargate", () => {
  let run: Run;
  before(async () => {
    run = await runExample(EXAMPLE);
  });

  it("S002-39, S002-41, S002-42: a cluster with the capacity providers FARGATE and FARGATE_SPOT", () => {
    const cluster = run.one("aws:ecs/cluster:Cluster");
    const capacity = run.one("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders");
    assert.equal(capacity.input("clusterName"), cluster.outputs["name"]);
    assert.deepEqual(capacity.input("capacityProviders"), ["FARGATE", "FARGATE_SPOT"]);
  });

  it("S002-40, S002-48: everything runs on Fargate, and there are no hosts", () => {
    assert.deepEqual(run.all("aws:autoscaling/group:Group"), []);
    for (const task of run.all(TASK)) {
      assert.deepEqual(task.input("requiresCompatibilities"), ["FARGATE"]);
    }
    assert.deepEqual(run.one(SERVICE).input("capacityProviderStrategies"), [
      { capacityProvider: "FARGATE", base: 2, weight: 1 },
      { capacityProvider: "FARGATE_SPOT", base: 0, weight: 1 },
    ]);
  });

  it("S002-43: Container Insights is on", () => {
    assert.deepEqual(run.one("aws:ecs/cluster:Cluster").input("settings"), [
      { name: "containerInsights", value: "enabled" },
    ]);
  });

  it("S002-44: the task definition says how much CPU and memory it takes, as text", () => {
    assert.equal(run.one(TASK).input("cpu"), "256");
    assert.equal(run.one(TASK).input("memory"), "512");
  });

  it("S002-45: an ECS service of the cluster", () => {
    const service = run.one(SERVICE);
    assert.equal(service.input("cluster"), run.one("aws:ecs/cluster:Cluster").outputs["arn"]);
    assert.equal(service.input("taskDefinition"), run.one(TASK).outputs["arn"]);
  });

  it("S002-46, S002-47: the desired count is 2 unless the configuration says another", async () => {
    const three = await runExample(EXAMPLE, { "services.app.desiredCount": 3 });
    assert.equal(three.one(SERVICE).input("desiredCount"), 3);
    const silent = await runExample(EXAMPLE, { "services.app.scaling": undefined });
    assert.equal(silent.one(SERVICE).input("desiredCount"), 2);
    assert.equal(run.one(SERVICE).input("desiredCount"), 2);
  });

  it("S002-49, S002-56: each task has a network interface of its own", () => {
    assert.equal(run.one(TASK).input("networkMode"), "awsvpc");
    assert.equal(run.one("aws:lb/targetGroup:TargetGroup").input("targetType"), "ip");
    for (const service of run.all(SERVICE)) {
      assert.ok(service.input("networkConfiguration") !== undefined);
    }
  });

  it("S002-50: tasks get 60 seconds before their health counts", () => {
    assert.equal(run.one(SERVICE).input("healthCheckGracePeriodSeconds"), 60);
  });

  it("S002-51: deployments are rolling updates by ECS", () => {
    const { inputs } = run.one(SERVICE);
    assert.equal(inputs["deploymentController"], undefined);
    assert.equal(run.one(SERVICE).input("deploymentConfiguration.strategy"), "ROLLING");
  });

  it("S002-52, S002-53: between a least and a most of healthy tasks from the configuration", async () => {
    const shares = ({ inputs }: { readonly inputs: Readonly<Record<string, unknown>> }) => [
      inputs["deploymentMinimumHealthyPercent"],
      inputs["deploymentMaximumPercent"],
    ];
    assert.deepEqual(shares(run.one(SERVICE)), [100, 200]);
    const other = await runExample(EXAMPLE, {
      "services.app.deployment": { minimumHealthyPercent: 50, maximumPercent: 150 },
    });
    assert.deepEqual(shares(other.one(SERVICE)), [50, 150]);
  });

  it("S002-54, S002-55: from 256 units with 512 MiB to 4096 with 30720, and no pair that Fargate does not have", async () => {
    assert.deepEqual(await sizeOf(256, 512), ["256", "512"]);
    assert.deepEqual(await sizeOf(4096, 30720), ["4096", "30720"]);
    for (const cpu of [255, 300]) assert.deepEqual(keysRefused({ cpu }), ["cpu"]);
    assert.deepEqual(keysRefused({ memoryMiB: 30720 }), ["memoryMiB"]);
    assert.deepEqual(keysRefused({ cpu: 4096 }), ["memoryMiB"]);
  });

  it("S002-57, S002-110, S002-113: every container logs to its service's own log group, in a stream for each task", async () => {
    const two = await runExample(EXAMPLE, {
      "services.other": { image: "public.ecr.aws/nginx/nginx:1.29", port: 80 },
      "services.app.sidecars": { proxy: { image: "public.ecr.aws/nginx/nginx:1.29" } },
    });
    const groupOf = ({ logConfiguration, name }: Container) => {
      assert.equal(logConfiguration?.logDriver, "awslogs");
      assert.equal(logConfiguration.options["awslogs-stream-prefix"], name);
      return logConfiguration.options["awslogs-group"];
    };
    const group = (name: string) =>
      two.one("aws:cloudwatch/logGroup:LogGroup", `${name}-logs`).outputs["name"];
    assert.deepEqual(containersOf(two, "app").map(groupOf), [group("app"), group("app")]);
    assert.deepEqual(containersOf(two, "other").map(groupOf), [group("other")]);
    assert.notEqual(group("app"), group("other"));
  });

  it("S002-68, S002-69: port 3000 unless the configuration says another, wherever the port is told", async () => {
    const told = (port: number) => [
      port,
      port,
      port,
      `tcp ${port} from load-balancer-security-group`,
      `tcp ${port} to app-security-group`,
    ];
    assert.deepEqual(portsOf(run), told(3000));
    const silent = await runExample(EXAMPLE, { "services.app.port": undefined });
    assert.deepEqual(portsOf(silent), told(3000));
    const other = await runExample(EXAMPLE, { "services.app.port": 8080 });
    assert.deepEqual(portsOf(other), told(8080));
  });
});
