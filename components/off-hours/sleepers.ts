import * as pulumi from "@pulumi/pulumi";

/** A service that sleeps; an `EcsService` has all of it. */
export interface SleepingService {
  readonly serviceArn: pulumi.Input<string>;
  /** Tasks that it wakes with. */
  readonly tasks: number;
  /** What scales it; undefined where the number of its tasks is fixed. */
  readonly scalingTargetArn?: pulumi.Input<string> | undefined;
}

/** A database that sleeps; a `Database` will do. */
export interface SleepingDatabase {
  readonly identifier: pulumi.Input<string>;
  readonly kind: "instance" | "cluster" | "serverless";
}

/** Everything that sleeps. */
export interface Sleepers {
  /** Services, by name. */
  readonly services?: Readonly<Record<string, SleepingService>>;
  /** Databases, by name. An instance with replicas cannot be stopped. */
  readonly databases?: Readonly<Record<string, SleepingDatabase>>;
  /** Container hosts: the Auto Scaling group, and how many of them are always there by day. */
  readonly hosts?:
    { readonly groupName: pulumi.Input<string>; readonly minSize: number } | undefined;
  /** Ids of single instances, such as a bastion, by name. */
  readonly instances?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Alarms that would ring all night, by name: they tell nobody meanwhile. */
  readonly alarms?: readonly pulumi.Input<string>[];
}

/** The same as the function reads it. */
export interface Plan {
  readonly services: Readonly<
    Record<string, { serviceArn: string; tasks: number; scalingTargetArn?: string }>
  >;
  readonly databases: Readonly<Record<string, { identifier: string; isCluster: boolean }>>;
  readonly hosts?: { readonly groupName: string; readonly minSize: number };
  readonly instances: Readonly<Record<string, string>>;
  readonly alarms: readonly string[];
}

/** All that sleeps, once everything about it is known. */
export function planOf({
  services = {},
  databases = {},
  hosts,
  instances = {},
  alarms = [],
}: Sleepers): pulumi.Output<Plan> {
  const known = pulumi.all([
    pulumi.all(Object.entries(services).map(([name, service]) => knownService(name, service))),
    pulumi.all(Object.entries(databases).map(([name, database]) => knownDatabase(name, database))),
    pulumi.output(hosts?.groupName),
    pulumi.all(instances),
    pulumi.all([...alarms]),
  ]);
  return known.apply(
    ([knownServices, knownDatabases, groupName, knownInstances, knownAlarms]): Plan => ({
      services: Object.fromEntries(knownServices),
      databases: Object.fromEntries(knownDatabases),
      ...(hosts !== undefined &&
        groupName !== undefined && { hosts: { groupName, minSize: hosts.minSize } }),
      instances: knownInstances,
      alarms: knownAlarms,
    }),
  );
}

function knownService(
  name: string,
  { serviceArn, tasks, scalingTargetArn }: SleepingService,
): pulumi.Output<[string, Plan["services"][string]]> {
  return pulumi
    .all([serviceArn, scalingTargetArn])
    .apply(([arn, target]): [string, Plan["services"][string]] => [
      name,
      { serviceArn: arn, tasks, ...(target !== undefined && { scalingTargetArn: target }) },
    ]);
}

function knownDatabase(
  name: string,
  { identifier, kind }: SleepingDatabase,
): pulumi.Output<[string, Plan["databases"][string]]> {
  return pulumi
    .output(identifier)
    .apply((id): [string, Plan["databases"][string]] => [
      name,
      { identifier: id, isCluster: kind !== "instance" },
    ]);
}

/** Whether there is anything that could sleep. */
export function isEmpty({
  services = {},
  databases = {},
  hosts,
  instances = {},
}: Sleepers): boolean {
  const all = { ...services, ...databases, ...instances };
  return Object.keys(all).length === 0 && hosts === undefined;
}
