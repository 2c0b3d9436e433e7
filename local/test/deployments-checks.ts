import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { LocalStack } from "../local-stack";
import { describeCounts } from "../operation-events";
import type { Request } from "../stand-ins/recording";
import type { Checks } from "./checks";
import { withStack } from "./in-process";
import { freshStack, ROOT } from "./local-run";

const PROJECT = join(ROOT, "deployments");
const STACK = "example";
const STACKS_KEY = "ecs-platform-deployments:stacks";
const EXPIRY = "2027-01-31T18:00:00Z";

/** Sets up Pulumi Deployments as the shipped example says, in a Pulumi Cloud that a stand-in answers for. */
export async function checkDeployments({ check }: Checks): Promise<void> {
  const test = await freshStack(STACK, "deployments-test");
  const stackFile = join(PROJECT, `Pulumi.${STACK}.yaml`);
  const options = { project: PROJECT, stack: STACK, stackFile, folder: test.folder };
  await withStack(options, async (local) => {
    await check("Pulumi Deployments is set up, and again without a change", async () => {
      const { outcome } = await local.operate("up", "Deploying");
      const again = await local.operate("up", "Deploying again");
      assert.deepEqual(again.outcome.changed, []);
      const asked = requestsOf(local).map(({ operation, urn }) => `${operation} ${nameOf(urn)}`);
      assert.deepEqual(asked.sort(), [
        "create dev-drift",
        "create dev-settings",
        "create pr-settings",
        "create prod-drift",
        "create prod-settings",
      ]);
      return describeCounts(outcome.counts);
    });
    await check(
      "a stack of Pulumi Deployments that shall expire changes nothing else",
      async () => {
        local.configure({ [STACKS_KEY]: expiringStacks(stackFile) });
        const { outcome } = await local.operate("up", "Changing");
        assert.deepEqual(
          outcome.changed.map(({ change, urn }) => `${change} ${nameOf(urn)}`),
          ["created dev-expiry"],
        );
        return describeCounts(outcome.counts);
      },
    );
    await check("Pulumi Deployments is taken down to nothing", async () => {
      const { outcome } = await local.operate("destroy", "Destroying");
      assert.deepEqual(await local.resources(), []);
      return describeCounts(outcome.counts);
    });
  });
}

/** What Pulumi Cloud was asked. */
function requestsOf({ standIns }: LocalStack): Request[] {
  const [served] = standIns.served();
  const lines = readFileSync(served?.record ?? "", "utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line) => JSON.parse(line) as Request);
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

function expiringStacks(stackFile: string): object {
  const { config } = parse(readFileSync(stackFile, "utf8")) as {
    config: Record<string, Record<string, object>>;
  };
  const stacks = config[STACKS_KEY];
  return { ...stacks, dev: { ...stacks?.["dev"], expiresAt: EXPIRY } };
}
