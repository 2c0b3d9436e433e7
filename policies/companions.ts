import type { Graph, PolicyResource } from "./graph";
import { without } from "./mutants";
import type { Rule } from "./rule";

/** What each resource of a type must have beside it. */
export interface Companion {
  /** Type of the resource that must have one. */
  readonly of: string;
  /** Which resources of the type; default: all. */
  readonly where?: (resource: PolicyResource, graph: Graph) => boolean;
  /** Type of the companion, and its input that refers to the resource. */
  readonly type: string;
  readonly input: string;
  readonly message: string;
  readonly fix: string;
}

/** A rule that each resource of a type has another beside it: each bucket its policy. */
export function companionRule(companion: Companion): Rule {
  const { of, where = () => true, type, input, message, fix } = companion;
  const owners = (graph: Graph) => graph.ofType(of).filter((resource) => where(resource, graph));
  return {
    check: (graph) =>
      owners(graph)
        .filter((resource) => graph.referrers(resource, type, input).length === 0)
        .map((resource) => ({ resource, message, fix })),
    mutants: (graph) =>
      owners(graph).map((resource) => ({
        title: `${resource.name}: without ${type}`,
        graph: without(graph, ...graph.referrers(resource, type, input)),
        finds: resource.urn,
      })),
  };
}
