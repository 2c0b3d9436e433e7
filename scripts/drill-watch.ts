import type { Clock } from "./clock";
import type { Answer } from "./drill-outages";
import { inWords } from "./durations";

export interface Watch {
  readonly ask: () => Promise<Answer>;
  readonly everyMilliseconds: number;
  readonly forMilliseconds: number;
  readonly clock: Clock;
  /** Ends the watch before its time. */
  readonly stopped: AbortSignal;
  /** Gets a line whenever something changes. */
  readonly tell: (line: string) => void;
}

/** Asks again and again, one question after the other, and tells what changes. */
export async function watch({
  ask,
  everyMilliseconds,
  forMilliseconds,
  clock,
  stopped,
  tell,
}: Watch): Promise<{ readonly answers: readonly Answer[]; readonly end: number }> {
  const start = clock.now();
  const answers: Answer[] = [];
  let lastGood: Answer | undefined;
  while (!stopped.aborted && clock.now() - start < forMilliseconds) {
    const asked = clock.now();
    const answer = await ask();
    const line = change(answer, answers.at(-1), lastGood);
    if (line !== undefined) tell(`${new Date(answer.at).toISOString().slice(11, 19)} ${line}`);
    answers.push(answer);
    if (answer.served) lastGood = answer;
    const wait = asked + everyMilliseconds - clock.now();
    if (wait > 0) await clock.sleep(wait, stopped);
  }
  return { answers, end: clock.now() };
}

/** What is different from the answer before; undefined where nothing is. */
function change(
  answer: Answer,
  former: Answer | undefined,
  lastGood: Answer | undefined,
): string | undefined {
  const by = answer.place === undefined ? "" : ` by ${answer.place}`;
  if (!answer.served) {
    return former?.served === false && former.outcome === answer.outcome
      ? undefined
      : `NOT SERVED${by}: ${answer.outcome}`;
  }
  if (former?.served === false) {
    const since = lastGood === undefined ? "" : ` after ${inWords(answer.at - lastGood.at)}`;
    return `served again${by}${since}: ${answer.outcome}`;
  }
  if (former?.place === answer.place && former?.outcome === answer.outcome) return undefined;
  return `served${by}: ${answer.outcome}`;
}
