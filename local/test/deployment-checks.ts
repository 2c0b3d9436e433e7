import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, parse, parseDocument } from "yaml";
import type { Options } from "../options";
import { processesOfRun } from "../processes";
import { labelOf, protectedResources } from "../resources";
import type { Checks } from "./checks";
import { changed, counts, describeChange, expectOnly } from "./expectations";
import { withStack } from "./in-process";
import { freshStack, ROOT, successfulRun, type TestStack } from "./local-run";

/** What is deployed: a stack of this project or of an example. */
export interface Deployment {
  readonly name: string;
  readonly stackFile: string;
  readonly isExample: boolean;
}

const SERVICES = ["config", "ecs-platform:services"];
const UNPROTECTED = "ecs-platform:unprotectedBecause";
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

    const { config } = parse(readFileSync(stackFile, "utf8")) as { config: object };
    const isProtected = !(UNPROTECTED in config);
    if (!isExample && isProtected) {
      await check(`${name} is protected: destroying it fails, and keeps what is protected`, () =>
        refusedDestruction({ project: ROOT, stack: name, stackFile, folder: test.folder }),
      );
    }
  }

  // As docs/decisions/006-protection.md tells people, the runner lifts the protection before it destroys.
  await checkEnd(name, test, { check });
}

/**
 * What Pulumi does where nobody has said that the stack may go. People see a preview fail; without one, as here, Pulumi
 * deletes what is not protected and nothing else needs.
 */
function refusedDestruction(options: Omit<Options, "action">): Promise<string> {
  return withStack(options, async (local) => {
    const held = async () =>
      protectedResources(await local.resources())
        .map(({ urn }) => labelOf(urn))
        .sort();
    const before = await held();
    assert.ok(before.length > 0, "nothing is protected");
    await assert.rejects(local.operate("destroy", "Destroying"), /protected/);
    assert.deepEqual(await held(), before);
    return before.join(", ");
  });
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
