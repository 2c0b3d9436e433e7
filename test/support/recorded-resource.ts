import { valueAt, type JsonObject, type JsonPath, type JsonValue } from "./json";
import type { WireValues } from "./wire-values";

/** A former identity of a resource: a URN, or the parts that differ from its present one. */
export type RecordedAlias = string | RecordedAliasParts;

/** The parts of a former identity; `noParent` means it used to sit directly under the stack. */
export interface RecordedAliasParts {
  readonly name?: string;
  readonly type?: string;
  readonly stack?: string;
  readonly project?: string;
  readonly parent?: string;
  readonly noParent?: true;
}

/** The options a resource was registered with, as the engine receives them. */
export interface RecordedOptions {
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** Undefined when the program leaves the choice to the provider. */
  readonly deleteBeforeReplace: boolean | undefined;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  readonly aliases: readonly RecordedAlias[];
  /** URNs of everything the resource waits for, through its inputs or through `dependsOn`. */
  readonly dependencies: readonly string[];
  /** The part of `dependencies` that comes from inputs, by input name. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** URN of the provider given or inherited; undefined when it would be the default provider. */
  readonly provider: string | undefined;
  /** URN of the resource whose deletion makes deleting this one unnecessary. */
  readonly deletedWith: string | undefined;
  /** Names of hooks by when they are called; empty without any. */
  readonly hooks: Readonly<Partial<Record<"beforeCreate" | "beforeUpdate" | "onError", string[]>>>;
}

/** What kind of resource: one of a provider, a component, or an existing one that was looked up. */
export type RecordedKind = "custom" | "component" | "read";

/** One resource as the engine would have seen it. */
export interface RecordedResource extends RecordedOptions {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly kind: RecordedKind;
  readonly custom: boolean;
  /** URN of the parent; undefined directly under the stack. */
  readonly parent: string | undefined;
  /** The inputs, with secrets unwrapped; ask `isSecret` which ones were. */
  readonly inputs: JsonObject;
  /** A component's registered outputs; of any other resource, the state the mock gave it. */
  readonly outputs: JsonObject;
  /** The input at `path` ("rules.0.port"); undefined when any step is missing. */
  input(path: JsonPath): JsonValue | undefined;
  /** The input at `path` parsed from JSON, for policies and container definitions. */
  jsonInput(path: JsonPath): JsonValue;
  /** True when the input at `path`, or something that contains it, was secret. */
  isSecret(path: JsonPath): boolean;
  /** True when the output at `path`, or something that contains it, was secret. */
  isSecretOutput(path: JsonPath): boolean;
}

/** What the monitor knows about a resource when its registration arrives. */
export interface Registration {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly kind: RecordedKind;
  readonly parent: string | undefined;
  readonly inputs: WireValues;
  readonly options: RecordedOptions;
}

/** A record that is still open: a component's outputs arrive after the component itself. */
export interface OpenRecord {
  readonly resource: RecordedResource;
  setOutputs(outputs: WireValues): void;
  readonly hasOutputs: () => boolean;
}

/** Starts the record of one resource. */
export function openRecord(registration: Registration): OpenRecord {
  const { inputs, options, ...identity } = registration;
  let outputs: WireValues | undefined;
  const resource: RecordedResource = {
    ...identity,
    ...options,
    custom: identity.kind !== "component",
    inputs: inputs.values,
    get outputs() {
      return outputs?.values ?? {};
    },
    input: (path) => valueAt(inputs.values, path),
    jsonInput: (path) => parseInput(registration, path),
    isSecret: (path) => inputs.isSecret(path),
    isSecretOutput: (path) => outputs?.isSecret(path) ?? false,
  };
  return {
    resource,
    setOutputs: (values) => {
      outputs = values;
    },
    hasOutputs: () => outputs !== undefined,
  };
}

function parseInput(registration: Registration, path: JsonPath): JsonValue {
  const value = valueAt(registration.inputs.values, path);
  const what = `input ${typeof path === "string" ? path : path.join(".")} of ${describe(registration)}`;
  if (typeof value !== "string") {
    throw new Error(`${what} is not a JSON string: ${JSON.stringify(value)}`);
  }
  try {
    return JSON.parse(value) as JsonValue;
  } catch (error) {
    throw new Error(`${what} is not valid JSON: ${value}`, { cause: error });
  }
}

/** A resource the way messages and inventories name it: `type name`. */
export function describe(resource: { readonly type: string; readonly name: string }): string {
  return `${resource.type} ${resource.name}`;
}
