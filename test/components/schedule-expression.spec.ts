import * as assert from "node:assert/strict";
import { scheduleExpression, timezone } from "../../components/support/schedule-expression";

describe("schedules", () => {
  for (const right of [
    "cron(0 7 ? * MON-FRI *)",
    "cron(0/15 8-18,20 1,15 JAN-MAR ? 2026-2030)",
    "cron(30 23 L * ? *)",
    "cron(0 9 15W * ? *)",
    "cron(0 10 ? * 6#3 *)",
    "cron(0 10 ? * 5L *)",
    "rate(1 hour)",
    "rate(15 minutes)",
    "at(2028-02-29T08:00:00)",
  ]) {
    it(`take ${right}`, () => {
      assert.equal(scheduleExpression.safeParse(right).success, true);
    });
  }

  for (const [wrong, why] of [
    ["0 7 ? * MON-FRI *", "no kind"],
    ["cron(0 7 * * MON-FRI)", "five fields"],
    ["cron(0 7 * * * *)", "day and weekday both"],
    ["cron(0 7 ? * ? *)", "neither day nor weekday"],
    ["cron(60 7 ? * MON *)", "minute 60"],
    ["cron(0 24 ? * MON *)", "hour 24"],
    ["cron(0 7 0 * ? *)", "day 0"],
    ["cron(0 7 1 13 ? *)", "month 13"],
    ["cron(0 7 ? * 8 *)", "weekday 8"],
    ["cron(0 7 ? * MONDAY *)", "a weekday in full"],
    ["cron(0 7 ? * MON 1969)", "a year too early"],
    ["cron(0/0 7 ? * MON *)", "a step of 0"],
    ["cron(0/5/5 7 ? * MON *)", "two steps"],
    ["cron(1-2-3 7 ? * MON *)", "a range with three ends"],
    ["rate(1 hours)", "a plural of one"],
    ["rate(5 minute)", "a singular of five"],
    ["rate(0 minutes)", "no time at all"],
    ["at(2027-02-29T08:00:00)", "a day that there is not"],
    ["at(2027-02-28 08:00)", "a moment without seconds"],
  ] as const) {
    it(`refuse ${why}: ${wrong}`, () => {
      assert.equal(scheduleExpression.safeParse(wrong).success, false);
    });
  }
});

describe("time zones", () => {
  for (const right of ["Europe/Berlin", "America/New_York", "UTC", "Etc/UTC"]) {
    it(`take ${right}`, () => {
      assert.equal(timezone.safeParse(right).success, true);
    });
  }
  for (const wrong of ["Berlin", "+02:00", ""]) {
    it(`refuse "${wrong}"`, () => {
      assert.equal(timezone.safeParse(wrong).success, false);
    });
  }
});
