import * as assert from "node:assert/strict";
import { Monitoring } from "../../components";
import { build, inputsByName } from "./support";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

type Kind = "instance" | "cluster" | "serverless";

const happy = () => ({
  accountId: "123456789012",
  dashboardName: "shop-dev",
  cluster: { clusterName: "platform", countsRunningTasks: true },
  loadBalancer: { arnSuffix: "app/lb/1" },
  services: {},
});

async function monitoringOf(kind: Kind) {
  return build(
    () =>
      new Monitoring("monitoring", {
        ...happy(),
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

describe("Monitoring of read replicas", () => {
  const TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:monitoring-warning-1a2b3c4";
  const replicaIdentifiers = { a: "orders-1a2b-replica-a", "far-away": "orders-1a2b-replica-b" };

  /** The alarms on replicas, by the end of their names. */
  async function replicaAlarms(kind: Kind, replicaLagSeconds?: number) {
    const run = await build(
      () =>
        new Monitoring("monitoring", {
          ...happy(),
          databases: { orders: { identifier: "orders-1a2b", kind, replicaIdentifiers } },
          ...(replicaLagSeconds !== undefined && { thresholds: { replicaLagSeconds } }),
        }),
    );
    return Object.fromEntries(
      Object.entries(inputsByName(run, ALARM)).flatMap(([name, inputs]) => {
        const key = name.replace("monitoring-database-orders-", "");
        return key.startsWith("replica") ? [[key, inputs]] : [];
      }),
    );
  }

  function lag(
    replica: string,
    metric: Record<string, unknown>,
    treatMissingData: "breaching" | "notBreaching",
  ) {
    return {
      alarmDescription: `${replica} is more than 30 s behind: what it answers is old. Look at its CPU, and for long statements on either side. What to do: docs/runbooks/database-replica-lag.md`,
      namespace: "AWS/RDS",
      ...metric,
      comparisonOperator: "GreaterThanThreshold",
      period: 300,
      evaluationPeriods: 3,
      treatMissingData,
      alarmActions: [TOPIC_ARN],
      okActions: [TOPIC_ARN],
    };
  }

  /** RDS gives a replica that does not copy a lag of -1. */
  function stopped(replica: string, identifier: string) {
    return {
      alarmDescription: `${replica} has stopped copying: what it answers grows older. Look at its replication status, and make it anew where that does not mend itself. What to do: docs/runbooks/database-replica-lag.md`,
      namespace: "AWS/RDS",
      metricName: "ReplicaLag",
      dimensions: { DBInstanceIdentifier: identifier },
      statistic: "Maximum",
      comparisonOperator: "LessThanThreshold",
      threshold: 0,
      period: 300,
      evaluationPeriods: 3,
      treatMissingData: "notBreaching",
      alarmActions: [TOPIC_ARN],
      okActions: [TOPIC_ARN],
    };
  }

  it("warns of each replica of an instance that is far behind, silent, or stopped", async () => {
    const metricOf = (identifier: string) => ({
      metricName: "ReplicaLag",
      dimensions: { DBInstanceIdentifier: identifier },
      statistic: "Minimum",
      threshold: 30,
    });
    const alarmsOf = (key: string, identifier: string) => {
      const replica = `Replica ${key} of database orders`;
      return {
        [`replica-${key}-lag`]: lag(replica, metricOf(identifier), "breaching"),
        [`replica-${key}-stopped`]: stopped(replica, identifier),
      };
    };
    assert.deepEqual(await replicaAlarms("instance"), {
      ...alarmsOf("a", "orders-1a2b-replica-a"),
      ...alarmsOf("far-away", "orders-1a2b-replica-b"),
    });
  });

  for (const kind of ["cluster", "serverless"] as const) {
    it(`warns of the slowest replica of a ${kind} cluster, which counts in milliseconds`, async () => {
      const metric = {
        metricName: "AuroraReplicaLagMaximum",
        dimensions: { DBClusterIdentifier: "orders-1a2b" },
        statistic: "Maximum",
        threshold: 30_000,
      };
      assert.deepEqual(await replicaAlarms(kind), {
        "replica-lag": lag("A replica of database orders", metric, "notBreaching"),
      });
    });
  }

  it("goes by the threshold of the settings", async () => {
    for (const [kind, key, threshold] of [
      ["instance", "replica-a-lag", 7],
      ["cluster", "replica-lag", 7000],
    ] as const) {
      const { [key]: alarm } = await replicaAlarms(kind, 7);
      assert.equal((alarm as { threshold: number }).threshold, threshold);
    }
  });
});
