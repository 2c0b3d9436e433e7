import { join } from "node:path";
import { ACTIONS } from "./actions";
import { messageOf } from "./errors";
import type { Session } from "./local-stack";
import { OperationError } from "./operation";
import { describeCounts } from "./operation-events";
import type { Options } from "./options";
import { loadProgram } from "./program";
import { elapsed, type Progress } from "./progress";
import { type Summary, writeSummary } from "./summary";

/** What a run is to do, and in what state it finds things. */
export interface RunOrder {
  readonly options: Options;
  readonly progress: Progress;
  readonly stop: AbortSignal;
  /** An earlier run may have left things that state and emulated AWS do not agree on. */
  readonly recover: boolean;
}

/** How a run ended, and whether the next one has to recover something. */
export interface RunEnd {
  readonly exitCode: number;
  readonly recover: boolean;
}

const EXIT_OK = 0;
const EXIT_FAILED = 1;
const EXIT_STOPPED = 130;
const VERDICTS = { [EXIT_OK]: "Done", [EXIT_FAILED]: "Failed", [EXIT_STOPPED]: "Stopped" } as const;

/** Does what the command line asks for and tells the user how it went. */
export async function run(order: RunOrder): Promise<RunEnd> {
  const startedAt = Date.now();
  const root = join(__dirname, "..");
  const session: Session = {
    ...order,
    root,
    program: loadProgram(root),
    recovered: false,
    startedAnew: false,
  };
  const { action, stack } = order.options;

  let exitCode: keyof typeof VERDICTS = EXIT_OK;
  let result: Partial<Summary>;
  try {
    result = await ACTIONS[action](session);
  } catch (error) {
    exitCode = order.stop.aborted ? EXIT_STOPPED : EXIT_FAILED;
    result = { error: messageOf(error) };
    order.progress.note(`\n${describeFailure(error, order)}`);
    if (session.recover || order.stop.aborted) {
      order.progress.note("\nRun the same command again: it carries on from here.");
    }
  }
  order.progress.note(`\n${VERDICTS[exitCode]} after ${elapsed(startedAt)}.`);

  const seconds = Math.round((Date.now() - startedAt) / 1000);
  const { recover, recovered, startedAnew } = session;
  writeSummary({ action, stack, seconds, recovered, startedAnew, ...result });
  return { exitCode, recover };
}

function describeFailure(error: unknown, { options, stop }: RunOrder): string {
  const changes = options.action === "deploy" || options.action === "destroy";
  const counts = error instanceof OperationError && changes ? error.outcome.counts : {};
  const done = describeCounts(counts);
  if (stop.aborted) return done === "" ? "Nothing was changed." : `Until then: ${done}.`;
  return done === "" ? messageOf(error) : `${messageOf(error)}\n\nUntil then: ${done}.`;
}
