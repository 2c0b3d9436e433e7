import * as assert from "node:assert/strict";
import { Monitoring, type MonitoringArgs } from "../../components";
import { build, inputsByName, sourcesOf } from "./support";

const SUBSCRIPTION = "aws:rds/eventSubscription:EventSubscription";
const INFO = "arn:aws:sns:us-east-1:123456789012:monitoring-info-1a2b3c4";
const RDS = "events.rds.amazonaws.com";
const CATEGORIES = ["configuration change", "failover", "failure", "maintenance"];

const happy = (): MonitoringArgs => ({
  accountId: "123456789012",
  dashboardName: "shop-dev",
  cluster: { clusterName: "platform", countsRunningTasks: true },
  loadBalancer: { arnSuffix: "app/lb/1" },
  services: {},
  databases: {
    orders: { identifier: "orders-1" },
    ledger: { identifier: "ledger-1", kind: "instance" },
    events: { identifier: "events-1", kind: "serverless" },
    carts: { identifier: "carts-1", kind: "cluster" },
  },
  databaseEvents: true,
});

interface Document {
  Statement: { Principal: unknown; Action: unknown; Condition: unknown }[];
}

describe("Monitoring, events of databases", () => {
  it("has RDS tell of instances and of clusters", async () => {
    const run = await build(() => new Monitoring("monitoring", happy()));
    assert.deepEqual(inputsByName(run, SUBSCRIPTION), {
      "monitoring-instance-events": {
        snsTopic: INFO,
        sourceType: "db-instance",
        sourceIds: ["orders-1", "ledger-1"],
        eventCategories: CATEGORIES,
      },
      "monitoring-cluster-events": {
        snsTopic: INFO,
        sourceType: "db-cluster",
        sourceIds: ["events-1", "carts-1"],
        eventCategories: CATEGORIES,
      },
    });
  });

  it("makes no subscription for a kind that there is none of", async () => {
    const { databases } = happy();
    for (const [kept, name] of [
      ["orders", "monitoring-instance-events"],
      ["carts", "monitoring-cluster-events"],
    ] as const) {
      const args = { ...happy(), databases: { [kept]: databases[kept] ?? { identifier: "" } } };
      const run = await build(() => new Monitoring("monitoring", args));
      assert.deepEqual(Object.keys(inputsByName(run, SUBSCRIPTION)), [name]);
    }
  });

  it("lets RDS publish for the own account before it subscribes, and only then", async () => {
    const run = await build(() => new Monitoring("monitoring", happy()));
    const condition = { StringEquals: { "aws:SourceAccount": "123456789012" } };
    for (const [type, name, action] of [
      ["aws:kms/key:Key", "monitoring-alarms-key", ["kms:Decrypt", "kms:GenerateDataKey*"]],
      ["aws:sns/topicPolicy:TopicPolicy", "monitoring-info-policy", ["sns:Publish"]],
    ] as const) {
      const { Statement } = run.one(type, name).jsonInput("policy") as unknown as Document;
      assert.deepEqual(
        Statement.filter(({ Principal }) => JSON.stringify(Principal).includes(RDS)).map(
          ({ Action, Condition }) => ({ Action, Condition }),
        ),
        [{ Action: action, Condition: condition }],
      );
    }
    assert.deepEqual(
      sourcesOf(run, run.one(SUBSCRIPTION, "monitoring-cluster-events"), "snsTopic"),
      ["aws:sns/topicPolicy:TopicPolicy monitoring-info-policy"],
    );
  });

  it("is quiet without being asked", async () => {
    const run = await build(
      () => new Monitoring("monitoring", { ...happy(), databaseEvents: false }),
    );
    assert.deepEqual(run.all(SUBSCRIPTION), []);
    for (const type of ["aws:kms/key:Key", "aws:sns/topicPolicy:TopicPolicy"]) {
      assert.doesNotMatch(JSON.stringify(run.all(type).map(({ inputs }) => inputs)), /events\.rds/);
    }
  });
});
