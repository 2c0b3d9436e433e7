import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import type {
  ReadResourceRequest,
  RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb";

import type { RecordedAlias, RecordedOptions } from "./recorded-resource";

/** The options a registration carries. */
export function optionsOf(request: RegisterResourceRequest): RecordedOptions {
  return {
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deleteBeforeReplace: request.getDeletebeforereplacedefined()
      ? request.getDeletebeforereplace()
      : undefined,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: request.getAliasesList().map(aliasOf),
    dependencies: request.getDependenciesList(),
    propertyDependencies: propertyDependenciesOf(request),
    provider: providerUrn(request.getProvider()),
    deletedWith: request.getDeletedwith() || undefined,
    hooks: hooksOf(request),
  };
}

/** The options of a lookup of an existing resource, which has few. */
export function optionsOfRead(request: ReadResourceRequest): RecordedOptions {
  return {
    protect: false,
    retainOnDelete: false,
    deleteBeforeReplace: undefined,
    ignoreChanges: [],
    replaceOnChanges: [],
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: [],
    dependencies: request.getDependenciesList(),
    propertyDependencies: {},
    provider: providerUrn(request.getProvider()),
    deletedWith: undefined,
    hooks: {},
  };
}

function hooksOf(request: RegisterResourceRequest): RecordedOptions["hooks"] {
  const given = request.getHooks();
  const hooks = {
    beforeCreate: given?.getBeforeCreateList() ?? [],
    beforeUpdate: given?.getBeforeUpdateList() ?? [],
    onError: given?.getOnErrorList() ?? [],
  };
  return Object.fromEntries(Object.entries(hooks).filter(([, names]) => names.length > 0));
}

function propertyDependenciesOf(request: RegisterResourceRequest): Record<string, string[]> {
  const dependencies: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((property, name) => {
    dependencies[name] = property.getUrnsList();
  });
  return dependencies;
}

function aliasOf(alias: Alias): RecordedAlias {
  const spec = alias.getSpec();
  if (spec === undefined) {
    return alias.getUrn();
  }
  const parts = {
    name: spec.getName(),
    type: spec.getType(),
    stack: spec.getStack(),
    project: spec.getProject(),
    parent: spec.getParenturn(),
  };
  return {
    ...Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== "")),
    ...(spec.getNoparent() ? { noParent: true as const } : {}),
  };
}

// A provider reference is its URN and its id, joined like the parts of the URN itself.
function providerUrn(reference: string): string | undefined {
  return reference === "" ? undefined : reference.slice(0, reference.lastIndexOf("::"));
}
