import type { Clock } from "./clock";
import { type Arrival, arrivals } from "./load-test-arrivals";
import type { Endpoint, Scenario } from "./load-test-scenario";

/** Requests that are overdue are sent in bursts of so many at most. */
const SENT_AT_ONCE = 100;

/** What became of one request. */
export interface Result {
  readonly arrival: Arrival;
  readonly good: boolean;
  /** `200`, `503`, `timeout`, `not sent`. */
  readonly outcome: string;
  /** From when it was due until the answer was complete; undefined where it was not sent. */
  readonly milliseconds: number | undefined;
}

/** Sends one request; gives its status, or why there is none. */
export type Send = (endpoint: Endpoint) => Promise<{ status: number } | { problem: string }>;

/**
 * Sends the requests of a scenario when they are due, whether or not earlier ones have been answered: a slow server gets
 * as many as a fast one, and shows its slowness. Each is judged from the moment it was due, so a generator that
 * comes late does not make the server look better.
 */
export async function runScenario(
  scenario: Scenario,
  send: Send,
  clock: Clock,
  stopped: AbortSignal,
  record: (result: Result) => void,
): Promise<void> {
  const start = clock.now();
  const inFlight = new Set<Promise<void>>();
  let sinceSleep = 0;
  for (const arrival of arrivals(scenario)) {
    const wait = start + arrival.due - clock.now();
    // A generator that is behind would send for ever, and never see an answer.
    if (wait > 0 || ++sinceSleep >= SENT_AT_ONCE) {
      await clock.sleep(Math.max(0, wait), stopped);
      sinceSleep = 0;
    }
    if (stopped.aborted) break;
    const endpoint = scenario.endpoints[arrival.endpoint];
    if (endpoint === undefined) continue;
    if (inFlight.size >= scenario.maxInFlight) {
      record({ arrival, good: false, outcome: "not sent", milliseconds: undefined });
      continue;
    }
    const request = send(endpoint).then((reply) => {
      inFlight.delete(request);
      const milliseconds = clock.now() - (start + arrival.due);
      record({ arrival, ...judge(reply, endpoint), milliseconds });
    });
    inFlight.add(request);
  }
  await Promise.all(inFlight);
}

function judge(
  reply: Awaited<ReturnType<Send>>,
  { expect }: Endpoint,
): Pick<Result, "good" | "outcome"> {
  if ("problem" in reply) return { good: false, outcome: reply.problem };
  const { status } = reply;
  const good = expect === undefined ? status < 400 : expect.includes(status);
  return { good, outcome: String(status) };
}
