import * as assert from "node:assert/strict";
import { Monitoring, type MonitoringArgs } from "../../components";
import { build } from "./support";

const happy = (): MonitoringArgs => ({
  accountId: "123456789012",
  dashboardName: "shop-dev",
  cluster: { clusterName: "platform", countsRunningTasks: true },
  loadBalancer: { arnSuffix: "app/lb/1" },
  services: {
    api: { serviceName: "api-1", targetGroupArnSuffix: "targetgroup/api/1", minimumTasks: 2 },
  },
  databases: { orders: { identifier: "orders-1" } },
  thresholds: {
    serviceCpuPercent: 61,
    serviceMemoryPercent: 62,
    errorsPerMinute: 63,
    latencySeconds: 1.5,
    databaseCpuPercent: 64,
    databaseFreeStorageGiB: 65,
    databaseFreeMemoryMiB: 66,
    databaseConnections: 67,
  },
});

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

/** What the mail about an alarm says: what is wrong, and what to look at or to change. */
const TEXTS = {
  "load-balancer-errors":
    "The load balancer itself answers with 5xx: no healthy task, or tasks that close connections. Look at the services' running tasks and unhealthy targets. What to do: docs/runbooks/load-balancer-errors.md",
  "service-api-cpu":
    "api uses more than 61 % of its CPU. If it is at its maximum number of tasks, raise scaling.max or cpu. What to do: docs/runbooks/service-cpu.md",
  "service-api-memory":
    "api uses more than 62 % of its memory; at 100 % its tasks are killed. Look for a leak, or raise memoryMiB. What to do: docs/runbooks/service-memory.md",
  "service-api-tasks":
    "api runs fewer than 2 tasks. Look at the service's events and the reason of its stopped tasks. What to do: docs/runbooks/service-tasks.md",
  "service-api-errors":
    "api answers more than 63 requests a minute with 5xx. Look at its logs. What to do: docs/runbooks/service-errors.md",
  "service-api-latency":
    "One in a hundred requests to api takes longer than 1.5 s. Look at its CPU and at its database. What to do: docs/runbooks/service-latency.md",
  "service-api-unhealthy":
    "A task of api fails its health check for 5 minutes. Look at its logs, and at what the check's path needs. What to do: docs/runbooks/service-unhealthy.md",
  "database-orders-cpu":
    "Database orders uses more than 64 % of its CPU. Look at Performance Insights for the statements. What to do: docs/runbooks/database-cpu.md",
  "database-orders-storage":
    "Database orders has less than 65 GiB left; when it is full it stops. Raise maxStorageGiB. What to do: docs/runbooks/database-storage.md",
  "database-orders-memory":
    "Database orders has less than 66 MiB of memory left. Look for connections that pile up, or take a larger instanceClass. What to do: docs/runbooks/database-memory.md",
  "database-orders-connections":
    "Database orders has more than 67 connections; near its limit it refuses new ones. Look at the pools of the services. What to do: docs/runbooks/database-connections.md",
};

describe("Alarm texts", () => {
  for (const [name, text] of Object.entries(TEXTS)) {
    it(`tell what to do about ${name}`, async () => {
      const run = await build(() => new Monitoring("monitoring", happy()));
      assert.equal(run.one(ALARM, `monitoring-${name}`).input("alarmDescription"), text);
    });
  }

  it("are there for every alarm", async () => {
    const run = await build(() => new Monitoring("monitoring", happy()));
    assert.deepEqual(
      run.all(ALARM).map(({ name }) => name.replace("monitoring-", "")),
      Object.keys(TEXTS).sort(),
    );
  });
});
