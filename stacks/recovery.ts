import { healthTime, startTime } from "../components/ecs-service/task-times";
import { backupSettingsOf, isBackedUp } from "./backups";
import type { PlatformConfig } from "./config";
import type { SecondRegionSettings } from "./second-region-settings";

/** One thing that takes time after the loss of a region. */
export interface RecoveryPart {
  readonly what: string;
  readonly minutes: number;
}

/** What becomes of a part of the platform when its region is lost. */
export interface Recovery {
  /** A service, or what holds data, as the stack file calls it. */
  readonly name: string;
  readonly kind: "service" | "database" | "table" | "bucket" | "fileSystem" | "cache";
  /** What adds up to the recovery time; undefined where people have to act, which nobody can promise a time for. */
  readonly time?: readonly RecoveryPart[];
  /** Minutes of data that may be lost: 0 where there is none. Undefined: all of it. */
  readonly lostMinutes?: number;
}

/** Resolvers keep an alias of Route 53 to a load balancer so long (developer guide, "alias records"). */
const DNS_MINUTES = 1;
/** Scaling acts on three bad minutes in a row (Application Auto Scaling guide, "target tracking"). */
const SCALING_DELAY_MINUTES = 3;

/**
 * What the loss of the first region means, by the standby that the second is. For a service: until it answers again, and
 * with a warm standby until as many tasks run as did before. It counts on an answer to every check and on room for tasks,
 * which AWS promises nobody in the hour in which a region is lost. Times are the longest, from the program's own settings.
 */
export function recoveryTimes(config: PlatformConfig): Recovery[] {
  const { secondRegion } = config;
  const copied = backupSettingsOf(config);
  const lostMinutes = copied?.copyTo === undefined ? undefined : copied.alertAfterHours * 60;
  const stores = (
    kind: Recovery["kind"],
    members: Readonly<Record<string, Parameters<typeof isBackedUp>[0]>>,
  ) =>
    Object.entries(members).map(([name, settings]) => ({
      name,
      kind,
      ...(isBackedUp(settings) && lostMinutes !== undefined && { lostMinutes }),
    }));
  const noSettings = (members: object) =>
    Object.fromEntries(Object.keys(members).map((name) => [name, {}]));
  return [
    ...Object.entries(config.services).map(([name, service]) => ({
      name,
      kind: "service" as const,
      ...(secondRegion && timeOf(service, config, secondRegion)),
      lostMinutes: 0,
    })),
    ...stores("database", noSettings(config.databases)),
    ...stores("table", config.tables),
    ...stores("bucket", config.buckets),
    ...stores("fileSystem", config.fileSystems),
    // No cache is backed up: it fills again.
    ...Object.keys(config.caches).map((name) => ({ name, kind: "cache" as const })),
  ];
}

function timeOf(
  service: PlatformConfig["services"][string],
  config: PlatformConfig,
  second: SecondRegionSettings,
): Pick<Recovery, "time"> {
  const noticed = noticedAfter(config);
  if (second.standby === "cold" || noticed === undefined || keepsData(service)) return {};
  const time = [
    { what: "Route 53 notices", minutes: noticed },
    { what: "resolvers ask again", minutes: DNS_MINUTES },
  ];
  return {
    time:
      second.standby === "active"
        ? time
        : [...time, { what: "tasks are added", minutes: scaleOut(service, second.warmTasks ?? 1) }],
  };
}

/** A service that cannot do without what is not there is not up when its tasks are. */
function keepsData({
  databases,
  tables,
  buckets,
  caches,
  volumes,
}: PlatformConfig["services"][string]): boolean {
  return (
    databases.length + caches.length > 0 ||
    [tables, buckets, volumes].some((connected) => Object.keys(connected).length > 0)
  );
}

/** The slowest of the names' health checks; undefined where a name has none. */
function noticedAfter({ domains }: PlatformConfig): number | undefined {
  const checks = Object.values(domains).map(({ healthCheck }) => healthCheck);
  if (checks.length === 0) return undefined;
  return checks.reduce<number | undefined>((slowest, check) => {
    if (slowest === undefined || check === undefined) return undefined;
    return Math.max(slowest, (check.intervalSeconds * check.failureThreshold) / 60);
  }, 0);
}

/** Until as many tasks run as the first region has at least, in rounds each of which waits for the tasks of the last. */
function scaleOut(service: PlatformConfig["services"][string], warmTasks: number): number {
  const { scaling } = service;
  if (scaling === undefined || scaling.min <= warmTasks) return 0;
  const rounds = roundsTo(scaling.min, warmTasks, 100 / scaling.cpuPercent);
  const taskMinutes = (startTime(service).longest + healthTime(service).longest) / 60;
  const pause = scaling.scaleOutCooldownSeconds / 60;
  return Math.ceil(SCALING_DELAY_MINUTES + (rounds - 1) * pause + rounds * taskMinutes);
}

/** Tasks that are fully loaded become more by what the load is above its target, rounded up. */
function roundsTo(wanted: number, tasks: number, growth: number): number {
  return tasks >= wanted ? 0 : 1 + roundsTo(wanted, Math.ceil(tasks * growth), growth);
}

/** The sum of the parts, in whole minutes. */
export function totalMinutes({ time }: Pick<Recovery, "time">): number | undefined {
  return time && Math.ceil(time.reduce((sum, { minutes }) => sum + minutes, 0));
}
