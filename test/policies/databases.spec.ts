import * as assert from "node:assert/strict";
import type { PolicyResource, ValueMap } from "../../policies/graph";
import { findings, resource } from "./fixtures";

const INSTANCE = "aws:rds/instance:Instance";
const CLUSTER = "aws:rds/cluster:Cluster";
const MEMBER = "aws:rds/clusterInstance:ClusterInstance";

const instance = (name: string, inputs: ValueMap) => resource(INSTANCE, name, inputs);
const cluster = (name: string, inputs: ValueMap = {}) => resource(CLUSTER, name, inputs);
const member = (name: string, of: PolicyResource, inputs: ValueMap = {}) =>
  resource(MEMBER, name, inputs, { clusterIdentifier: of });
const replica = (name: string, inputs: ValueMap = {}) =>
  instance(name, { replicateSourceDb: "orders", ...inputs });

describe("policies about databases", () => {
  it("RDS-01: reports what may get a public address, which AWS decides where nothing is said", () => {
    const carts = cluster("carts");
    assert.deepEqual(
      findings("RDS-01", [
        instance("closed", { publiclyAccessible: false }),
        instance("open", { publiclyAccessible: true }),
        carts,
        member("unsaid", carts),
      ]),
      ["open: may get a public address", "unsaid: may get a public address"],
    );
  });

  it("RDS-02: reports storage in plain, but of no replica, which has that of its source", () => {
    assert.deepEqual(
      findings("RDS-02", [
        instance("encrypted", { storageEncrypted: true }),
        instance("plain", {}),
        replica("copy"),
        cluster("plain-cluster", { storageEncrypted: false }),
      ]),
      ["plain: stores its data in plain", "plain-cluster: stores its data in plain"],
    );
  });

  it("RDS-03: reports an instance without a standby and a cluster of one", () => {
    const [one, two] = [cluster("one"), cluster("two")];
    assert.deepEqual(
      findings("RDS-03", [
        instance("doubled", { multiAz: true }),
        instance("alone", { multiAz: false }),
        replica("copy", { multiAz: false }),
        one,
        two,
        member("a", one),
        member("b", two),
        member("c", two),
      ]),
      [
        "alone: has no standby in another zone",
        "one: has one instance, with nothing to take over when it fails",
      ],
    );
  });

  it("RDS-04: reports readings that are off or have no role", () => {
    const role = { monitoringRoleArn: "arn:aws:iam::123456789012:role/reads" };
    assert.deepEqual(
      findings("RDS-04", [
        instance("read", { monitoringInterval: 60, ...role }),
        instance("unread", { monitoringInterval: 0, ...role }),
        instance("without-role", { monitoringInterval: 60 }),
      ]),
      [
        "unread: does not read its operating system",
        "without-role: has no role that may write the readings",
      ],
    );
  });

  it("RDS-05: reports a database that one call deletes", () => {
    assert.deepEqual(
      findings("RDS-05", [
        instance("kept", { deletionProtection: true }),
        instance("loose", {}),
        cluster("loose-cluster", { deletionProtection: false }),
      ]),
      ["loose: can be deleted by one call", "loose-cluster: can be deleted by one call"],
    );
  });

  it("RDS-06: reports a database that leaves no snapshot, or that Pulumi would delete", () => {
    const kept = { protect: true };
    const named = { finalSnapshotIdentifier: "orders-final" };
    assert.deepEqual(
      findings("RDS-06", [
        resource(INSTANCE, "kept", named, {}, kept),
        resource(INSTANCE, "skipped", { skipFinalSnapshot: true }, {}, kept),
        resource(INSTANCE, "unnamed", {}, {}, kept),
        resource(CLUSTER, "unprotected", named),
      ]),
      [
        "skipped: is deleted without a last snapshot",
        "unnamed: has no name for its last snapshot, so that AWS refuses to delete it",
        "unprotected: may be deleted by any change that replaces it",
      ],
    );
  });

  it("RDS-07: asks for a week in production and for a day elsewhere", () => {
    const given = [
      instance("week", { backupRetentionPeriod: 7 }),
      instance("day", { backupRetentionPeriod: 1 }),
      cluster("none", { backupRetentionPeriod: 0 }),
      replica("copy", { backupRetentionPeriod: 0 }),
    ];
    assert.deepEqual(findings("RDS-07", given), [
      "day: keeps its backups for less than 7 days",
      "none: keeps its backups for less than 7 days",
    ]);
    assert.deepEqual(findings("RDS-07", given, { level: "development" }), [
      "none: keeps its backups for less than 1 day",
    ]);
  });

  it("RDS-08: reports the logs that an engine has and hands to nobody", () => {
    assert.deepEqual(
      findings("RDS-08", [
        instance("told", {
          engine: "postgres",
          enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
        }),
        instance("half", { engine: "postgres", enabledCloudwatchLogsExports: ["postgresql"] }),
        cluster("quiet", { engine: "aurora-mysql" }),
        cluster("other", { engine: "oracle-ee" }),
      ]),
      [
        "half: hands no upgrade log to CloudWatch",
        "quiet: hands no error and no slowquery log to CloudWatch",
      ],
    );
  });

  it("RDS-09: reports a database that knows passwords alone", () => {
    assert.deepEqual(
      findings("RDS-09", [
        instance("by-iam", { iamDatabaseAuthenticationEnabled: true }),
        cluster("by-password"),
      ]),
      ["by-password: knows users with passwords alone"],
    );
  });

  it("RDS-10: reports a database that stays at its minor version", () => {
    assert.deepEqual(
      findings("RDS-10", [
        instance("current", { autoMinorVersionUpgrade: true }),
        instance("by-default", {}),
        instance("old", { autoMinorVersionUpgrade: false }),
      ]),
      ["old: gets no fixes of its engine"],
    );
  });

  it("RDS-11: reports snapshots without tags", () => {
    assert.deepEqual(
      findings("RDS-11", [
        instance("tagged", { copyTagsToSnapshot: true }),
        cluster("untagged", { copyTagsToSnapshot: false }),
      ]),
      ["untagged: makes snapshots without tags, which no bill and no cleaning finds"],
    );
  });

  it("RDS-17: reports a database without insights where its class has them", () => {
    assert.deepEqual(
      findings("RDS-17", [
        instance("seen", { engine: "postgres", performanceInsightsEnabled: true }),
        instance("unseen", { engine: "postgres", instanceClass: "db.t4g.micro" }),
        instance("too-small", { engine: "mysql", instanceClass: "db.t4g.micro" }),
        instance("large", { engine: "mysql", instanceClass: "db.t4g.large" }),
      ]),
      ["unseen", "large"].map(
        (name) => `${name}: keeps to itself which statements it is busy with`,
      ),
    );
  });

  it("RDS-19: reports a database that nobody hears of, and a subscription that leaves out failures", () => {
    const told = instance("told", {});
    const sourceType = "db-instance";
    const subscription = (name: string, eventCategories: string[]) =>
      resource(
        "aws:rds/eventSubscription:EventSubscription",
        name,
        { sourceType, eventCategories },
        { sourceIds: told },
      );
    assert.deepEqual(
      findings("RDS-19", [
        told,
        instance("untold", {}),
        subscription("all", []),
        subscription("wanted", ["configuration change", "failure", "maintenance"]),
        subscription("some", ["failure"]),
      ]),
      [
        "untold: has nobody who hears what RDS does with it",
        "some: says nothing of configuration change, maintenance",
      ],
    );
  });

  it("RDS-20: reports a database that no plan finds by its tag", () => {
    const selectionTags = [{ type: "STRINGEQUALS", key: "Backup", value: "shop" }];
    assert.deepEqual(
      findings("RDS-20", [
        resource("aws:backup/selection:Selection", "tagged", { selectionTags }),
        instance("found", { tags: { Backup: "shop" } }),
        instance("of-others", { tags: { Backup: "other" } }),
        cluster("untagged"),
        replica("copy"),
      ]),
      ["of-others: is in no plan of AWS Backup", "untagged: is in no plan of AWS Backup"],
    );
  });
});
