import type { Alarm } from "./alarms";
import type { Thresholds } from "./settings";
import { type WatchedDatabase, databaseMetric } from "./watched";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** What can run short: a cluster's storage cannot, and where capacity follows the load, only the largest capacity can. */
export function databaseAlarms(
  thresholds: Thresholds,
  database: WatchedDatabase,
  name: string,
): Record<string, Alarm> {
  const { kind = "instance" } = database;
  return {
    ...(kind === "serverless"
      ? { capacity: capacityAlarm(thresholds, database, name) }
      : sizeAlarms(thresholds, database, name)),
    ...(kind === "instance" && { storage: storageAlarm(thresholds, database, name) }),
    connections: {
      metric: databaseMetric(database, "DatabaseConnections"),
      above: thresholds.databaseConnections,
      minutes: 5,
      periods: 1,
      silence: "notBreaching",
      description: `Database ${name} has more than ${thresholds.databaseConnections} connections; near its limit it refuses new ones. Look at the pools of the services.`,
    },
  };
}

function sizeAlarms(
  thresholds: Thresholds,
  database: WatchedDatabase,
  name: string,
): Record<string, Alarm> {
  return {
    cpu: {
      metric: databaseMetric(database, "CPUUtilization"),
      above: thresholds.databaseCpuPercent,
      minutes: 5,
      periods: 3,
      silence: "breaching",
      description: `Database ${name} uses more than ${thresholds.databaseCpuPercent} % of its CPU. Look at Performance Insights for the statements.`,
    },
    memory: {
      metric: databaseMetric(database, "FreeableMemory"),
      below: thresholds.databaseFreeMemoryMiB * MIB,
      minutes: 5,
      periods: 3,
      silence: "breaching",
      description: `Database ${name} has less than ${thresholds.databaseFreeMemoryMiB} MiB of memory left. Look for connections that pile up, or take a larger instanceClass.`,
    },
  };
}

function storageAlarm(thresholds: Thresholds, database: WatchedDatabase, name: string): Alarm {
  return {
    metric: databaseMetric(database, "FreeStorageSpace"),
    below: thresholds.databaseFreeStorageGiB * GIB,
    minutes: 5,
    periods: 1,
    silence: "breaching",
    description: `Database ${name} has less than ${thresholds.databaseFreeStorageGiB} GiB left; when it is full it stops. Raise maxStorageGiB.`,
  };
}

function capacityAlarm(thresholds: Thresholds, database: WatchedDatabase, name: string): Alarm {
  return {
    metric: databaseMetric(database, "ACUUtilization"),
    above: thresholds.databaseCapacityPercent,
    minutes: 5,
    periods: 3,
    // A database that pauses has nothing to report.
    silence: "notBreaching",
    description: `Database ${name} uses more than ${thresholds.databaseCapacityPercent} % of its largest capacity. Look at Performance Insights for the statements, or raise serverless.maxAcu.`,
  };
}
