import * as assert from "node:assert/strict";
import fc from "fast-check";
import { isDailyWindow, isWeeklyWindow, windowsOverlap } from "../../components/support/windows";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY = 24 * 60;

const clock = (minute: number) =>
  [Math.floor(minute / 60) % 24, minute % 60]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
const daily = (start: number, length: number) => `${clock(start)}-${clock(start + length)}`;
const dayOf = (minute: number) => DAYS[Math.floor(minute / DAY) % 7] ?? "";
const moment = (minute: number) => `${dayOf(minute)}:${clock(minute)}`;
const weekly = (start: number, length: number) => `${moment(start)}-${moment(start + length)}`;

describe("Daily window", () => {
  for (const text of ["03:00-04:00", "03:00-03:30", "23:45-00:15", "00:00-23:59"]) {
    it(`may be ${text}`, () => {
      assert.equal(isDailyWindow(text), true);
    });
  }

  for (const text of [
    "",
    "03:00",
    "03:00-03:00",
    "03:00-03:29",
    "3:00-4:00",
    "23:45-00:10",
    "x03:00-04:00",
    "03:00-04:00x",
    "24:00-01:00",
    "03:60-05:00",
    "03:00-24:00",
    "03:00-04:60",
    "03:00 - 04:00",
    "sun:03:00-sun:04:00",
  ]) {
    it(`cannot be "${text}"`, () => {
      assert.equal(isDailyWindow(text), false);
    });
  }
});

describe("Weekly window", () => {
  for (const text of [
    "sun:04:30-sun:05:30",
    "sun:04:30-sun:05:00",
    "mon:12:00-tue:12:00",
    "sun:23:45-mon:00:15",
    "wed:23:00-thu:01:00",
  ]) {
    it(`may be ${text}`, () => {
      assert.equal(isWeeklyWindow(text), true);
    });
  }

  for (const text of [
    "",
    "sun:04:30",
    "04:30-05:30",
    "sun:04:30-sun:04:59",
    "sun:23:45-mon:00:10",
    "xsun:04:30-sun:05:30",
    "sun:04:30-sun:05:30x",
    "mon:12:00-tue:12:01",
    "mon:00:00-wed:00:00",
    "tue:12:00-mon:12:00",
    "Sun:04:30-Sun:05:30",
    "abc:04:30-abc:05:30",
    "sun:24:30-sun:25:30",
  ]) {
    it(`cannot be "${text}"`, () => {
      assert.equal(isWeeklyWindow(text), false);
    });
  }
});

describe("Backup and maintenance", () => {
  for (const [backup, maintenance] of [
    ["03:00-04:00", "sun:03:30-sun:04:30"],
    ["03:00-04:00", "mon:03:59-mon:05:00"],
    ["23:30-00:30", "mon:00:00-mon:00:30"],
    ["23:30-00:30", "sun:23:00-sun:23:45"],
    ["00:00-01:00", "sun:23:30-mon:00:30"],
    ["12:00-13:00", "thu:06:00-fri:06:00"],
  ] as const) {
    it(`overlap: ${backup} and ${maintenance}`, () => {
      assert.equal(windowsOverlap(backup, maintenance), true);
    });
  }

  for (const [backup, maintenance] of [
    ["03:00-04:00", "sun:04:00-sun:05:00"],
    ["03:00-04:00", "sun:02:00-sun:03:00"],
    ["23:30-00:30", "mon:00:30-mon:01:00"],
    ["00:30-01:00", "sun:23:30-mon:00:30"],
    ["not a span", "sun:03:30-sun:04:30"],
    ["03:00-04:00", "not a span"],
  ] as const) {
    it(`do not overlap: ${backup} and ${maintenance}`, () => {
      assert.equal(windowsOverlap(backup, maintenance), false);
    });
  }

  it("overlap exactly when they share a minute", () => {
    const starts = fc.integer({ min: 0, max: 7 * DAY - 1 });
    const lengths = fc.integer({ min: 30, max: DAY - 1 });
    fc.assert(
      fc.property(starts, lengths, starts, lengths, (backup, backupLength, start, length) => {
        const minutes = Array.from({ length }, (_, minute) => start + minute);
        const shared = minutes.some(
          (minute) => (minute - (backup % DAY) + 7 * DAY) % DAY < backupLength,
        );
        assert.equal(
          windowsOverlap(daily(backup, backupLength), weekly(start, length)),
          shared,
          `${daily(backup, backupLength)} and ${weekly(start, length)}`,
        );
      }),
    );
  });
});
