/**
 * What a program declares, as plain data that rules judge. Nothing here knows Pulumi's runtime: the same rules see the
 * mocked run of a test, a plan and the engine's own view (docs/policies.md).
 */

/** Stands for a value that is not known before the deployment. A rule says nothing about it. */
export class Unknown {
  readonly until = "deployed";
}

export const UNKNOWN = new Unknown();

/** An input: plain JSON in which parts may be unknown. */
export type Value = string | number | boolean | null | Unknown | readonly Value[] | ValueMap;

/** A map of inputs; one that is not given reads as undefined. */
export interface ValueMap {
  readonly [key: string]: Value | undefined;
}

/** One resource: of a provider, or a component that contains others. */
export interface PolicyResource {
  readonly urn: string;
  /** "aws:ec2/vpc:Vpc", "ecs-platform:index:Network". */
  readonly type: string;
  /** The logical name, which is what findings call it. */
  readonly name: string;
  /** False of components. */
  readonly custom: boolean;
  /** URN of the component it belongs to. */
  readonly parent: string | undefined;
  readonly inputs: ValueMap;
  /** Whether the input at the path ("containers.0.value"), or something that contains it, is a secret; undefined where nobody tells. */
  readonly isSecret: ((path: string) => boolean) | undefined;
  readonly protect: boolean;
  /** Undefined where nobody tells. */
  readonly retainOnDelete: boolean | undefined;
  readonly deleteBeforeReplace: boolean | undefined;
  readonly ignoreChanges: readonly string[];
  /** URN of the provider; undefined where that is not known. */
  readonly provider: string | undefined;
  /** URNs of everything it waits for. */
  readonly dependencies: readonly string[];
  /** The part of them that comes from inputs, by input. Known also while the values themselves are not. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

/** Everything that a program declares. Lists are in the order of registration. */
export interface Graph {
  readonly resources: readonly PolicyResource[];
  readonly ofType: (...types: readonly string[]) => readonly PolicyResource[];
  readonly byUrn: (urn: string) => PolicyResource | undefined;
  readonly parentOf: (resource: PolicyResource) => PolicyResource | undefined;
  readonly childrenOf: (component: PolicyResource) => readonly PolicyResource[];
  /** What an input is made of, by the resources; of one type where that is given. */
  readonly references: (
    resource: PolicyResource,
    input: string,
    type?: string,
  ) => readonly PolicyResource[];
  /** The resources of a type whose input is made of this one: the listeners of a load balancer. */
  readonly referrers: (
    resource: PolicyResource,
    type: string,
    input: string,
  ) => readonly PolicyResource[];
}

/** Makes the lookups from the resources. */
export function graphOf(resources: readonly PolicyResource[]): Graph {
  const urns = new Map(resources.map((resource) => [resource.urn, resource]));
  const types = grouped(resources, ({ type }) => type);
  const children = grouped(resources, ({ parent }) => parent);
  const ofType = (...wanted: readonly string[]) => wanted.flatMap((type) => types.get(type) ?? []);
  const references = (resource: PolicyResource, input: string, type?: string) =>
    (resource.propertyDependencies[input] ?? [])
      .flatMap((urn) => urns.get(urn) ?? [])
      .filter((target) => type === undefined || target.type === type);
  return {
    resources,
    ofType,
    byUrn: (urn) => urns.get(urn),
    parentOf: ({ parent }) => (parent === undefined ? undefined : urns.get(parent)),
    childrenOf: ({ urn }) => children.get(urn) ?? [],
    references,
    referrers: (resource, type, input) =>
      ofType(type).filter((other) =>
        (other.propertyDependencies[input] ?? []).includes(resource.urn),
      ),
  };
}

function grouped<K>(
  resources: readonly PolicyResource[],
  keyOf: (resource: PolicyResource) => K,
): ReadonlyMap<K, readonly PolicyResource[]> {
  const groups = new Map<K, PolicyResource[]>();
  for (const resource of resources) {
    const group = groups.get(keyOf(resource));
    if (group === undefined) groups.set(keyOf(resource), [resource]);
    else group.push(resource);
  }
  return groups;
}
