import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { EXIT } from "../exit-codes";
import { labelOf } from "../resources";
import type { Checks } from "./checks";
import { checkEnd } from "./deployment-checks";
import { changed, counts, describeChange } from "./expectations";
import { freshStack, ROOT, startRun, successfulRun } from "./local-run";

const STACK = "dev";
const SERVICE = "api";
// Spot fallback has nothing to do beside the service of these checks.
const SECTIONS = ["ecs-platform:databases", "ecs-platform:bastion", "ecs-platform:spotFallback"];

/** What the emulated ECS reads off an image or a command: see gaps.ts. */
const GOOD_IMAGE = "public.ecr.aws/nginx/nginx:1.29";
const BETTER_IMAGE = "public.ecr.aws/nginx/nginx:1.30";
const BAD_IMAGE = "public.ecr.aws/nginx/nginx:exits-1";
const GOOD_RELEASE = ["sh", "-c", "true"];
const BAD_RELEASE = ["sh", "-c", "exit 3"];

/** What a run says where there is nothing that ECS could go back to. */
const GIVEN_UP = [
  /The deployment of api failed\./,
  /ROLLBACK_FAILED/,
  /Container api: exit code 1/,
  /docs\/runbooks\/deployment-failed\.md/,
];

/** Deploys images and runs releases that fail: `up` must fail with them and say why, and what served before still serves. */
export async function checkFailures({ check }: Checks): Promise<void> {
  const test = await freshStack(STACK, "failures-test");
  const fileWith = (settings: object) => {
    const path = join(test.stateFolder, `${STACK}.failures.yaml`);
    writeFileSync(path, stringify({ config: configWith(settings) }, { lineWidth: 0 }));
    return ["--config-file", path];
  };
  const deploys = (title: string, settings: object, expected: readonly string[]) =>
    check(title, async () => {
      const summary = await successfulRun(test, ...fileWith(settings));
      const seen = changed(summary).map(({ urn, change }) => `${labelOf(urn)} ${change}`);
      assert.deepEqual([...seen].sort(), [...expected].sort());
      return seen.length === 0 ? counts(summary) : changed(summary).map(describeChange).join(", ");
    });
  const fails = (title: string, settings: object, ...says: readonly RegExp[]) =>
    check(title, async () => {
      const { exitCode, output } = await startRun(test, ...fileWith(settings)).finished;
      assert.equal(exitCode, EXIT.failed, "the run did not fail");
      for (const pattern of says) assert.match(output, pattern);
      return says.map(({ source }) => source).join(", ");
    });

  await fails("a first deployment that exits fails", { image: BAD_IMAGE }, ...GIVEN_UP);
  // A run refreshes first where the one before it was cut off, or came to nothing.
  await fails("and fails again after a refresh", { image: BAD_IMAGE }, ...GIVEN_UP);
  const isDeployed = await check("a service with a good image deploys", async () => {
    return counts(await successfulRun(test, ...fileWith({ image: GOOD_IMAGE })));
  });
  if (isDeployed) {
    const reasons = [
      /The deployment of api failed\./,
      /ROLLBACK_SUCCESSFUL/,
      /3 tasks: Essential container in task exited/,
      /Container api: exit code 1/,
      /\| Cannot go on: this container ends with exit code 1\./,
      /docs\/runbooks\/deployment-failed\.md/,
    ];
    await fails("an image that exits fails, with the reason", { image: BAD_IMAGE }, ...reasons);
    await fails("and fails again when nothing has changed", { image: BAD_IMAGE }, ...reasons);
    const newRevision = ["TaskDefinition api-task replaced", "Service api-service updated"];
    await deploys("the former image deploys", { image: GOOD_IMAGE }, newRevision);
    await fails(
      "a release that fails stops the rollout",
      { image: BETTER_IMAGE, release: { command: BAD_RELEASE } },
      /The release of api failed, so its tasks stay as they are\./,
      /Container api: exit code 3/,
      /\| Cannot go on: this container ends with exit code 3\./,
    );
    const released = { image: BETTER_IMAGE, release: { command: GOOD_RELEASE } };
    await deploys("a release that succeeds lets the image deploy", released, [
      "RandomId api-release created",
      "Service api-service updated",
    ]);
    await deploys("which deploys again without another release", released, []);
    await deploys(
      "another value of the same image deploys without another release",
      { ...released, cpu: 512, memoryMiB: 1024 },
      newRevision,
    );
  }
  await checkEnd("the stack of failures", test, { check });
}

/** The shipped stack with a service of its own settings, and without what takes long to make. */
function configWith(settings: object): object {
  const file = readFileSync(join(ROOT, `Pulumi.${STACK}.yaml`), "utf8");
  const { config } = parse(file) as { config: Record<string, object> };
  const sections = Object.entries(config).filter(([key]) => !SECTIONS.includes(key));
  return {
    ...Object.fromEntries(sections),
    "ecs-platform:services": {
      [SERVICE]: { port: 80, desiredCount: 2, route: { priority: 100 }, ...settings },
    },
  };
}
