import type { Deployment } from "@pulumi/pulumi/automation";

/** A resource as it is in the engine's state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  /** As the cloud knows it. Components have none. */
  readonly id?: string;
  readonly custom: boolean;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** The heading for resources that belong to no component, such as the provider. */
export const NO_COMPONENT = "the stack itself";

const STACK_TYPE = "pulumi:pulumi:Stack";

/** The resources of an exported stack. */
export function resourcesOf(deployment: Deployment): readonly StateResource[] {
  return (deployment.deployment as { resources?: StateResource[] } | null)?.resources ?? [];
}

/** Type and name, the two parts of a URN that a person knows: "Subnet network-app-a". */
export function labelOf(urn: string): string {
  const [, , qualifiedType = "", ...name] = urn.split("::");
  return label(qualifiedType.split("$").at(-1) ?? "", name.join("::"));
}

/** Type and name of a resource in short. */
export function label(type: string, name: string): string {
  const parts = type.split(":");
  return parts[1] === "providers" ? `provider ${name}` : `${parts.at(-1) ?? ""} ${name}`;
}

/** True for what is a thing in AWS (or a provider), and false for components and the stack. */
export function isCounted(urn: string, custom: boolean): boolean {
  return custom && !/::default(_[\d_]+)?$/.test(urn);
}

/** The component of the program's top level that a resource belongs to, given its parents. */
export function componentOf(urn: string, parentOf: (urn: string) => string | undefined): string {
  let component: string | undefined;
  for (let at = parentOf(urn); at !== undefined && !isStack(at); at = parentOf(at)) component = at;
  return component === undefined ? NO_COMPONENT : labelOf(component);
}

/** How many resources each component has, by name: the order in the state changes from run to run. */
export function countByComponent(resources: readonly StateResource[]): Map<string, number> {
  const parents = new Map(resources.map(({ urn, parent }) => [urn, parent]));
  const counts = new Map<string, number>();
  for (const { urn, custom } of resources) {
    if (!isCounted(urn, custom)) continue;
    const component = componentOf(urn, (child) => parents.get(child));
    counts.set(component, (counts.get(component) ?? 0) + 1);
  }
  return new Map([...counts].sort(([one], [other]) => one.localeCompare(other)));
}

/** Resources that neither the engine nor AWS would delete. */
export function protectedResources(resources: readonly StateResource[]): StateResource[] {
  return resources.filter(
    ({ protect, inputs }) =>
      protect === true ||
      inputs?.["deletionProtection"] === true ||
      inputs?.["enableDeletionProtection"] === true,
  );
}

function isStack(urn: string): boolean {
  return urn.split("::")[2] === STACK_TYPE;
}
