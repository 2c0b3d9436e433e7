/** The process that does the work of a run. Started by the supervisor only, with its orders as one argument. */
import { messageOf } from "./errors";
import { EXIT } from "./exit-codes";
import type { Options } from "./options";
import { endProcesses, processesOfRun, SHORT_GRACE_MILLISECONDS } from "./processes";
import { consoleProgress, type Progress } from "./progress";
import { run, type RunEnd } from "./run";
import { updateRecord } from "./run-record";
import type { StopReason } from "./supervisor";

/** Without a supervisor nobody else ends this run if it hangs. */
const HASTY_MILLISECONDS = 20_000;

const STOPPING: Readonly<Record<StopReason, string>> = {
  "Ctrl-C": "Stopping when what is in flight is done. Ctrl-C again stops at once.",
  kill: "Asked to stop: stopping when what is in flight is done.",
  hangup: "The terminal was closed: stopping when what is in flight is done.",
  "npm ended": "npm was ended: stopping when what is in flight is done.",
  "supervisor ended": "The run's first process was ended: stopping when what is in flight is done.",
};

async function main(): Promise<void> {
  const orders = JSON.parse(process.argv[2] ?? "") as { options: Options; recover: boolean };
  const { folder } = orders.options;
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);

  const progress = consoleProgress();
  const stop = stopWhenAsked(progress, folder);
  let end: RunEnd = { exitCode: EXIT.failed, recover: true };
  try {
    end = await run({ ...orders, progress, stop });
  } catch (error) {
    console.error(error instanceof Error ? error.stack : messageOf(error));
  }
  updateRecord(folder, { phase: "ended", recover: end.recover });
  if (!process.connected)
    await endProcesses(() => processesOfRun(folder), SHORT_GRACE_MILLISECONDS);
  process.exit(end.exitCode);
}

function stopWhenAsked(progress: Progress, folder: string): AbortSignal {
  const controller = new AbortController();
  const stop = (reason: StopReason) => {
    if (controller.signal.aborted) return;
    progress.note(STOPPING[reason]);
    controller.abort();
  };
  process.on("message", stop);
  process.on("SIGINT", () => stop("Ctrl-C"));
  process.on("SIGTERM", () => stop("kill"));
  process.on("disconnect", () => {
    stop("supervisor ended");
    setTimeout(() => {
      void endProcesses(() => processesOfRun(folder), SHORT_GRACE_MILLISECONDS).then(() =>
        process.exit(EXIT.stopped),
      );
    }, HASTY_MILLISECONDS);
  });
  return controller.signal;
}

void main();
