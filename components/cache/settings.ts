import { z } from "zod";
import { isDailyWindow, isWeeklyWindow, windowsOverlap } from "../support/windows";
import { logRetentionDays, rule, ruleAcross } from "../support/rules";

/** Versions of Valkey that ElastiCache offers ("Supported engines and versions", November 2026). */
const VALKEY_VERSIONS = ["7.2", "8.0", "8.1", "8.2"];

/** ElastiCache asks for an hour where RDS is content with half of one. */
const LEAST_MINUTES = 60;

const window = (isWindow: (value: string) => boolean, allowed: string, example: string) =>
  rule(z.string(), isWindow, {
    rule: "must be a time span in UTC",
    allowed: `${allowed}, like ${example}`,
    fix: `write it like "${example}"`,
  });

const nodes = ruleAcross(
  z.strictObject({
    type: rule(z.string(), (value) => /^cache\.[a-z0-9]+\.[a-z0-9]+$/.test(value), {
      rule: "must be an ElastiCache node type",
      allowed: "cache.FAMILY.SIZE",
      fix: 'write it like "cache.t4g.micro"',
    }).describe(
      "Size. cache.t4g.micro is about 9.30 USD a month, cache.m7g.large about 92, each node.",
    ),
    replicas: z
      .int()
      .min(0)
      .max(5)
      .default(0)
      .describe(
        "Copies in other zones: one of them takes over when the first node fails. Each costs as much as the first.",
      ),
    parameters: z
      .record(z.string(), z.string())
      .default({})
      .describe("Parameters of Valkey, e.g. maxmemory-policy: allkeys-lru."),
    backupWindow: window(
      (value) => isDailyWindow(value, LEAST_MINUTES),
      "HH:MM-HH:MM, an hour or longer",
      "03:00-04:00",
    )
      .default("03:00-04:00")
      .describe("Daily span for the snapshot, in UTC."),
    maintenanceWindow: window(
      (value) => isWeeklyWindow(value, LEAST_MINUTES),
      "DAY:HH:MM-DAY:HH:MM, an hour to a day",
      "sun:04:30-sun:05:30",
    )
      .default("sun:04:30-sun:05:30")
      .describe("Weekly span for maintenance, in UTC. Must not overlap the snapshot."),
    applyImmediately: z
      .boolean()
      .default(false)
      .describe(
        "Whether changes that interrupt it are made at once instead of in the maintenance window.",
      ),
    logRetentionDays: logRetentionDays
      .default(30)
      .describe("Days that its engine log and its log of slow commands are kept."),
  }),
  ["maintenanceWindow"],
  ({ backupWindow = "", maintenanceWindow = "" }) =>
    !windowsOverlap(String(backupWindow), String(maintenanceWindow)),
  {
    rule: "must not overlap backupWindow",
    allowed: "a span in which no snapshot is made",
    fix: "move one of the two",
  },
);

const serverless = z.strictObject({
  maxStorageGiB: z
    .int()
    .min(1)
    .max(5000)
    .default(1)
    .describe("Data that it holds at most; then the least used goes. 0.084 USD per GB and hour."),
  maxEcpuPerSecond: z
    .int()
    .min(1000)
    .max(15000000)
    .default(1000)
    .describe(
      "Work that it does at most; beyond it, commands are refused. 0.0023 USD per million.",
    ),
});

export const cacheSettings = ruleAcross(
  z.strictObject({
    engineVersion: rule(z.string(), (version) => VALKEY_VERSIONS.includes(version), {
      rule: "must be a version of Valkey that ElastiCache offers",
      allowed: VALKEY_VERSIONS.join(", "),
      fix: 'give one of them in quotes, like "8.1"',
    }).describe("Version of Valkey. Of a serverless cache the major alone counts."),
    nodes: nodes.optional().describe("Nodes of a fixed size. Give either this or serverless."),
    serverless: serverless
      .optional()
      .describe(
        "Follows the load by itself, from about 6.13 USD a month. {} is enough. Clients must speak the cluster protocol.",
      ),
    backupRetentionDays: z
      .int()
      .min(0)
      .max(35)
      .default(1)
      .describe("Days that daily snapshots are kept, for 0.085 USD a month per GB; 0 makes none."),
  }),
  ["nodes"],
  ({ nodes: fixed, serverless: flexible }) => (fixed === undefined) !== (flexible === undefined),
  {
    rule: "contradicts serverless: a cache is exactly one of the two",
    allowed: "nodes without serverless, or serverless without nodes",
    fix: "remove one of them, or add one",
  },
);

export type CacheSettings = z.input<typeof cacheSettings>;
/** As checked, with the defaults filled in. */
export type CheckedCacheSettings = z.output<typeof cacheSettings>;
export type CheckedNodes = NonNullable<CheckedCacheSettings["nodes"]>;
