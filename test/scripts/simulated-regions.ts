import type { Answer } from "../../scripts/drill-outages";
import type { FakeClock } from "./fake-clock";

/** How Route 53 decides, and how long resolvers keep what it said. All in seconds. */
export interface Failover {
  readonly interval: number;
  readonly failureThreshold: number;
  readonly timeToLive: number;
  /** When the first region fails, and when within an interval its checks come. */
  readonly failsAfter: number;
  readonly checkOffset: number;
}

/** Two regions behind one name, the first of which fails: what somebody who asks would see, without waiting for it. */
export function simulateRegions(
  { interval, failureThreshold, timeToLive, failsAfter, checkOffset }: Failover,
  clock: FakeClock,
): () => Promise<Answer> {
  const start = clock.now();
  const seconds = () => (clock.now() - start) / 1000;
  const firstFailedCheck =
    checkOffset + Math.ceil((failsAfter - checkOffset) / interval) * interval;
  const noticed = firstFailedCheck + (failureThreshold - 1) * interval;
  let kept = { place: "", until: 0 };
  return () => {
    const now = seconds();
    if (now >= kept.until) {
      kept = { place: now < noticed ? "first" : "second", until: now + timeToLive };
    }
    const { place } = kept;
    const served = place === "second" || now < failsAfter;
    const outcome = served ? "200" : "ETIMEDOUT";
    return Promise.resolve({ at: clock.now(), served, outcome, place: served ? place : undefined });
  };
}
