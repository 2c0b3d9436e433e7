import type { Policies, StackValidationPolicy } from "@pulumi/policy";
import type { Control } from "../control";
import { evaluate } from "../evaluate";
import { graphOf, type ValueMap } from "../graph";
import { sectionsOfStack } from "./configuration";
import { fromEngine, inputsOf } from "./from-engine";
import { contextOf } from "../context";

/** One policy for each control that has a rule, and one that remembers what was asked for. */
export function policiesOf(controls: readonly Control[]): Policies {
  const inputs = new Map<string, ValueMap>();
  return [
    {
      name: "inputs",
      description: "Remembers the inputs of every resource; finds nothing",
      enforcementLevel: "advisory",
      validateResource: (resource) => {
        inputs.set(resource.urn, inputsOf(resource));
      },
    },
    ...controls
      .filter(({ rule }) => rule !== undefined)
      .map((control) => policyOf(control, inputs)),
  ];
}

/** What is of low severity is told; anything else fails. */
function policyOf(control: Control, inputs: ReadonlyMap<string, ValueMap>): StackValidationPolicy {
  const { id, title, severity, sources } = control;
  return {
    name: id,
    description: `${title} (${sources.join(", ")}).`,
    enforcementLevel: severity === "low" ? "advisory" : "mandatory",
    severity,
    validateStack: ({ resources }, report) => {
      const graph = graphOf(resources.map((resource) => fromEngine(resource, inputs)));
      const { violations } = evaluate(graph, [control], contextOf(sectionsOfStack()));
      for (const { resource, message, fix } of violations) {
        report(`${resource.name} ${message}. Fix: ${fix}.`, resource.urn);
      }
    },
  };
}
