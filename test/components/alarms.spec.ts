import * as assert from "node:assert/strict";
import { Monitoring, type MonitoringArgs } from "../../components";
import { build, inputsByName } from "./support";

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

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const topicOf = (severity: string) =>
  `arn:aws:sns:us-east-1:123456789012:monitoring-${severity}-1a2b3c4`;
const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

const byService = { ClusterName: "platform", ServiceName: "api-1a2b" };
const byTarget = { LoadBalancer: "app/lb/1", TargetGroup: "targetgroup/api/1" };
const byDatabase = { DBInstanceIdentifier: "orders-1a2b" };

/** All alarms but for their descriptions, which are for people. */
async function alarmsOf(args: MonitoringArgs): Promise<Record<string, unknown>> {
  const run = await build(() => new Monitoring("monitoring", args));
  return Object.fromEntries(
    Object.entries(inputsByName(run, ALARM)).map(([name, inputs]) => {
      const { alarmDescription: _, ...alarm } = inputs as Record<string, unknown>;
      return [name.replace("monitoring-", ""), alarm];
    }),
  );
}

/** What an alarm watches, when it is raised, what silence means to it, and whom it tells. */
function alarm(
  [namespace, metricName, dimensions]: [string, string, Record<string, string>],
  condition: Record<string, unknown>,
  treatMissingData: "breaching" | "notBreaching",
  severity: "critical" | "warning",
) {
  const actions = { alarmActions: [topicOf(severity)], okActions: [topicOf(severity)] };
  return { namespace, metricName, dimensions, ...condition, treatMissingData, ...actions };
}

/** Raised above a value that lasts for some periods of some seconds. */
function above(threshold: number, statistic: string, evaluationPeriods: number, period: number) {
  const comparisonOperator = "GreaterThanThreshold";
  return { comparisonOperator, threshold, statistic, evaluationPeriods, period };
}

function below(threshold: number, statistic: string, evaluationPeriods: number, period: number) {
  const comparisonOperator = "LessThanThreshold";
  return { comparisonOperator, threshold, statistic, evaluationPeriods, period };
}

describe("Alarms", () => {
  it("of the load balancer: errors of its own", async () => {
    const { "load-balancer-errors": errors } = await alarmsOf(happy());
    assert.deepEqual(
      errors,
      alarm(
        ["AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", { LoadBalancer: "app/lb/1" }],
        above(10, "Sum", 3, 60),
        "notBreaching",
        "critical",
      ),
    );
  });

  it("of a service: CPU, memory, tasks, errors, latency, health", async () => {
    const alarms = await alarmsOf({ ...happy(), databases: {} });
    const { "load-balancer-errors": _, ...ofService } = alarms;
    const { statistic: __, ...latency } = above(2, "", 3, 300);
    assert.deepEqual(ofService, {
      "service-api-cpu": alarm(
        ["AWS/ECS", "CPUUtilization", byService],
        above(80, "Average", 2, 300),
        "notBreaching",
        "warning",
      ),
      "service-api-memory": alarm(
        ["AWS/ECS", "MemoryUtilization", byService],
        above(90, "Average", 2, 300),
        "notBreaching",
        "warning",
      ),
      "service-api-tasks": alarm(
        ["ECS/ContainerInsights", "RunningTaskCount", byService],
        below(2, "Minimum", 5, 60),
        "breaching",
        "critical",
      ),
      "service-api-errors": alarm(
        ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", byTarget],
        above(10, "Sum", 3, 60),
        "notBreaching",
        "critical",
      ),
      "service-api-latency": alarm(
        ["AWS/ApplicationELB", "TargetResponseTime", byTarget],
        { ...latency, extendedStatistic: "p99" },
        "notBreaching",
        "warning",
      ),
      "service-api-unhealthy": alarm(
        ["AWS/ApplicationELB", "UnHealthyHostCount", byTarget],
        above(0, "Maximum", 5, 60),
        "notBreaching",
        "critical",
      ),
    });
  });

  it("of a database: CPU, storage, memory, connections", async () => {
    const alarms = await alarmsOf({ ...happy(), services: {} });
    const { "load-balancer-errors": _, ...ofDatabase } = alarms;
    assert.deepEqual(ofDatabase, {
      "database-orders-cpu": alarm(
        ["AWS/RDS", "CPUUtilization", byDatabase],
        above(80, "Average", 3, 300),
        "breaching",
        "warning",
      ),
      "database-orders-storage": alarm(
        ["AWS/RDS", "FreeStorageSpace", byDatabase],
        below(5 * GIB, "Average", 1, 300),
        "breaching",
        "critical",
      ),
      "database-orders-memory": alarm(
        ["AWS/RDS", "FreeableMemory", byDatabase],
        below(100 * MIB, "Average", 3, 300),
        "breaching",
        "warning",
      ),
      "database-orders-connections": alarm(
        ["AWS/RDS", "DatabaseConnections", byDatabase],
        above(80, "Average", 1, 300),
        "notBreaching",
        "warning",
      ),
    });
  });

  it("have the thresholds of the settings", async () => {
    const thresholds = {
      serviceCpuPercent: 51,
      serviceMemoryPercent: 52,
      errorsPerMinute: 53,
      latencySeconds: 0.5,
      databaseCpuPercent: 54,
      databaseFreeStorageGiB: 55,
      databaseFreeMemoryMiB: 56,
      databaseConnections: 57,
    };
    const alarms = await alarmsOf({ ...happy(), thresholds });
    assert.deepEqual(
      Object.fromEntries(
        Object.entries(alarms).map(([name, inputs]) => [
          name,
          (inputs as Record<string, unknown>)["threshold"],
        ]),
      ),
      {
        "load-balancer-errors": 53,
        "service-api-cpu": 51,
        "service-api-memory": 52,
        "service-api-tasks": 2,
        "service-api-errors": 53,
        "service-api-latency": 0.5,
        "service-api-unhealthy": 0,
        "database-orders-cpu": 54,
        "database-orders-storage": 55 * GIB,
        "database-orders-memory": 56 * MIB,
        "database-orders-connections": 57,
      },
    );
  });

  it("about requests are left out for a service without", async () => {
    const alarms = await alarmsOf({ ...happy(), services: { worker }, databases: {} });
    assert.deepEqual(Object.keys(alarms), [
      "load-balancer-errors",
      "service-worker-cpu",
      "service-worker-memory",
      "service-worker-tasks",
    ]);
  });

  const uncounted = { clusterName: "platform", countsRunningTasks: false };

  it("about running tasks go by healthy targets where nobody counts the tasks", async () => {
    const alarms = await alarmsOf({ ...happy(), cluster: uncounted });
    assert.deepEqual(
      alarms["service-api-tasks"],
      alarm(
        ["AWS/ApplicationELB", "HealthyHostCount", byTarget],
        below(2, "Minimum", 5, 60),
        "breaching",
        "critical",
      ),
    );
  });

  for (const [title, args] of [
    [
      "where nobody counts them and no target is checked",
      {
        ...happy(),
        cluster: uncounted,
        services: { api: { ...api, targetGroupArnSuffix: undefined } },
      },
    ],
    [
      "of a service that may run none",
      { ...happy(), services: { api: { ...api, minimumTasks: 0 } } },
    ],
  ] as const) {
    it(`about running tasks are left out ${title}`, async () => {
      assert.ok(!("service-api-tasks" in (await alarmsOf(args))));
    });
  }

  it("stay but tell nobody where somebody says why", async () => {
    const silencedBecause = "a load test is on";
    const run = await build(() => new Monitoring("monitoring", { ...happy(), silencedBecause }));
    const told = run
      .all(ALARM)
      .flatMap(({ inputs }) => [inputs["alarmActions"], inputs["okActions"]]);
    assert.deepEqual(told, Array(22).fill([]));
  });

  it("keep apart a service and a database of the same name", async () => {
    const databases = { api: { identifier: "api-db-1a2b" } };
    const names = Object.keys(await alarmsOf({ ...happy(), databases }));
    assert.deepEqual(
      names.filter((name) => name.endsWith("-cpu")),
      ["database-api-cpu", "service-api-cpu"],
    );
  });
});
