import * as assert from "node:assert/strict";
import { controls } from "../../policies/catalogue";
import { graphOf, type PolicyResource, type ValueMap } from "../../policies/graph";
import type { ControlsContext } from "../../policies/rule";

/** Parts of a resource that matter to few rules. */
type Extra = Partial<Pick<PolicyResource, "parent" | "protect" | "ignoreChanges" | "custom">>;

/** A resource of a hand-written graph; `references` says which resources its inputs are made of. */
export function resource(
  type: string,
  name: string,
  inputs: ValueMap = {},
  references: Readonly<Record<string, PolicyResource | readonly PolicyResource[]>> = {},
  extra: Extra = {},
): PolicyResource {
  const propertyDependencies = Object.fromEntries(
    Object.entries(references).map(([input, targets]) => [
      input,
      [targets].flat().map(({ urn }) => urn),
    ]),
  );
  return {
    urn: `urn:pulumi:test::ecs-platform::${type}::${name}`,
    type,
    name,
    custom: true,
    parent: undefined,
    inputs,
    isSecret: () => false,
    protect: false,
    retainOnDelete: false,
    deleteBeforeReplace: undefined,
    ignoreChanges: [],
    provider: undefined,
    dependencies: Object.values(propertyDependencies).flat(),
    propertyDependencies,
    ...extra,
  };
}

/** What one control says about a graph: "name: message", in order. */
export function findings(
  id: string,
  resources: readonly PolicyResource[],
  context: Partial<ControlsContext> = {},
): string[] {
  const rule = controls.find((control) => control.id === id)?.rule;
  assert.ok(rule, `no rule ${id}`);
  return rule
    .check(graphOf(resources), { level: "production", exceptions: [], ...context })
    .map(({ resource: { name }, message }) => `${name}: ${message}`);
}

/** The JSON of an IAM policy with these statements. */
export function document(...statements: readonly ValueMap[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
