import { databaseSettings } from "../../components/database/settings";
import type { Problem } from "../../components/support/problem";
import { type Change, itBounds, itRefuses, itTakes } from "./support";

const instance = { engineVersion: "17", instanceClass: "db.t4g.micro", multiAz: false };
const cluster = {
  engine: "aurora-postgresql",
  engineVersion: "17",
  instanceClass: "db.r8g.large",
};
const serverless = {
  engine: "aurora-postgresql",
  engineVersion: "17",
  serverless: { minAcu: 0.5, maxAcu: 4 },
};

const listOfReplicas = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`copy-${index}`, {}]));

/** A refused change whose value is what it sets the key to. */
const refused = (change: Change, problem: Omit<Problem, "value"> & { value?: unknown }) => ({
  change,
  problem: { value: change[problem.key], ...problem },
});

const noClassOfAurora = {
  rule: "is a class that Aurora does not have",
  allowed: "db.t4g.medium, db.t4g.large, db.t3.medium, db.t3.large, and the families r and x2g",
  fix: 'write it like "db.r8g.large", or take serverless',
};
const notForAurora = (what: string, fix: string) => ({
  rule: `is ${what}, which Aurora does not have`,
  allowed: "only with engine postgres or mysql",
  fix,
});
const storage = notForAurora(
  "a size of storage",
  "remove it: Aurora's storage grows and shrinks with the data",
);

describe("Database settings of an instance", () => {
  itTakes(databaseSettings, instance, {
    "replicas with a generated password": { password: "generated", replicas: { reports: {} } },
    "as many replicas as RDS": { password: "generated", replicas: listOfReplicas(15) },
    "a replica of another size, with a standby": {
      password: "generated",
      replicas: { reports: { instanceClass: "db.m7g.large", multiAz: true } },
    },
    "a proxy": { proxy: {} },
    "a proxy with a generated password": { proxy: {}, password: "generated" },
    "another rotation": { rotationDays: 30 },
  });
  itBounds(
    databaseSettings,
    { ...instance, proxy: {} },
    { "proxy.maxConnectionsPercent": [1, 100] },
  );
  itRefuses(databaseSettings, instance, {
    "replicas with a password that RDS manages": refused(
      { replicas: { reports: {} } },
      {
        key: "password",
        rule: "must be generated with replicas: RDS makes no replica of an instance whose password it manages",
        allowed: "generated",
        fix: "set password: generated, or remove replicas; Aurora has replicas with either",
      },
    ),
    "more replicas than RDS": refused(
      { password: "generated", replicas: listOfReplicas(16) },
      {
        key: "replicas",
        rule: "has more replicas than a database may have",
        allowed: "15 or fewer",
        fix: "remove some",
      },
    ),
    "the rotation of a generated password": refused(
      { password: "generated", rotationDays: 30 },
      {
        key: "rotationDays",
        rule: "needs a password that RDS manages: it is RDS that changes it in the database",
        allowed: "only with password: managed",
        fix: "remove it; docs/databases.md says how to change a generated password",
      },
    ),
    "a proxy beside replicas": refused(
      { password: "generated", proxy: {}, replicas: { reports: {} } },
      {
        key: "proxy",
        rule: "cannot stand beside replicas of an instance: RDS Proxy leads to the first instance alone",
        allowed: "one of proxy and replicas; with Aurora both",
        fix: "remove one of the two, or change the engine to Aurora",
      },
    ),
    "capacity that follows the load": refused(
      { instanceClass: undefined, serverless: { minAcu: 1, maxAcu: 2 } },
      {
        key: "serverless",
        rule: "is a capacity of Aurora; PostgreSQL and MySQL instances have a fixed size",
        allowed: "only with engine aurora-postgresql or aurora-mysql",
        fix: "set instanceClass in its place, or change the engine",
      },
    ),
  });
});

describe("Database settings of a cluster", () => {
  itTakes(databaseSettings, cluster, {
    "replicas with a password that RDS manages": { replicas: { reports: {} } },
    "replicas and a proxy": { replicas: { reports: {} }, proxy: {} },
    "another rotation": { rotationDays: 1 },
  });
  itRefuses(databaseSettings, cluster, {
    "a class of instances": refused(
      { instanceClass: "db.t4g.micro" },
      { key: "instanceClass", ...noClassOfAurora },
    ),
    "a general-purpose class": refused(
      { instanceClass: "db.m7g.large" },
      { key: "instanceClass", ...noClassOfAurora },
    ),
    "a replica with a class of instances": refused(
      { replicas: { reports: { instanceClass: "db.t4g.micro" } } },
      { key: "replicas", ...noClassOfAurora },
    ),
    "a standby": refused(
      { multiAz: true },
      {
        key: "multiAz",
        ...notForAurora("a standby", "add a replica: any takes over when the first instance fails"),
      },
    ),
    "a replica with a standby": refused(
      { replicas: { reports: { multiAz: true } } },
      {
        key: "replicas",
        rule: "has multiAz, but Aurora's replicas have no standby",
        allowed: "replicas without multiAz",
        fix: "remove multiAz; add another replica in its place",
      },
    ),
    "storage of a size": refused({ storageGiB: 20 }, { key: "storageGiB", ...storage }),
    "storage of a largest size": refused(
      { maxStorageGiB: 100 },
      { key: "maxStorageGiB", ...storage },
    ),
  });
});

describe("Database settings of a serverless cluster", () => {
  itTakes(databaseSettings, serverless, {
    "the least": { serverless: { minAcu: 0, maxAcu: 1 } },
    "the most": { serverless: { minAcu: 256, maxAcu: 256 } },
    "a pause after five minutes": { "serverless.minAcu": 0, "serverless.pauseAfterSeconds": 300 },
    "a pause after a day": { "serverless.minAcu": 0, "serverless.pauseAfterSeconds": 86400 },
    "a replica of a fixed size": { replicas: { reports: { instanceClass: "db.r8g.large" } } },
    "a proxy": { proxy: {} },
  });
  itRefuses(databaseSettings, serverless, {
    "a size beside it": refused(
      { instanceClass: "db.r8g.large" },
      {
        key: "instanceClass",
        rule: "cannot stand beside serverless, whose capacity follows the load",
        allowed: "one of instanceClass and serverless",
        fix: "remove one of the two",
      },
    ),
    "more at least than at most": refused(
      { serverless: { minAcu: 4, maxAcu: 2 } },
      {
        key: "serverless.maxAcu",
        value: 2,
        rule: "must not be below minAcu",
        allowed: "minAcu or more",
        fix: "raise it, or lower minAcu",
      },
    ),
    "a pause of what never rests": refused(
      { "serverless.pauseAfterSeconds": 600 },
      {
        key: "serverless.pauseAfterSeconds",
        value: 600,
        rule: "needs minAcu: 0, without which nothing pauses",
        allowed: "only with minAcu: 0",
        fix: "remove it, or set minAcu to 0",
      },
    ),
    "a proxy that would keep it awake": refused(
      { "serverless.minAcu": 0, proxy: {} },
      {
        key: "proxy",
        rule: "keeps connections open, so that a database with minAcu: 0 never pauses",
        allowed: "only with minAcu of 0.5 or more",
        fix: "raise serverless.minAcu, or remove proxy",
      },
    ),
    "no capacity at most": refused(
      { serverless: { minAcu: 0, maxAcu: 0.5 } },
      {
        key: "serverless.maxAcu",
        value: 0.5,
        rule: "is out of bounds",
        allowed: "a number from 1 to 256",
        fix: "set a number from 1 to 256",
      },
    ),
    "a pause after a moment": refused(
      { serverless: { minAcu: 0, maxAcu: 1, pauseAfterSeconds: 299 } },
      {
        key: "serverless.pauseAfterSeconds",
        value: 299,
        rule: "is out of bounds",
        allowed: "a whole number from 300 to 86400",
        fix: "set a whole number from 300 to 86400",
      },
    ),
    "a third of a unit": refused(
      { serverless: { minAcu: 1.3, maxAcu: 4 } },
      {
        key: "serverless.minAcu",
        value: 1.3,
        rule: "must be in steps of a half",
        allowed: "0, 0.5, 1, 1.5 and so on, to 256",
        fix: "round it to a half",
      },
    ),
  });
});
