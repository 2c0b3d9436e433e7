import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { gone, processesOfRun } from "../processes";
import { READS } from "./api-call";
import type { Checks } from "./checks";
import { checkEnd } from "./deployment-checks";
import { counts, expectOnly } from "./expectations";
import { freshStack, ROOT, startRun, successfulRun, type Run, type TestStack } from "./local-run";

/** A moment of a run at which it is killed. */
interface Moment {
  readonly title: string;
  /** Waits until the moment has come. */
  readonly come: (run: Run, test: TestStack) => Promise<unknown>;
}

const STACK = "dev";
/** What takes longest to make, and would add no moment of another kind. */
const SECTIONS_LEFT_OUT = ["ecs-platform:databases", "ecs-platform:bastion"];

/** Moments between the first call and the last, evenly spread. */
const MOMENTS_OF_DEPLOYMENT = 12;
const MOMENTS_OF_DESTRUCTION = 5;

const STARTING: Moment = {
  title: "while the emulated AWS starts",
  come: (run) => run.printed(/… Starting the emulated AWS/),
};
const OPENING: Moment = {
  title: "while the engine starts",
  come: (run) => run.printed(/… Deploying/),
};
const DEPLOYED: Moment = {
  title: "when all is there, before it is saved",
  come: (run) => run.printed(/✔ Deploying/),
};

/** How long the processes of a run may live when it has lost its supervisor. */
const ORPHANS_MILLISECONDS = 40_000;
const POLL_MILLISECONDS = 20;

/** Kills runs at twenty moments, with no chance to clean up; each time the next run must put all in order. */
export async function checkCrashes({ check }: Checks): Promise<void> {
  const start = () => freshStack(STACK, "crash-test");
  let test = await start();
  const options = ["--config-file", smallStackFile(test)];
  let total = 0;
  let calls = { deployment: 0, destruction: 0 };

  const isCounted = await check(
    "a run that nobody kills deploys, and another destroys",
    async () => {
      const summary = await successfulRun(test, ...options);
      total = summary.changed?.length ?? 0;
      const deployment = callsMade(test);
      calls = {
        deployment,
        destruction: await callsOf(startCountedRun(test, ...options, "--destroy"), test),
      };
      return `${total} resources, ${calls.deployment} calls to create and ${calls.destruction} to delete them`;
    },
  );
  if (!isCounted) return;

  const converges = async () => {
    const summary = await successfulRun(test, ...options);
    expectOnly(await successfulRun(test, ...options, "--drift"));
    const { components = {} } = summary;
    const there = Object.values(components).reduce((sum, count) => sum + count, 0);
    assert.equal(there, total, "not everything is there");
    return counts(summary) + (summary.startedAnew ? ", started anew" : "");
  };

  const moments = [STARTING, OPENING, ...spread(MOMENTS_OF_DEPLOYMENT, calls.deployment), DEPLOYED];
  for (const [index, moment] of moments.entries()) {
    test = await start();
    await check(`a deployment that is killed ${moment.title}, and run again`, async () => {
      const killed = await killedRun(test, moment, index, ...options);
      return `${killed}; then ${await converges()}`;
    });
  }
  for (const [index, moment] of spread(MOMENTS_OF_DESTRUCTION, calls.destruction).entries()) {
    await check(`a destruction that is killed ${moment.title}, and deployed again`, async () => {
      const killed = await killedRun(test, moment, index, ...options, "--destroy");
      return `${killed}; then ${await converges()}`;
    });
  }
  await checkEnd("the stack that was killed", test, { check });
}

function spread(count: number, calls: number): Moment[] {
  return Array.from({ length: count }, (_, index) => {
    const call = Math.max(1, Math.round((calls * index) / count));
    return {
      title: `at call ${call} of ${calls}`,
      come: async (run, test) => {
        let ended = false;
        void run.finished.then(() => (ended = true));
        while (callsMade(test) < call && !ended) await delay(POLL_MILLISECONDS);
      },
    };
  });
}

/** Starts a run whose calls are counted from nothing: the log of the run before it stays until the emulators start. */
function startCountedRun(test: TestStack, ...options: readonly string[]): Run {
  rmSync(callLog(test), { force: true });
  return startRun(test, ...options);
}

function callLog({ folder }: TestStack): string {
  return join(folder, "emulated-aws", "emulators.log");
}

/** Starts a run, kills it, and sees all of its processes end. */
async function killedRun(
  test: TestStack,
  moment: Moment,
  index: number,
  ...options: readonly string[]
): Promise<string> {
  const run = startCountedRun(test, ...options);
  await moment.come(run, test);
  const all = processesOfRun(test.folder);
  // Every second time only the process that the user started: the others must notice.
  const victims = index % 2 === 0 ? [run.pid, ...all] : [run.pid];
  for (const pid of victims) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // it ended meanwhile
    }
  }
  assert.ok(
    await gone(() => processesOfRun(test.folder), ORPHANS_MILLISECONDS),
    `these processes live on: ${processesOfRun(test.folder).join(", ")}`,
  );
  const { exitCode } = await run.finished;
  if (exitCode !== null) return `it had ended before, with exit code ${exitCode}`;
  return index % 2 === 0 ? `all ${all.length + 1} processes killed` : "its first process killed";
}

/** How many calls that change something the emulated AWS has answered in the latest run. */
function callsMade(test: TestStack): number {
  const log = callLog(test);
  if (!existsSync(log)) return 0;
  const actions = readFileSync(log, "utf8").matchAll(/ INFO \S+: \S+ (\S+(?: \S+)?): 2\d\d /g);
  return [...actions].filter(([, action = ""]) => !READS.test(action)).length;
}

/** The same of a run at whose end the log goes with all else. */
async function callsOf(run: Run, test: TestStack): Promise<number> {
  let most = 0;
  let ended = false;
  void run.finished.then(() => (ended = true));
  for (; !ended; await delay(POLL_MILLISECONDS)) most = Math.max(most, callsMade(test));
  return most;
}

/** The shipped stack without what takes long to make. */
function smallStackFile(test: TestStack): string {
  const shipped = readFileSync(join(ROOT, `Pulumi.${STACK}.yaml`), "utf8");
  const { config } = parse(shipped) as { config: Record<string, unknown> };
  const services = config["ecs-platform:services"] as Record<string, Record<string, unknown>>;
  const file = join(test.stateFolder, `${STACK}.small.yaml`);
  const small = {
    ...Object.fromEntries(
      Object.entries(config).filter(([key]) => !SECTIONS_LEFT_OUT.includes(key)),
    ),
    "ecs-platform:services": Object.fromEntries(
      Object.entries(services).map(([name, { databases: _, ...service }]) => [name, service]),
    ),
  };
  writeFileSync(file, stringify({ config: small }, { lineWidth: 0 }));
  return file;
}
