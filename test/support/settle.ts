/**
 * Tells when a program is done without sleeping. The mocked engine answers at once, so everything a
 * Pulumi program does happens between two turns of the event loop; once a turn brings no progress
 * and nothing in the process could bring any later (no timer, file, socket, child process), what
 * has not settled never will.
 */

/** Turns without progress before the event loop is believed: a chain of setImmediate needs some. */
const quietTurnsNeeded = 10;

/** What a run shows of its progress. */
export interface Progress {
  /** A number that stands still when nothing happens. */
  activity(): number;
  /** True when the program has ended and nothing it started is in flight. */
  isDone(): boolean;
}

/** Why waiting ended: all done, nothing can happen any more, or time is up. */
export type Settled =
  | { readonly kind: "done" }
  | { readonly kind: "stuck" }
  | { readonly kind: "busy"; readonly milliseconds: number; readonly with: readonly string[] };

// What kept the process alive before any run, and when nothing at all was going on.
let activeBefore = new Map<string, number>();
let activeWhenIdle = activeResources();
let overlappingRuns = 0;

/** Tells that nothing is going on right now but `timers`, which are about to start. */
export function noteIdleProcess(timers: number): void {
  activeWhenIdle = activeResources();
  activeWhenIdle.set("Timeout", (activeWhenIdle.get("Timeout") ?? 0) + timers);
}

/**
 * Runs `body`, remembering what kept the process alive before it, so that `settle` inside it can
 * tell what came with the program.
 */
export async function withBaseline<T>(body: () => Promise<T>): Promise<T> {
  // mocha starts a test's timer only once the test function has returned its promise.
  await eventLoopTurn();
  if (overlappingRuns === 0) {
    activeBefore = activeResources();
  }
  overlappingRuns += 1;
  try {
    return await body();
  } finally {
    overlappingRuns -= 1;
  }
}

/** Waits until the program is done or cannot go on; call it inside `withBaseline`. */
export async function settle(progress: Progress, timeoutMilliseconds: number): Promise<Settled> {
  const deadline = Date.now() + timeoutMilliseconds;
  let quietTurns = 0;
  let lastActivity = -1;
  for (;;) {
    await eventLoopTurn();
    const activity = progress.activity();
    quietTurns = activity === lastActivity ? quietTurns + 1 : 0;
    lastActivity = activity;
    if (quietTurns < quietTurnsNeeded) {
      continue;
    }
    // A program that is done must not have left anything running. One that is not may still be
    // woken by whatever is going on, also by a timer that the test started before the run.
    const isDone = progress.isDone();
    const busyWith = activeBeyond(isDone ? activeBefore : activeWhenIdle);
    if (busyWith.length === 0) {
      return { kind: isDone ? "done" : "stuck" };
    }
    if (Date.now() > deadline) {
      return { kind: "busy", milliseconds: timeoutMilliseconds, with: busyWith };
    }
  }
}

function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function activeBeyond(baseline: ReadonlyMap<string, number>): string[] {
  return [...activeResources()]
    .filter(([kind, count]) => count > (baseline.get(kind) ?? 0))
    .map(([kind]) => kind);
}

// Immediates are left out: the loop above is made of them.
function activeResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (kind !== "Immediate") {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  }
  return counts;
}
