import type { Alarm } from "../support/alarm";
import type { Search } from "./search";
import type { Metric } from "./watched";

/** A value that one of a graph's lines must not pass. */
export interface Limit {
  readonly metricName: string;
  readonly value: number;
  /** Where it is bad. */
  readonly bad: "above" | "below";
}

/** The values at which alarms on some of a graph's metrics are raised: the graph and the alarm cannot differ. */
export function limitsOf(metrics: readonly (Metric | Search)[], alarms: readonly Alarm[]): Limit[] {
  const limits = alarms
    .filter(({ metric }) => metrics.some((shown) => isOf(shown, metric)))
    .map(({ metric: { metricName }, above, below }): Limit =>
      above === undefined
        ? { metricName, value: below ?? 0, bad: "below" }
        : { metricName, value: above, bad: "above" },
    );
  const different = limits.filter((limit, index) => limits.findIndex(isLike(limit)) === index);
  // What differs from service to service means nothing to a line that may be any of them.
  return metrics.some(isSearch) && different.length > 1 ? [] : different;
}

function isLike({ metricName, value, bad }: Limit) {
  return (other: Limit) =>
    other.metricName === metricName && other.value === value && other.bad === bad;
}

function isOf(shown: Metric | Search, watched: Metric): boolean {
  const isNamesake =
    shown.namespace === watched.namespace &&
    shown.metricName === watched.metricName &&
    shown.statistic === watched.statistic;
  if (!isNamesake) return false;
  if (isSearch(shown)) {
    return shown.total === undefined && hasAll(watched.dimensions, Object.entries(shown.within));
  }
  return hasAll(watched.dimensions, Object.entries(shown.dimensions));
}

function hasAll(
  dimensions: Readonly<Record<string, unknown>>,
  wanted: readonly (readonly [string, unknown])[],
): boolean {
  return wanted.every(([name, value]) => dimensions[name] === value);
}

export function isSearch(shown: Metric | Search): shown is Search {
  return "each" in shown;
}
