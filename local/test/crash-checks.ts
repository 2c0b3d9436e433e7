import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { gone, processesOfRun } from "../processes";
import type { Checks } from "./checks";
import { counts, expectOnly } from "./expectations";
import { freshStack, startRun, successfulRun, type TestStack } from "./local-run";

interface Crash {
  /** The process that the user started, or all of them. */
  readonly kills: "supervisor" | "everything";
  /** What the run has printed by then. */
  readonly after: RegExp;
  readonly milliseconds: number;
}

const STACK = "dev";

/** One after the other on the same stack, so each run begins with what the crash before has left. */
const CRASHES_OF_DEPLOYMENT: readonly Crash[] = [
  { kills: "everything", after: /… Starting the emulated AWS/, milliseconds: 800 },
  { kills: "everything", after: /… Deploying/, milliseconds: 4_000 },
  { kills: "supervisor", after: /… Deploying/, milliseconds: 7_000 },
  { kills: "everything", after: /… Deploying/, milliseconds: 12_000 },
  { kills: "supervisor", after: /… Deploying/, milliseconds: 30_000 },
  { kills: "everything", after: /… Deploying/, milliseconds: 45_000 },
  { kills: "everything", after: /✔ Deploying/, milliseconds: 0 },
];

const CRASHES_OF_DESTRUCTION: readonly Crash[] = [
  { kills: "everything", after: /… Destroying/, milliseconds: 2_000 },
  { kills: "supervisor", after: /… Destroying/, milliseconds: 4_000 },
];

/** How long the processes of a run may live when it has lost its supervisor. */
const ORPHANS_MILLISECONDS = 40_000;

/** Kills runs at many moments, with no chance to clean up, and has the next run carry on. */
export async function checkCrashes({ check }: Checks): Promise<void> {
  const test = await freshStack(STACK, "crash-test");

  for (const crash of CRASHES_OF_DEPLOYMENT) {
    await check(`a deployment, ${describeCrash(crash)}`, () => crashedRun(test, crash));
  }
  await check("the next run deploys it all", async () => {
    const summary = await successfulRun(test);
    assert.ok(summary.recovered, "it did not notice the crash");
    return counts(summary) + (summary.startedAnew ? ", started anew" : "");
  });
  await check("the run after that changes nothing", async () => {
    const summary = await successfulRun(test);
    expectOnly(summary);
    return counts(summary);
  });

  for (const crash of CRASHES_OF_DESTRUCTION) {
    await check(`a destruction, ${describeCrash(crash)}`, () =>
      crashedRun(test, crash, "--destroy"),
    );
  }
  await check("the next run destroys what is left", async () => {
    const summary = await successfulRun(test, "--destroy");
    assert.equal(summary.remaining, 0, "resources are left in the state");
    return summary.startedAnew ? "threw away what could not be deleted" : counts(summary);
  });
}

/** Starts a run, kills it, and sees all of its processes end. */
async function crashedRun(
  test: TestStack,
  crash: Crash,
  ...options: readonly string[]
): Promise<string> {
  const run = startRun(test, ...options);
  await run.printed(crash.after);
  await Promise.race([delay(crash.milliseconds), run.finished]);
  const all = processesOfRun(test.folder);
  for (const pid of crash.kills === "everything" ? [run.pid, ...all] : [run.pid]) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // it ended meanwhile
    }
  }
  const killedAt = Date.now();
  assert.ok(
    await gone(() => processesOfRun(test.folder), ORPHANS_MILLISECONDS),
    `these processes live on: ${processesOfRun(test.folder).join(", ")}`,
  );
  const { exitCode } = await run.finished;
  if (exitCode !== null) return `it had ended before, with exit code ${exitCode}`;
  const seconds = Math.round((Date.now() - killedAt) / 1000);
  return `${all.length} processes beside the first; none left ${seconds} s later`;
}

function describeCrash({ kills, after, milliseconds }: Crash): string {
  const moment = after.source.replace("… ", "").replace("✔ ", "done with ");
  return `${kills} killed ${milliseconds / 1000} s after "${moment}"`;
}
