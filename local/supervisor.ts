import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { EXIT } from "./exit-codes";
import type { Options } from "./options";
import {
  describeProcess,
  endProcesses,
  processesOfRun,
  RUN_MARK,
  SHORT_GRACE_MILLISECONDS,
} from "./processes";
import type { Progress } from "./progress";
import { claim, release, updateRecord } from "./run-record";

/** Why a run shall stop; the worker tells the user. */
export type StopReason = "Ctrl-C" | "kill" | "hangup" | "npm ended" | "supervisor ended";

/** At Ctrl-C the engine finishes what is in flight, and a load balancer or a database can take minutes. */
const PATIENT_MILLISECONDS = 300_000;
/** Who ends the run in any other way is going: a shutdown kills what is left after a few seconds more. */
const HASTY_MILLISECONDS = 20_000;
/** The emulators save their state when they are asked to end. */
const GRACE_MILLISECONDS = 10_000;
/** At Ctrl-C the terminal and npm both send a signal: the second of such a pair is no second Ctrl-C. */
const ONE_KEYSTROKE_MILLISECONDS = 500;
const WATCH_MILLISECONDS = 1000;

/**
 * Runs the worker in a session of its own, where signals of the terminal do not reach it or what it starts: the run
 * stops in order, and what does not stop is found and ended. Gives the exit code.
 */
export async function supervise(options: Options, progress: Progress): Promise<number> {
  const { recover } = await claim(options.folder, options.action, progress);
  const worker = startWorker(options, recover);
  const exited = once(worker, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  const { unwatch, wasStopped } = stopWhenAsked(worker, options.folder);

  const [code, signal] = await exited;
  unwatch();
  await endProcesses(() => processesOfRun(options.folder), GRACE_MILLISECONDS);
  updateRecord(options.folder, { phase: "ended" });
  release(options.folder);
  if (signal !== null) {
    const how = wasStopped() ? "was ended with work in flight" : `was ended by ${signal}`;
    progress.note(`The run ${how}. Run the same command again: it carries on from there.`);
  }
  return code ?? (wasStopped() ? EXIT.stopped : EXIT.failed);
}

function startWorker(options: Options, recover: boolean): ChildProcess {
  const tsNode = require.resolve("ts-node/register/transpile-only");
  return spawn(
    process.execPath,
    ["-r", tsNode, join(__dirname, "worker.ts"), JSON.stringify({ options, recover })],
    {
      cwd: join(__dirname, ".."),
      detached: true,
      env: { ...process.env, [RUN_MARK]: options.folder },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    },
  );
}

/** Passes the first request to stop on to the worker; ends the run by force at the second, or if it takes too long. */
function stopWhenAsked(
  worker: ChildProcess,
  folder: string,
): { unwatch: () => void; wasStopped: () => boolean } {
  let stoppedAt: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const kill = () => void endProcesses(() => processesOfRun(folder), SHORT_GRACE_MILLISECONDS);
  const stop = (reason: StopReason) => {
    if (stoppedAt !== undefined) {
      const isAskedAgain = reason === "Ctrl-C" || reason === "kill";
      if (isAskedAgain && Date.now() - stoppedAt > ONE_KEYSTROKE_MILLISECONDS) kill();
      return;
    }
    stoppedAt = Date.now();
    updateRecord(folder, { phase: "ending" });
    if (worker.connected) worker.send(reason, () => undefined);
    timer = setTimeout(kill, reason === "Ctrl-C" ? PATIENT_MILLISECONDS : HASTY_MILLISECONDS);
  };

  const reasons = { SIGINT: "Ctrl-C", SIGTERM: "kill", SIGHUP: "hangup" } as const;
  for (const [signal, reason] of Object.entries(reasons)) process.on(signal, () => stop(reason));
  const watch = onNpmEnd(() => stop("npm ended"));
  return {
    unwatch: () => {
      clearTimeout(timer);
      clearInterval(watch);
    },
    wasStopped: () => stoppedAt !== undefined,
  };
}

/** npm cannot tell when it is killed. Between npm and this process there may be the shell of the npm script. */
function onNpmEnd(tell: () => void): NodeJS.Timeout | undefined {
  if (process.env["npm_lifecycle_event"] === undefined) return undefined;
  const parent = describeProcess(process.ppid);
  const throughShell = parent !== undefined && /^\S*sh -c /.test(parent.command);
  const grandparent = () => (throughShell ? describeProcess(process.ppid)?.parent : undefined);
  const ancestors = () => `${process.ppid} ${grandparent() ?? ""}`;
  const before = ancestors();
  const watch = setInterval(() => {
    if (ancestors() === before) return;
    clearInterval(watch);
    tell();
  }, WATCH_MILLISECONDS);
  return watch;
}
