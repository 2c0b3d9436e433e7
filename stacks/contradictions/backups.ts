import { ENGINES } from "../../components/database/engines";
import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import { windowsOverlap } from "../../components/support/windows";
import { isBackedUp } from "../backups";
import type { SoundSections } from "../config";
import type { AwsSettings } from "../provider";

type Backups = NonNullable<SoundSections["backups"]>;

/** What backups need of the rest of the file. */
export function backupProblems(
  base: string,
  aws: AwsSettings | undefined,
  sections: SoundSections,
): Problem[] {
  const { backups } = sections;
  if (backups === undefined) return [];
  return [
    ...nothingToBackUp(base, sections, backups),
    ...copiesBesideOriginals(base, aws, backups),
    ...lockForEver(base, sections, backups),
    ...collisions(base, sections, backups),
  ];
}

function nothingToBackUp(
  base: string,
  { databases = {}, tables = {}, buckets = {}, fileSystems = {} }: SoundSections,
  { otherResources = [] }: Backups,
): Problem[] {
  const keeps =
    Object.keys(databases).length > 0 ||
    [tables, buckets, fileSystems].some((section) => Object.values(section).some(isBackedUp));
  if (keeps || otherResources.length > 0) return [];
  return [
    {
      key: joinKey(base, ["backups"]),
      value: undefined,
      rule: "have nothing to back up",
      allowed:
        "a database, table, bucket or file system that does not say why it keeps nothing, or otherResources",
      fix: "remove the section, or the reason",
    },
  ];
}

function copiesBesideOriginals(
  base: string,
  aws: AwsSettings | undefined,
  { copyTo }: Backups,
): Problem[] {
  if (copyTo === undefined || copyTo.region !== aws?.region) return [];
  return [
    {
      key: joinKey(base, ["backups", "copyTo", "region"]),
      value: copyTo.region,
      rule: "is the region of the originals, which aws:region names",
      allowed: "another region",
      fix: "name another region, or remove copyTo",
    },
  ];
}

/** An environment that may be deleted, with a vault that never may. */
function lockForEver(
  base: string,
  { unprotectedBecause }: SoundSections,
  { lock }: Backups,
): Problem[] {
  if (lock?.changeableForDays === undefined || unprotectedBecause === undefined) return [];
  return [
    {
      key: joinKey(base, ["backups", "lock", "changeableForDays"]),
      value: lock.changeableForDays,
      rule: "locks for ever what unprotectedBecause lets be deleted: `pulumi destroy` would fail at the vault",
      allowed: "nothing with unprotectedBecause",
      fix: "remove it, or protect the stack",
    },
  ];
}

/** RDS refuses a backup while it makes its own or is maintained, and in the hour before; Aurora never does. */
function collisions(
  base: string,
  { databases = {} }: SoundSections,
  { schedule }: Backups,
): Problem[] {
  const span = schedule === undefined ? undefined : blockedSpan(schedule);
  if (span === undefined) return [];
  const bound = Object.entries(databases).filter(
    ([, { engine = "postgres" }]) => !ENGINES[engine].isCluster,
  );
  return bound.flatMap(([name, { backupWindow, maintenanceWindow }]) =>
    Object.entries({
      // What is so every day is so on a Monday.
      backupWindow: backupWindow?.replace(/^(.+)-(.+)$/, "mon:$1-mon:$2"),
      maintenanceWindow,
    }).flatMap(([key, weekly]) =>
      weekly === undefined || !windowsOverlap(span, weekly)
        ? []
        : [
            {
              key: joinKey(base, ["databases", name, key]),
              value: { backupWindow, maintenanceWindow }[key],
              rule: `falls on the backups of ${schedule ?? ""}, which RDS would refuse`,
              allowed: `a span outside ${span} UTC`,
              fix: "move it, or backups.schedule",
            },
          ],
    ),
  );
}

/** From the time of the clock on, an hour in which backups begin, and the hour before in which RDS wants none. */
function blockedSpan(schedule: string): string | undefined {
  const [, minute, hour] = /^cron\((\d+) (\d+) /.exec(schedule) ?? [];
  if (minute === undefined || hour === undefined) return undefined;
  const time = (hours: number) =>
    `${String((Number(hour) + hours) % 24).padStart(2, "0")}:${minute.padStart(2, "0")}`;
  return `${time(0)}-${time(2)}`;
}
