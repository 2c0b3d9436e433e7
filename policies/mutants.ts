import { type Graph, graphOf, type PolicyResource, type Value } from "./graph";
import { isList, isMap } from "./values";

/** A graph with one thing broken on purpose, and the resource at which a rule must find it. */
export interface Mutant {
  readonly title: string;
  readonly graph: Graph;
  /** URN of the resource that must be reported, and no other. */
  readonly finds: string;
}

/** The graph with another value in one input; undefined removes it. What the input refers to stays: see `referringTo`. */
export function withInput(
  graph: Graph,
  resource: PolicyResource,
  path: string,
  value: Value | undefined,
): Graph {
  const current = graph.byUrn(resource.urn) ?? resource;
  const inputs = placed(current.inputs, path.split("."), value);
  return withResource(graph, { ...current, inputs: isMap(inputs) ? inputs : {} });
}

/** The graph with one resource as given: in place of the one with its URN, or beside the others. */
export function withResource(graph: Graph, changed: PolicyResource): Graph {
  if (graph.byUrn(changed.urn) === undefined) return graphOf([...graph.resources, changed]);
  return graphOf(graph.resources.map((other) => (other.urn === changed.urn ? changed : other)));
}

/** The graph without some resources, whatever referred to them. */
export function without(graph: Graph, ...gone: readonly PolicyResource[]): Graph {
  const urns = new Set(gone.map(({ urn }) => urn));
  return graphOf(graph.resources.filter(({ urn }) => !urns.has(urn)));
}

/** The graph in which one input refers to other resources than it did. */
export function referringTo(
  graph: Graph,
  resource: PolicyResource,
  input: string,
  targets: readonly PolicyResource[],
): Graph {
  const current = graph.byUrn(resource.urn) ?? resource;
  const propertyDependencies = {
    ...current.propertyDependencies,
    [input]: targets.map(({ urn }) => urn),
  };
  return withResource(graph, { ...current, propertyDependencies });
}

/** A second resource like one that is there, under another name and with some other inputs. */
export function twin(
  resource: PolicyResource,
  name: string,
  inputs: Readonly<Record<string, Value | undefined>>,
): PolicyResource {
  const urn = `${resource.urn.slice(0, resource.urn.lastIndexOf("::"))}::${name}`;
  return { ...resource, urn, name, inputs: { ...resource.inputs, ...inputs } };
}

function placed(
  root: Value | undefined,
  [step, ...rest]: readonly string[],
  value: Value | undefined,
): Value | undefined {
  if (step === undefined) return value;
  if (isList(root)) {
    const entry = placed(root[Number(step)], rest, value);
    return root.flatMap((old, index) => (index !== Number(step) ? [old] : (entry ?? [])));
  }
  const map = isMap(root) ? root : {};
  return { ...map, [step]: placed(map[step], rest, value) };
}
