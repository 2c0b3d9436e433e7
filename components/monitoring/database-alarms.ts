import type * as pulumi from "@pulumi/pulumi";
import type { Alarm } from "../support/alarm";
import type { Thresholds } from "./settings";
import { type WatchedDatabase, databaseMetric, replicaLag } from "./watched";

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
    ...replicaAlarms(thresholds, database, name),
    connections: {
      metric: databaseMetric(database, "DatabaseConnections"),
      above: thresholds.databaseConnections,
      minutes: 5,
      periods: 1,
      silence: "notBreaching",
      severity: "warning",
      runbook: "database-connections",
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
      severity: "warning",
      runbook: "database-cpu",
      description: `Database ${name} uses more than ${thresholds.databaseCpuPercent} % of its CPU. Look at Performance Insights for the statements.`,
    },
    memory: {
      metric: databaseMetric(database, "FreeableMemory"),
      below: thresholds.databaseFreeMemoryMiB * MIB,
      minutes: 5,
      periods: 3,
      silence: "breaching",
      severity: "warning",
      runbook: "database-memory",
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
    severity: "critical",
    runbook: "database-storage",
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
    severity: "warning",
    runbook: "database-capacity",
    description: `Database ${name} uses more than ${thresholds.databaseCapacityPercent} % of its largest capacity. Look at Performance Insights for the statements, or raise serverless.maxAcu.`,
  };
}

/** An instance has a count for each of its replicas; a cluster one for the slowest, whichever instance writes just now. */
function replicaAlarms(
  thresholds: Thresholds,
  database: WatchedDatabase,
  name: string,
): Record<string, Alarm> {
  const { kind = "instance", replicaIdentifiers = {} } = database;
  const replicas = Object.entries(replicaIdentifiers);
  if (kind === "instance") {
    return Object.fromEntries(
      replicas.flatMap(([key, identifier]) => {
        const replica = `Replica ${key} of database ${name}`;
        return [
          [`replica-${key}-lag`, lagAlarm(thresholds, database, replica, identifier)],
          [`replica-${key}-stopped`, stoppedAlarm(database, replica, identifier)],
        ];
      }),
    );
  }
  if (replicas.length === 0) return {};
  return { "replica-lag": lagAlarm(thresholds, database, `A replica of database ${name}`) };
}

function lagAlarm(
  { replicaLagSeconds }: Thresholds,
  database: WatchedDatabase,
  replica: string,
  identifier?: pulumi.Input<string>,
): Alarm {
  return {
    ...replicaLag(database, replicaLagSeconds, identifier),
    minutes: 5,
    periods: 3,
    // A replica that tells nothing copies nothing; one that pauses, or that writes since a failover, has nothing to tell.
    silence: identifier === undefined ? "notBreaching" : "breaching",
    severity: "warning",
    runbook: "database-replica-lag",
    description: `${replica} is more than ${replicaLagSeconds} s behind: what it answers is old. Look at its CPU, and for long statements on either side.`,
  };
}

/** RDS gives a replica that has stopped copying a lag of -1, which the alarm on its lag takes for none. */
function stoppedAlarm(
  database: WatchedDatabase,
  replica: string,
  identifier: pulumi.Input<string>,
): Alarm {
  const { metric } = replicaLag(database, 0, identifier);
  return {
    metric: { ...metric, statistic: "Maximum" },
    below: 0,
    minutes: 5,
    periods: 3,
    // The alarm on its lag tells of silence.
    silence: "notBreaching",
    severity: "warning",
    runbook: "database-replica-lag",
    description: `${replica} has stopped copying: what it answers grows older. Look at its replication status, and make it anew where that does not mend itself.`,
  };
}
