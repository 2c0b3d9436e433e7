import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { processesOfRun } from "../processes";
import type { Checks } from "./checks";
import { changed, counts, describeChange, expectOnly } from "./expectations";
import { freshStack, successfulRun, type TestStack } from "./local-run";

/** One value in the stack files that can change without anything being made anew. */
const CHANGED = {
  path: ["config", "ecs-platform:services", "api", "logRetentionDays"],
  value: 180,
} as const;

/** Deploys a stack, again, changed, and destroys it. */
export async function checkDeployment(stack: string, { check }: Checks): Promise<void> {
  const test = await freshStack(stack, "test");

  const isDeployed = await check(`${stack} deploys`, async () => {
    const summary = await successfulRun(test);
    assert.ok(changed(summary).length > 0, "nothing was created");
    expectOnly(summary, "created");
    return counts(summary);
  });

  if (isDeployed) {
    await check(`${stack} deploys again without a change`, async () => {
      const summary = await successfulRun(test);
      expectOnly(summary);
      return counts(summary);
    });

    await check(`${stack} updates one changed value in place`, async () => {
      const summary = await successfulRun(test, "--config-file", changedStackFile(test));
      assert.ok(changed(summary).length > 0, "nothing was updated");
      expectOnly(summary, "updated");
      return changed(summary).map(describeChange).join(", ");
    });

    await check(`${stack} has no drift`, async () => {
      const summary = await successfulRun(test, "--drift");
      expectOnly(summary);
      return counts(summary);
    });
  }

  await check(`${stack} is destroyed to nothing`, async () => {
    const summary = await successfulRun(test, "--destroy");
    assert.equal(summary.remaining, 0, "resources are left in the state");
    return counts(summary);
  });

  await check(`${stack} left no process behind`, () => {
    assert.deepEqual(processesOfRun(test.folder), []);
    return Promise.resolve("none");
  });
}

function changedStackFile(test: TestStack): string {
  const shipped = join(__dirname, "..", "..", `Pulumi.${test.stack}.yaml`);
  const document = parseDocument(readFileSync(shipped, "utf8"));
  assert.notEqual(document.getIn(CHANGED.path), undefined, `no ${CHANGED.path.join(".")}`);
  assert.notEqual(document.getIn(CHANGED.path), CHANGED.value, "the value is no change");
  document.setIn(CHANGED.path, CHANGED.value);
  const file = join(test.stateFolder, `${test.stack}.changed.yaml`);
  writeFileSync(file, document.toString());
  return file;
}
