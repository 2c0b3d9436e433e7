import * as assert from "node:assert/strict";
import { databaseSettings } from "../../components/database/settings";
import {
  RETENTION_DAYS,
  itBounds,
  itRefuses,
  itTakes,
  noChoice,
  noReason,
  outOfBounds,
} from "./support";

const happy = { engineVersion: "17", instanceClass: "db.t4g.micro", multiAz: false };

const noVersion = (engineVersion: string) => ({
  change: { engineVersion },
  problem: {
    key: "engineVersion",
    value: engineVersion,
    rule: "must be a PostgreSQL version that RDS offers",
    allowed: "14, 15, 16, 17, 18, alone or with a minor version",
    fix: 'give the major version in quotes, like "17": minor versions are installed in the maintenance window',
  },
});

const noClass = (instanceClass: string) => ({
  change: { instanceClass },
  problem: {
    key: "instanceClass",
    value: instanceClass,
    rule: "must be an RDS instance class",
    allowed: "db.FAMILY.SIZE",
    fix: 'write it like "db.t4g.micro"',
  },
});

const noDatabaseName = (databaseName: string) => ({
  change: { databaseName },
  problem: {
    key: "databaseName",
    value: databaseName,
    rule: "must be a database name",
    allowed: "lower-case letters, digits and underscores, starting with a letter, at most 63",
    fix: "rename it",
  },
});

const noUser = (username: string) => ({
  change: { username },
  problem: {
    key: "username",
    value: username,
    rule: "must be a user name that can be had",
    allowed:
      "lower-case letters, digits and underscores, starting with a letter, at most 63, not admin, administrator, postgres, rdsadmin, root, rds_superuser",
    fix: "rename it",
  },
});

const noBackupWindow = (backupWindow: string) => ({
  change: { backupWindow },
  problem: {
    key: "backupWindow",
    value: backupWindow,
    rule: "must be a time span in UTC",
    allowed: "HH:MM-HH:MM, 30 minutes or longer, like 03:00-04:00",
    fix: 'write it like "03:00-04:00"',
  },
});

const noMaintenanceWindow = (maintenanceWindow: string) => ({
  change: { maintenanceWindow },
  problem: {
    key: "maintenanceWindow",
    value: maintenanceWindow,
    rule: "must be a time span in UTC",
    allowed: "DAY:HH:MM-DAY:HH:MM, 30 minutes to a day, like sun:04:30-sun:05:30",
    fix: 'write it like "sun:04:30-sun:05:30"',
  },
});

describe("Database settings", () => {
  it("have these defaults", () => {
    assert.deepEqual(databaseSettings.parse(happy), {
      ...happy,
      engine: "postgres",
      replicas: {},
      databaseName: "app",
      username: "platform",
      password: "managed",
      backupRetentionDays: 7,
      backupWindow: "03:00-04:00",
      maintenanceWindow: "sun:04:30-sun:05:30",
      applyImmediately: false,
      monitoringIntervalSeconds: 60,
      performanceInsightsRetentionDays: 7,
      logRetentionDays: 30,
      parameters: {},
    });
  });

  itTakes(databaseSettings, happy, {
    "the oldest version": { engineVersion: "14" },
    "the newest version, with its minor one": { engineVersion: "18.1" },
    "a class with digits": { instanceClass: "db.r6gd.16xlarge" },
    "the longest database name": { databaseName: `a${"_1".repeat(31)}` },
    "a user that only begins like a reserved one": { username: "root_user" },
    "no reading of the operating system": { monitoringIntervalSeconds: 0 },
    "the longest query statistics": { performanceInsightsRetentionDays: 731 },
    "parameters of the engine": { parameters: { log_min_duration_statement: "500" } },
    "no last snapshot, for a reason": { noFinalSnapshotBecause: "0123456789" },
    "maintenance that ends when the backup begins": { maintenanceWindow: "sun:02:00-sun:03:00" },
    "room to grow by a tenth": { storageGiB: 20, maxStorageGiB: 22 },
    "the same with more storage": { storageGiB: 100, maxStorageGiB: 110 },
    "the longest user name": { username: "x".repeat(63) },
    "a snapshot to begin with": { snapshotIdentifier: "orders-1a2b3c4d-final" },
  });

  itBounds(databaseSettings, happy, { backupRetentionDays: [1, 35] });
  itBounds(databaseSettings, { ...happy, maxStorageGiB: 65536 }, { maxStorageGiB: [22, 65536] });
  itBounds(databaseSettings, happy, { rotationDays: [1, 1000] });

  itRefuses(databaseSettings, happy, {
    "a version that is out of support": noVersion("13.20"),
    "a version that is none": noVersion("17.x"),
    "three numbers": noVersion("17.1.1"),
    "a version that YAML made a number": {
      change: { engineVersion: 17.1 },
      problem: {
        key: "engineVersion",
        value: 17.1,
        rule: "must be text",
        allowed: "a version of the engine",
        fix: 'put the value in quotes: "17.1"',
      },
    },
    "another engine": {
      change: { engine: "oracle-ee" },
      problem: noChoice("engine", "oracle-ee", [
        "postgres",
        "mysql",
        "aurora-postgresql",
        "aurora-mysql",
      ]),
    },
    "a class of EC2": noClass("t4g.micro"),
    "a class without size": noClass("db.t4g"),
    "a class with something before it": noClass("rds.db.t4g.micro"),
    "a class with something behind it": noClass("db.t4g.micro.large"),
    "no word on Multi-AZ": {
      change: { multiAz: undefined },
      problem: {
        key: "multiAz",
        value: undefined,
        rule: "must be true or false",
        allowed: "true or false",
        fix: "add the key multiAz",
      },
    },
    "less storage than gp3 has": {
      change: { storageGiB: 19 },
      problem: outOfBounds("storageGiB", 19, "a whole number from 20 to 65536"),
    },
    "too little room to grow": {
      change: { storageGiB: 100, maxStorageGiB: 109 },
      problem: {
        key: "maxStorageGiB",
        value: 109,
        rule: "must be at least 10 % above storageGiB",
        allowed: "1.1 times storageGiB or more",
        fix: "raise it, or lower storageGiB",
      },
    },
    "a database name with a capital": noDatabaseName("Orders"),
    "a database name with a hyphen": noDatabaseName("orders-db"),
    "a database name with something behind it": noDatabaseName("orders!"),
    "a database name that is too long": noDatabaseName("x".repeat(64)),
    "the name of a superuser": noUser("postgres"),
    "the name of an administrator": noUser("admin"),
    "a user name with something behind it": noUser("owner!"),
    "a user name that starts with a digit": noUser("1st"),
    "a user name that is too long": noUser("x".repeat(64)),
    "a database of RDS's own": {
      change: { databaseName: "rdsadmin" },
      problem: {
        key: "databaseName",
        value: "rdsadmin",
        rule: "is a database that PostgreSQL keeps for itself",
        allowed: "a name other than rdsadmin, template0, template1",
        fix: "rename it",
      },
    },
    "no size": {
      change: { instanceClass: undefined },
      problem: {
        key: "instanceClass",
        value: undefined,
        rule: "is required without serverless",
        allowed: "db.FAMILY.SIZE",
        fix: 'add the key instanceClass, like "db.t4g.micro"',
      },
    },
    "a backup that is too short": noBackupWindow("03:00-03:29"),
    "a backup on one day": noBackupWindow("sun:03:00-sun:04:00"),
    "maintenance on every day": noMaintenanceWindow("04:30-05:30"),
    "maintenance that is too short": noMaintenanceWindow("sun:04:30-sun:04:59"),
    "maintenance while the backup is made": {
      change: { maintenanceWindow: "sun:03:30-sun:04:30" },
      problem: {
        key: "maintenanceWindow",
        value: "sun:03:30-sun:04:30",
        rule: "must not overlap backupWindow",
        allowed: "a span in which no backup is made",
        fix: "move one of the two",
      },
    },
    "another interval": {
      change: { monitoringIntervalSeconds: 20 },
      problem: noChoice("monitoringIntervalSeconds", 20, [0, 1, 5, 10, 15, 30, 60]),
    },
    "other query statistics": {
      change: { performanceInsightsRetentionDays: 30 },
      problem: noChoice(
        "performanceInsightsRetentionDays",
        30,
        [
          7, 31, 62, 93, 124, 155, 186, 217, 248, 279, 310, 341, 372, 403, 434, 465, 496, 527, 558,
          589, 620, 651, 682, 713, 731,
        ],
      ),
    },
    "logs that are kept for ever": {
      change: { logRetentionDays: 0 },
      problem: noChoice("logRetentionDays", 0, RETENTION_DAYS),
    },
    "TLS turned off": {
      change: { parameters: { "rds.force_ssl": "0" } },
      problem: {
        key: "parameters",
        value: { "rds.force_ssl": "0" },
        rule: "must not touch rds.force_ssl, which forces TLS",
        allowed: "any other parameter of the engine",
        fix: "remove rds.force_ssl; clients need the RDS certificate bundle, or sslmode=require",
      },
    },
    "no last snapshot, without a reason": {
      change: { noFinalSnapshotBecause: "no need" },
      problem: noReason("noFinalSnapshotBecause", "no need"),
    },
  });
});
