import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { StateResource } from "./resources";

/** The parts of a stack's folder that the engine works in; the emulators keep theirs beside them. */
export interface StackFolders {
  /** The file backend. */
  readonly state: string;
  /** Pulumi.yaml and stack file as the engine sees them. */
  readonly workspace: string;
}

/** What the state on disk says, read without the engine. */
export interface StateOnDisk {
  /** None: the stack does not exist, or nothing was ever created in it. */
  readonly resources: readonly StateResource[];
  /** A run was cut off in the middle. */
  readonly cutOff: boolean;
}

interface Checkpoint {
  readonly checkpoint?: {
    readonly latest?: {
      readonly resources?: readonly StateResource[];
      readonly pending_operations?: readonly unknown[];
    };
  };
}

/** The folders of the stack in `folder`. */
export function stackFolders(folder: string): StackFolders {
  return { state: join(folder, "state"), workspace: join(folder, "workspace") };
}

/**
 * Reads the state. A file that a crash left in pieces is replaced by the engine's own backup, which is one step older,
 * and without a backup that can be read the stack starts from nothing. What the backend notes beside its files is dropped
 * where it is in pieces.
 */
export function readState(folder: string, project: string, stack: string): StateOnDisk {
  const { state } = stackFolders(folder);
  const file = join(state, ".pulumi", "stacks", project, `${stack}.json`);
  let repaired = removeBrokenAttributes(state);
  let latest = readCheckpoint(file);
  if (latest === "broken") {
    latest = readCheckpoint(`${file}.bak`);
    if (typeof latest === "object") copyFileSync(`${file}.bak`, file);
    else rmSync(state, { recursive: true });
    repaired = true;
  }
  const deployment = typeof latest === "object" ? latest.checkpoint?.latest : undefined;
  const pending = deployment?.pending_operations ?? [];
  return {
    resources: deployment?.resources ?? [],
    cutOff: repaired || pending.length > 0 || filesIn(join(state, ".pulumi", "locks")).length > 0,
  };
}

/** Removes what the engine keeps: the stack is as if it had never been deployed. */
export function forgetState(folder: string): void {
  const { state, workspace } = stackFolders(folder);
  for (const path of [state, workspace]) rmSync(path, { recursive: true, force: true });
}

/**
 * The file backend keeps attributes of each file beside it, and reads none of them where one is empty, as a crash leaves it.
 * Without attributes it does well. Gives whether there was one.
 */
function removeBrokenAttributes(state: string): boolean {
  const broken = filesIn(state).filter(
    (file) => file.endsWith(".attrs") && readCheckpoint(file) === "broken",
  );
  for (const file of broken) rmSync(file);
  return broken.length > 0;
}

function readCheckpoint(file: string): Checkpoint | "missing" | "broken" {
  if (!existsSync(file)) return "missing";
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Checkpoint;
  } catch {
    return "broken";
  }
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
