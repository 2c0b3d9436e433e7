import { backupsSettings } from "../../components/backups/settings";
import { itBounds, itRefuses, itTakes } from "./support";

const NOT_BY_THE_CLOCK = {
  rule: "must be a time of the clock",
  allowed: "cron(MINUTE HOUR DAY MONTH WEEKDAY YEAR) with ? for day or weekday, in UTC",
  fix: 'write it like "cron(0 6 * * ? *)"',
};
const NO_REGION = {
  rule: "must be an AWS region",
  allowed: "a region's code",
  fix: 'write it like "us-west-2"',
};
const OUTSIDE_LOCK = {
  allowed: "lock.minDays to lock.maxDays",
  fix: "change it, or the bounds of the lock",
};

describe("backups settings", () => {
  itTakes(
    backupsSettings,
    {},
    {
      "nothing, for the defaults": {},
      "cold storage that has its 90 days": { coldStorageAfterDays: 30, retentionDays: 120 },
      "a lock without bounds of its own": { lock: {} },
      "a lock for exactly as long as backups are kept": {
        retentionDays: 35,
        lock: { minDays: 35, maxDays: 35 },
      },
      "copies in another region": { copyTo: { region: "us-west-2" } },
      "a restore test": { restoreTest: {} },
      "a resource of somebody else's": {
        otherResources: ["arn:aws-us-gov:ec2:us-gov-west-1:123456789012:volume/vol-1"],
      },
    },
  );

  itBounds(backupsSettings, { alertAfterHours: 30 }, { alertAfterHours: [2, 168] });
  itBounds(backupsSettings, {}, { retentionDays: [1, 36500] });
  itBounds(
    backupsSettings,
    { copyTo: { region: "us-west-2" } },
    {
      "copyTo.retentionDays": [1, 36500],
    },
  );
  itBounds(backupsSettings, { restoreTest: {} }, { "restoreTest.keepHours": [1, 168] });
  itBounds(backupsSettings, { lock: {} }, { "lock.changeableForDays": [3, 36500] });

  itRefuses(
    backupsSettings,
    {},
    {
      "a rate, which AWS Backup does not know": {
        change: { schedule: "rate(1 day)" },
        problem: { key: "schedule", value: "rate(1 day)", ...NOT_BY_THE_CLOCK },
      },
      "a restore test at no time": {
        change: { restoreTest: { schedule: "at(2026-01-01T00:00:00)" } },
        problem: {
          key: "restoreTest.schedule",
          value: "at(2026-01-01T00:00:00)",
          ...NOT_BY_THE_CLOCK,
        },
      },
      "copies nowhere": {
        change: { copyTo: { region: "Oregon" } },
        problem: { key: "copyTo.region", value: "Oregon", ...NO_REGION },
      },
      "something by its name": {
        change: { otherResources: ["my-volume"] },
        problem: {
          key: "otherResources[0]",
          value: "my-volume",
          rule: "must be an ARN",
          allowed: "arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE",
          fix: "look it up in the console of the service",
        },
      },
      "a lock from more days to fewer": {
        change: { lock: { minDays: 30, maxDays: 29 }, retentionDays: 30 },
        problem: {
          key: "lock.maxDays",
          value: 29,
          rule: "is below minDays",
          allowed: "minDays or more",
          fix: "raise it, or lower minDays",
        },
      },
      "cold storage for less than 90 days": {
        change: { coldStorageAfterDays: 30, retentionDays: 119 },
        problem: {
          key: "retentionDays",
          value: 119,
          rule: "ends before cold storage may",
          allowed: "coldStorageAfterDays + 90 or more",
          fix: "raise it, or remove coldStorageAfterDays",
        },
      },
      "backups that the lock does not let in": {
        change: { retentionDays: 6, lock: {} },
        problem: {
          key: "retentionDays",
          value: 6,
          rule: "is not what the lock lets in, so every backup would fail",
          ...OUTSIDE_LOCK,
        },
      },
      "copies that the lock does not let in": {
        change: { copyTo: { region: "us-west-2", retentionDays: 400 }, lock: {} },
        problem: {
          key: "copyTo.retentionDays",
          value: 400,
          rule: "is not what the lock lets in, so every copy would fail",
          ...OUTSIDE_LOCK,
        },
      },
    },
  );
});
