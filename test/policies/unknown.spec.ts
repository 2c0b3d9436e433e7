import * as assert from "node:assert/strict";
import { controls } from "../../policies/catalogue";
import { contextOf } from "../../policies/context";
import { describeViolation, evaluate } from "../../policies/evaluate";
import { type Graph, graphOf, UNKNOWN } from "../../policies/graph";
import { type ShippedGraph, shippedGraphs } from "./graphs";

/** The graph as the first preview of a stack shows it: nothing is known that comes from another resource. */
function beforeDeployment({ resources }: Graph): Graph {
  return graphOf(
    resources.map((resource) => {
      const unknown = Object.entries(resource.propertyDependencies)
        .filter(([input, urns]) => urns.length > 0 && input in resource.inputs)
        .map(([input]) => [input, UNKNOWN] as const);
      return { ...resource, inputs: { ...resource.inputs, ...Object.fromEntries(unknown) } };
    }),
  );
}

describe("policies on a first preview", () => {
  let graphs: readonly ShippedGraph[];
  before(async function () {
    this.timeout(120_000);
    graphs = await shippedGraphs();
  });

  it("say nothing about values that are not known yet", () => {
    const guessed = graphs.flatMap(({ name, sections, graph }) => {
      const said = (seen: Graph) =>
        evaluate(seen, controls, contextOf(sections)).violations.map(describeViolation);
      const known = said(graph);
      return said(beforeDeployment(graph))
        .filter((violation) => !known.includes(violation))
        .map((violation) => `${name}: ${violation}`);
    });
    assert.deepEqual(guessed, []);
  });

  it("still find what is written down in the program itself", () => {
    const dev = graphs.find(({ name }) => name === "dev");
    assert.ok(dev);
    const ids = (seen: Graph) =>
      evaluate(seen, controls, { level: "production", exceptions: [] }).violations.map(
        ({ control }) => control.id,
      );
    const found = ids(beforeDeployment(dev.graph));
    for (const id of ["NET-03", "NET-07", "ALB-01", "ALB-05", "ALB-08", "ECS-17", "ECS-21"]) {
      assert.ok(found.includes(id), `${id} is not found`);
    }
  });
});
