import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Thresholds } from "./settings";
import {
  type Metric,
  type Watched,
  type WatchedDatabase,
  type WatchedService,
  databaseMetric,
  loadBalancerErrors,
  runningTasks,
  serviceMetric,
  targetMetric,
} from "./watched";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** When an alarm is raised, and what a person is told then. */
interface Alarm {
  readonly metric: Metric;
  readonly above?: number;
  readonly below?: number;
  /** Length of a period, and how many in a row must be bad. */
  readonly minutes: number;
  readonly periods: number;
  /** What silence means: nothing bad (no requests), or the worst (nothing left to report). */
  readonly silence: "notBreaching" | "breaching";
  readonly description: string;
}

/** All alarms of a stack, by the part of their logical name that follows the component's. */
export function alarmsFor(watched: Watched, thresholds: Thresholds): Record<string, Alarm> {
  return {
    "load-balancer-errors": {
      metric: loadBalancerErrors(watched),
      above: thresholds.errorsPerMinute,
      minutes: 1,
      periods: 3,
      silence: "notBreaching",
      description:
        "The load balancer itself answers with 5xx: no healthy task, or tasks that close connections. Look at the services' running tasks and unhealthy targets.",
    },
    ...prefixed("service", watched.services, (service, name) =>
      serviceAlarms(watched, thresholds, service, name),
    ),
    ...prefixed("database", watched.databases, (database, name) =>
      databaseAlarms(thresholds, database, name),
    ),
  };
}

export function createAlarm(
  name: string,
  alarm: Alarm,
  actions: pulumi.Input<string>[],
  child: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm {
  const { metric } = alarm;
  // Percentiles go by another argument than plain statistics.
  const isPercentile = /^p\d/.test(metric.statistic);
  return new aws.cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: alarm.description,
      namespace: metric.namespace,
      metricName: metric.metricName,
      dimensions: metric.dimensions,
      ...(isPercentile ? { extendedStatistic: metric.statistic } : { statistic: metric.statistic }),
      comparisonOperator: alarm.above === undefined ? "LessThanThreshold" : "GreaterThanThreshold",
      threshold: alarm.above ?? alarm.below ?? 0,
      period: alarm.minutes * 60,
      evaluationPeriods: alarm.periods,
      treatMissingData: alarm.silence,
      alarmActions: actions,
      okActions: actions,
    },
    child,
  );
}

function serviceAlarms(
  watched: Watched,
  thresholds: Thresholds,
  service: WatchedService,
  name: string,
): Record<string, Alarm> {
  const cpuAndMemory: Record<string, Alarm> = {
    cpu: {
      metric: serviceMetric(watched, service, "CPUUtilization"),
      above: thresholds.serviceCpuPercent,
      minutes: 5,
      periods: 2,
      silence: "notBreaching",
      description: `${name} uses more than ${thresholds.serviceCpuPercent} % of its CPU. If it is at its maximum number of tasks, raise scaling.max or cpu.`,
    },
    memory: {
      metric: serviceMetric(watched, service, "MemoryUtilization"),
      above: thresholds.serviceMemoryPercent,
      minutes: 5,
      periods: 2,
      silence: "notBreaching",
      description: `${name} uses more than ${thresholds.serviceMemoryPercent} % of its memory; at 100 % its tasks are killed. Look for a leak, or raise memoryMiB.`,
    },
  };
  return {
    ...cpuAndMemory,
    ...(watched.cluster.countsRunningTasks && service.minimumTasks > 0
      ? { tasks: runningTasksAlarm(watched, service, name) }
      : {}),
    ...(service.targetGroupArnSuffix === undefined
      ? {}
      : requestAlarms(watched, thresholds, service.targetGroupArnSuffix, name)),
  };
}

function runningTasksAlarm(watched: Watched, service: WatchedService, name: string): Alarm {
  return {
    metric: runningTasks(watched, service),
    below: service.minimumTasks,
    minutes: 1,
    periods: 5,
    silence: "breaching",
    description: `${name} runs fewer than ${service.minimumTasks} tasks. Look at the service's events and the reason of its stopped tasks.`,
  };
}

function requestAlarms(
  watched: Watched,
  thresholds: Thresholds,
  targetGroup: pulumi.Input<string>,
  name: string,
): Record<string, Alarm> {
  return {
    errors: {
      metric: targetMetric(watched, targetGroup, "HTTPCode_Target_5XX_Count", "Sum"),
      above: thresholds.errorsPerMinute,
      minutes: 1,
      periods: 3,
      silence: "notBreaching",
      description: `${name} answers more than ${thresholds.errorsPerMinute} requests a minute with 5xx. Look at its logs.`,
    },
    latency: {
      metric: targetMetric(watched, targetGroup, "TargetResponseTime", "p99"),
      above: thresholds.latencySeconds,
      minutes: 5,
      periods: 3,
      silence: "notBreaching",
      description: `One in a hundred requests to ${name} takes longer than ${thresholds.latencySeconds} s. Look at its CPU and at its database.`,
    },
    unhealthy: {
      metric: targetMetric(watched, targetGroup, "UnHealthyHostCount", "Maximum"),
      above: 0,
      minutes: 1,
      periods: 5,
      silence: "notBreaching",
      description: `A task of ${name} fails its health check for 5 minutes. Look at its logs, and at what the check's path needs.`,
    },
  };
}

function databaseAlarms(
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
    storage: {
      metric: databaseMetric(database, "FreeStorageSpace"),
      below: thresholds.databaseFreeStorageGiB * GIB,
      minutes: 5,
      periods: 1,
      silence: "breaching",
      description: `Database ${name} has less than ${thresholds.databaseFreeStorageGiB} GiB left; when it is full it stops. Raise maxStorageGiB.`,
    },
    memory: {
      metric: databaseMetric(database, "FreeableMemory"),
      below: thresholds.databaseFreeMemoryMiB * MIB,
      minutes: 5,
      periods: 3,
      silence: "breaching",
      description: `Database ${name} has less than ${thresholds.databaseFreeMemoryMiB} MiB of memory left. Look for connections that pile up, or take a larger instanceClass.`,
    },
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

/** The kind is part of the name, since a service and a database may share theirs. */
function prefixed<Value>(
  kind: "service" | "database",
  map: Readonly<Record<string, Value>>,
  alarms: (value: Value, name: string) => Record<string, Alarm>,
): Record<string, Alarm> {
  return Object.fromEntries(
    Object.entries(map).flatMap(([name, value]) =>
      Object.entries(alarms(value, name)).map(([key, alarm]) => [`${kind}-${name}-${key}`, alarm]),
    ),
  );
}
