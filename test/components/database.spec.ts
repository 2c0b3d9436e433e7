import * as assert from "node:assert/strict";
import { Database, type DatabaseArgs } from "../../components";
import { build, customTimeouts, network, refusal } from "./support";

const happy = (): DatabaseArgs => ({
  network,
  engineVersion: "17",
  instanceClass: "db.t4g.micro",
  multiAz: false,
});

const INSTANCE = "aws:rds/instance:Instance";
const PARAMETERS = "aws:rds/parameterGroup:ParameterGroup";

/** Some inputs of the instance that a database has with these arguments. */
async function instanceWith(args: Partial<DatabaseArgs>, ...names: string[]) {
  const run = await build(() => new Database("orders", { ...happy(), ...args }));
  const { inputs } = run.one(INSTANCE);
  return Object.fromEntries(names.map((name) => [name, inputs[name]]));
}

describe("Database", () => {
  it("creates this and nothing else: no rule lets anybody in", async () => {
    const { component, children } = await build(() => new Database("orders", happy()));
    assert.equal(component.type, "ecs-platform:index:Database");
    assert.deepEqual(children, [
      "aws:cloudwatch/logGroup:LogGroup orders-postgresql-logs",
      "aws:cloudwatch/logGroup:LogGroup orders-upgrade-logs",
      "aws:ec2/securityGroup:SecurityGroup orders-security-group",
      "aws:iam/role:Role orders-monitoring-role",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment orders-monitoring-policy",
      "aws:rds/instance:Instance orders-instance",
      "aws:rds/parameterGroup:ParameterGroup orders-parameters",
      "aws:rds/subnetGroup:SubnetGroup orders-subnets",
      "random:index/randomId:RandomId orders-suffix",
    ]);
  });

  it("previews what it creates", async () => {
    const make = () => new Database("orders", happy());
    const [preview, deployment] = [await build(make, { preview: true }), await build(make)];
    assert.deepEqual(preview.children, deployment.children);
  });

  it("is private, encrypted, backed up, watched, and RDS keeps its password", async () => {
    const run = await build(() => new Database("orders", happy()));
    assert.deepEqual(run.one(INSTANCE).inputs, {
      identifier: "orders-1a2b3c4d",
      engine: "postgres",
      engineVersion: "17",
      autoMinorVersionUpgrade: true,
      engineLifecycleSupport: "open-source-rds-extended-support-disabled",
      instanceClass: "db.t4g.micro",
      multiAz: false,
      allowMajorVersionUpgrade: true,
      applyImmediately: false,
      maintenanceWindow: "sun:04:30-sun:05:30",
      storageType: "gp3",
      allocatedStorage: 20,
      maxAllocatedStorage: 100,
      storageEncrypted: true,
      dbName: "app",
      username: "platform",
      manageMasterUserPassword: true,
      iamDatabaseAuthenticationEnabled: true,
      dbSubnetGroupName: "orders-subnets-1a2b3c4",
      vpcSecurityGroupIds: ["orders-security-group-id"],
      publiclyAccessible: false,
      port: 5432,
      parameterGroupName: "orders-parameters-1a2b3c4",
      backupRetentionPeriod: 7,
      backupWindow: "03:00-04:00",
      copyTagsToSnapshot: true,
      deletionProtection: true,
      finalSnapshotIdentifier: "orders-1a2b3c4d-final",
      enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
      performanceInsightsEnabled: true,
      performanceInsightsRetentionPeriod: 7,
      monitoringInterval: 60,
      monitoringRoleArn: "arn:aws:iam::123456789012:role/orders-monitoring-role-1a2b3c4",
      tags: { Name: "orders" },
    });
  });

  it("takes other settings", async () => {
    const settings = {
      engineVersion: "16.4",
      instanceClass: "db.m7g.large",
      multiAz: true,
      applyImmediately: true,
      maintenanceWindow: "mon:01:00-mon:02:00",
      storageGiB: 200,
      maxStorageGiB: 1000,
      databaseName: "orders",
      username: "owner",
      backupRetentionDays: 35,
      backupWindow: "02:00-03:00",
      performanceInsightsRetentionDays: 31,
      monitoringIntervalSeconds: 15,
    } as const;
    const expected = {
      engineVersion: "16.4",
      instanceClass: "db.m7g.large",
      multiAz: true,
      applyImmediately: true,
      maintenanceWindow: "mon:01:00-mon:02:00",
      allocatedStorage: 200,
      maxAllocatedStorage: 1000,
      dbName: "orders",
      username: "owner",
      backupRetentionPeriod: 35,
      backupWindow: "02:00-03:00",
      performanceInsightsRetentionPeriod: 31,
      monitoringInterval: 15,
    };
    assert.deepEqual(await instanceWith(settings, ...Object.keys(expected)), expected);
  });

  it("lives in the data subnets, in a group of its own that is closed both ways", async () => {
    const run = await build(() => new Database("orders", happy()));
    assert.deepEqual(run.one("aws:rds/subnetGroup:SubnetGroup").inputs, {
      subnetIds: ["subnet-data-a", "subnet-data-b"],
      description: "Database orders",
    });
    assert.deepEqual(run.one("aws:ec2/securityGroup:SecurityGroup").inputs, {
      vpcId: "vpc-1",
      description: "Database orders",
      tags: { Name: "orders" },
    });
  });

  it("forces TLS, and logs statements that change the schema or take longer than a second", async () => {
    const run = await build(() => new Database("orders", happy()));
    assert.deepEqual(run.one(PARAMETERS).inputs, {
      family: "postgres17",
      description: "Database orders",
      parameters: [
        { name: "log_min_duration_statement", value: "1000", applyMethod: "pending-reboot" },
        { name: "log_statement", value: "ddl", applyMethod: "pending-reboot" },
        { name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" },
      ],
    });
  });

  it("forces TLS beside other parameters, in an order that does not depend on theirs", async () => {
    const parameters = { work_mem: "8192", log_min_duration_statement: "500" };
    const args = { ...happy(), engineVersion: "16.4", parameters };
    const run = await build(() => new Database("orders", args));
    const { family, parameters: set } = run.one(PARAMETERS).inputs;
    assert.equal(family, "postgres16");
    assert.deepEqual(set, [
      { name: "log_min_duration_statement", value: "500", applyMethod: "pending-reboot" },
      { name: "log_statement", value: "ddl", applyMethod: "pending-reboot" },
      { name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" },
      { name: "work_mem", value: "8192", applyMethod: "pending-reboot" },
    ]);
  });

  it("cannot be deleted by AWS or Pulumi unless the caller says so", async () => {
    const run = await build(() => new Database("orders", happy()));
    assert.equal(run.one(INSTANCE).protect, true);
    const open = await build(() => new Database("db", { ...happy(), deletionProtection: false }));
    assert.equal(open.one(INSTANCE).protect, false);
    assert.equal(open.one(INSTANCE).input("deletionProtection"), false);
  });

  it("leaves a last snapshot unless somebody says why not", async () => {
    const noFinalSnapshotBecause = "a copy of another database";
    const last = ["finalSnapshotIdentifier", "skipFinalSnapshot"];
    assert.deepEqual(await instanceWith({}, ...last), {
      finalSnapshotIdentifier: "orders-1a2b3c4d-final",
      skipFinalSnapshot: undefined,
    });
    assert.deepEqual(await instanceWith({ noFinalSnapshotBecause }, ...last), {
      finalSnapshotIdentifier: undefined,
      skipFinalSnapshot: true,
    });
  });

  it("keeps its identifier for as long as it lives", async () => {
    const run = await build(() => new Database("orders", happy()));
    assert.deepEqual(run.one("random:index/randomId:RandomId").inputs, { byteLength: 4 });
  });

  it("gets the time that large storage and its last snapshot take", async () => {
    const timeouts = await customTimeouts((opts) => new Database("orders", happy(), opts));
    assert.deepEqual(timeouts, {
      [INSTANCE]: { create: "60m", update: "80m", delete: "60m" },
    });
  });

  it("registers what others need, and no password", async () => {
    const { component } = await build(() => new Database("orders", happy()));
    assert.deepEqual(component.outputs, {
      host: "orders-1a2b3c4d.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com",
      port: 5432,
      databaseName: "app",
      identifier: "orders-1a2b3c4d",
      securityGroupId: "orders-security-group-id",
      secretArn:
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-orders-1a2b3c4d-AbCdEf",
    });
  });

  it("begins with a snapshot, and keeps what it has grown to when another is named", async () => {
    const args = { ...happy(), snapshotIdentifier: "orders-before" };
    const instance = (await build(() => new Database("orders", args))).one(INSTANCE);
    assert.equal(instance.inputs["snapshotIdentifier"], "orders-before");
    assert.deepEqual(instance.ignoreChanges, ["snapshotIdentifier"]);
    const without = (await build(() => new Database("orders", happy()))).one(INSTANCE);
    assert.deepEqual(without.ignoreChanges, ["snapshotIdentifier"]);
  });

  it("lists every problem and registers nothing", async () => {
    const wrong = { ...happy(), engineVersion: "13", multiAZ: true } as DatabaseArgs;
    const error = await refusal(() => new Database("orders", wrong));
    assert.match(error.message, /^Database "orders": 2 problems; nothing was created\.\n/);
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      ["multiAZ", "engineVersion"],
    );
  });
});
