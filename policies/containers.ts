import type { Graph, PolicyResource, Value, ValueMap } from "./graph";
import { withInput } from "./mutants";
import type { Rule } from "./rule";
import { inputAt, isList, mapsOf, parsed, valueAt } from "./values";

export const TASK = "aws:ecs/taskDefinition:TaskDefinition";

/** The containers of a task; none where they are not known yet. */
export function containersOf(task: PolicyResource): readonly ValueMap[] {
  return mapsOf(parsed(inputAt(task, "containerDefinitions")));
}

/** The graph in which one container of a task has other values. */
export function withContainer(
  graph: Graph,
  task: PolicyResource,
  container: ValueMap,
  changes: ValueMap,
): Graph {
  const all = containersOf(task).map((one) =>
    one["name"] === container["name"] ? { ...one, ...changes } : one,
  );
  return withInput(graph, task, "containerDefinitions", JSON.stringify(all));
}

/** A condition that every container of every task must meet. */
export interface ContainerCondition {
  readonly holds: (container: ValueMap, task: PolicyResource, graph: Graph) => boolean;
  /** Follows the container's name. */
  readonly message: string;
  readonly fix: string;
  /** Values that must be found. */
  readonly wrong: (container: ValueMap) => readonly ValueMap[];
}

/** A rule about containers; what it finds, it reports at the task. */
export function containerRule({ holds, message, fix, wrong }: ContainerCondition): Rule {
  return {
    check: (graph) =>
      graph.ofType(TASK).flatMap((resource) =>
        containersOf(resource)
          .filter((container) => !holds(container, resource, graph))
          .map((container) => ({
            resource,
            message: `has a container, ${nameOf(container)}, that ${message}`,
            fix,
          })),
      ),
    mutants: (graph) =>
      graph.ofType(TASK).flatMap((task) =>
        containersOf(task).flatMap((container) =>
          wrong(container).map((changes) => ({
            title: `${task.name}: ${nameOf(container)} with ${JSON.stringify(changes)}`,
            graph: withContainer(graph, task, container, changes),
            finds: task.urn,
          })),
        ),
      ),
  };
}

/** A container's environment, or its secrets, as names and values. */
export function variablesOf(
  container: ValueMap,
  list: "environment" | "secrets" = "environment",
): readonly { readonly name: string; readonly value: Value | undefined }[] {
  const entries = container[list];
  return (isList(entries) ? mapsOf(entries) : []).flatMap((entry) => {
    const name = valueAt(entry, "name");
    return typeof name === "string" ? [{ name, value: entry["value"] ?? entry["valueFrom"] }] : [];
  });
}

function nameOf(container: ValueMap): string {
  const name = container["name"];
  return typeof name === "string" ? name : "without a name";
}
