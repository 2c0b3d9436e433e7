import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import type { Checks } from "./checks";
import { checkEnd } from "./deployment-checks";
import { counts, expectOnly } from "./expectations";
import { withStack } from "./in-process";
import { freshStack, ROOT, startRun, successfulRun } from "./local-run";

const STACK = "pr";
const POLICIES = join(ROOT, "policies");
/** What a stack must hold to as soon as it is protected, and this one does not. */
const FOR_PRODUCTION = ["NET-03", "ALB-08", "ECS-17", "ECS-21"];
/** A program that is wrong in any stack. */
const OPEN_DOOR = join(__dirname, "fixtures", "open-door");

/** Deploys what keeps to the policies, and is refused what does not, with the engine's own way to run them. */
export async function checkPolicies({ check }: Checks): Promise<void> {
  const test = await freshStack(STACK, "policies-test");
  const isDeployed = await check(`${STACK} deploys with the policies`, async () => {
    const summary = await successfulRun(test, "--policies");
    expectOnly(summary, "created");
    return counts(summary);
  });
  if (isDeployed) {
    await check("a stack that breaks a policy is refused before anything changes", async () => {
      const refused = startRun(
        test,
        "--policies",
        "--config-file",
        protectedFile(test.stateFolder),
      );
      const { exitCode, output } = await refused.finished;
      assert.equal(exitCode, 1, output);
      const missing = FOR_PRODUCTION.filter((id) => !output.includes(`${id}: `));
      assert.deepEqual(missing, [], output);
      const summary = await successfulRun(test, "--preview");
      expectOnly(summary);
      return FOR_PRODUCTION.join(", ");
    });
  }
  await checkEnd(STACK, test, { check });

  await check("a program that opens a database's port to everybody is refused", async () => {
    const { folder } = await freshStack("dev", "open-door-test");
    const stackFile = join(OPEN_DOOR, "Pulumi.dev.yaml");
    const options = { project: OPEN_DOOR, stack: "dev", stackFile, folder, policyPack: POLICIES };
    return withStack(options, async (local) => {
      const refusal = await local.operate("preview", "Previewing").then(
        () => "nothing",
        (error: unknown) => String(error),
      );
      assert.match(refusal, /SecurityGroupIngressRule door-open\n\s+NET-09: [^]*NET-10: /);
      return "NET-09, NET-10";
    });
  });
}

/** The stack file without the reason by which it need not be protected. */
function protectedFile(folder: string): string {
  const document = parseDocument(readFileSync(join(ROOT, `Pulumi.${STACK}.yaml`), "utf8"));
  document.deleteIn(["config", "ecs-platform:unprotectedBecause"]);
  const file = join(folder, "protected.yaml");
  writeFileSync(file, document.toString());
  return file;
}
