import * as assert from "node:assert/strict";
import { Database, type DatabaseArgs } from "../../components";
import { build, inputsByName, network } from "./support";

const happy = (): DatabaseArgs => ({
  network,
  engine: "mysql",
  engineVersion: "8.4",
  instanceClass: "db.m7g.large",
  multiAz: true,
});

const INSTANCE = "aws:rds/instance:Instance";

describe("Database of MySQL", () => {
  it("is an instance like that of PostgreSQL, at MySQL's port", async () => {
    const { inputs } = (await build(() => new Database("shop", happy()))).one(INSTANCE);
    assert.equal(inputs["engine"], "mysql");
    assert.equal(inputs["engineVersion"], "8.4");
    assert.equal(inputs["port"], 3306);
    assert.equal(inputs["multiAz"], true);
    assert.equal(inputs["storageEncrypted"], true);
    assert.equal(inputs["manageMasterUserPassword"], true);
    assert.deepEqual(inputs["enabledCloudwatchLogsExports"], ["error", "slowquery"]);
  });

  it("keeps its own logs, to which it writes slow queries", async () => {
    const run = await build(() => new Database("shop", happy()));
    const prefix = "/aws/rds/instance/shop-1a2b3c4d";
    assert.deepEqual(inputsByName(run, "aws:cloudwatch/logGroup:LogGroup"), {
      "shop-error-logs": { name: `${prefix}/error`, retentionInDays: 30 },
      "shop-slowquery-logs": { name: `${prefix}/slowquery`, retentionInDays: 30 },
    });
  });

  it("forces TLS, and lets other parameters be set over its own", async () => {
    const args = { ...happy(), parameters: { slow_query_log: "0", long_query_time: "2" } };
    const run = await build(() => new Database("shop", args));
    const applyMethod = "pending-reboot";
    assert.deepEqual(run.one("aws:rds/parameterGroup:ParameterGroup").inputs, {
      family: "mysql8.4",
      description: "Database shop",
      parameters: [
        { name: "log_output", value: "FILE", applyMethod },
        { name: "long_query_time", value: "2", applyMethod },
        { name: "require_secure_transport", value: "1", applyMethod },
        { name: "slow_query_log", value: "0", applyMethod },
      ],
    });
  });

  for (const [instanceClass, engine, enabled] of [
    ["db.t4g.micro", "mysql", false],
    ["db.t4g.small", "mysql", false],
    ["db.t4g.medium", "mysql", true],
    ["db.m7g.large", "mysql", true],
    ["db.t4g.micro", "postgres", true],
  ] as const) {
    it(`has Performance Insights ${enabled ? "on" : "off"} with ${engine} on ${instanceClass}`, async () => {
      const engineVersion = engine === "mysql" ? "8.4" : "17";
      const args = { ...happy(), engine, engineVersion, instanceClass };
      const { inputs } = (await build(() => new Database("shop", args))).one(INSTANCE);
      assert.equal(inputs["performanceInsightsEnabled"], enabled);
      assert.equal(inputs["performanceInsightsRetentionPeriod"], enabled ? 7 : undefined);
    });
  }
});
