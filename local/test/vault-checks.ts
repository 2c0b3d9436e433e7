import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { LocalStack } from "../local-stack";
import { stackFolders } from "../state-files";
import type { Checks } from "./checks";
import { checkEnd } from "./deployment-checks";
import { callSecretsManager } from "./emulated-call";
import { withStack } from "./in-process";
import { freshStack, ROOT } from "./local-run";

const STACK = "dev";
const SERVICE = "nginx";

/** Values that people enter, one after the other: none of them may get into Pulumi's state. */
const ENTERED = ["canary-first", "canary-second", "canary-third"];

/** The smallest stack with a vault; named exactly like its service. */
const CONFIG = {
  "pulumi:disable-default-providers": ["aws"],
  "aws:region": "us-east-1",
  "ecs-platform:network": {
    availabilityZones: ["us-east-1a", "us-east-1b"],
    nat: "single",
    flowLogs: { disabledBecause: "nothing is sent in this check" },
  },
  "ecs-platform:loadBalancer": { plainHttpBecause: "nobody sends a request in this check" },
  "ecs-platform:services": {
    [SERVICE]: {
      image: "public.ecr.aws/nginx/nginx:1.29",
      port: 80,
      desiredCount: 1,
      vaultKeys: ["API_TOKEN"],
    },
  },
  "ecs-platform:vaults": { namePrefix: "" },
  "ecs-platform:unprotectedBecause": "it is made and destroyed by a check",
};

/** Enters values into a vault as people do, and sees that neither refresh nor deployment touches or learns them. */
export async function checkVaults({ check }: Checks): Promise<void> {
  const test = await freshStack(STACK, "vaults-test");
  const stackFile = join(test.stateFolder, "vaults.yaml");
  writeFileSync(stackFile, stringify({ config: CONFIG }));
  const options = { project: ROOT, stack: STACK, stackFile, folder: test.folder };

  await check("values entered into a vault outlive refreshes and deployments", () =>
    withStack(options, async (local) => {
      await local.operate("up", "Deploying");
      assert.deepEqual(await currentValue(local), { PORT: "80" });

      for (const value of ENTERED) {
        const entered = { PORT: "80", API_TOKEN: value };
        await callSecretsManager(local.emulators, "PutSecretValue", {
          SecretId: SERVICE,
          ClientRequestToken: `00000000-0000-4000-8000-${value.padStart(12, "0")}`,
          SecretString: JSON.stringify(entered),
        });
        await local.operate("refresh", "Refreshing");
        const { outcome } = await local.operate("up", "Deploying again");
        assert.deepEqual(outcome.changed, [], "the deployment changed something");
        assert.deepEqual(await currentValue(local), entered);
      }
      return `${ENTERED.length} values`;
    }),
  );

  await check("no value of a vault is in the state", () => {
    const file = join(
      stackFolders(test.folder).state,
      ".pulumi",
      "stacks",
      "ecs-platform",
      `${STACK}.json`,
    );
    const state = readFileSync(file, "utf8");
    assert.ok(state.includes("secretsmanager/secretVersion"), "the state has no vault");
    assert.deepEqual(
      ENTERED.filter((value) => state.includes(value)),
      [],
    );
    return Promise.resolve(`${state.length} characters`);
  });

  await checkEnd("the stack with a vault", test, { check });
}

async function currentValue(local: LocalStack): Promise<unknown> {
  const answer = await callSecretsManager(local.emulators, "GetSecretValue", { SecretId: SERVICE });
  return JSON.parse(String(answer["SecretString"])) as unknown;
}
