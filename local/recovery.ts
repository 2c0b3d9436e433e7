import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "./errors";
import {
  forgetLocalStack,
  type LocalStack,
  openLocalStack,
  type Session,
  unlessStopped,
} from "./local-stack";
import { OperationError } from "./operation";
import { ensureToolchain } from "./toolchain/toolchain";

/** What is said when the engine, a plugin or the emulators died. */
const DEATHS = /was killed with|error reading from server|connection refused|ended by itself/;

/** How long it may take to hear that the emulators ended, after the engine could not reach them. */
const NOTICED_MILLISECONDS = 200;

/**
 * Opens the stack for some work. If an earlier run was cut off, state and emulated AWS are brought together first; where
 * that does not do, since a cut off run may leave things in AWS that the state does not know and that are in the way,
 * both are thrown away and the work starts anew. On this machine that costs no more than time.
 */
export async function withLocalStack<T>(
  session: Session,
  work: (local: LocalStack) => Promise<T>,
): Promise<T> {
  const toolchain = await unlessStopped(session.stop, ensureToolchain(session.progress));
  session.progress.note(toolchain.origin);
  let local = await openLocalStack(session, toolchain);
  let failure: unknown;
  try {
    if (!local.needsRecovery) {
      session.recover = false;
      return await watched(session, local, work);
    }
    try {
      session.recovered = true;
      await watched(session, local, recover);
      session.recover = false;
      return await watched(session, local, work);
    } catch (error) {
      if (!isInTheWay(session, error)) throw error;
      session.progress.note(messageOf(error));
      session.progress.note(
        "What the cut off run left is in the way. It is only emulated: starting anew from nothing.",
      );
      session.startedAnew = true;
      await local.close();
      await forgetLocalStack(session.options.folder);
      local = await openLocalStack(session, toolchain);
      session.recover = false;
      return await watched(session, local, work);
    }
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    await close(session, local, failure);
  }
}

/** Brings the state in line with what exists. */
async function recover(local: LocalStack): Promise<void> {
  await local.unlock().catch(() => undefined); // fails where there is no lock
  await local.operate("refresh", "Taking up the work of a run that was cut off");
}

/** Does some work, and sees whether it leaves something to recover. */
async function watched<T>(
  session: Session,
  local: LocalStack,
  work: (local: LocalStack) => Promise<T>,
): Promise<T> {
  try {
    return await work(local);
  } catch (error) {
    const isIncomplete = error instanceof OperationError && !error.outcome.complete;
    session.recover ||= isIncomplete || isDeath(error);
    if (session.stop.aborted) throw error;
    const emulatorsEnded = await Promise.race([
      local.emulators.failure,
      delay(NOTICED_MILLISECONDS),
    ]);
    session.recover ||= emulatorsEnded !== undefined;
    throw emulatorsEnded ?? error;
  }
}

/** Whether an error comes from what a cut off run left, rather than from the program or from being cut off again. */
function isInTheWay(session: Session, error: unknown): boolean {
  if (session.stop.aborted || isDeath(error)) return false;
  // Until it is recovered there can be no other reason; then it takes a resource that cannot be made or changed.
  return session.recover || (error instanceof OperationError && error.isOfResources);
}

/** The engine, a plugin or the emulators died: nobody knows whether the resources in flight exist. */
function isDeath(error: unknown): boolean {
  return DEATHS.test(messageOf(error));
}

async function close(session: Session, local: LocalStack, failure: unknown): Promise<void> {
  try {
    await local.close();
  } catch (error) {
    session.recover = true;
    if (error !== failure && !session.stop.aborted) session.progress.note(messageOf(error));
  }
}
