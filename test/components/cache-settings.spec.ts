import * as assert from "node:assert/strict";
import { cacheSettings } from "../../components/cache/settings";
import { RETENTION_DAYS, itBounds, itRefuses, itTakes, noChoice } from "./support";

const happy = { engineVersion: "8.1", nodes: { type: "cache.t4g.micro" } };
const serverless = { engineVersion: "8.1", serverless: {} };

const noVersion = (engineVersion: string) => ({
  change: { engineVersion },
  problem: {
    key: "engineVersion",
    value: engineVersion,
    rule: "must be a version of Valkey that ElastiCache offers",
    allowed: "7.2, 8.0, 8.1, 8.2",
    fix: 'give one of them in quotes, like "8.1"',
  },
});

const noType = (type: string) => ({
  change: { "nodes.type": type },
  problem: {
    key: "nodes.type",
    value: type,
    rule: "must be an ElastiCache node type",
    allowed: "cache.FAMILY.SIZE",
    fix: 'write it like "cache.t4g.micro"',
  },
});

const noWindow = (key: string, value: string, allowed: string, example: string) => ({
  change: { [key]: value },
  problem: {
    key,
    value,
    rule: "must be a time span in UTC",
    allowed: `${allowed}, like ${example}`,
    fix: `write it like "${example}"`,
  },
});

const noBackup = (value: string) =>
  noWindow("nodes.backupWindow", value, "HH:MM-HH:MM, an hour or longer", "03:00-04:00");

const noMaintenance = (value: string) =>
  noWindow(
    "nodes.maintenanceWindow",
    value,
    "DAY:HH:MM-DAY:HH:MM, an hour to a day",
    "sun:04:30-sun:05:30",
  );

const ONE_OF_TWO = {
  rule: "contradicts serverless: a cache is exactly one of the two",
  allowed: "nodes without serverless, or serverless without nodes",
  fix: "remove one of them, or add one",
};

describe("Cache settings", () => {
  it("have these defaults", () => {
    assert.deepEqual(cacheSettings.parse(happy), {
      engineVersion: "8.1",
      backupRetentionDays: 1,
      nodes: {
        type: "cache.t4g.micro",
        replicas: 0,
        parameters: {},
        backupWindow: "03:00-04:00",
        maintenanceWindow: "sun:04:30-sun:05:30",
        applyImmediately: false,
        logRetentionDays: 30,
      },
    });
    assert.deepEqual(cacheSettings.parse(serverless), {
      engineVersion: "8.1",
      backupRetentionDays: 1,
      serverless: { maxStorageGiB: 1, maxEcpuPerSecond: 1000 },
    });
  });

  itTakes(cacheSettings, happy, {
    "the oldest version": { engineVersion: "7.2" },
    "the newest version": { engineVersion: "8.2" },
    "a type with digits": { "nodes.type": "cache.r6gd.16xlarge" },
    "an hour of maintenance": { "nodes.maintenanceWindow": "mon:23:30-tue:00:30" },
    "parameters of the engine": { "nodes.parameters": { "maxmemory-policy": "allkeys-lru" } },
  });

  itBounds(cacheSettings, happy, { "nodes.replicas": [0, 5], backupRetentionDays: [0, 35] });
  itBounds(cacheSettings, serverless, {
    "serverless.maxStorageGiB": [1, 5000],
    "serverless.maxEcpuPerSecond": [1000, 15000000],
  });

  itRefuses(cacheSettings, happy, {
    "a version of Redis": noVersion("6.2"),
    "a major version alone": noVersion("8"),
    "a version that YAML made a number": {
      change: { engineVersion: 8.1 },
      problem: {
        key: "engineVersion",
        value: 8.1,
        rule: "must be text",
        allowed: "7.2, 8.0, 8.1, 8.2",
        fix: 'put the value in quotes: "8.1"',
      },
    },
    "a class of RDS": noType("db.t4g.micro"),
    "a type without size": noType("cache.t4g"),
    "a type with something behind it": noType("cache.t4g.micro.large"),
    "a snapshot of 59 minutes": noBackup("03:00-03:59"),
    "a snapshot on one day": noBackup("sun:03:00-sun:04:00"),
    "maintenance of 59 minutes": noMaintenance("sun:04:30-sun:05:29"),
    "maintenance on every day": noMaintenance("04:30-05:30"),
    "maintenance while the snapshot is made": {
      change: { "nodes.maintenanceWindow": "sun:03:30-sun:04:30" },
      problem: {
        key: "nodes.maintenanceWindow",
        value: "sun:03:30-sun:04:30",
        rule: "must not overlap backupWindow",
        allowed: "a span in which no snapshot is made",
        fix: "move one of the two",
      },
    },
    "a retention that CloudWatch does not offer": {
      change: { "nodes.logRetentionDays": 2 },
      problem: noChoice("nodes.logRetentionDays", 2, RETENTION_DAYS),
    },
    "nodes and serverless": {
      change: { serverless: {} },
      problem: { key: "nodes", value: happy.nodes, ...ONE_OF_TWO },
    },
    neither: {
      change: { nodes: undefined },
      problem: { key: "nodes", value: undefined, ...ONE_OF_TWO },
    },
  });
});
