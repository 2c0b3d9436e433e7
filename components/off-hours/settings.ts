import { z } from "zod";
import { different, rule, ruleAcross } from "../support/rules";
import { timezone } from "../support/schedule-expression";
import { DAYS, minuteOfDay } from "./clock";

/** Minutes between waking and sleeping again: less would not pay for the start of a database. */
const LEAST_AWAKE = 60;

const timeOfDay = rule(z.string(), (text) => minuteOfDay(text) !== undefined, {
  rule: "must be a time of day",
  allowed: "HH:MM from 00:00 to 23:59, in quotes",
  fix: 'write it like "07:00"',
});

const awake = ruleAcross(
  z.strictObject({
    days: different(z.array(z.enum(DAYS)).min(1), "days")
      .default(["MON", "TUE", "WED", "THU", "FRI"])
      .describe("Days on which it wakes."),
    from: timeOfDay.default("07:00").describe("Time at which its services are there."),
    to: timeOfDay.default("20:00").describe("Time at which it goes to sleep."),
  }),
  ["to"],
  ({ from = "07:00", to = "20:00" }) => {
    const [start, end] = [minuteOfDay(from), minuteOfDay(to)];
    return start === undefined || end === undefined || end - start >= LEAST_AWAKE;
  },
  {
    rule: "must be an hour or more after from, on the same day",
    allowed: "a time an hour or more after from",
    fix: "move one of the two",
  },
);

export const offHoursShape = {
  timezone: timezone.describe(
    'Where these times are read, e.g. "Europe/Berlin": it knows when clocks change.',
  ),
  awake: awake.prefault({}).describe("When it is awake; at all other times it sleeps."),
  leadMinutes: z
    .int()
    .min(0)
    .max(60)
    .default(20)
    .describe(
      "Minutes before awake.from at which it begins to wake: databases and hosts take some minutes.",
    ),
};

/** It begins to wake on the day on which it is awake: AWS's schedules name days. */
export function wakesOnTheDay<Schema extends z.ZodType>(schema: Schema): Schema {
  return ruleAcross(
    schema,
    ["leadMinutes"],
    (value) => {
      const { awake: given, leadMinutes = 20 } = value as {
        awake?: { from?: string };
        leadMinutes?: number;
      };
      const start = minuteOfDay(given?.from ?? "07:00");
      return start === undefined || !(leadMinutes > start);
    },
    {
      rule: "begins to wake on the day before",
      allowed: "as many minutes as lie between midnight and awake.from, or fewer",
      fix: "lower it, or move awake.from",
    },
  );
}

export const offHoursSettings = wakesOnTheDay(z.strictObject(offHoursShape));

export type OffHoursSettings = z.input<typeof offHoursSettings>;
/** As checked, with the defaults filled in. */
export type CheckedOffHoursSettings = z.output<typeof offHoursSettings>;
