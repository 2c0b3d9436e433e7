import { setMaxListeners } from "node:events";
import { openLocalStack, type LocalStack, type Session } from "../local-stack";
import type { Options } from "../options";
import { loadProgram } from "../program";
import type { Progress } from "../progress";
import { ensureToolchain } from "../toolchain/toolchain";

/** Shows nothing: a check prints one line, at its end. */
export const SILENT: Progress = {
  note: () => undefined,
  step: (_title, work) => work(() => undefined),
};

/** The one that has this process, or had it last. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Opens a stack in this process, for what no command of the runner does, and closes it again. One after the other: hooks of
 * a program call the AWS that the environment names, and a process has one environment.
 */
export function withStack<T>(
  options: Omit<Options, "action">,
  work: (local: LocalStack) => Promise<T>,
  how: Pick<Session, "reach"> = {},
): Promise<T> {
  const result = turn.then(() => openedStack(options, work, how));
  turn = result.catch(() => undefined);
  return result;
}

async function openedStack<T>(
  options: Omit<Options, "action">,
  work: (local: LocalStack) => Promise<T>,
  how: Pick<Session, "reach">,
): Promise<T> {
  const stop = new AbortController().signal;
  setMaxListeners(0, stop); // Every operation listens to it, and a check may do many.
  const local = await openLocalStack(
    {
      options: { action: "deploy", ...options },
      progress: SILENT,
      stop,
      program: loadProgram(options.project),
      ...how,
      recover: false,
      recovered: false,
      startedAnew: false,
    },
    await ensureToolchain(SILENT),
  );
  try {
    return await work(local);
  } finally {
    await local.close();
  }
}
