import * as assert from "node:assert/strict";
import type { PolicyResource as EngineResource, StackValidationPolicy } from "@pulumi/policy";
import { controls } from "../../policies/catalogue";
import { UNKNOWN } from "../../policies/graph";
import { fromEngine, inputsOf } from "../../policies/pack/from-engine";
import { policiesOf } from "../../policies/pack/policies";

/** As the engine gives values: to read one that is not known is an error. */
function proxied<T extends object>(value: T, unknown: readonly string[]): T {
  return new Proxy(value, {
    get: (target, key) => {
      if (unknown.includes(String(key))) throw new Error("can't be known during preview");
      return target[key as keyof T];
    },
  });
}

function engineResource(parts: Partial<EngineResource>): EngineResource {
  return {
    urn: "urn:pulumi:dev::shop::a:b/c:C::name",
    type: "a:b/c:C",
    name: "name",
    props: {},
    opts: {
      protect: true,
      ignoreChanges: ["tags"],
      aliases: [],
      additionalSecretOutputs: [],
      customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
    },
    dependencies: [],
    propertyDependencies: {},
    isType: () => false,
    asType: () => undefined,
    ...parts,
  };
}

describe("the policy pack", () => {
  it("has a policy for each control with a rule, which fails but for low severity", () => {
    const [first, ...others] = policiesOf(controls);
    assert.equal(first?.name, "inputs");
    assert.deepEqual(
      others.map(({ name, enforcementLevel }) => [name, enforcementLevel]),
      controls
        .filter(({ rule }) => rule !== undefined)
        .map(({ id, severity }) => [id, severity === "low" ? "advisory" : "mandatory"]),
    );
  });

  it("takes what is not known for unknown, also within lists", () => {
    const props = proxied({ name: "a", arn: "?", list: proxied(["x", "y"], ["1"]) }, ["arn"]);
    assert.deepEqual(inputsOf({ props }), { name: "a", arn: UNKNOWN, list: ["x", UNKNOWN] });
  });

  it("judges what was asked for, and not what AWS made of it", () => {
    const parent = engineResource({ urn: "urn:parent" });
    const given = fromEngine(
      engineResource({
        props: { size: "made by AWS" },
        parent,
        propertyDependencies: { vpcId: [parent] },
      }),
      new Map([["urn:pulumi:dev::shop::a:b/c:C::name", { size: "asked for" }]]),
    );
    assert.deepEqual(given.inputs, { size: "asked for" });
    assert.equal(given.parent, "urn:parent");
    assert.deepEqual(given.propertyDependencies, { vpcId: ["urn:parent"] });
    assert.deepEqual([given.protect, given.ignoreChanges], [true, ["tags"]]);
    const unseen = fromEngine(engineResource({ props: { size: "made by AWS" } }), new Map());
    assert.deepEqual(unseen.inputs, { size: "made by AWS" });
  });

  it("reports what is wrong at the resource, with the fix", async () => {
    const policies = policiesOf(controls);
    const policy = policies.find(({ name }) => name === "ALB-03") as StackValidationPolicy;
    const balancer = engineResource({
      urn: "urn:pulumi:dev::shop::aws:lb/loadBalancer:LoadBalancer::alb",
      type: "aws:lb/loadBalancer:LoadBalancer",
      name: "alb",
      props: { dropInvalidHeaderFields: false },
    });
    const reports: [string, string | undefined][] = [];
    await policy.validateStack(
      {
        resources: [balancer],
        stackTags: new Map(),
        getConfig: <T>() => ({}) as T,
        notApplicable: () => assert.fail("not applicable"),
      },
      (message, urn) => reports.push([message, urn]),
    );
    assert.deepEqual(reports, [
      ["alb passes malformed headers on. Fix: set dropInvalidHeaderFields to true.", balancer.urn],
    ]);
  });
});
