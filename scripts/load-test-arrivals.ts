import type { Phase, Scenario } from "./load-test-scenario";

/** One request that is due, in milliseconds from the start. */
export interface Arrival {
  readonly due: number;
  readonly endpoint: string;
  /** Position of its phase. */
  readonly phase: number;
}

/**
 * All requests of a scenario, in order. They come as those of many independent people do: at random moments (a Poisson
 * process) around the rate that the phase has just then, each to an endpoint by its weight. The same seed gives the
 * same requests.
 */
export function* arrivals({
  endpoints,
  phases,
  seed,
}: Pick<Scenario, "endpoints" | "phases" | "seed">): Generator<Arrival> {
  const random = seededRandom(seed);
  const choose = weightedChoice(endpoints);
  let start = 0;
  for (const [position, phase] of phases.entries()) {
    // Counted in requests that are expected by then: the gaps are exponential, whatever the rate does.
    for (let expected = gap(random()); ; expected += gap(random())) {
      const second = secondOf(expected, phase);
      if (second === undefined) break;
      yield { due: start + second * 1000, endpoint: choose(random()), phase: position };
    }
    start += phase.seconds * 1000;
  }
}

/** Requests a second at the two ends of a phase. */
export function ratesOf({ perSecond }: Pick<Phase, "perSecond">): { from: number; to: number } {
  return typeof perSecond === "number" ? { from: perSecond, to: perSecond } : perSecond;
}

/** How many requests a phase sends, give or take the chance. */
export function expectedRequests(phase: Phase): number {
  const { from, to } = ratesOf(phase);
  return (phase.seconds * (from + to)) / 2;
}

function gap(random: number): number {
  return -Math.log(1 - random);
}

/** The second of a phase by which so many requests are expected; undefined where that is after its end. */
function secondOf(expected: number, phase: Phase): number | undefined {
  if (expected >= expectedRequests(phase)) return undefined;
  const { from, to } = ratesOf(phase);
  const slope = (to - from) / phase.seconds;
  // The expected number after t seconds is from·t + slope·t²/2; this is t.
  return slope === 0
    ? expected / from
    : (2 * expected) / (from + Math.sqrt(from * from + 2 * slope * expected));
}

function weightedChoice(endpoints: Scenario["endpoints"]): (random: number) => string {
  const entries = Object.entries(endpoints);
  const total = entries.reduce((sum, [, { weight }]) => sum + weight, 0);
  return (random) => {
    let rest = random * total;
    const found = entries.find(([, { weight }]) => (rest -= weight) < 0) ?? entries.at(-1);
    return found?.[0] ?? "";
  };
}

/** Numbers from 0 to 1, always the same for a seed (mulberry32): Math.random takes no seed. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
