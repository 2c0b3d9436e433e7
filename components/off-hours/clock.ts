export const DAYS = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"] as const;

const MINUTES_A_DAY = 24 * 60;

/** When an environment is awake, as its settings say. */
export interface Awake {
  readonly days: readonly (typeof DAYS)[number][];
  readonly from: string;
  readonly to: string;
}

/** Minutes since midnight of "HH:MM"; undefined for what is no time of day. */
export function minuteOfDay(time: unknown): number | undefined {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(String(time)) ?? [];
  return hour === undefined ? undefined : Number(hour) * 60 + Number(minute);
}

/** What AWS's schedules take for a time on some days, so many minutes earlier. */
export function cronAt(days: Awake["days"], time: string, minutesEarlier = 0): string {
  const at = (minuteOfDay(time) ?? 0) - minutesEarlier;
  const inOrder = DAYS.filter((day) => days.includes(day));
  return `cron(${at % 60} ${Math.floor(at / 60)} ? * ${inOrder.join(",")} *)`;
}

/**
 * Hours a week in which services run, and in which databases and hosts do, which wake so much earlier. Between two of
 * these spans there are always less than seven days, after which AWS would start a stopped database by itself.
 */
export function awakeHoursAWeek(
  { days, from, to }: Awake,
  leadMinutes: number,
): { readonly services: number; readonly others: number } {
  const minutes = (minuteOfDay(to) ?? MINUTES_A_DAY) - (minuteOfDay(from) ?? 0);
  return {
    services: (days.length * minutes) / 60,
    others: (days.length * (minutes + leadMinutes)) / 60,
  };
}

/** Minutes since Monday 00:00 UTC. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** Whether it is awake all through a span of the week, in winter and in summer. */
export function isAwakeThrough(
  { timezone, awake }: { readonly timezone: string; readonly awake: Awake },
  { start, end }: Span,
): boolean {
  const from = minuteOfDay(awake.from) ?? 0;
  const to = minuteOfDay(awake.to) ?? MINUTES_A_DAY;
  const week = DAYS.length * MINUTES_A_DAY;
  return minutesAheadOfUtc(timezone).every((ahead) => {
    const there = (start + ahead + week) % week;
    const day = DAYS[Math.floor(there / MINUTES_A_DAY)];
    const minute = there % MINUTES_A_DAY;
    return (
      day !== undefined && awake.days.includes(day) && minute >= from && minute + end - start <= to
    );
  });
}

/** How far a place's clocks are ahead, in January and in July. */
function minutesAheadOfUtc(timezone: string): number[] {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    timeZoneName: "longOffset",
  });
  return [0, 6].map((month) => {
    const text = format.format(new Date(Date.UTC(2026, month, 1)));
    // GMT alone is no minute ahead.
    const [, sign, hours = 0, minutes = 0] = /GMT([+-])(\d\d):(\d\d)/.exec(text) ?? [];
    return (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
  });
}
