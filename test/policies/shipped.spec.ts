import * as assert from "node:assert/strict";
import { controls } from "../../policies/catalogue";
import { contextOf } from "../../policies/context";
import { describeViolation, evaluate } from "../../policies/evaluate";
import { type ShippedGraph, shippedGraphs } from "./graphs";

describe("the shipped stacks and examples keep to the policies", () => {
  let graphs: readonly ShippedGraph[];
  before(async function () {
    this.timeout(120_000);
    graphs = await shippedGraphs();
  });

  it("without a violation, and without an exception that nothing needs", () => {
    const problems = graphs.flatMap(({ name, sections, graph }) => {
      const { violations, stale } = evaluate(graph, controls, contextOf(sections));
      return [
        ...violations.map((violation) => `${name}: ${describeViolation(violation)}`),
        ...stale.map(({ key }) => `${name}: ${key} is not needed`),
      ];
    });
    assert.deepEqual(problems, []);
  });
});
