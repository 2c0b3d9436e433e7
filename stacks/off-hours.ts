import type * as pulumi from "@pulumi/pulumi";
import { OffHours } from "../components";
import type { PlatformConfig } from "./config";
import type { Region } from "./outputs";

type Sleeping = Pick<
  Region,
  "network" | "cluster" | "services" | "databases" | "bastion" | "monitoring"
>;

/** What puts a region to sleep and wakes it; undefined without off-hours. */
export function createOffHours(
  config: PlatformConfig,
  region: Sleeping,
  opts: pulumi.ComponentResourceOptions,
): OffHours | undefined {
  if (config.offHours === undefined) return undefined;
  const { timezone, awake, leadMinutes, bastion, nat } = config.offHours;
  const { cluster, network, monitoring } = region;
  const services = withKeys(region.services, (name) => serviceSleeps(config, name));
  const databases = withKeys(region.databases, (name) => databaseSleeps(config, name));
  const { ec2 } = config.cluster;
  return new OffHours(
    "off-hours",
    {
      timezone,
      awake,
      leadMinutes,
      cluster,
      services: mapValues(services, ({ serviceArn, firstTasks, scalingTargetArn }) => ({
        serviceArn,
        tasks: firstTasks,
        scalingTargetArn,
      })),
      databases,
      ...(hostsSleep(config) &&
        ec2 &&
        cluster.hostGroupName && {
          hosts: { groupName: cluster.hostGroupName, minSize: ec2.minSize },
        }),
      instances: {
        ...(bastion && region.bastion && { bastion: region.bastion.instanceId }),
        ...(nat && network.natInstanceId && { nat: network.natInstanceId }),
      },
      alarms: Object.values(
        withKeys(monitoring.alarmNames, (key) =>
          ringsAllNight(key, Object.keys(services), Object.keys(databases)),
        ),
      ),
      telling: monitoring.telling,
    },
    opts,
  );
}

/** Whether a service has no tasks at night. */
export function serviceSleeps({ offHours }: PlatformConfig, name: string): boolean {
  return offHours !== undefined && !offHours.except.services.includes(name);
}

/** Whether there are no hosts at night. */
export function hostsSleep({ offHours }: PlatformConfig): boolean {
  return offHours?.hosts === true;
}

/** Whether a database is stopped at night. */
export function databaseSleeps({ offHours }: PlatformConfig, name: string): boolean {
  return offHours !== undefined && !offHours.except.databases.includes(name);
}

/** What is missing at night looks like the worst: no tasks, nobody who answers, a database that says nothing of itself. */
function ringsAllNight(
  key: string,
  services: readonly string[],
  databases: readonly string[],
): boolean {
  return (
    (key === "load-balancer-errors" && services.length > 0) ||
    services.some((name) => key === `service-${name}-tasks`) ||
    databases.some((name) =>
      ["cpu", "memory", "storage"].some((what) => key === `database-${name}-${what}`),
    )
  );
}

function withKeys<Value>(
  map: Readonly<Record<string, Value>>,
  isWanted: (key: string) => boolean,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => isWanted(key)));
}

function mapValues<Value, Result>(
  map: Readonly<Record<string, Value>>,
  convert: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, convert(value)]));
}
