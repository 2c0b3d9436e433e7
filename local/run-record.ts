import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Action } from "./options";
import { endProcesses, gone, identityOf, processesOfRun } from "./processes";
import type { Progress } from "./progress";

/**
 * The file `run.json` in a stack's folder: who works on the stack, and whether the last run left work behind. It is gone
 * when a run ended well.
 */
export interface RunRecord {
  readonly action: Action;
  readonly startedAt: string;
  /** The supervisor: the process that the user started. */
  readonly pid: number;
  /** Tells it from a later process with the same number. */
  readonly identity: string;
  readonly phase: "running" | "ending" | "ended";
  /** True unless the run is known to have left state and emulated AWS in order. */
  readonly recover: boolean;
}

/** How long another run that is ending may take before it is helped. */
const ENDING_MILLISECONDS = 120_000;
const ORPHANS_MILLISECONDS = 30_000;
const GRACE_MILLISECONDS = 10_000;

/** Another run is at work on the same stack. */
export class BusyError extends Error {}

/**
 * Takes the stack in `folder` for this process, after whatever a dead run left behind has ended. Gives whether that run
 * left work to recover. Fails if another run is alive.
 */
export async function claim(
  folder: string,
  action: Action,
  progress: Progress,
): Promise<{ recover: boolean }> {
  mkdirSync(folder, { recursive: true });
  for (;;) {
    const other = readRecord(folder);
    if (other !== undefined && identityOf(other.pid) === other.identity) {
      await waitFor(other, progress);
      continue;
    }
    await endOrphans(folder, progress);
    const recover = other !== undefined && (other.phase !== "ended" || other.recover);
    if (replaceRecord(folder, other, ownRecord(action))) return { recover };
  }
}

/** Notes what becomes of this run. The stack must have been claimed by it. */
export function updateRecord(folder: string, change: Partial<RunRecord>): void {
  const record = readRecord(folder);
  if (record !== undefined) writeAtomically(recordFile(folder), { ...record, ...change });
}

/** Gives the stack up: nothing of this run stays unless the next one has to recover. */
export function release(folder: string): void {
  const record = readRecord(folder);
  if (record?.phase !== "ended" || record.recover) return;
  rmSync(recordFile(folder), { force: true });
  try {
    rmdirSync(folder);
  } catch {
    // there is a stack in it
  }
}

/** The record in a folder, if any. One that cannot be read tells as much as a run that crashed. */
export function readRecord(folder: string): RunRecord | undefined {
  let text: string;
  try {
    text = readFileSync(recordFile(folder), "utf8");
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as RunRecord;
  } catch {
    const crashed = { phase: "running", recover: true, pid: 0, identity: "" } as const;
    return { ...crashed, action: "deploy", startedAt: "" };
  }
}

async function waitFor(other: RunRecord, progress: Progress): Promise<void> {
  const alive = () => (identityOf(other.pid) === other.identity ? [other.pid] : []);
  const busy = new BusyError(
    `Another run is at work on this stack: process ${other.pid}, to ${other.action} it, ` +
      `since ${new Date(other.startedAt).toLocaleTimeString()}.\n` +
      `Wait until it ends, or stop it by Ctrl-C where it runs, or by\n  kill ${other.pid}`,
  );
  if (other.phase === "running") throw busy;
  const title = `Waiting for another run that is ending (process ${other.pid})`;
  if (!(await progress.step(title, () => gone(alive, ENDING_MILLISECONDS)))) throw busy;
}

/** The processes of a run whose supervisor is dead end by themselves, unless that was taken from them. */
async function endOrphans(folder: string, progress: Progress): Promise<void> {
  const orphans = () => processesOfRun(folder);
  await delay(50); // a worker that was just started does not show its mark at once
  if (orphans().length === 0) return;
  await progress.step("Ending what an earlier run left behind", async () => {
    if (!(await gone(orphans, ORPHANS_MILLISECONDS)))
      await endProcesses(orphans, GRACE_MILLISECONDS);
  });
}

function ownRecord(action: Action): RunRecord {
  return {
    action,
    startedAt: new Date().toISOString(),
    pid: process.pid,
    identity: identityOf(process.pid) ?? "",
    phase: "running",
    recover: true,
  };
}

/** Puts a record in place of the one that was read; fails if another process was faster. */
function replaceRecord(
  folder: string,
  expected: RunRecord | undefined,
  record: RunRecord,
): boolean {
  const file = recordFile(folder);
  const aside = `${file}.${process.pid}.old`;
  if (expected !== undefined) {
    try {
      renameSync(file, aside); // of several processes, one can do this
    } catch {
      return false;
    }
    const found = JSON.stringify(parseOrEmpty(aside));
    if (found !== "{}" && found !== JSON.stringify(expected)) {
      renameSync(aside, file); // it was a faster one's
      return false;
    }
  }
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, JSON.stringify(record, undefined, 2));
  try {
    linkSync(draft, file); // whole at once, and only where there is none
    return true;
  } catch {
    return false;
  } finally {
    rmSync(draft, { force: true });
    rmSync(aside, { force: true });
  }
}

function parseOrEmpty(file: string): object {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as object;
  } catch {
    return {};
  }
}

function writeAtomically(file: string, record: RunRecord): void {
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, JSON.stringify(record, undefined, 2));
  renameSync(draft, file);
}

function recordFile(folder: string): string {
  return join(folder, "run.json");
}
