import * as assert from "node:assert/strict";
import { Monitoring } from "../../components";
import { build, inputsByName } from "./support";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

type Kind = "instance" | "cluster" | "serverless";

async function monitoringOf(kind: Kind) {
  return build(
    () =>
      new Monitoring("monitoring", {
        accountId: "123456789012",
        dashboardName: "shop-dev",
        cluster: { clusterName: "platform", countsRunningTasks: true },
        loadBalancer: { arnSuffix: "app/lb/1" },
        services: {},
        databases: { orders: { identifier: "orders-1a2b", kind } },
      }),
  );
}

describe("Monitoring of databases", () => {
  for (const [kind, metrics] of [
    ["instance", ["CPUUtilization", "DatabaseConnections", "FreeStorageSpace", "FreeableMemory"]],
    ["cluster", ["CPUUtilization", "DatabaseConnections", "FreeableMemory"]],
    ["serverless", ["ACUUtilization", "DatabaseConnections"]],
  ] as const) {
    it(`watches of ${kind === "instance" ? "an instance" : `a ${kind} cluster`} what can run short`, async () => {
      const alarms = (await monitoringOf(kind))
        .all(ALARM)
        .filter(({ name }) => /orders/.test(name));
      const dimension = kind === "instance" ? "DBInstanceIdentifier" : "DBClusterIdentifier";
      assert.deepEqual(alarms.map(({ inputs }) => inputs["metricName"]).sort(), metrics);
      for (const { inputs } of alarms) {
        assert.deepEqual(inputs["dimensions"], { [dimension]: "orders-1a2b" });
      }
    });
  }

  it("warns of a largest capacity that is nearly used, and not of a pause", async () => {
    const alarms = inputsByName(await monitoringOf("serverless"), ALARM);
    const capacity = alarms["monitoring-database-orders-capacity"] as Record<string, unknown>;
    assert.deepEqual(
      [capacity["threshold"], capacity["comparisonOperator"], capacity["treatMissingData"]],
      [90, "GreaterThanThreshold", "notBreaching"],
    );
    assert.match(String(capacity["alarmDescription"]), /90 % of its largest capacity/);
  });

  for (const [kind, questions] of [
    ["instance", 4],
    ["cluster", 3],
    ["serverless", 3],
  ] as const) {
    it(`asks ${questions} questions about ${kind === "instance" ? "an instance" : `a ${kind} cluster`}`, async () => {
      const run = await monitoringOf(kind);
      const body = run.one("aws:cloudwatch/dashboard:Dashboard").jsonInput("dashboardBody");
      const titles = JSON.stringify(body).match(/"title":"orders: [^"]*"/g);
      assert.equal(titles?.length, questions);
    });
  }
});
