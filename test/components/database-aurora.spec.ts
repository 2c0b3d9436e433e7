import * as assert from "node:assert/strict";
import { Database, type DatabaseArgs } from "../../components";
import { build, dependsOn, inputsByName, network } from "./support";

const fixed = (): DatabaseArgs => ({
  network,
  engine: "aurora-mysql",
  engineVersion: "8.0",
  instanceClass: "db.r8g.large",
});
const serverless = (): DatabaseArgs => ({
  network,
  engine: "aurora-postgresql",
  engineVersion: "17.5",
  serverless: { minAcu: 0.5, maxAcu: 4 },
  replicas: { a: {}, reports: { instanceClass: "db.r8g.large" } },
});

const CLUSTER = "aws:rds/cluster:Cluster";
const MEMBER = "aws:rds/clusterInstance:ClusterInstance";
const PARAMETERS = "aws:rds/clusterParameterGroup:ClusterParameterGroup";

/** The cluster's inputs. */
async function clusterWith(args: DatabaseArgs) {
  return (await build(() => new Database("events", args))).one(CLUSTER).inputs;
}

describe("Database on Aurora", () => {
  it("creates this and nothing else: no rule lets anybody in", async () => {
    const { children } = await build(() => new Database("events", serverless()));
    assert.deepEqual(children, [
      "aws:cloudwatch/logGroup:LogGroup events-postgresql-logs",
      "aws:ec2/securityGroup:SecurityGroup events-security-group",
      "aws:iam/role:Role events-monitoring-role",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment events-monitoring-policy",
      "aws:rds/cluster:Cluster events-cluster",
      "aws:rds/clusterInstance:ClusterInstance events-instance",
      "aws:rds/clusterInstance:ClusterInstance events-replica-a",
      "aws:rds/clusterInstance:ClusterInstance events-replica-reports",
      "aws:rds/clusterParameterGroup:ClusterParameterGroup events-parameters",
      "aws:rds/subnetGroup:SubnetGroup events-subnets",
      "random:index/randomId:RandomId events-suffix",
    ]);
  });

  it("previews what it creates", async () => {
    const make = () => new Database("events", { ...serverless(), proxy: {}, rotationDays: 3 });
    const [preview, deployment] = [await build(make, { preview: true }), await build(make)];
    assert.deepEqual(preview.children, deployment.children);
  });

  it("is private, encrypted, backed up, and RDS keeps its password", async () => {
    assert.deepEqual(await clusterWith(serverless()), {
      clusterIdentifier: "events-1a2b3c4d",
      engine: "aurora-postgresql",
      engineVersion: "17.5",
      engineLifecycleSupport: "open-source-rds-extended-support-disabled",
      allowMajorVersionUpgrade: true,
      applyImmediately: false,
      preferredMaintenanceWindow: "sun:04:30-sun:05:30",
      serverlessv2ScalingConfiguration: { minCapacity: 0.5, maxCapacity: 4 },
      storageEncrypted: true,
      databaseName: "app",
      masterUsername: "platform",
      manageMasterUserPassword: true,
      iamDatabaseAuthenticationEnabled: true,
      dbSubnetGroupName: "events-subnets-1a2b3c4",
      vpcSecurityGroupIds: ["events-security-group-id"],
      port: 5432,
      dbClusterParameterGroupName: "events-parameters-1a2b3c4",
      backupRetentionPeriod: 7,
      preferredBackupWindow: "03:00-04:00",
      copyTagsToSnapshot: true,
      deletionProtection: true,
      finalSnapshotIdentifier: "events-1a2b3c4d-final",
      enabledCloudwatchLogsExports: ["postgresql"],
      tags: { Name: "events" },
    });
  });

  it("has instances that follow the load, of which any replica takes over", async () => {
    const run = await build(() => new Database("events", serverless()));
    const { "events-instance": first, ...replicas } = inputsByName(run, MEMBER);
    assert.deepEqual(first, {
      identifier: "events-1a2b3c4d-instance",
      clusterIdentifier: "events-cluster-id",
      engine: "aurora-postgresql",
      instanceClass: "db.serverless",
      promotionTier: 0,
      autoMinorVersionUpgrade: true,
      applyImmediately: false,
      preferredMaintenanceWindow: "sun:04:30-sun:05:30",
      publiclyAccessible: false,
      copyTagsToSnapshot: true,
      performanceInsightsEnabled: true,
      performanceInsightsRetentionPeriod: 7,
      monitoringInterval: 60,
      monitoringRoleArn: "arn:aws:iam::123456789012:role/events-monitoring-role-1a2b3c4",
      tags: { Name: "events" },
    });
    const replica = { ...(first as object), promotionTier: 1 };
    assert.deepEqual(replicas, {
      "events-replica-a": { ...replica, identifier: "events-1a2b3c4d-replica-a" },
      "events-replica-reports": {
        ...replica,
        identifier: "events-1a2b3c4d-replica-reports",
        instanceClass: "db.r8g.large",
      },
    });
  });

  for (const [title, serverlessSettings, expected] of [
    [
      "after five minutes",
      { minAcu: 0, maxAcu: 2 },
      { minCapacity: 0, maxCapacity: 2, secondsUntilAutoPause: 300 },
    ],
    [
      "after the seconds of the settings",
      { minAcu: 0, maxAcu: 2, pauseAfterSeconds: 900 },
      { minCapacity: 0, maxCapacity: 2, secondsUntilAutoPause: 900 },
    ],
  ] as const) {
    it(`pauses ${title} where it may`, async () => {
      const inputs = await clusterWith({ ...serverless(), serverless: serverlessSettings });
      assert.deepEqual(inputs["serverlessv2ScalingConfiguration"], expected);
    });
  }

  it("has instances of a fixed size without serverless", async () => {
    const run = await build(() => new Database("events", fixed()));
    assert.equal(run.one(CLUSTER).inputs["serverlessv2ScalingConfiguration"], undefined);
    assert.equal(run.one(MEMBER).inputs["instanceClass"], "db.r8g.large");
  });

  for (const [args, family, parameters] of [
    [
      fixed(),
      "aurora-mysql8.0",
      { log_output: "FILE", require_secure_transport: "ON", slow_query_log: "1" },
    ],
    [
      serverless(),
      "aurora-postgresql17",
      { log_min_duration_statement: "1000", log_statement: "ddl", "rds.force_ssl": "1" },
    ],
  ] as const) {
    it(`forces TLS with ${family}`, async () => {
      const run = await build(() => new Database("events", args));
      const applyMethod = "pending-reboot";
      assert.deepEqual(run.one(PARAMETERS).inputs, {
        family,
        description: "Database events",
        parameters: Object.entries(parameters).map(([name, value]) => ({
          name,
          value,
          applyMethod,
        })),
      });
    });
  }

  it("makes its log groups before it", async () => {
    const run = await build(() => new Database("events", fixed()));
    const prefix = "/aws/rds/cluster/events-1a2b3c4d";
    assert.deepEqual(inputsByName(run, "aws:cloudwatch/logGroup:LogGroup"), {
      "events-error-logs": { name: `${prefix}/error`, retentionInDays: 30 },
      "events-slowquery-logs": { name: `${prefix}/slowquery`, retentionInDays: 30 },
    });
    assert.deepEqual(dependsOn(run, run.one(CLUSTER)), [
      "aws:cloudwatch/logGroup:LogGroup events-error-logs",
      "aws:cloudwatch/logGroup:LogGroup events-slowquery-logs",
    ]);
  });

  it("takes a generated password", async () => {
    const args = { ...fixed(), password: "generated" } as const;
    const run = await build(() => new Database("events", args));
    const cluster = run.one(CLUSTER);
    assert.equal(cluster.inputs["masterPassword"], "events-password!");
    assert.equal(cluster.isSecret("masterPassword"), true);
    assert.equal(cluster.inputs["manageMasterUserPassword"], undefined);
    const version = run.one("aws:secretsmanager/secretVersion:SecretVersion");
    assert.deepEqual(version.jsonInput("secretString"), {
      engine: "mysql",
      host: "events-1a2b3c4d.cluster-c1a2b3c4d5e6.us-east-1.rds.amazonaws.com",
      port: 3306,
      dbname: "app",
      username: "platform",
      password: "events-password!",
    });
  });

  it("cannot be deleted unless the caller says so, but its instances can", async () => {
    const run = await build(() => new Database("events", fixed()));
    assert.equal(run.one(CLUSTER).protect, true);
    assert.equal(run.one(MEMBER).protect, false);
    const open = await build(() => new Database("db", { ...fixed(), deletionProtection: false }));
    assert.equal(open.one(CLUSTER).protect, false);
    assert.equal(open.one(CLUSTER).input("deletionProtection"), false);
  });

  it("leaves a last snapshot unless somebody says why not", async () => {
    const noFinalSnapshotBecause = "a copy of another database";
    const inputs = await clusterWith({ ...fixed(), noFinalSnapshotBecause });
    assert.equal(inputs["finalSnapshotIdentifier"], undefined);
    assert.equal(inputs["skipFinalSnapshot"], true);
  });

  it("begins with a snapshot, and keeps what it has grown to when another is named", async () => {
    const args = { ...fixed(), snapshotIdentifier: "events-before" };
    const cluster = (await build(() => new Database("events", args))).one(CLUSTER);
    assert.equal(cluster.inputs["snapshotIdentifier"], "events-before");
    assert.deepEqual(cluster.ignoreChanges, ["snapshotIdentifier"]);
  });

  it("registers what others need", async () => {
    const { component } = await build(() => new Database("events", serverless()));
    assert.deepEqual(component.outputs, {
      host: "events-1a2b3c4d.cluster-c1a2b3c4d5e6.us-east-1.rds.amazonaws.com",
      port: 5432,
      databaseName: "app",
      identifier: "events-1a2b3c4d",
      securityGroupId: "events-security-group-id",
      secretArn:
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-events-1a2b3c4d-AbCdEf",
    });
  });
});
