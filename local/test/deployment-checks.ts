import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, parseDocument } from "yaml";
import { processesOfRun } from "../processes";
import type { Checks } from "./checks";
import { changed, counts, describeChange, expectOnly } from "./expectations";
import { freshStack, successfulRun, type TestStack } from "./local-run";

/** What is deployed: a stack of this project or of an example. */
export interface Deployment {
  readonly name: string;
  readonly stackFile: string;
  readonly isExample: boolean;
}

const SERVICES = ["config", "ecs-platform:services"];
/** A value of every service that can change without anything being made anew. */
const CHANGED = { key: "logRetentionDays", value: 180, otherwise: 120 } as const;

/** Deploys a stack, again, changed, and destroys it. */
export async function checkDeployment(
  { name, stackFile, isExample }: Deployment,
  { check }: Checks,
): Promise<void> {
  const test = await freshStack(name, "test", isExample ? "--example" : "--stack");

  const isDeployed = await check(`${name} deploys`, async () => {
    const summary = await successfulRun(test);
    assert.ok(changed(summary).length > 0, "nothing was created");
    expectOnly(summary, "created");
    return counts(summary);
  });

  if (isDeployed) {
    await check(`${name} deploys again without a change`, async () => {
      const summary = await successfulRun(test);
      expectOnly(summary);
      return counts(summary);
    });

    const changedFile = changedStackFile(stackFile, test);
    // A program of its own need not have a section of services.
    if (changedFile !== undefined) {
      await check(`${name} updates one changed value in place`, async () => {
        const summary = await successfulRun(test, "--config-file", changedFile);
        assert.ok(changed(summary).length > 0, "nothing was updated");
        expectOnly(summary, "updated");
        return changed(summary).map(describeChange).join(", ");
      });
    }

    await check(`${name} has no drift`, async () => {
      const summary = await successfulRun(test, "--drift");
      expectOnly(summary);
      return counts(summary);
    });
  }

  await checkEnd(name, test, { check });
}

/** Destroys a stack, and sees that nothing of it stays. */
export async function checkEnd(
  name: string,
  test: TestStack,
  { check }: Pick<Checks, "check">,
): Promise<void> {
  await check(`${name} is destroyed to nothing`, async () => {
    const summary = await successfulRun(test, "--destroy");
    assert.equal(summary.remaining, 0, "resources are left in the state");
    return counts(summary);
  });

  await check(`${name} left no process behind`, () => {
    assert.deepEqual(processesOfRun(test.folder), []);
    return Promise.resolve("none");
  });
}

/** The stack file with one value of its first service changed; nothing where it has no services. */
function changedStackFile(stackFile: string, test: TestStack): string | undefined {
  const document = parseDocument(readFileSync(stackFile, "utf8"));
  const services = document.getIn(SERVICES);
  if (!isMap(services)) return undefined;
  const [first] = Object.keys(services.toJSON() as object).sort();
  const path = [...SERVICES, first, CHANGED.key];
  const isSame = document.getIn(path) === CHANGED.value;
  document.setIn(path, isSame ? CHANGED.otherwise : CHANGED.value);
  const file = join(test.stateFolder, `${test.stack}.changed.yaml`);
  writeFileSync(file, document.toString());
  return file;
}
