import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { LocalWorkspace, Stack } from "@pulumi/pulumi/automation";
import type { LocalStack } from "../local-stack";
import { describeCounts } from "../operation-events";
import { ensureToolchain } from "../toolchain/toolchain";
import type { Checks } from "./checks";
import { callEmulatedAws } from "./emulated-call";
import { SILENT, withStack } from "./in-process";
import { freshStack, ROOT } from "./local-run";

const PROJECT = join(ROOT, "bootstrap");
const STACK = "state";
/** A stack whose state the bucket keeps. It has nothing but an output. */
const KEPT = { project: "kept", stack: "dev" };
const STATE = `.pulumi/stacks/${KEPT.project}/${KEPT.stack}.json`;
/** The first login marks the bucket, as somebody who may. */
const MADE_BY_LOGIN = ".pulumi/meta.yaml";

/** Roles for pipelines that deploy the kept stack, and another. */
const CI = {
  project: KEPT.project,
  github: {
    repository: "example/shop",
    deploy: { dev: { branch: "main" }, prod: { environment: "prod" } },
    driftFrom: { branch: "main" },
  },
  gitlab: { project: "example/shop", deploy: { dev: { branch: "main" } } },
  pulumiCloud: { organization: "example", stacks: ["prod"] },
};
const CI_KEY = "ecs-platform-bootstrap:ci";
const SETTINGS = { "ecs-platform-bootstrap:state": { ledger: {} }, [CI_KEY]: CI };

/** Makes the bucket for states, and keeps a state in it: with a lock, and former versions to go back to. */
export async function checkStateBackend({ check }: Checks): Promise<void> {
  const test = await freshStack(STACK, "state-test");
  const stackFile = join(PROJECT, `Pulumi.${STACK}.yaml`);
  const options = { project: PROJECT, stack: STACK, stackFile, folder: test.folder };
  await withStack(options, async (local) => {
    const isDeployed = await check(
      "the state bucket deploys, and again without a change",
      async () => {
        local.configure(SETTINGS);
        const { outcome } = await local.operate("up", "Deploying");
        const again = await local.operate("up", "Deploying again");
        assert.deepEqual(again.outcome.changed, []);
        return describeCounts(outcome.counts);
      },
    );
    await check("a login for longer changes the roles of pipelines in place", async () => {
      local.configure({ ...SETTINGS, [CI_KEY]: { ...CI, maxSessionHours: 2 } });
      const { outcome } = await local.operate("up", "Changing");
      const changes = outcome.changed.map(({ change, keys }) => `${change} ${keys.join()}`);
      assert.deepEqual([...new Set(changes)], ["updated maxSessionDuration"]);
      return describeCounts(outcome.counts);
    });
    if (isDeployed) await checkKeptState(local, join(test.stateFolder, "kept"), { check });
    await check("the state bucket is destroyed to nothing", async () => {
      const unprotectedBecause = "it is made and destroyed by a check";
      local.configure({
        ...SETTINGS,
        "ecs-platform-bootstrap:unprotectedBecause": unprotectedBecause,
      });
      await local.operate("up", "Giving up protection");
      const { outcome } = await local.operate("destroy", "Destroying");
      assert.deepEqual(await local.resources(), []);
      return describeCounts(outcome.counts);
    });
  });
}

async function checkKeptState(
  local: LocalStack,
  folder: string,
  { check }: Pick<Checks, "check">,
): Promise<void> {
  const { bucket, stack } = await openKeptStack(local, folder);
  const up = (value: string, meanwhile = Promise.resolve()) =>
    stack.up({ program: () => meanwhile.then(() => ({ value })) });
  const value = async (): Promise<unknown> => (await stack.outputs())["value"]?.value;

  await check("a state is kept in the bucket, and a former version can be had back", async () => {
    await up("first");
    const [wanted = ""] = await versionsOf(local, bucket);
    await up("second");
    assert.equal(await value(), "second");
    await callEmulatedAws(local.emulators, {
      service: "s3",
      method: "PUT",
      path: `/${bucket}/${STATE}`,
      headers: { "x-amz-copy-source": `/${bucket}/${STATE}?versionId=${wanted}` },
    });
    assert.equal(await value(), "first");
    return `${(await versionsOf(local, bucket)).length} versions`;
  });

  await check(
    "a preview and a look for drift write nothing, and an update nothing but what its role may",
    async () => {
      const writable = await writableBy(local, `ci-${KEPT.stack}-deploy-state`);
      const before = await everythingIn(local, bucket);
      await stack.preview({ program: () => Promise.resolve({ value: "other" }) });
      await stack.previewRefresh();
      assert.equal(await everythingIn(local, bucket), before);
      const written = [...new Set(keysIn(before))].filter((key) => key !== MADE_BY_LOGIN);
      const refused = written.filter((key) => !writable.some((pattern) => pattern.test(key)));
      assert.deepEqual(refused, []);
      return `${written.length} keys`;
    },
  );

  await check("a second update at the same time is refused by the lock", async () => {
    let end = (): void => undefined;
    const first = up("slow", new Promise((resolve) => (end = resolve)));
    await untilLocked(local, bucket);
    const refusal = await up("other").then(
      () => "it was not refused",
      (error: unknown) => String(error),
    );
    end();
    await first;
    assert.match(refusal, /currently locked by 1 lock/);
    assert.equal(await value(), "slow");
    return "the stack is currently locked by 1 lock(s)";
  });
}

/** A stack with its state in the bucket, as `pulumi login` and `pulumi stack init` make it. */
async function openKeptStack(
  local: LocalStack,
  folder: string,
): Promise<{ bucket: string; stack: Stack }> {
  const { outputs } = await local.operate("up", "Reading the outputs");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const toolchain = await ensureToolchain(SILENT);
  const workspace = await LocalWorkspace.create({
    workDir: folder,
    projectSettings: { name: KEPT.project, runtime: "nodejs" },
    pulumiCommand: toolchain.command,
    secretsProvider: String(outputs["secretsProvider"]?.value),
    envVars: {
      ...toolchain.environment,
      ...local.emulators.environment,
      PULUMI_BACKEND_URL: String(outputs["backendUrl"]?.value),
    },
  });
  return {
    bucket: String(outputs["bucketName"]?.value),
    stack: await Stack.createOrSelect(KEPT.stack, workspace),
  };
}

/** Which keys of the bucket a role's policy lets it write, as the policy is in the state. */
async function writableBy(local: LocalStack, policyName: string): Promise<RegExp[]> {
  const resources = await local.resources();
  const policy = resources.find(({ urn }) => urn.endsWith(`::${policyName}`))?.inputs?.["policy"];
  const { Statement } = JSON.parse(String(policy)) as {
    Statement: { Action: string[]; Resource: string[] }[];
  };
  return Statement.filter(({ Action }) => Action.includes("s3:PutObject"))
    .flatMap(({ Resource }) => Resource)
    .map((arn) =>
      arn
        .replace(/^[^/]*\//, "")
        .replaceAll(".", "\\.")
        .replaceAll("*", ".*"),
    )
    .map((pattern) => new RegExp(`^${pattern}$`));
}

/** All versions of all files, and what was left where one was deleted. */
function everythingIn({ emulators }: LocalStack, bucket: string): Promise<string> {
  return callEmulatedAws(emulators, { service: "s3", path: `/${bucket}?versions` });
}

function keysIn(listing: string): string[] {
  return [...listing.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key = ""]) => key);
}

/** The ids of a state's versions, the newest first. */
async function versionsOf({ emulators }: LocalStack, bucket: string): Promise<string[]> {
  const path = `/${bucket}?versions&prefix=${encodeURIComponent(STATE)}`;
  const answer = await callEmulatedAws(emulators, { service: "s3", path });
  const versions = answer.matchAll(/<Version>.*?<\/Version>/gs);
  return [...versions]
    .filter(([version]) => version.includes(`<Key>${STATE}</Key>`))
    .map(([version]) => /<VersionId>(.*?)<\/VersionId>/.exec(version)?.[1] ?? "");
}

/** An update locks the state before it runs the program. */
async function untilLocked({ emulators }: LocalStack, bucket: string): Promise<void> {
  const path = `/${bucket}?list-type=2&prefix=${encodeURIComponent(".pulumi/locks/")}`;
  const until = Date.now() + 60_000;
  while (!(await callEmulatedAws(emulators, { service: "s3", path })).includes("<Key>")) {
    assert.ok(Date.now() < until, "no lock after a minute");
  }
}
