const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY = 24 * 60;
const WEEK = 7 * DAY;

/** A span in minutes since Monday 00:00 UTC; `end` may lie in the next week. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** Whether a daily span ("03:00-04:00") is long enough; RDS takes 30 minutes. */
export function isDailyWindow(text: string, leastMinutes = 30): boolean {
  const span = dailySpan(text);
  return span !== undefined && span.end - span.start >= leastMinutes;
}

/** Whether a weekly span ("sun:04:30-sun:05:30") is long enough, and no longer than a day; RDS takes 30 minutes. */
export function isWeeklyWindow(text: string, leastMinutes = 30): boolean {
  const span = weeklySpan(text);
  return (
    span !== undefined && span.end - span.start >= leastMinutes && span.end - span.start <= DAY
  );
}

/** Whether the daily backup falls into the weekly maintenance, which RDS refuses. */
export function windowsOverlap(daily: string, weekly: string): boolean {
  const backup = dailySpan(daily);
  const maintenance = weeklySpan(weekly);
  if (backup === undefined || maintenance === undefined) return false;
  // From the day before, whose span may end in Monday, to the day after a week, into which maintenance may reach.
  return Array.from({ length: 9 }, (_, day) => (day - 1) * DAY).some(
    (offset) => backup.start + offset < maintenance.end && maintenance.start < backup.end + offset,
  );
}

/** A daily span ("03:00-04:00") on Monday; undefined for what is none, here and below. */
export function dailySpan(text: string): Span | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (match === null) return undefined;
  const [startHour = 0, startMinute = 0, endHour = 0, endMinute = 0] = match.slice(1).map(Number);
  return span(startHour * 60 + startMinute, endHour * 60 + endMinute, DAY);
}

export function weeklySpan(text: string): Span | undefined {
  const match = /^(\w{3}):(\d\d:\d\d)-(\w{3}):(\d\d:\d\d)$/.exec(text);
  if (match === null) return undefined;
  const [, startDay = "", startTime = "", endDay = "", endTime = ""] = match;
  const days = [DAYS.indexOf(startDay), DAYS.indexOf(endDay)];
  const times = dailySpan(`${startTime}-${endTime}`);
  if (times === undefined || days.includes(-1)) return undefined;
  const [first = 0, last = 0] = days;
  return span(first * DAY + times.start, last * DAY + (times.end % DAY), WEEK);
}

/** A span that ends before it starts goes on in the next round. */
function span(start: number, end: number, round: number): Span {
  return { start, end: end >= start ? end : end + round };
}
