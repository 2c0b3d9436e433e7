import { awakeHoursAWeek } from "../components/off-hours/clock";
import { firstTasks } from "../components/ecs-service/settings";
import type { PlatformConfig } from "./config";
import { databaseSleeps, hostsSleep, serviceSleeps } from "./off-hours";
import { HOURS_A_MONTH, PRICES_AN_HOUR, SPOT_SHARE } from "./off-hours-prices";

/** What sleeping saves of one thing. */
export interface Saving {
  readonly what: string;
  readonly hoursAsleepAWeek: number;
  /** USD a month if it never slept; undefined where the type has no price in off-hours-prices.ts. */
  readonly before: number | undefined;
  readonly saved: number | undefined;
}

const HOURS_A_WEEK = 7 * 24;

/**
 * What a stack saves by sleeping, line by line: tasks, hosts, instances and databases by the hour. What costs the same asleep
 * (storage, load balancer, NAT gateways, addresses) is not among it. Empty without off-hours.
 */
export function offHoursSavings(config: PlatformConfig): Saving[] {
  const { offHours, cluster, network } = config;
  if (offHours === undefined) return [];
  const awake = awakeHoursAWeek(offHours.awake, offHours.leadMinutes);
  const line = (what: string, hourly: number | undefined, awakeHours = awake.others): Saving => {
    const hoursAsleepAWeek = HOURS_A_WEEK - awakeHours;
    const before = hourly === undefined ? undefined : hourly * HOURS_A_MONTH;
    const saved = before === undefined ? undefined : (before * hoursAsleepAWeek) / HOURS_A_WEEK;
    return { what, hoursAsleepAWeek, before, saved };
  };
  const natInstance = network.nat === "instance" && offHours.nat;
  return [
    ...Object.entries(config.services)
      .filter(([name, { capacity }]) => serviceSleeps(config, name) && capacity.EC2 === undefined)
      .map(([name, service]) => line(`tasks of ${name}`, tasksAnHour(service), awake.services)),
    ...(hostsSleep(config) && cluster.ec2 ? [line("hosts", hostsAnHour(cluster.ec2))] : []),
    ...Object.entries(config.databases)
      .filter(([name]) => databaseSleeps(config, name))
      .map(([name, database]) => line(`database ${name}`, databaseAnHour(database))),
    ...(config.bastion && offHours.bastion
      ? [line("bastion", instanceAnHour(config.bastion.instanceType))]
      : []),
    ...(natInstance
      ? [line("NAT instance", instanceAnHour(network.natInstance?.instanceType ?? "t4g.nano"))]
      : []),
  ];
}

type Service = PlatformConfig["services"][string];

/** Of the tasks beyond the base, as many are on demand as the weights say in the mean. */
function tasksAnHour(service: Service): number {
  const { vCpu, GiB } = PRICES_AN_HOUR.fargate[service.architecture];
  const one = (service.cpu / 1024) * vCpu + (service.memoryMiB / 1024) * GiB;
  const tasks = firstTasks(service);
  const { FARGATE, FARGATE_SPOT } = service.capacity;
  if (FARGATE_SPOT === undefined) return tasks * one;
  const base = Math.min(tasks, FARGATE?.base ?? 0);
  const onSpotBase = Math.min(tasks, FARGATE_SPOT.base);
  const weights = (FARGATE?.weight ?? 0) + FARGATE_SPOT.weight;
  const rest = tasks - base - onSpotBase;
  const onDemand = base + (weights === 0 ? 0 : (rest * (FARGATE?.weight ?? 0)) / weights);
  return one * mixed(tasks, onDemand);
}

/** As many hosts as are always there by day, of the preferred type. */
function hostsAnHour(ec2: NonNullable<PlatformConfig["cluster"]["ec2"]>): number | undefined {
  const { minSize, onDemandBase, onDemandPercentageAboveBase } = ec2;
  const hourly = instanceAnHour(ec2.instanceTypes[0] ?? "");
  if (hourly === undefined) return undefined;
  const base = Math.min(minSize, onDemandBase);
  const onDemand = base + Math.ceil(((minSize - base) * onDemandPercentageAboveBase) / 100);
  return hourly * mixed(minSize, onDemand);
}

function mixed(all: number, onDemand: number): number {
  return onDemand + (all - onDemand) * SPOT_SHARE;
}

function databaseAnHour(database: PlatformConfig["databases"][string]): number | undefined {
  const hourly = priceOf(PRICES_AN_HOUR.databases, database.instanceClass ?? "");
  const instances = database.multiAz === true ? 2 : 1;
  return hourly === undefined ? undefined : hourly * instances;
}

function instanceAnHour(type: string): number | undefined {
  return priceOf(PRICES_AN_HOUR.instances, type);
}

function priceOf(prices: Readonly<Record<string, number>>, type: string): number | undefined {
  return prices[type];
}
