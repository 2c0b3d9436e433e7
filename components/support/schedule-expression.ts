import { z } from "zod";
import { rule } from "./rules";

const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");

/** What stands in a field of a cron expression of AWS: numbers within bounds, names for them, and forms of its own. */
interface Field {
  readonly least: number;
  readonly most: number;
  /** Names of the numbers from `least` on. */
  readonly names?: readonly string[];
  readonly own?: RegExp;
}

const FIELDS: readonly Field[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31, own: /^(\?|L|([1-9]|[12]\d|3[01])W)$/ },
  { least: 1, most: 12, names: MONTHS },
  {
    least: 1,
    most: 7,
    names: DAYS,
    own: /^(\?|L|[1-7]L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)#[1-5])$/,
  },
  { least: 1970, most: 2199 },
];

/** When something starts, as AWS's schedulers take it. */
export const scheduleExpression = rule(z.string(), isSchedule, {
  rule: "must be a schedule",
  allowed:
    "cron(MINUTE HOUR DAY MONTH WEEKDAY YEAR) with ? for day or weekday, rate(NUMBER minutes|hours|days), or at(YYYY-MM-DDTHH:MM:SS)",
  fix: 'write it like "cron(0 7 ? * MON-FRI *)"',
});

/** A place of the time zone database, which knows when its clocks change. */
export const timezone = rule(
  z.string(),
  (value) => Intl.supportedValuesOf("timeZone").includes(value) || /^(Etc\/)?UTC$/.test(value),
  {
    rule: "must be a time zone",
    allowed: "a name of the time zone database",
    fix: 'write it like "Europe/Berlin" or "Etc/UTC"',
  },
);

function isSchedule(text: string): boolean {
  const [, kind, inner = ""] = /^(cron|rate|at)\((.*)\)$/.exec(text) ?? [];
  switch (kind) {
    case "cron":
      return isCron(inner);
    case "rate":
      return /^(1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))$/.test(inner);
    case "at":
      return isMoment(inner);
    default:
      return false;
  }
}

function isCron(inner: string): boolean {
  const fields = inner.split(" ");
  const [, , day, , weekday] = fields;
  return (
    fields.length === FIELDS.length &&
    // Two days would contradict each other: AWS wants one of them left open.
    (day === "?") !== (weekday === "?") &&
    FIELDS.every((field, position) => isField(field, fields[position] ?? ""))
  );
}

function isField(field: Field, text: string): boolean {
  if (field.own?.test(text) === true) return true;
  return text.split(",").every((part) => {
    const [range = "", step] = part.split("/");
    if (part.split("/").length > 2 || (step !== undefined && !/^[1-9]\d*$/.test(step)))
      return false;
    if (range === "*") return true;
    const ends = range.split("-").map((end) => numberIn(field, end));
    return ends.length <= 2 && ends.every((end) => end !== undefined);
  });
}

function numberIn({ least, most, names = [] }: Field, text: string): number | undefined {
  const named = names.indexOf(text);
  const value = named >= 0 ? least + named : /^\d+$/.test(text) ? Number(text) : NaN;
  return value >= least && value <= most ? value : undefined;
}

/** 2026-02-30 is no day, although it looks like one. */
function isMoment(text: string): boolean {
  const moment = new Date(`${text}Z`);
  return (
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(text) &&
    !Number.isNaN(moment.getTime()) &&
    moment.toISOString().startsWith(text)
  );
}
