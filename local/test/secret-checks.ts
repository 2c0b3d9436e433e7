import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { stackFolders } from "../state-files";
import type { Checks } from "./checks";
import { checkEnd } from "./deployment-checks";
import { counts } from "./expectations";
import { withStack } from "./in-process";
import { freshStack, ROOT, successfulRun, type TestStack } from "./local-run";

const STACK = "dev";

/** In every place where people enter a secret: nobody may find it afterwards. */
const CANARIES = {
  pagerDuty: "canarypagerduty0123456789",
  cloudflare: "canary-cloudflare-0123456789",
};

/** How the state marks a secret, and where the export of the engine says what it is. */
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
/** Shorter ones, such as "true", stand everywhere. */
const SHORTEST = 12;

/** Gives canaries for all secrets, has the program make up others, and looks for both where none may be. */
export async function checkSecrets({ check }: Checks): Promise<void> {
  const test = await freshStack(STACK, "secrets-test");
  const stackFile = join(test.stateFolder, "secrets.yaml");
  writeFileSync(stackFile, stringify({ config: configWithSecrets() }, { lineWidth: 0 }));
  const options = ["--config-file", stackFile];

  const isDeployed = await check("a stack with every kind of secret deploys", async () =>
    counts(await successfulRun(test, ...options)),
  );
  if (isDeployed) {
    await check("nothing that people enter as a secret is in state, outputs or logs", () => {
      const canaries = Object.entries(CANARIES);
      const found = Object.entries(placesOf(test)).flatMap(([place, content]) =>
        canaries
          .filter(([, value]) => content.includes(value))
          .map(([name]) => `${name}: ${place}`),
      );
      assert.deepEqual(found, []);
      return Promise.resolve(Object.keys(placesOf(test)).join(", "));
    });
    await check("nothing that the program keeps secret stands anywhere in plain text", async () => {
      const project = { project: ROOT, stack: STACK, stackFile, folder: test.folder };
      const secrets = await withStack(project, async (local) =>
        (await local.resources()).flatMap((resource) =>
          [...secretTexts(resource)].map((text) => ({ urn: resource.urn, text })),
        ),
      );
      assert.ok(secrets.length > 0, "the state has no secret");
      const found = Object.entries(placesOf(test)).flatMap(([place, content]) =>
        secrets.filter(({ text }) => content.includes(text)).map(({ urn }) => `${urn}: ${place}`),
      );
      assert.deepEqual(found, []);
      return `${secrets.length} values`;
    });
  }
  await checkEnd("the stack of secrets", test, { check });
}

function configWithSecrets(): object {
  const shipped = readFileSync(join(ROOT, `Pulumi.${STACK}.yaml`), "utf8");
  const { config } = parse(shipped) as { config: Record<string, unknown> };
  const pagerDuty = {
    integrationUrl: `https://events.pagerduty.com/integration/${CANARIES.pagerDuty}/enqueue`,
  };
  const { "ecs-platform:loadBalancer": _, ...rest } = config;
  return {
    ...rest,
    "cloudflare:apiToken": CANARIES.cloudflare,
    "ecs-platform:domains": {
      main: {
        provider: "cloudflare",
        zoneId: "023e105f4ecef8ad9ca31a8372d0c353",
        names: ["app.example.com"],
      },
    },
    "ecs-platform:monitoring": {
      notifications: { critical: { pagerDuty }, warning: { pagerDuty }, info: { pagerDuty } },
    },
    // These make up passwords of their own.
    "ecs-platform:caches": {
      sessions: { engineVersion: "8.2", nodes: { type: "cache.t4g.micro" } },
    },
    "ecs-platform:grafana": {},
    "ecs-platform:vaults": {},
  };
}

/** What other people see of a deployment, by what it is. */
function placesOf(test: TestStack): Record<string, string> {
  // The history beside it repeats the configuration as the stack file has it: encrypted, but in this check.
  const state = join(stackFolders(test.folder).state, ".pulumi", "stacks");
  const files = readdirSync(state, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
  return {
    // With the dashboards, which are inputs of a resource.
    state: files.join("\n"),
    "the run's output, with the stack's outputs": readFileSync(test.log, "utf8"),
    "the log of the emulated AWS": readFileSync(
      join(test.folder, "emulated-aws", "emulators.log"),
      "utf8",
    ),
  };
}

/** Every text that a resource keeps as a secret. */
function* secretTexts(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  const { [SIGNATURE]: signature, plaintext } = value as Record<string, unknown>;
  if (signature === SECRET && typeof plaintext === "string") yield* texts(JSON.parse(plaintext));
  else for (const nested of Object.values(value)) yield* secretTexts(nested);
}

function* texts(value: unknown): Generator<string> {
  if (typeof value === "string" && value.length >= SHORTEST) yield value;
  if (typeof value === "object" && value !== null)
    for (const nested of Object.values(value)) yield* texts(nested);
}
