import * as assert from "node:assert/strict";
import { controls } from "../../policies/catalogue";
import type { Mutant } from "../../policies/mutants";
import type { ControlsContext, Rule } from "../../policies/rule";
import { type ShippedGraph, shippedGraphs } from "./graphs";

/** The strictest reading, in which nothing is excepted. */
const STRICT: ControlsContext = { level: "production", exceptions: [] };

describe("policies find what is broken on purpose in the shipped stacks", () => {
  let graphs: readonly ShippedGraph[];
  before(async function () {
    this.timeout(120_000);
    graphs = await shippedGraphs();
  });

  for (const { id, title, rule } of controls) {
    if (rule === undefined) continue;
    it(`${id}: ${title}`, () => {
      const survivors = graphs.flatMap((shipped) => survivorsIn(shipped, rule));
      assert.deepEqual(survivors, []);
      const count = graphs.flatMap(({ graph }) => rule.mutants(graph)).length;
      assert.ok(count > 0, "no mutant: nothing shows that the rule finds anything");
    });
  }
});

/** Mutants of one stack that the rule overlooks, or for which it blames another resource. */
function survivorsIn({ name, graph }: ShippedGraph, rule: Rule): string[] {
  const already = found(rule, { graph });
  return rule.mutants(graph).flatMap((mutant) => {
    // What is broken in a stack from the start, for a reason it gives, is no news when it is broken further.
    if (already.has(mutant.finds)) return [];
    const fresh = [...found(rule, mutant)].filter((urn) => !already.has(urn));
    if (fresh.length === 1 && fresh[0] === mutant.finds) return [];
    return [
      `${name}: ${mutant.title}: expected ${mutant.finds}, found ${fresh.join(", ") || "nothing"}`,
    ];
  });
}

function found(rule: Rule, { graph }: Pick<Mutant, "graph">): ReadonlySet<string> {
  return new Set(rule.check(graph, STRICT).map(({ resource }) => resource.urn));
}
