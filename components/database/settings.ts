import { z } from "zod";
import { logRetentionDays, reason, rule, ruleAcross } from "../support/rules";
import { isDailyWindow, isWeeklyWindow, windowsOverlap } from "./windows";

/** Majors that RDS supports at the standard price ("Release calendars for Amazon RDS for PostgreSQL", November 2026). */
const POSTGRES_MAJORS = ["14", "15", "16", "17", "18"];

/** Names that RDS for PostgreSQL keeps for itself, and those that every attacker tries first. */
const RESERVED_USERS = ["admin", "administrator", "postgres", "rdsadmin", "root", "rds_superuser"];

const identifier = z.string();

const engineVersion = rule(
  z.string(),
  (version) =>
    /^\d+(\.\d+)?$/.test(version) && POSTGRES_MAJORS.includes(version.split(".")[0] ?? ""),
  {
    rule: "must be a PostgreSQL version that RDS offers",
    allowed: `${POSTGRES_MAJORS.join(", ")}, alone or with a minor version`,
    fix: 'give the major version in quotes, like "17": minor versions are installed in the maintenance window',
  },
);

const window = (isWindow: (value: string) => boolean, allowed: string, example: string) =>
  rule(z.string(), isWindow, {
    rule: "must be a time span in UTC",
    allowed: `${allowed}, like ${example}`,
    fix: `write it like "${example}"`,
  });

const parameters = rule(z.record(z.string(), z.string()), (given) => !("rds.force_ssl" in given), {
  rule: "must not touch rds.force_ssl, which forces TLS",
  allowed: "any other parameter of the engine",
  fix: "remove rds.force_ssl; clients need the RDS certificate bundle, or sslmode=require",
});

const settings = ruleAcross(
  z.strictObject({
    engine: z.enum(["postgres"]).default("postgres").describe("Database engine."),
    engineVersion: engineVersion.describe(
      'Version, best as major alone ("17"): minor versions then install by themselves.',
    ),
    instanceClass: rule(z.string(), (value) => /^db\.[a-z0-9]+\.[a-z0-9]+$/.test(value), {
      rule: "must be an RDS instance class",
      allowed: "db.FAMILY.SIZE",
      fix: 'write it like "db.t4g.micro"',
    }).describe(
      "Size. db.t4g.micro is about 11.70 USD a month, db.m7g.large about 123, twice that with multiAz.",
    ),
    multiAz: z
      .boolean()
      .describe(
        "Whether a standby in another zone takes over when the first fails, at twice the price.",
      ),
    storageGiB: z
      .int()
      .min(20)
      .max(65536)
      .default(20)
      .describe("Storage to begin with, in GiB of gp3 (0.115 USD a month each). Cannot shrink."),
    maxStorageGiB: z
      .int()
      .min(22)
      .max(65536)
      .default(100)
      .describe("Storage that it may grow to by itself; bounds the bill."),
    databaseName: rule(identifier, (name) => /^[a-z][a-z0-9_]{0,62}$/.test(name), {
      rule: "must be a database name",
      allowed: "lower-case letters, digits and underscores, starting with a letter, at most 63",
      fix: "rename it",
    })
      .default("app")
      .describe("Database created in it."),
    username: rule(
      identifier,
      (name) => /^[a-z][a-z0-9_]{0,62}$/.test(name) && !RESERVED_USERS.includes(name),
      {
        rule: "must be a user name that can be had",
        allowed: `lower-case letters, digits and underscores, starting with a letter, not ${RESERVED_USERS.join(", ")}`,
        fix: "rename it",
      },
    )
      .default("platform")
      .describe(
        "Its first user. RDS makes up the password, keeps it in Secrets Manager and rotates it.",
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
        7, 31, 62, 93, 124, 155, 186, 217, 248, 279, 310, 341, 372, 403, 434, 465, 496, 527, 558,
        589, 620, 651, 682, 713, 731,
      ])
      .default(7)
      .describe("Days that query statistics are kept. 7 are free."),
    logRetentionDays: logRetentionDays.default(30).describe("Days that its logs are kept."),
    parameters: parameters
      .default({})
      .describe(
        'Parameters of the engine, e.g. log_min_duration_statement: "500". They count from its next restart.',
      ),
    noFinalSnapshotBecause: reason
      .optional()
      .describe("Deletes it without a last snapshot, and says why."),
  }),
  ["maxStorageGiB"],
  ({ storageGiB = 20, maxStorageGiB = 100 }) => !(maxStorageGiB * 10 < storageGiB * 11),
  {
    rule: "must be at least 10 % above storageGiB",
    allowed: "1.1 times storageGiB or more",
    fix: "raise it, or lower storageGiB",
  },
);

export const databaseSettings = ruleAcross(
  settings,
  ["maintenanceWindow"],
  ({ backupWindow = "", maintenanceWindow = "" }) =>
    !windowsOverlap(String(backupWindow), String(maintenanceWindow)),
  {
    rule: "must not overlap backupWindow",
    allowed: "a span in which no backup is made",
    fix: "move one of the two",
  },
);

export type DatabaseSettings = z.input<typeof databaseSettings>;
