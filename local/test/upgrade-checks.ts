import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describeCounts, type Outcome } from "../operation-events";
import { projectName } from "../stack-files";
import { stackFolders } from "../state-files";
import type { Checks } from "./checks";
import { describeChange } from "./expectations";
import { withStack } from "./in-process";
import { freshStack, ROOT } from "./local-run";

/** States of the shipped stacks as the release before made them: see the README there. */
const STATES = join(__dirname, "fixtures", "last-release");

/** Fewer resources compared would mean that the state was not read. */
const LEAST_COMPARED = 60;

/** Sees what this program would do with a stack that the release before has deployed. */
export async function checkUpgrade(stack: string, { check }: Checks): Promise<void> {
  await check(`${stack} of the last release upgrades in place`, async () => {
    const { changed, counts } = await previewUpgrade(stack);
    const lost = changed.filter(({ change }) => change === "replaced" || change === "deleted");
    assert.ok(lost.length === 0, lost.map(describeChange).join(", "));
    const updated = changed.filter(({ change }) => change === "updated");
    const compared = counts.same + updated.length;
    assert.ok(compared > LEAST_COMPARED, `compared only ${compared} resources`);
    return [describeCounts(counts), ...changed.map(describeChange)].join(", ");
  });
}

/** A preview compares with the state alone, so it needs nothing of what the state speaks of. */
async function previewUpgrade(stack: string): Promise<Outcome> {
  const { folder } = await freshStack(stack, "upgrade-test");
  const stateFolder = join(stackFolders(folder).state, ".pulumi", "stacks", projectName(ROOT));
  mkdirSync(stateFolder, { recursive: true });
  const state = gunzipSync(readFileSync(join(STATES, `${stack}.json.gz`)));
  writeFileSync(join(stateFolder, `${stack}.json`), state);

  const stackFile = join(ROOT, `Pulumi.${stack}.yaml`);
  return withStack({ project: ROOT, stack, stackFile, folder }, async (local) => {
    return (await local.operate("preview", `Previewing ${stack}`)).outcome;
  });
}
