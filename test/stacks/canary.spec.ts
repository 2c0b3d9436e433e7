import * as assert from "node:assert/strict";
import { loadConfig } from "../../stacks/config";
import { createPlatform } from "../../stacks/platform";
import { EVERYTHING } from "../policies/everything";
import type { JsonValue } from "../support/json";
import { describe as label } from "../support/recorded-resource";
import type { Run } from "../support/run";
import { runProgram } from "../support/run-program";
import { type StackConfig, exampleConfig, sourceOf } from "./support";

const PAGER_DUTY = "https://events.pagerduty.com/integration/CANARY0123456789abcdef/enqueue";
const API_TOKEN = "CANARY-api-token";

const PASSWORD = "random:index/randomPassword:RandomPassword";

/** Every part of the platform that has a password made up, and every secret that a stack file may hold. */
const everySecret = (): StackConfig => ({
  ...EVERYTHING,
  "ecs-platform:grafana": {},
  "ecs-platform:logSearch": { opensearch: {} },
  "ecs-platform:monitoring": {
    notifications: { critical: { pagerDuty: { integrationUrl: PAGER_DUTY } } },
  },
});

function run(config: StackConfig): Promise<Run> {
  return runProgram(() => ({ ...createPlatform(loadConfig(sourceOf(config, "canary"))) }), {
    stack: "canary",
    config: { "cloudflare:apiToken": API_TOKEN },
    secretKeys: ["cloudflare:apiToken"],
  });
}

describe("a canary in every secret", () => {
  it("is hidden wherever a resource has it, and in no output", async function () {
    this.timeout(30_000);
    const platform = await run(everySecret());
    const made = platform.all(PASSWORD).map(({ outputs }) => outputs["result"] as string);
    assert.deepEqual(made, [
      "grafana-password!",
      "ledger-password!",
      "log-search-master-password!",
      "log-search-ui-cookie-password!",
      "log-search-ui-password!",
      "pages-password!",
      "sessions-password!",
    ]);
    assert.deepEqual(shown(platform, [...made, PAGER_DUTY, "CANARY"]), []);
    // Each is really there: a canary that nobody gets would prove nothing.
    const all = JSON.stringify(platform.resources.map(({ inputs }) => inputs));
    for (const canary of [...made, PAGER_DUTY]) assert.ok(all.includes(canary), canary);
  });

  it("is hidden where the token of Cloudflare is", async function () {
    this.timeout(30_000);
    const platform = await run(exampleConfig("https-cloudflare"));
    assert.deepEqual(shown(platform, [API_TOKEN]), []);
    assert.equal(platform.one("pulumi:providers:cloudflare").inputs["apiToken"], API_TOKEN);
  });
});

/** Places where a canary stands in plain: inputs, outputs of components, outputs of the stack. */
function shown(platform: Run, canaries: readonly string[]): string[] {
  const isCanary = (text: string) => canaries.some((canary) => text.includes(canary));
  return [
    ...platform.resources.flatMap((resource) => [
      ...leaves(resource.inputs)
        .filter(({ text, path }) => isCanary(text) && !resource.isSecret(path))
        .map(({ path }) => `${label(resource)}: input ${path.join(".")}`),
      // Of other resources the engine keeps what the provider answers; these are ours.
      ...(resource.kind === "component" ? leaves(resource.outputs) : [])
        .filter(({ text, path }) => isCanary(text) && !resource.isSecretOutput(path))
        .map(({ path }) => `${label(resource)}: output ${path.join(".")}`),
    ]),
    ...leaves(platform.outputs)
      .filter(({ text }) => isCanary(text))
      .map(({ path }) => `output ${path.join(".")}`),
  ];
}

interface Leaf {
  readonly path: readonly string[];
  readonly text: string;
}

function leaves(value: JsonValue | undefined, path: readonly string[] = []): Leaf[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => leaves(part, [...path, key]));
}
