import { z } from "zod";
import { rule, ruleAcross } from "../support/rules";
import { scheduleExpression } from "../support/schedule-expression";

/** AWS Backup keeps what it has moved to cold storage at least so long. */
const LEAST_COLD_DAYS = 90;

const days = z.int().min(1).max(36500);

/** AWS Backup starts by the clock alone, in UTC. */
const schedule = rule(scheduleExpression, (text) => text.startsWith("cron("), {
  rule: "must be a time of the clock",
  allowed: "cron(MINUTE HOUR DAY MONTH WEEKDAY YEAR) with ? for day or weekday, in UTC",
  fix: 'write it like "cron(0 6 * * ? *)"',
});

const region = rule(z.string(), (value) => /^[a-z]{2}(-[a-z]+)+-\d$/.test(value), {
  rule: "must be an AWS region",
  allowed: "a region's code",
  fix: 'write it like "us-west-2"',
});

const arn = rule(z.string(), (value) => /^arn:aws[a-z-]*:[a-z0-9-]+:[^\s]+$/.test(value), {
  rule: "must be an ARN",
  allowed: "arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE",
  fix: "look it up in the console of the service",
});

const lock = ruleAcross(
  z.strictObject({
    minDays: days.default(7).describe("Days that every backup is kept at least."),
    maxDays: days.default(366).describe("Days that every backup is kept at most."),
    changeableForDays: z
      .int()
      .min(3)
      .max(36500)
      .optional()
      .describe(
        "Days after which nobody can ever take the lock off again, not even AWS, nor delete a vault with backups in it (compliance mode). Without it, whoever may change locks can (governance mode).",
      ),
  }),
  ["maxDays"],
  ({ minDays = 7, maxDays = 366 }) => !(maxDays < minDays),
  {
    rule: "is below minDays",
    allowed: "minDays or more",
    fix: "raise it, or lower minDays",
  },
);

const copyTo = z.strictObject({
  region: region.describe("Where the copies lie."),
  retentionDays: days.default(35).describe("Days that a copy is kept."),
});

const restoreTest = z.strictObject({
  schedule: schedule
    .default("cron(0 9 ? * SUN *)")
    .describe("When the latest backup of each resource is restored, in UTC."),
  keepHours: z
    .int()
    .min(1)
    .max(168)
    .default(4)
    .describe("Hours that what was restored stands for somebody to look at, and costs."),
});

const settings = z.strictObject({
  retentionDays: days.default(35).describe("Days that a backup is kept."),
  schedule: schedule
    .default("cron(0 6 * * ? *)")
    .describe(
      "When backups are made, in UTC. Not while a database other than Aurora makes its own backup or is maintained, nor in the hour before.",
    ),
  alertAfterHours: z
    .int()
    .min(2)
    .max(168)
    .default(30)
    .describe(
      "Hours without a finished backup after which an alarm is raised; more than from one backup to the next.",
    ),
  coldStorageAfterDays: days
    .optional()
    .describe(
      "Days after which backups of file systems and tables move to cold storage: 0.01 instead of 0.05 USD a month per GB of files, 0.03 instead of 0.10 of tables, 90 days at least. Databases and buckets know none.",
    ),
  lock: lock
    .optional()
    .describe(
      "Keeps backups from being deleted before their time. {} is enough. Without it: no lock.",
    ),
  copyTo: copyTo
    .optional()
    .describe(
      "Another region that each backup is copied to, from 0.02 USD per GB. Without it: none.",
    ),
  restoreTest: restoreTest
    .optional()
    .describe(
      "Restores a backup of each kind regularly, beside the original, and deletes it again. {} is enough. Without it: nobody knows.",
    ),
  otherResources: z
    .array(arn)
    .max(500)
    .default([])
    .describe("What else is backed up beside the stack's own, by ARN."),
});

const rules = [
  {
    at: ["retentionDays"],
    holds: ({ retentionDays = 35, coldStorageAfterDays }: Given) =>
      coldStorageAfterDays === undefined ||
      !(retentionDays < coldStorageAfterDays + LEAST_COLD_DAYS),
    rule: "ends before cold storage may",
    allowed: `coldStorageAfterDays + ${LEAST_COLD_DAYS} or more`,
    fix: "raise it, or remove coldStorageAfterDays",
  },
  {
    at: ["retentionDays"],
    holds: ({ retentionDays = 35, lock: given }: Given) => isWithin(given, retentionDays),
    rule: "is not what the lock lets in, so every backup would fail",
    allowed: "lock.minDays to lock.maxDays",
    fix: "change it, or the bounds of the lock",
  },
  {
    at: ["copyTo", "retentionDays"],
    holds: ({ copyTo: given, lock: bounds }: Given) =>
      given === undefined || isWithin(bounds, given.retentionDays),
    rule: "is not what the lock lets in, so every copy would fail",
    allowed: "lock.minDays to lock.maxDays",
    fix: "change it, or the bounds of the lock",
  },
] as const;

type Given = Partial<z.output<typeof settings>>;

function isWithin(bounds: Given["lock"], kept: number | undefined): boolean {
  if (bounds === undefined || kept === undefined) return true;
  // What lies between is not the problem then.
  if (bounds.maxDays < bounds.minDays) return true;
  return !(kept < bounds.minDays) && !(kept > bounds.maxDays);
}

export const backupsSettings = rules.reduce(
  (schema, { at, holds, ...problem }) => ruleAcross(schema, at, holds, problem),
  settings,
);

export type BackupsSettings = z.input<typeof backupsSettings>;
/** As checked, with the defaults filled in. */
export type CheckedBackupsSettings = z.output<typeof backupsSettings>;
