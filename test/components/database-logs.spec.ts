import * as assert from "node:assert/strict";
import { Database, type DatabaseArgs } from "../../components";
import { build, dependsOn, inputsByName, network, sourcesOf } from "./support";

const happy = (): DatabaseArgs => ({
  network,
  engineVersion: "17",
  instanceClass: "db.t4g.micro",
  multiAz: false,
});

const INSTANCE = "aws:rds/instance:Instance";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const ROLE = "aws:iam/role:Role";

describe("Database, logs and readings", () => {
  for (const [title, args, retentionInDays] of [
    ["30 days by default", happy(), 30],
    ["the days of the settings", { ...happy(), logRetentionDays: 365 } as const, 365],
  ] as const) {
    it(`keeps its logs for ${title}, in groups that RDS would else make without end`, async () => {
      const run = await build(() => new Database("orders", args));
      const prefix = "/aws/rds/instance/orders-1a2b3c4d";
      assert.deepEqual(inputsByName(run, LOG_GROUP), {
        "orders-postgresql-logs": { name: `${prefix}/postgresql`, retentionInDays },
        "orders-upgrade-logs": { name: `${prefix}/upgrade`, retentionInDays },
      });
    });
  }

  it("makes its log groups before it, and deletes those with a fixed name before others", async () => {
    const run = await build(() => new Database("orders", happy()));
    assert.deepEqual(dependsOn(run, run.one(INSTANCE)), [
      "aws:cloudwatch/logGroup:LogGroup orders-postgresql-logs",
      "aws:cloudwatch/logGroup:LogGroup orders-upgrade-logs",
    ]);
    assert.deepEqual(
      run.all(LOG_GROUP).map(({ deleteBeforeReplace }) => deleteBeforeReplace),
      [true, true],
    );
  });

  it("has its operating system read by RDS of its own account", async () => {
    const run = await build(() => new Database("orders", happy()));
    assert.deepEqual(run.one(ROLE).jsonInput("assumeRolePolicy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "monitoring.rds.amazonaws.com" },
          Action: ["sts:AssumeRole"],
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        },
      ],
    });
    assert.deepEqual(run.one("aws:iam/rolePolicyAttachment:RolePolicyAttachment").inputs, {
      role: "orders-monitoring-role-1a2b3c4",
      policyArn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    });
    assert.deepEqual(sourcesOf(run, run.one(INSTANCE), "monitoringRoleArn"), [
      "aws:iam/role:Role orders-monitoring-role",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment orders-monitoring-policy",
    ]);
  });

  it("has its operating system left alone at an interval of 0", async () => {
    const args = { ...happy(), monitoringIntervalSeconds: 0 } as const;
    const run = await build(() => new Database("orders", args));
    const { monitoringInterval, monitoringRoleArn } = run.one(INSTANCE).inputs;
    assert.equal(monitoringInterval, 0);
    assert.equal(monitoringRoleArn, undefined);
    assert.deepEqual(run.all(ROLE), []);
  });
});
