import * as assert from "node:assert/strict";
import { type Problem, SettingsError } from "../../components/support/problem";
import { loadConfig } from "../../stacks/config";
import { type StackConfig, runPlatform, smallConfig, sourceOf } from "./support";

const SERVICE = { image: "public.ecr.aws/nginx/nginx:1.29", desiredCount: 2 };
const SPOT = { ...SERVICE, capacity: { FARGATE_SPOT: { weight: 1 } } };
const GATED = {
  ...SPOT,
  deployment: { gates: { ok: { kind: "approval", stage: "PRE_SCALE_UP" } } },
};

function onSpot(
  services: object,
  spotFallback: object = {},
  others: StackConfig = {},
): StackConfig {
  return {
    ...smallConfig(),
    "ecs-platform:databases": {},
    "ecs-platform:services": services,
    "ecs-platform:spotFallback": spotFallback,
    ...others,
  };
}

function problemsOf(config: StackConfig): readonly Problem[] {
  try {
    loadConfig(sourceOf(config));
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

const hosts = (onDemandPercentageAboveBase: number) => ({
  "ecs-platform:cluster": {
    ec2: {
      instanceTypes: ["t3.medium"],
      minSize: 2,
      maxSize: 4,
      onDemandBase: 1,
      onDemandPercentageAboveBase,
    },
  },
});

describe("a stack with a Spot fallback", () => {
  async function planOf(config: StackConfig): Promise<Record<string, unknown>> {
    const run = await runPlatform(config);
    const { assets } = run
      .one("aws:lambda/function:Function", "spot-fallback-function")
      .input("code") as unknown as { assets: Record<string, { text?: string }> };
    return JSON.parse(assets["plan.json"]?.text ?? "") as Record<string, unknown>;
  }

  it("knows the services with a share of Spot, and what they return to", async () => {
    const mixed = { FARGATE_SPOT: { weight: 3 }, FARGATE: { base: 1, weight: 1 } };
    const services = {
      api: { ...SERVICE, capacity: mixed },
      batch: SPOT,
      waits: SPOT,
      web: SERVICE,
    };
    const plan = await planOf(onSpot(services, { returnAfterMinutes: 90, except: ["waits"] }));
    assert.deepEqual(
      Object.entries(plan["services"] as Record<string, { strategy: unknown }>).map(
        ([name, { strategy }]) => [name, strategy],
      ),
      [
        [
          "api",
          [
            { capacityProvider: "FARGATE", base: 1, weight: 1 },
            { capacityProvider: "FARGATE_SPOT", base: 0, weight: 3 },
          ],
        ],
        ["batch", [{ capacityProvider: "FARGATE_SPOT", base: 0, weight: 1 }]],
      ],
    );
    assert.equal(plan["hosts"], undefined);
    assert.equal(plan["returnAfterMinutes"], 90);
  });

  it("knows how hosts are shared out where some are Spot", async () => {
    const plan = await planOf(onSpot({ web: SERVICE }, {}, hosts(20)));
    assert.deepEqual((plan["hosts"] as { distribution: unknown }).distribution, {
      onDemandBase: 1,
      onDemandPercentageAboveBase: 20,
      spotAllocationStrategy: "price-capacity-optimized",
    });
  });

  it("has none where nothing is said", async () => {
    const run = await runPlatform(
      onSpot({ api: SPOT }, {}, { "ecs-platform:spotFallback": undefined }),
    );
    assert.deepEqual(
      run.resources.filter(({ name }) => name.startsWith("spot-fallback")),
      [],
    );
  });
});

describe("the rules between a Spot fallback and the rest of a stack", () => {
  it("refuse one that has nothing to do", () => {
    const idle = {
      key: "ecs-platform:spotFallback",
      value: { returnAfterMinutes: 60, except: [] },
      rule: "has nothing to do: nothing else is on Spot capacity",
      allowed: "a stack with FARGATE_SPOT in a service, or Spot hosts",
      fix: "remove it",
    };
    assert.deepEqual(problemsOf(onSpot({ web: SERVICE })), [idle]);
    assert.deepEqual(problemsOf(onSpot({ web: SERVICE }, {}, hosts(100))), [idle]);
    assert.deepEqual(problemsOf(onSpot({ api: SPOT }, { except: ["api"] })), [
      { ...idle, value: { returnAfterMinutes: 60, except: ["api"] } },
    ]);
    assert.deepEqual(problemsOf(onSpot({ web: SERVICE }, {}, hosts(99))), []);
    assert.deepEqual(problemsOf(onSpot({ api: SPOT })), []);
  });

  it("refuse to except what is not on Spot", () => {
    const unknown = (value: string, fix: string) => ({
      key: "ecs-platform:spotFallback.except[0]",
      value,
      rule: "is no service with a share of FARGATE_SPOT",
      allowed: "api",
      fix,
    });
    const services = { api: SPOT, web: SERVICE };
    assert.deepEqual(problemsOf(onSpot(services, { except: ["web"] })), [
      unknown("web", "remove it"),
    ]);
    assert.deepEqual(problemsOf(onSpot(services, { except: ["apj"] })), [
      unknown("apj", 'did you mean "api"? Rename it, or remove it'),
    ]);
  });

  it("refuse one whose deployments wait at gates, unless it is excepted", () => {
    const services = { api: SPOT, gated: GATED };
    assert.deepEqual(problemsOf(onSpot(services)), [
      {
        key: "ecs-platform:spotFallback.except",
        value: [],
        rule: "lacks gated, whose deployments wait at gates: so would its way out of a lack of capacity",
        allowed: "every service on FARGATE_SPOT with deployment.gates",
        fix: "add gated, or remove its gates",
      },
    ]);
    assert.deepEqual(problemsOf(onSpot(services, { except: ["gated"] })), []);
  });
});
