import { ENGINES, type Engine } from "./engines";
import type { GivenSettings, SettingsRule } from "./settings";

/** What may stand together: instances have other keys than Aurora's clusters, and RDS does not take every pair. */
export const combinationRules: readonly SettingsRule[] = [
  {
    at: ["serverless"],
    holds: ({ engine, serverless }) => serverless === undefined || kindOf(engine) !== "instance",
    rule: "is a capacity of Aurora; PostgreSQL and MySQL instances have a fixed size",
    allowed: "only with engine aurora-postgresql or aurora-mysql",
    fix: "set instanceClass in its place, or change the engine",
  },
  {
    at: ["instanceClass"],
    holds: ({ instanceClass, serverless }) =>
      instanceClass !== undefined || serverless !== undefined,
    rule: "is required without serverless",
    allowed: "db.FAMILY.SIZE",
    fix: 'add the key instanceClass, like "db.t4g.micro"',
  },
  {
    at: ["instanceClass"],
    holds: ({ instanceClass, serverless }) =>
      instanceClass === undefined || serverless === undefined,
    rule: "cannot stand beside serverless, whose capacity follows the load",
    allowed: "one of instanceClass and serverless",
    fix: "remove one of the two",
  },
  {
    at: ["instanceClass"],
    holds: ({ engine, instanceClass }) =>
      kindOf(engine) !== "cluster" || isClassOfAurora(instanceClass),
    ...classOfAurora(),
  },
  {
    at: ["replicas"],
    holds: ({ engine, replicas }) =>
      kindOf(engine) !== "cluster" ||
      membersOf(replicas).every(({ instanceClass }) => isClassOfAurora(instanceClass)),
    ...classOfAurora(),
  },
  {
    at: ["multiAz"],
    holds: ({ engine, multiAz }) => kindOf(engine) !== "instance" || multiAz !== undefined,
    rule: "must be true or false",
    allowed: "true or false",
    fix: "add the key multiAz",
  },
  {
    at: ["multiAz"],
    holds: ({ engine, multiAz }) => kindOf(engine) !== "cluster" || multiAz === undefined,
    ...notForAurora("a standby", "add a replica: any takes over when the first instance fails"),
  },
  {
    at: ["replicas"],
    holds: ({ engine, replicas }) =>
      kindOf(engine) !== "cluster" ||
      membersOf(replicas).every(({ multiAz }) => multiAz === undefined),
    rule: "has multiAz, but Aurora's replicas have no standby",
    allowed: "replicas without multiAz",
    fix: "remove multiAz; add another replica in its place",
  },
  ...(["storageGiB", "maxStorageGiB"] as const).map((key) => ({
    at: [key],
    holds: (given: GivenSettings) => kindOf(given.engine) !== "cluster" || given[key] === undefined,
    ...notForAurora(
      "a size of storage",
      "remove it: Aurora's storage grows and shrinks with the data",
    ),
  })),
  {
    at: ["serverless", "maxAcu"],
    holds: ({ serverless }) => !(Number(serverless?.maxAcu) < Number(serverless?.minAcu)),
    rule: "must not be below minAcu",
    allowed: "minAcu or more",
    fix: "raise it, or lower minAcu",
  },
  {
    at: ["serverless", "pauseAfterSeconds"],
    holds: ({ serverless }) =>
      serverless?.pauseAfterSeconds === undefined || serverless.minAcu === 0,
    rule: "needs minAcu: 0, without which nothing pauses",
    allowed: "only with minAcu: 0",
    fix: "remove it, or set minAcu to 0",
  },
  {
    // "Limitations for Secrets Manager integration with Amazon RDS": all engines but SQL Server. Aurora is free of it.
    at: ["password"],
    holds: ({ engine, password = "managed", replicas }) =>
      kindOf(engine) !== "instance" || membersOf(replicas).length === 0 || password !== "managed",
    rule: "must be generated with replicas: RDS makes no replica of an instance whose password it manages",
    allowed: "generated",
    fix: "set password: generated, or remove replicas; Aurora has replicas with either",
  },
  {
    at: ["rotationDays"],
    holds: ({ password, rotationDays }) => rotationDays === undefined || password !== "generated",
    rule: "needs a password that RDS manages: it is RDS that changes it in the database",
    allowed: "only with password: managed",
    fix: "remove it; docs/databases.md says how to change a generated password",
  },
  {
    at: ["proxy"],
    holds: ({ engine, proxy, replicas }) =>
      kindOf(engine) !== "instance" || proxy === undefined || membersOf(replicas).length === 0,
    rule: "cannot stand beside replicas of an instance: RDS Proxy leads to the first instance alone",
    allowed: "one of proxy and replicas; with Aurora both",
    fix: "remove one of the two, or change the engine to Aurora",
  },
  {
    at: ["proxy"],
    holds: ({ proxy, serverless }) => proxy === undefined || serverless?.minAcu !== 0,
    rule: "keeps connections open, so that a database with minAcu: 0 never pauses",
    allowed: "only with minAcu of 0.5 or more",
    fix: "raise serverless.minAcu, or remove proxy",
  },
];

function kindOf(engine: Engine = "postgres"): "instance" | "cluster" | undefined {
  if (!Object.hasOwn(ENGINES, engine)) return undefined;
  return ENGINES[engine].isCluster ? "cluster" : "instance";
}

/** The replicas, whatever was given in their place. */
function membersOf(
  replicas: GivenSettings["replicas"],
): Partial<NonNullable<GivenSettings["replicas"]>[string]>[] {
  return Object.values(Object(replicas) as object).map((member) => Object(member) as object);
}

/** "Supported DB engines for DB instance classes" of Aurora: memory-optimized ones, and two that burst. */
function isClassOfAurora(instanceClass: unknown): boolean {
  return (
    typeof instanceClass !== "string" ||
    /^db\.(r\d\w*\.\w+|x2g\w*\.\w+|t3\.(medium|large)|t4g\.(medium|large))$/.test(instanceClass)
  );
}

function classOfAurora() {
  return {
    rule: "is a class that Aurora does not have",
    allowed: "db.t4g.medium, db.t4g.large, db.t3.medium, db.t3.large, and the families r and x2g",
    fix: 'write it like "db.r8g.large", or take serverless',
  };
}

function notForAurora(what: string, fix: string) {
  return {
    rule: `is ${what}, which Aurora does not have`,
    allowed: "only with engine postgres or mysql",
    fix,
  };
}
