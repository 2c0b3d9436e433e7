import type { Graph, PolicyResource } from "./graph";
import { without } from "./mutants";
import type { Finding, Rule } from "./rule";

/** What stands for the stack as a whole where a finding is about something that is missing. */
export function stackOf(graph: Graph): readonly PolicyResource[] {
  return [...graph.ofType("pulumi:providers:aws"), ...graph.resources].slice(0, 1);
}

/** A finding about something that a stack lacks. */
export function missing(graph: Graph, message: string, fix: string): Finding[] {
  return stackOf(graph).map((resource) => ({ resource, message, fix }));
}

/** A rule that a stack has at least one of a type, where it is of a kind that needs one. */
export function requiredRule({
  type,
  where,
  message,
  fix,
}: {
  readonly type: string;
  readonly where: (graph: Graph) => boolean;
  readonly message: string;
  readonly fix: string;
}): Rule {
  return {
    check: (graph) =>
      where(graph) && graph.ofType(type).length === 0 ? missing(graph, message, fix) : [],
    mutants: (graph) =>
      graph.ofType(type).length === 0
        ? []
        : stackOf(graph).map(({ urn }) => ({
            title: `without ${type}`,
            graph: without(graph, ...graph.ofType(type)),
            finds: urn,
          })),
  };
}
