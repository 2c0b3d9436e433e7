import * as assert from "node:assert/strict";
import { Monitoring, type MonitoringArgs } from "../../components";
import { build } from "./support";

const api = { serviceName: "api-1a2b", targetGroupArnSuffix: "targetgroup/api/1", minimumTasks: 2 };
const worker = { serviceName: "worker-1a2b", targetGroupArnSuffix: undefined, minimumTasks: 1 };

const happy = (): MonitoringArgs => ({
  accountId: "123456789012",
  dashboardName: "shop-dev",
  cluster: { clusterName: "platform", countsRunningTasks: true },
  loadBalancer: { arnSuffix: "app/lb/1" },
  services: { api },
  databases: { orders: { identifier: "orders-1a2b" } },
});

const DASHBOARD = "aws:cloudwatch/dashboard:Dashboard";

interface Widget {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: { readonly title: string; readonly metrics: readonly unknown[] };
}

async function widgetsOf(args: MonitoringArgs): Promise<readonly Widget[]> {
  const run = await build(() => new Monitoring("monitoring", args));
  const { widgets, ...rest } = run.one(DASHBOARD).jsonInput("dashboardBody") as unknown as {
    widgets: readonly Widget[];
  };
  assert.deepEqual(rest, {});
  return widgets;
}

async function metricsByTitle(args: MonitoringArgs): Promise<Record<string, unknown>> {
  const widgets = await widgetsOf(args);
  return Object.fromEntries(
    widgets.map(({ properties }) => [properties.title, properties.metrics]),
  );
}

const load = ["LoadBalancer", "app/lb/1"];
const target = [...load, "TargetGroup", "targetgroup/api/1"];
const inCluster = ["ClusterName", "platform"];
const service = [...inCluster, "ServiceName", "api-1a2b"];
const identifier = ["DBInstanceIdentifier", "orders-1a2b"];

describe("Dashboard", () => {
  it("has its name, and makes way before another takes it", async () => {
    const run = await build(() => new Monitoring("monitoring", happy()));
    const dashboard = run.one(DASHBOARD);
    assert.equal(dashboard.input("dashboardName"), "shop-dev");
    assert.equal(dashboard.deleteBeforeReplace, true);
  });

  it("answers these questions by these metrics", async () => {
    const [elb, ecs, rds] = ["AWS/ApplicationELB", "AWS/ECS", "AWS/RDS"];
    const insights = "ECS/ContainerInsights";
    assert.deepEqual(await metricsByTitle(happy()), {
      "Load balancer: does it answer with errors of its own?": [
        [elb, "HTTPCode_ELB_5XX_Count", ...load, { stat: "Sum" }],
        [elb, "HTTPCode_ELB_4XX_Count", ...load, { stat: "Sum" }],
      ],
      "Load balancer: how many requests come in?": [
        [elb, "RequestCount", ...load, { stat: "Sum" }],
      ],
      "Cluster: how much of the reserved CPU is used?": [
        [insights, "CpuUtilized", ...inCluster, { stat: "Average" }],
        [insights, "CpuReserved", ...inCluster, { stat: "Average" }],
      ],
      "Cluster: how much of the reserved memory is used?": [
        [insights, "MemoryUtilized", ...inCluster, { stat: "Average" }],
        [insights, "MemoryReserved", ...inCluster, { stat: "Average" }],
      ],
      "Cluster: how many tasks run?": [[insights, "TaskCount", ...inCluster, { stat: "Average" }]],
      "api: is it short of CPU or memory?": [
        [ecs, "CPUUtilization", ...service, { stat: "Average" }],
        [ecs, "MemoryUtilization", ...service, { stat: "Average" }],
      ],
      "api: how many tasks run?": [[insights, "RunningTaskCount", ...service, { stat: "Minimum" }]],
      "api: how much goes in and out?": [
        [insights, "NetworkRxBytes", ...service, { stat: "Average" }],
        [insights, "NetworkTxBytes", ...service, { stat: "Average" }],
      ],
      "api: how many requests, how many errors?": [
        [elb, "RequestCount", ...target, { stat: "Sum" }],
        [elb, "HTTPCode_Target_5XX_Count", ...target, { stat: "Sum" }],
        [elb, "HTTPCode_Target_4XX_Count", ...target, { stat: "Sum" }],
      ],
      "api: how long do requests take?": [
        [elb, "TargetResponseTime", ...target, { stat: "p50" }],
        [elb, "TargetResponseTime", ...target, { stat: "p99" }],
      ],
      "api: how many tasks pass their health check?": [
        [elb, "HealthyHostCount", ...target, { stat: "Minimum" }],
        [elb, "UnHealthyHostCount", ...target, { stat: "Maximum" }],
      ],
      "orders: is it short of CPU?": [[rds, "CPUUtilization", ...identifier, { stat: "Average" }]],
      "orders: how many connections?": [
        [rds, "DatabaseConnections", ...identifier, { stat: "Average" }],
      ],
      "orders: how much storage is left?": [
        [rds, "FreeStorageSpace", ...identifier, { stat: "Average" }],
      ],
      "orders: how much memory is left?": [
        [rds, "FreeableMemory", ...identifier, { stat: "Average" }],
      ],
    });
  });

  it("draws graphs by the minute, in the stack's region", async () => {
    const [widget] = await widgetsOf(happy());
    const { title: _, metrics: __, ...properties } = widget?.properties ?? {};
    assert.deepEqual(
      { ...widget, properties },
      {
        type: "metric",
        x: 0,
        y: 0,
        width: 12,
        height: 6,
        properties: { region: "us-east-1", view: "timeSeries", stat: "Average", period: 60 },
      },
    );
  });

  it("has a row for each thing, as wide as the page", async () => {
    const args = { ...happy(), services: { api, worker } };
    const places = (await widgetsOf(args)).map(({ x, y, width, height }) => [x, y, width, height]);
    assert.deepEqual(places, [
      // load balancer
      [0, 0, 12, 6],
      [12, 0, 12, 6],
      // cluster
      [0, 6, 8, 6],
      [8, 6, 8, 6],
      [16, 6, 8, 6],
      // api: six panels in two lines
      [0, 12, 8, 6],
      [8, 12, 8, 6],
      [16, 12, 8, 6],
      [0, 18, 8, 6],
      [8, 18, 8, 6],
      [16, 18, 8, 6],
      // worker
      [0, 24, 8, 6],
      [8, 24, 8, 6],
      [16, 24, 8, 6],
      // orders
      [0, 30, 6, 6],
      [6, 30, 6, 6],
      [12, 30, 6, 6],
      [18, 30, 6, 6],
    ]);
  });

  it("asks nothing about requests of a service without", async () => {
    const args = { ...happy(), services: { worker }, databases: {} };
    assert.deepEqual(Object.keys(await metricsByTitle(args)), [
      "Load balancer: does it answer with errors of its own?",
      "Load balancer: how many requests come in?",
      "Cluster: how much of the reserved CPU is used?",
      "Cluster: how much of the reserved memory is used?",
      "Cluster: how many tasks run?",
      "worker: is it short of CPU or memory?",
      "worker: how many tasks run?",
      "worker: how much goes in and out?",
    ]);
  });

  it("asks nothing about running tasks where nobody counts them", async () => {
    const cluster = { clusterName: "platform", countsRunningTasks: false };
    const titles = Object.keys(await metricsByTitle({ ...happy(), cluster, databases: {} }));
    assert.deepEqual(titles, [
      "Load balancer: does it answer with errors of its own?",
      "Load balancer: how many requests come in?",
      "Cluster: is it short of CPU or memory?",
      "api: is it short of CPU or memory?",
      "api: how many requests, how many errors?",
      "api: how long do requests take?",
      "api: how many tasks pass their health check?",
    ]);
  });
});
