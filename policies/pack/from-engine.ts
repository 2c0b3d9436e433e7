import type { PolicyResource as EngineResource, ResourceValidationArgs } from "@pulumi/policy";
import { type PolicyResource, UNKNOWN, type Value, type ValueMap } from "../graph";
import { isMap } from "../values";

/**
 * A resource as the engine shows it when everything has been registered. `inputs` are those that were seen when it was
 * registered; of what it shows in the end, the properties are what AWS made of them.
 */
export function fromEngine(
  { urn, type, name, props, opts, parent, provider, ...resource }: EngineResource,
  inputs: ReadonlyMap<string, ValueMap>,
): PolicyResource {
  return {
    urn,
    type,
    name,
    custom: provider !== undefined,
    parent: parent?.urn,
    inputs: inputs.get(urn) ?? plainMap(props),
    // The engine has unwrapped them by now.
    isSecret: undefined,
    protect: opts.protect,
    // The engine does not tell.
    retainOnDelete: undefined,
    deleteBeforeReplace: opts.deleteBeforeReplace,
    ignoreChanges: opts.ignoreChanges,
    provider: provider?.urn,
    dependencies: resource.dependencies.map((other) => other.urn),
    propertyDependencies: Object.fromEntries(
      Object.entries(resource.propertyDependencies).map(([input, others]) => [
        input,
        others.map((other) => other.urn),
      ]),
    ),
  };
}

/** The inputs of a resource that is being registered. */
export function inputsOf({ props }: Pick<ResourceValidationArgs, "props">): ValueMap {
  return plainMap(props);
}

function plainMap(props: Readonly<Record<string, unknown>>): ValueMap {
  const value = plain(props);
  return isMap(value) ? value : {};
}

/** Reading what is not known yet is an error there. */
function plain(value: unknown): Value {
  if (Array.isArray(value)) {
    const list = value as readonly unknown[];
    // By index: `map` would read each entry itself.
    return Array.from({ length: list.length }, (_, index) => read(list, index));
  }
  if (typeof value !== "object" || value === null) return value as Value;
  return Object.fromEntries(Object.keys(value).map((key) => [key, read(value, key)]));
}

function read(from: object, key: string | number): Value {
  let value: unknown;
  try {
    value = from[key as keyof typeof from];
  } catch {
    return UNKNOWN;
  }
  return plain(value);
}
