import { ACTIONS } from "./actions";
import { messageOf } from "./errors";
import { EXIT, type RunExitCode } from "./exit-codes";
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
  readonly exitCode: RunExitCode;
  readonly recover: boolean;
}

const VERDICTS: Readonly<Record<RunExitCode, string>> = {
  [EXIT.ok]: "Done",
  [EXIT.failed]: "Failed",
  [EXIT.stopped]: "Stopped",
};

/** Does what the command line asks for and tells the user how it went. */
export async function run(order: RunOrder): Promise<RunEnd> {
  const startedAt = Date.now();
  const session: Session = {
    ...order,
    program: loadProgram(order.options.project),
    recovered: false,
    startedAnew: false,
  };
  const { action, stack } = order.options;

  let exitCode: RunExitCode = EXIT.ok;
  let result: Partial<Summary>;
  try {
    result = await ACTIONS[action](session);
  } catch (error) {
    exitCode = order.stop.aborted ? EXIT.stopped : EXIT.failed;
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
  if (stop.aborted) return done === "" ? "Nothing was done until then." : `Until then: ${done}.`;
  return done === "" ? messageOf(error) : `${messageOf(error)}\n\nUntil then: ${done}.`;
}
