import { ENGINES } from "../../components/database/engines";
import { isAwakeThrough } from "../../components/off-hours/clock";
import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import { dailySpan, weeklySpan } from "../../components/support/windows";
import type { SoundSections } from "../config";

const DAY = 24 * 60;
const WEEK = [0, 1, 2, 3, 4, 5, 6];
/** Minutes in which AWS Backup begins. */
const BEGINNING = 60;

type OffHours = Parameters<typeof isAwakeThrough>[0];

/**
 * RDS user guide, "Stopping a DB instance": what is stopped is neither backed up nor maintained, which come at night by default,
 * and what waits for maintenance is forgotten. AWS Backup, which takes snapshots, fails.
 */
export function windowProblems(base: string, sections: SoundSections): Problem[] {
  const { offHours, databases = {}, backups } = sections;
  const { timezone, awake, except } = offHours ?? {};
  if (timezone === undefined || awake === undefined) return [];
  const asleep = Object.entries(databases).filter(([name]) => !except?.databases.includes(name));
  return [
    ...asleep.flatMap(([name, settings]) =>
      databaseProblems(joinKey(base, ["databases", name]), settings, { timezone, awake }),
    ),
    ...(asleep.length > 0
      ? backupsProblems(joinKey(base, ["backups", "schedule"]), backups?.schedule, {
          timezone,
          awake,
        })
      : []),
  ];
}

type Given = NonNullable<SoundSections["databases"]>[string];

function databaseProblems(key: string, given: Given, offHours: OffHours): Problem[] {
  // Aurora backs up what changes, when it changes, and is maintained after its start.
  const { isCluster } = ENGINES[given.engine ?? "postgres"];
  return [
    ...(isCluster ? [] : instanceProblems(key, given, offHours)),
    ...(given.applyImmediately === false
      ? [
          {
            key: joinKey(key, ["applyImmediately"]),
            value: false,
            rule: "leaves changes for its maintenance, and RDS forgets them when it stops the database",
            allowed: "true",
            fix: "set it to true, or add the database to offHours.except.databases",
          },
        ]
      : []),
  ];
}

function instanceProblems(
  key: string,
  { backupWindow, maintenanceWindow }: Given,
  offHours: OffHours,
): Problem[] {
  const daily = dailySpan(backupWindow ?? "");
  const weekly = weeklySpan(maintenanceWindow ?? "");
  const isBackedUp =
    daily === undefined ||
    WEEK.some((day) =>
      isAwakeThrough(offHours, { start: daily.start + day * DAY, end: daily.end + day * DAY }),
    );
  const isMaintained = weekly === undefined || isAwakeThrough(offHours, weekly);
  return [
    ...(isBackedUp
      ? []
      : [asleepAt(joinKey(key, ["backupWindow"]), backupWindow, "RDS would never make a backup")]),
    ...(isMaintained
      ? []
      : [
          asleepAt(
            joinKey(key, ["maintenanceWindow"]),
            maintenanceWindow,
            "RDS would never maintain it",
          ),
        ]),
  ];
}

function asleepAt(key: string, value: string | undefined, consequence: string): Problem {
  return {
    key,
    value,
    rule: `is not within the hours in which it is awake, so ${consequence}`,
    allowed: "a span in UTC within offHours.awake, in winter and in summer",
    fix: "move it, or add the database to offHours.except.databases",
  };
}

function backupsProblems(key: string, schedule: string | undefined, offHours: OffHours): Problem[] {
  const starts = schedule === undefined ? [] : startsOf(schedule);
  return starts.every((start) => isAwakeThrough(offHours, { start, end: start + BEGINNING }))
    ? []
    : [
        {
          key,
          value: schedule,
          rule: "comes while databases sleep, so their backups would fail",
          allowed: "days and a time in UTC, with the hour that follows, within offHours.awake",
          fix: "move it, raise backups.alertAfterHours over the days without a backup, or add the databases to offHours.except.databases",
        },
      ];
}

/** When backups begin, in minutes since Monday 00:00 UTC; nothing where the expression says it in a way of its own. */
function startsOf(schedule: string): number[] {
  const [, minute, hour, weekday = ""] = /^cron\((\d+) (\d+) \S+ \S+ (\S+) /.exec(schedule) ?? [];
  if (minute === undefined || hour === undefined) return [];
  // A day of the month may be any of the week.
  const isAny = /^[*?]$/.test(weekday);
  return WEEK.filter((day) => isAny || isIn(weekday, (day + 1) % WEEK.length)).map(
    (day) => day * DAY + Number(hour) * 60 + Number(minute),
  );
}

/** As cron expressions of AWS number them from 1 on. */
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** Whether a list of weekdays and spans of them ("MON-WED,FRI", "2-6") has one; 0 is Sunday. */
function isIn(list: string, wanted: number): boolean {
  return list.split(",").some((part) => {
    const [first = NaN, last = first] = part
      .split("-")
      .map((day) => (WEEKDAYS.includes(day) ? WEEKDAYS.indexOf(day) : Number(day) - 1));
    return wanted >= first && wanted <= last;
  });
}
