import * as assert from "node:assert/strict";
import { SettingsError } from "../../components/support/problem";
import { CONTROL_IDS } from "../../policies/control-ids";
import { contextOf } from "../../policies/context";
import type { ValueMap } from "../../policies/graph";
import { loadConfig } from "../../stacks/config";
import { smallConfig, sourceOf } from "./support";

const REASON = "a test has nobody who would mind";

function configWith(controls: unknown) {
  return loadConfig(sourceOf({ ...smallConfig(), "ecs-platform:controls": controls }, "dev"));
}

function problemsOf(controls: unknown) {
  try {
    configWith(controls);
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    return error.problems;
  }
  return [];
}

describe("the section controls", () => {
  it("excepts nothing by default", () => {
    assert.deepEqual(loadConfig(sourceOf(smallConfig(), "dev")).controls, { exceptions: {} });
  });

  it("takes a level, and exceptions from every control with a reason", () => {
    const controls = {
      level: "production",
      exceptions: Object.fromEntries(CONTROL_IDS.map((id) => [id, REASON])),
    };
    assert.deepEqual(configWith(controls).controls, controls);
  });

  it("refuses a level that there is not", () => {
    assert.deepEqual(problemsOf({ level: "staging" }), [
      {
        key: "ecs-platform:controls.level",
        value: "staging",
        rule: "must be one of the allowed values",
        allowed: "production, development",
        fix: "set one of production, development",
      },
    ]);
  });

  for (const [id, fix] of [
    ["NET-7", 'did you mean "NET-07"? Rename it, or remove it'],
    ["CloudTrail.1", "look it up there, or remove it"],
  ] as const) {
    it(`refuses an exception from ${id}, which is no control`, () => {
      assert.deepEqual(problemsOf({ exceptions: { [id]: REASON } }), [
        {
          key: `ecs-platform:controls.exceptions.${id}`,
          value: REASON,
          rule: "is not the id of a control",
          allowed: "an id of docs/controls.md",
          fix,
        },
      ]);
    });
  }

  it("refuses an exception without a reason", () => {
    const [problem, ...others] = problemsOf({ exceptions: { "NET-07": "dev" } });
    assert.deepEqual(others, []);
    assert.equal(problem?.key, "ecs-platform:controls.exceptions.NET-07");
    assert.equal(problem.rule, "must say why the safeguard is off");
  });
});

describe("what a stack file says to the policies", () => {
  const levelOf = (sections: ValueMap) => contextOf(sections).level;

  it("is production, unless it is unprotected or says otherwise", () => {
    assert.equal(levelOf({}), "production");
    assert.equal(levelOf({ unprotectedBecause: REASON }), "development");
    assert.equal(levelOf({ controls: { level: "development" } }), "development");
    assert.equal(
      levelOf({ unprotectedBecause: REASON, controls: { level: "production" } }),
      "production",
    );
  });

  it("excepts what it lists from the whole stack", () => {
    assert.deepEqual(contextOf({ controls: { exceptions: { "NET-07": REASON } } }).exceptions, [
      { rule: "NET-07", reason: REASON, key: "controls.exceptions.NET-07" },
    ]);
  });

  for (const [key, sections, rules, component] of [
    [
      "databases.orders.noFinalSnapshotBecause",
      { databases: { orders: { noFinalSnapshotBecause: REASON } } },
      ["RDS-06"],
      { type: "ecs-platform:index:Database", name: "orders" },
    ],
    [
      "tables.carts.noRecoveryBecause",
      { tables: { carts: { noRecoveryBecause: REASON } } },
      ["DDB-01"],
      { type: "ecs-platform:index:Table", name: "carts" },
    ],
    [
      "buckets.uploads.unversionedBecause",
      { buckets: { uploads: { unversionedBecause: REASON } } },
      ["S3-04"],
      { type: "ecs-platform:index:Bucket", name: "uploads" },
    ],
    [
      "pipelines.shop.build.privilegedBecause",
      { pipelines: { shop: { build: { privilegedBecause: REASON } } } },
      ["CI-01"],
      { type: "ecs-platform:index:Pipeline", name: "shop" },
    ],
    [
      "monitoring.silencedBecause",
      { monitoring: { silencedBecause: REASON } },
      ["MON-01"],
      undefined,
    ],
    [
      "monitoring.without.service-cpu",
      { monitoring: { without: { "service-cpu": REASON } } },
      ["MON-02", "MON-04"],
      undefined,
    ],
    ["auditTrail.offBecause", { auditTrail: { offBecause: REASON } }, ["AUD-01"], undefined],
  ] as const) {
    it(`excepts by its own opt-out ${key}`, () => {
      assert.deepEqual(
        contextOf(sections).exceptions,
        rules.map((rule) => ({
          rule,
          reason: REASON,
          key,
          ...(component && { component }),
        })),
      );
    });
  }
});
