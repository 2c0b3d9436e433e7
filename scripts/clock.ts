import { setTimeout } from "node:timers/promises";

/** Time as a program sees it; tests have one that does not wait. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Ends early, and without an error, when `stopped` rings. */
  sleep(milliseconds: number, stopped: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, stopped) => {
    await setTimeout(milliseconds, undefined, { signal: stopped }).catch(() => undefined);
  },
};
