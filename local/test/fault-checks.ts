import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { emulatedEnvironment, programEnvironment } from "../emulators/client-settings";
import type { Emulators } from "../emulators/emulators";
import type { LocalStack, Session } from "../local-stack";
import { type Operation, OperationError } from "../operation";
import { type Outcome, describeCounts } from "../operation-events";
import type { ApiCall } from "./api-call";
import type { Checks } from "./checks";
import { describeChange } from "./expectations";
import { FAULTS, startFaultyProxy } from "./faulty-proxy";
import { withStack } from "./in-process";
import { freshStack, ROOT } from "./local-run";

const STACK = "dev";
/** A run gets on by at least one kind of call, and there are fewer kinds than this. */
const MOST_RUNS = 150;

/**
 * Each kind of call that changes something meets each fault once, as far as it is made so often: in the end all must be there as
 * without any fault, and nothing of it twice.
 */
export async function checkFaults({ check }: Checks): Promise<void> {
  const calm = new Calls();
  let deployed: readonly string[] = [];
  const isDeployed = await check("a stack deploys, changes and goes without a fault", () =>
    lifeOfStack("faults-test/calm", calm, async (local) => {
      deployed = (await local.resources()).map(({ urn }) => urn).sort();
    }),
  );
  if (!isDeployed) return;

  const disturbed = new Calls(FAULTS);
  await check("a stack deploys, changes and goes where each kind of call meets each fault", () =>
    lifeOfStack("faults-test/disturbed", disturbed, async (local) => {
      assert.deepEqual((await local.resources()).map(({ urn }) => urn).sort(), deployed);
    }),
  );
  await check("no call was made that made anything twice", () => {
    const creating = [...calm.done.keys()].filter((kind) => CREATES.test(kind));
    const twice = creating.flatMap((kind) => {
      const [once, again] = [calm.done.get(kind), disturbed.done.get(kind)];
      return once === again ? [] : [`${kind}: ${once ?? 0} without faults, ${again ?? 0} with`];
    });
    assert.deepEqual(twice, []);
    const failed = `${disturbed.kinds.size} kinds disturbed, in ${disturbed.failedRuns} failed runs`;
    return Promise.resolve(`${creating.length} kinds that create; ${failed}`);
  });
}

/** What makes a thing, of which a second one would be one too many. */
const CREATES = /^\S+ (Allocate|Create|Register|Request|Run)[A-Z](?!.*Tags$)/;

/** What was asked of the emulated AWS, and what went wrong with it on purpose. */
class Calls {
  /** How often each kind succeeded. */
  readonly done = new Map<string, number>();
  /** Faults that each kind has met. */
  readonly kinds = new Map<string, number>();
  failedRuns = 0;

  constructor(private readonly faults: readonly (typeof FAULTS)[number][] = []) {}

  readonly reach: Session["reach"] = async (emulators) => {
    const proxy = await startFaultyProxy(emulators.environment["HTTP_PROXY"] ?? "", {
      faultFor: (call) => this.faultFor(call),
      answered: (call, status) => this.answered(call, status),
    });
    return {
      ...emulators,
      environment: emulatedEnvironment(proxy.url),
      programEnvironment: programEnvironment(proxy.url),
      stop: async () => {
        await proxy.close();
        await emulators.stop();
      },
    } satisfies Emulators;
  };

  private faultFor(call: ApiCall) {
    if (!call.mutates) return undefined;
    const kind = kindOf(call);
    const met = this.kinds.get(kind) ?? 0;
    const fault = this.faults[met];
    this.kinds.set(kind, fault === undefined ? met : met + 1);
    return fault;
  }

  private answered(call: ApiCall, status: number): void {
    if (!call.mutates || status >= 300) return;
    const kind = kindOf(call);
    this.done.set(kind, (this.done.get(kind) ?? 0) + 1);
  }
}

function kindOf({ service, action }: ApiCall): string {
  return `${service} ${action}`;
}

/** Deploys a stack, changes it and destroys it, running again whatever fails. */
async function lifeOfStack(
  testFolder: string,
  calls: Calls,
  look: (local: LocalStack) => Promise<void>,
): Promise<string> {
  const test = await freshStack(STACK, testFolder);
  const stackFile = join(test.stateFolder, "faults.yaml");
  const config = shippedConfig();
  writeFileSync(stackFile, stringify({ config }, { lineWidth: 0 }));
  const options = { project: ROOT, stack: STACK, stackFile, folder: test.folder };
  return withStack(
    options,
    async (local) => {
      const created = await untilDone(local, "up", calls);
      for (const operation of ["up", "previewRefresh"] as const) {
        const { outcome } = await local.operate(operation, "Looking for changes");
        assert.deepEqual(outcome.changed.map(describeChange), []);
      }
      await look(local);
      local.configure(changedConfig(config));
      await untilDone(local, "up", calls);
      await untilDone(local, "destroy", calls);
      assert.deepEqual(await local.resources(), []);
      return describeCounts(created.counts);
    },
    { reach: calls.reach },
  );
}

/** Runs again until all is done and, since something failed, until a refresh finds nothing left to do. */
async function untilDone(
  local: LocalStack,
  operation: "up" | "destroy",
  calls: Calls,
): Promise<Outcome> {
  const failedBefore = calls.failedRuns;
  const outcome = await untilPassed(local, operation, calls);
  let seen = failedBefore;
  while (operation === "up" && calls.failedRuns > seen) {
    seen = calls.failedRuns;
    // A thing whose making failed half-way is in the state as it was meant to be: this sees what it is.
    await untilPassed(local, "refresh", calls);
    await untilPassed(local, "up", calls);
  }
  return outcome;
}

async function untilPassed(
  local: LocalStack,
  operation: Operation,
  calls: Calls,
): Promise<Outcome> {
  for (let run = 1; ; run += 1) {
    try {
      return (await local.operate(operation, operation)).outcome;
    } catch (error) {
      if (!(error instanceof OperationError && error.isOfResources) || run === MOST_RUNS)
        throw error;
      calls.failedRuns += 1;
    }
  }
}

type Config = Record<string, unknown>;

function shippedConfig(): Config {
  const file = readFileSync(join(ROOT, `Pulumi.${STACK}.yaml`), "utf8");
  return (parse(file) as { config: Config }).config;
}

/** With a value of each section changed that can change in place. */
function changedConfig(config: Config): Config {
  const network = config["ecs-platform:network"] as Config;
  const services = config["ecs-platform:services"] as Record<string, Config>;
  return {
    ...config,
    "ecs-platform:network": { ...network, flowLogs: { retentionDays: 14, traffic: "REJECT" } },
    "ecs-platform:services": Object.fromEntries(
      Object.entries(services).map(([name, service]) => [
        name,
        { ...service, memoryMiB: 1024, logRetentionDays: 30, exec: false },
      ]),
    ),
    "ecs-platform:tags": { CostCenter: "faults" },
  };
}
