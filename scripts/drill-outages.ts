/** What came back from asking once. */
export interface Answer {
  /** When it was asked, in milliseconds since 1970. */
  readonly at: number;
  readonly served: boolean;
  /** `200`, `503`, `ECONNREFUSED`, `timeout`: the status, or why there is none. */
  readonly outcome: string;
  /** Who answered: a name from `--place`, else the address; undefined where nobody did. */
  readonly place: string | undefined;
}

/** A time in which nobody was served. */
export interface Outage {
  readonly from: number;
  readonly until: number;
  /** Answers that failed in it, by what came back. */
  readonly outcomes: Readonly<Record<string, number>>;
}

export interface Summary {
  readonly asked: number;
  readonly failed: number;
  readonly failedPercent: number;
  readonly outages: readonly Outage[];
  readonly longestOutageMilliseconds: number;
  /** Good answers by who gave them. */
  readonly places: Readonly<Record<string, number>>;
}

/**
 * How long nobody was served. An outage is taken to begin at the last good answer and to end at the next one, so it is
 * never shown shorter than it was; it may be longer by the time between two questions. At the very start and end the
 * watch itself is the bound.
 */
export function summarize(answers: readonly Answer[], end: number): Summary {
  const outages = outagesOf(answers, end);
  const failed = answers.filter(({ served }) => !served);
  return {
    asked: answers.length,
    failed: failed.length,
    failedPercent: answers.length === 0 ? 0 : (100 * failed.length) / answers.length,
    outages,
    longestOutageMilliseconds: Math.max(0, ...outages.map(({ from, until }) => until - from)),
    places: countBy(
      answers.filter(({ served }) => served),
      ({ place }) => place ?? "unknown",
    ),
  };
}

function outagesOf(answers: readonly Answer[], end: number): Outage[] {
  const outages: Outage[] = [];
  let lastGood: Answer | undefined;
  let bad: Answer[] = [];
  const close = (until: number): void => {
    const [first] = bad;
    if (first === undefined) return;
    const outcomes = countBy(bad, ({ outcome }) => outcome);
    outages.push({ from: lastGood?.at ?? first.at, until, outcomes });
    bad = [];
  };
  for (const answer of answers) {
    if (answer.served) {
      close(answer.at);
      lastGood = answer;
    } else {
      bad.push(answer);
    }
  }
  close(end);
  return outages;
}

function countBy<Item>(
  items: readonly Item[],
  key: (item: Item) => string,
): Record<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return Object.fromEntries(counts);
}
