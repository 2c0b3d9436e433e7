import type { JsonObject, JsonPath } from "./json";
import type { Hook } from "./pulumi-internals";
import { describe, type RecordedResource } from "./recorded-resource";

/** What a program did: the resources it declared and the outputs it returned. */
export interface Run {
  /** Every resource except the stack itself, in the order of registration. */
  readonly resources: readonly RecordedResource[];
  /** What the engine would call when it creates or changes a resource, by the name that `hooks` of the resource has. */
  readonly hooks: ReadonlyMap<string, Hook>;
  /** The stack outputs the program returned, resolved, with secrets unwrapped. */
  readonly outputs: JsonObject;
  /** True when the stack output at `path`, or something that contains it, is secret. */
  isSecretOutput(path: JsonPath): boolean;
  /** The only resource of this type, or the one of this type and name; fails with what there was. */
  one(type: string, name?: string): RecordedResource;
  /** Every resource of this type, sorted by name. */
  all(type: string): readonly RecordedResource[];
  /** The whole inventory: a sorted list of "type name". */
  names(): readonly string[];
  /** The resource with this URN, as `provider`, `parent` and `dependencies` give them. */
  byUrn(urn: string): RecordedResource;
  /** The component a resource belongs to; undefined directly under the stack. */
  parentOf(resource: RecordedResource): RecordedResource | undefined;
  /** What a component contains directly, sorted by type and name. */
  childrenOf(component: RecordedResource): readonly RecordedResource[];
}

/** Makes a run's lookups from its recorded resources and the record of its stack. */
export function createRun(
  resources: readonly RecordedResource[],
  stack: RecordedResource | undefined,
  hooks: ReadonlyMap<string, Hook> = new Map(),
): Run {
  const urns = new Map(resources.map((resource) => [resource.urn, resource]));
  const sorted = [...resources].sort((a, b) => compare(describe(a), describe(b)));

  function byUrn(urn: string): RecordedResource {
    return urns.get(urn) ?? fail(`no resource has the URN ${urn}`);
  }

  function fail(problem: string): never {
    const inventory = sorted.map((resource) => `  ${describe(resource)}`);
    throw new Error(
      [`${problem}; the program declared`, ...(inventory.length ? inventory : ["  nothing"])].join(
        "\n",
      ),
    );
  }

  return {
    resources,
    hooks,
    outputs: stack?.outputs ?? {},
    isSecretOutput: (path) => stack?.isSecretOutput(path) ?? false,
    one: (type, name) => {
      const found = sorted.filter(
        (resource) => resource.type === type && (name === undefined || resource.name === name),
      );
      const [only] = found;
      if (only === undefined || found.length > 1) {
        const wanted = name === undefined ? type : `${type} ${name}`;
        return fail(`expected one ${wanted}, found ${found.length || "none"}`);
      }
      return only;
    },
    all: (type) => sorted.filter((resource) => resource.type === type),
    names: () => sorted.map(describe),
    byUrn,
    parentOf: (resource) => (resource.parent === undefined ? undefined : byUrn(resource.parent)),
    childrenOf: (component) => sorted.filter((resource) => resource.parent === component.urn),
  };
}

// By code unit rather than by locale, so that committed inventories sort alike on every machine.
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
