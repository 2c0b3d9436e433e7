import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/**
 * An environment variable that all processes of a run inherit; its value is the stack's folder. Process groups do not
 * do to find them again: the engine puts each plugin into a group of its own, and an orphan has lost its parent.
 */
export const RUN_MARK = "ECS_PLATFORM_LOCAL_RUN";

/** For processes that shall end at once: enough for the emulators to save. */
export const SHORT_GRACE_MILLISECONDS = 3000;

const HAS_PROC = process.platform === "linux";
const POLL_MILLISECONDS = 100;
/** One is enough, but for processes that are just being started, and for those that no signal reaches. */
const KILLS = 5;

/** What tells a process from a later one with the same number; nothing if there is none (or a dead one, unreaped). */
export function identityOf(pid: number): string | undefined {
  if (HAS_PROC) {
    const fields = readStat(pid);
    return fields === undefined || fields[0] === "Z" ? undefined : `${pid} ${fields[19] ?? ""}`;
  }
  const started = ps("-o", "lstart=", "-p", String(pid)).trim();
  return started === "" ? undefined : `${pid} ${started}`;
}

/** Parent and command line of a process. */
export function describeProcess(pid: number): { parent: number; command: string } | undefined {
  if (HAS_PROC) {
    const fields = readStat(pid);
    if (fields === undefined) return undefined;
    const command = readProc(`/proc/${pid}/cmdline`)?.replaceAll("\0", " ").trim() ?? "";
    return { parent: Number(fields[1]), command };
  }
  const [, parent, command] =
    /^\s*(\d+)\s+(.*)/.exec(ps("-o", "ppid=,command=", "-p", String(pid))) ?? [];
  return parent === undefined ? undefined : { parent: Number(parent), command: command ?? "" };
}

/** All processes of runs of the stack in this folder, but for this one. */
export function processesOfRun(folder: string): number[] {
  const mark = `${RUN_MARK}=${folder}`;
  const found = HAS_PROC
    ? readdirSync("/proc")
        .map(Number)
        .filter((pid) => pid > 0)
        .filter((pid) => readProc(`/proc/${pid}/environ`)?.split("\0").includes(mark))
    : ps("-axwwE", "-o", "pid=,command=")
        .split("\n")
        .filter((line) => `${line} `.includes(` ${mark} `) && !line.includes(" -axwwE "))
        .map((line) => Number.parseInt(line, 10));
  return found.filter((pid) => pid !== process.pid);
}

/** Asks processes to end, then makes them: some save their work when asked. Gives how many there were. */
export async function endProcesses(
  find: () => readonly number[],
  graceMilliseconds: number,
): Promise<number> {
  const first = find();
  signal(first, "SIGTERM");
  if (!(await gone(find, graceMilliseconds))) {
    for (let attempt = 0; attempt < KILLS && !(await gone(find, 0)); attempt += 1) {
      signal(find(), "SIGKILL");
      await gone(find, 1000);
    }
  }
  return first.length;
}

/** Waits until there are none of these processes; gives whether that happened in time. */
export async function gone(find: () => readonly number[], milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (find().length > 0) {
    if (Date.now() >= deadline) return false;
    await delay(POLL_MILLISECONDS);
  }
  return true;
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // it ended meanwhile
    }
  }
}

/** The fields of /proc/PID/stat from the third (state) on; the second, a name, may hold blanks and parentheses. */
function readStat(pid: number): string[] | undefined {
  const stat = readProc(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // ended, or another user's
  }
}

function ps(...options: readonly string[]): string {
  try {
    return execFileSync("ps", options, {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return ""; // ps fails where it finds no process
  }
}
