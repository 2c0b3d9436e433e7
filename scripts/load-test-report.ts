import { type RecordableHistogram, createHistogram } from "node:perf_hooks";
import type { Result } from "./load-test-run";
import type { Criteria, Scenario } from "./load-test-scenario";

/** What a part of the requests came to. Milliseconds are those of all that were sent, failed ones too. */
export interface Numbers {
  readonly requests: number;
  readonly failed: number;
  readonly errorPercent: number;
  readonly p50Milliseconds: number;
  readonly p95Milliseconds: number;
  readonly p99Milliseconds: number;
  readonly maxMilliseconds: number;
  /** How often each status or problem came. */
  readonly outcomes: Readonly<Record<string, number>>;
}

export interface PhaseReport extends Numbers {
  readonly name: string;
  /** What did not hold, in words; empty for a phase that passes. */
  readonly broken: readonly string[];
}

export interface Report {
  readonly phases: readonly PhaseReport[];
  readonly endpoints: Readonly<Record<string, Numbers>>;
  readonly passed: boolean;
}

/** Collects results as they come, in a space that does not grow with them. */
export class Collector {
  private readonly phases: Tally[];
  private readonly endpoints: ReadonlyMap<string, Tally>;

  constructor(private readonly scenario: Scenario) {
    this.phases = scenario.phases.map(() => new Tally());
    this.endpoints = new Map(Object.keys(scenario.endpoints).map((name) => [name, new Tally()]));
  }

  record(result: Result): void {
    this.phases[result.arrival.phase]?.add(result);
    this.endpoints.get(result.arrival.endpoint)?.add(result);
  }

  report(): Report {
    const phases = this.scenario.phases.map(({ name, pass, perSecond }, position) => {
      const numbers = (this.phases[position] ?? new Tally()).numbers();
      // A pause sends nothing, and so has nothing to hold.
      const broken = perSecond === 0 ? [] : brokenCriteria(numbers, pass ?? this.scenario.pass);
      return { name, ...numbers, broken };
    });
    return {
      phases,
      endpoints: Object.fromEntries(
        [...this.endpoints].map(([name, tally]) => [name, tally.numbers()]),
      ),
      passed: phases.every(({ broken }) => broken.length === 0),
    };
  }
}

/** What of a phase's criteria does not hold. A phase without a single request has shown nothing. */
function brokenCriteria(numbers: Numbers, criteria: Criteria): string[] {
  if (numbers.requests === 0) return ["no request was sent"];
  const limits: [what: string, is: number, most: number | undefined, unit: string][] = [
    ["errors", numbers.errorPercent, criteria.errorPercent, "%"],
    ["p95", numbers.p95Milliseconds, criteria.p95Milliseconds, "ms"],
    ["p99", numbers.p99Milliseconds, criteria.p99Milliseconds, "ms"],
  ];
  return limits.flatMap(([what, is, most, unit]) =>
    most === undefined || is <= most
      ? []
      : [`${what} ${is.toFixed(unit === "%" ? 2 : 0)} ${unit}, allowed ${most} ${unit}`],
  );
}

/** Counts and times of a part of the requests. */
class Tally {
  // Microseconds: the histogram takes whole numbers from 1 on, exact to a thousandth.
  private readonly times: RecordableHistogram = createHistogram();
  private readonly outcomes = new Map<string, number>();
  private requests = 0;
  private failed = 0;

  add({ good, outcome, milliseconds }: Result): void {
    this.requests += 1;
    if (!good) this.failed += 1;
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    if (milliseconds !== undefined) {
      this.times.record(Math.max(1, Math.round(milliseconds * 1000)));
    }
  }

  numbers(): Numbers {
    const percentile = (percent: number) =>
      this.times.count === 0 ? 0 : this.times.percentile(percent) / 1000;
    return {
      requests: this.requests,
      failed: this.failed,
      errorPercent: this.requests === 0 ? 0 : (100 * this.failed) / this.requests,
      p50Milliseconds: percentile(50),
      p95Milliseconds: percentile(95),
      p99Milliseconds: percentile(99),
      maxMilliseconds: this.times.count === 0 ? 0 : this.times.max / 1000,
      outcomes: Object.fromEntries(this.outcomes),
    };
  }
}
