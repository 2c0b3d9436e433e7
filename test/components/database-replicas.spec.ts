import * as assert from "node:assert/strict";
import { Database, type DatabaseArgs } from "../../components";
import { build, network } from "./support";

const happy = (): DatabaseArgs => ({
  network,
  engineVersion: "17",
  instanceClass: "db.m7g.large",
  multiAz: true,
  password: "generated",
  replicas: { reports: {}, exports: { instanceClass: "db.t4g.micro", multiAz: true } },
});

const INSTANCE = "aws:rds/instance:Instance";

/** The replica of the name "reports". */
async function replicaWith(args: Partial<DatabaseArgs> = {}) {
  const run = await build(() => new Database("orders", { ...happy(), ...args }));
  const replica = run.all(INSTANCE).find(({ name }) => name === "orders-replica-reports");
  assert.ok(replica !== undefined);
  return replica;
}

describe("Database, replicas", () => {
  it("are instances that copy the first, as closed and encrypted as it", async () => {
    assert.deepEqual((await replicaWith()).inputs, {
      identifier: "orders-1a2b3c4d-replica-reports",
      replicateSourceDb: "orders-1a2b3c4d",
      instanceClass: "db.m7g.large",
      multiAz: false,
      autoMinorVersionUpgrade: true,
      allowMajorVersionUpgrade: true,
      applyImmediately: false,
      maintenanceWindow: "sun:04:30-sun:05:30",
      storageType: "gp3",
      maxAllocatedStorage: 100,
      storageEncrypted: true,
      iamDatabaseAuthenticationEnabled: true,
      vpcSecurityGroupIds: ["orders-security-group-id"],
      publiclyAccessible: false,
      port: 5432,
      parameterGroupName: "orders-parameters-1a2b3c4",
      copyTagsToSnapshot: true,
      backupRetentionPeriod: 0,
      skipFinalSnapshot: true,
      performanceInsightsEnabled: true,
      performanceInsightsRetentionPeriod: 7,
      monitoringInterval: 60,
      monitoringRoleArn: "arn:aws:iam::123456789012:role/orders-monitoring-role-1a2b3c4",
      tags: { Name: "orders" },
    });
  });

  it("may have another size, and a standby of their own", async () => {
    const run = await build(() => new Database("orders", happy()));
    const shapes = run
      .all(INSTANCE)
      .map(({ name, inputs }) => [name, inputs["instanceClass"], inputs["multiAz"]]);
    assert.deepEqual(shapes.sort(), [
      ["orders-instance", "db.m7g.large", true],
      ["orders-replica-exports", "db.t4g.micro", true],
      ["orders-replica-reports", "db.m7g.large", false],
    ]);
  });

  it("may be deleted, for they hold nothing of their own, and make way for another of the name", async () => {
    const { protect, deleteBeforeReplace } = await replicaWith();
    assert.deepEqual(
      { protect, deleteBeforeReplace },
      { protect: false, deleteBeforeReplace: true },
    );
  });

  it("do not change when another comes", async () => {
    const alone = await replicaWith({ replicas: { reports: {} } });
    const beside = await replicaWith({ replicas: { a: {}, reports: {}, z: {} } });
    assert.deepEqual(beside.inputs, alone.inputs);
  });

  it("are reached under a variable with the name of each", async () => {
    let database: Database | undefined;
    await build(() => (database = new Database("orders", happy())));
    assert.deepEqual(Object.keys(database?.connection.environment ?? {}), [
      "HOST",
      "PORT",
      "NAME",
      "REPORTS_HOST",
      "EXPORTS_HOST",
    ]);
  });
});
