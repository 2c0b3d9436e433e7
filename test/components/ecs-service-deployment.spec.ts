import * as assert from "node:assert/strict";
import { EcsService, type EcsServiceArgs } from "../../components";
import { ecsServiceSettings } from "../../components/ecs-service/settings";
import { build, cluster, itBounds, itRefuses, itTakes, network, noReason } from "./support";

const happy = (): EcsServiceArgs => ({ cluster, network, image: "nginx:1.29" });

const SERVICE = "aws:ecs/service:Service";

async function serviceOf(args: EcsServiceArgs) {
  const run = await build(() => new EcsService("api", args));
  return run.one(SERVICE);
}

describe("EcsService, deployments", () => {
  it("keep as many tasks as the settings say, and go back unless somebody says why not", async () => {
    const deployment = {
      minimumHealthyPercent: 50,
      maximumPercent: 150,
      noRollbackBecause: "we want to look at what failed",
    };
    const service = await serviceOf({ ...happy(), deployment });
    assert.deepEqual(
      {
        minimum: service.input("deploymentMinimumHealthyPercent"),
        maximum: service.input("deploymentMaximumPercent"),
        breaker: service.input("deploymentCircuitBreaker"),
        rebalancing: service.input("availabilityZoneRebalancing"),
      },
      {
        minimum: 50,
        maximum: 150,
        breaker: { enable: true, rollback: false },
        rebalancing: "ENABLED",
      },
    );
  });

  it("even nothing out over zones where no task may start before another stops", async () => {
    const deployment = { minimumHealthyPercent: 50, maximumPercent: 100 };
    const service = await serviceOf({ ...happy(), deployment });
    assert.equal(service.input("availabilityZoneRebalancing"), "DISABLED");
  });

  for (const [title, change, count, ignored] of [
    ["two tasks by default", {}, 2, []],
    ["the number of the settings", { desiredCount: 3 }, 3, []],
    ["scaling's least", { scaling: { min: 3, max: 6 } }, 3, ["desiredCount"]],
    [
      "the number of the settings, and then scaling's",
      { desiredCount: 4, scaling: { min: 3, max: 6 } },
      4,
      ["desiredCount"],
    ],
  ] as const) {
    it(`begin with ${title}`, async () => {
      const service = await serviceOf({ ...happy(), ...change });
      assert.equal(service.input("desiredCount"), count);
      assert.deepEqual(service.ignoreChanges, ignored);
    });
  }

  const settings = { image: "nginx:1.29", deployment: { minimumHealthyPercent: 50 } };

  const noRoom = (change: object, value: number, tasks: number, most: number, least: number) => ({
    change: { ...change },
    problem: {
      key: "deployment.maximumPercent",
      value,
      rule: `leaves no room with ${tasks} tasks: ${most} may run and ${least} must`,
      allowed: "shares that let one task more run, or one less",
      fix: "raise it, or lower minimumHealthyPercent",
    },
  });

  itBounds(ecsServiceSettings, settings, {
    "deployment.minimumHealthyPercent": [0, 100],
    "deployment.maximumPercent": [100, 200],
  });

  itTakes(ecsServiceSettings, settings, {
    "a single task more": { deployment: { maximumPercent: 150 }, desiredCount: 2 },
    "a single task less": {
      deployment: { minimumHealthyPercent: 67, maximumPercent: 100 },
      scaling: { min: 4, max: 9 },
    },
    "no room where no task runs": { deployment: { maximumPercent: 100 }, desiredCount: 0 },
  });

  itRefuses(ecsServiceSettings, settings, {
    "no room at all": noRoom({ deployment: { maximumPercent: 100 } }, 100, 2, 2, 2),
    "room for half a task more": noRoom(
      { deployment: { maximumPercent: 150 }, desiredCount: 1 },
      150,
      1,
      1,
      1,
    ),
    "room for half a task less, while scaling leaves the least": noRoom(
      {
        deployment: { minimumHealthyPercent: 67, maximumPercent: 100 },
        scaling: { min: 3, max: 9 },
        desiredCount: 9,
      },
      100,
      3,
      3,
      3,
    ),
    "no way back without a reason": {
      change: { "deployment.noRollbackBecause": "" },
      problem: noReason("deployment.noRollbackBecause", ""),
    },
  });
});
