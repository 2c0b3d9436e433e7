import { z } from "zod";
import { logRetentionDays, nameKey, reason, rule, ruleAcross } from "../support/rules";
import { isDailyWindow, isWeeklyWindow, windowsOverlap } from "../support/windows";
import { combinationRules } from "./combination-rules";
import { engineRules } from "./engine-rules";
import { ENGINE_NAMES } from "./engines";
import { instanceClass, replica, serverless } from "./sizes";

/** GiB of an instance's storage where the settings do not say. */
export const DEFAULT_STORAGE = { least: 20, most: 100 };

const window = (isWindow: (value: string) => boolean, allowed: string, example: string) =>
  rule(z.string(), isWindow, {
    rule: "must be a time span in UTC",
    allowed: `${allowed}, like ${example}`,
    fix: `write it like "${example}"`,
  });

const proxy = z.strictObject({
  maxConnectionsPercent: z
    .int()
    .min(1)
    .max(100)
    .default(100)
    .describe("Share of the database's connections that the proxy may hold."),
});

const settings = z.strictObject({
  engine: z
    .enum(ENGINE_NAMES)
    .default("postgres")
    .describe("Database engine. The two of Aurora are clusters, the others single instances."),
  engineVersion: z
    .string()
    .meta({ allowed: "a version of the engine" })
    .describe('Version, best as major alone ("17"): minor versions then install by themselves.'),
  instanceClass: instanceClass
    .optional()
    .describe(
      "Size; required without `serverless`. db.t4g.micro is about 11.70 USD a month, db.m7g.large about 123, twice that with multiAz.",
    ),
  serverless: serverless
    .optional()
    .describe("Aurora: capacity that follows the load, in place of instanceClass."),
  multiAz: z
    .boolean()
    .optional()
    .describe(
      "Whether a standby in another zone takes over when the first fails, at twice the price. Required but for Aurora, where any replica takes over.",
    ),
  replicas: rule(z.record(nameKey, replica), (given) => Object.keys(given).length <= 15, {
    rule: "has more replicas than a database may have",
    allowed: "15 or fewer",
    fix: "remove some",
  })
    .default({})
    .describe(
      "Copies for reading, by a name of your choice; each costs as much as the database. Aurora gives all of them one address.",
    ),
  proxy: proxy
    .optional()
    .describe(
      "RDS Proxy between services and database, which keeps connections over a failover: 0.015 USD an hour for each vCPU, for two at least (22 a month); for each ACU, for eight at least (88).",
    ),
  storageGiB: z
    .int()
    .min(20)
    .max(65536)
    .optional()
    .describe(
      "Storage to begin with, in GiB of gp3 (0.115 USD a month each). Default 20. Cannot shrink. Aurora has no such limit.",
    ),
  maxStorageGiB: z
    .int()
    .min(22)
    .max(65536)
    .optional()
    .describe("Storage that it may grow to by itself; bounds the bill. Default 100."),
  databaseName: rule(z.string(), (name) => /^[a-z][a-z0-9_]{0,62}$/.test(name), {
    rule: "must be a database name",
    allowed: "lower-case letters, digits and underscores, starting with a letter, at most 63",
    fix: "rename it",
  })
    .default("app")
    .describe("Database created in it."),
  username: z.string().default("platform").describe("Its first user."),
  password: z
    .enum(["managed", "generated"])
    .default("managed")
    .describe(
      "managed: RDS makes it up, keeps it in Secrets Manager and rotates it; nobody else sees it. generated: Pulumi makes it up, keeps it encrypted in its state and in Secrets Manager, and never changes it.",
    ),
  rotationDays: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe("Days after which RDS makes up another password. Default 7, which is RDS's own."),
  snapshotIdentifier: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Snapshot that it begins with, by name or ARN; counts only when it is created. databaseName and username must be those of the snapshot.",
    ),
  backupRetentionDays: z
    .int()
    .min(1)
    .max(35)
    .default(7)
    .describe("Days that can be restored to any second."),
  backupWindow: window(isDailyWindow, "HH:MM-HH:MM, 30 minutes or longer", "03:00-04:00")
    .default("03:00-04:00")
    .describe("Daily span for the backup, in UTC."),
  maintenanceWindow: window(
    isWeeklyWindow,
    "DAY:HH:MM-DAY:HH:MM, 30 minutes to a day",
    "sun:04:30-sun:05:30",
  )
    .default("sun:04:30-sun:05:30")
    .describe("Weekly span for maintenance, in UTC. Must not overlap the backup."),
  applyImmediately: z
    .boolean()
    .default(false)
    .describe(
      "Whether changes that interrupt it are made at once instead of in the maintenance window.",
    ),
  monitoringIntervalSeconds: z
    .literal([0, 1, 5, 10, 15, 30, 60])
    .default(60)
    .describe("Seconds between two readings of its operating system; 0 turns them off."),
  performanceInsightsRetentionDays: z
    .literal([
      7, 31, 62, 93, 124, 155, 186, 217, 248, 279, 310, 341, 372, 403, 434, 465, 496, 527, 558, 589,
      620, 651, 682, 713, 731,
    ])
    .default(7)
    .describe(
      "Days that query statistics are kept. 7 are free. MySQL on micro and small classes has none.",
    ),
  logRetentionDays: logRetentionDays.default(30).describe("Days that its logs are kept."),
  parameters: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'Parameters of the engine, e.g. log_min_duration_statement: "500". They count from its next restart.',
    ),
  noFinalSnapshotBecause: reason
    .optional()
    .describe("Deletes it without a last snapshot, and says why."),
});

/** Settings as far as they are there; what a rule across them reads may still be wrong by itself. */
export type GivenSettings = Partial<z.output<typeof settings>>;

/** A rule between several settings: what `ruleAcross` takes. */
export interface SettingsRule {
  readonly at: readonly string[];
  readonly holds: (given: GivenSettings) => boolean;
  readonly rule: string;
  readonly allowed: string;
  readonly fix: string;
}

const spanRules: readonly SettingsRule[] = [
  {
    at: ["maxStorageGiB"],
    holds: ({ storageGiB = DEFAULT_STORAGE.least, maxStorageGiB = DEFAULT_STORAGE.most }) =>
      !(maxStorageGiB * 10 < storageGiB * 11),
    rule: "must be at least 10 % above storageGiB",
    allowed: "1.1 times storageGiB or more",
    fix: "raise it, or lower storageGiB",
  },
  {
    at: ["maintenanceWindow"],
    holds: ({ backupWindow = "", maintenanceWindow = "" }) =>
      !windowsOverlap(String(backupWindow), String(maintenanceWindow)),
    rule: "must not overlap backupWindow",
    allowed: "a span in which no backup is made",
    fix: "move one of the two",
  },
];

export const databaseSettings = [...engineRules, ...combinationRules, ...spanRules].reduce(
  (schema, { at, holds, ...problem }) => ruleAcross(schema, at, holds, problem),
  settings,
);

export type DatabaseSettings = z.input<typeof databaseSettings>;

/** The settings with their defaults. */
export type CheckedSettings = z.output<typeof databaseSettings>;
