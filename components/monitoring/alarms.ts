import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { alarmMetrics } from "../support/metric-math";
import { databaseAlarms } from "./database-alarms";
import type { CheckedMonitoringSettings, Thresholds } from "./settings";
import {
  type Metric,
  type RequestedService,
  type Watched,
  type WatchedService,
  capacityReservation,
  getsRequests,
  loadBalancerMetric,
  natPortErrors,
  partsOf,
  runningTasks,
  serviceMetric,
  targetMetric,
} from "./watched";

/** When an alarm is raised, and what a person is told then. */
export interface Alarm {
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
export function alarmsFor(
  watched: Watched,
  { thresholds, applicationErrors }: CheckedMonitoringSettings,
  natGatewayIds: Readonly<Record<string, pulumi.Input<string>>>,
): Record<string, Alarm> {
  return {
    "load-balancer-errors": {
      metric: loadBalancerMetric(watched, "HTTPCode_ELB_5XX_Count"),
      above: thresholds.errorsPerMinute,
      minutes: 1,
      periods: 3,
      silence: "notBreaching",
      description:
        "The load balancer itself answers with 5xx: no healthy task, or tasks that close connections. Look at the services' running tasks and unhealthy targets.",
    },
    ...hostAlarms(watched),
    ...natAlarms(natGatewayIds),
    ...prefixed("service", watched.services, (service, name) => ({
      ...serviceAlarms(watched, thresholds, service, name),
      ...(applicationErrors && loggedErrorAlarm(applicationErrors.perMinute, service, name)),
    })),
    ...prefixed("database", watched.databases, (database, name) =>
      databaseAlarms(thresholds, database, name),
    ),
  };
}

function hostAlarms(watched: Watched): Record<string, Alarm> {
  const { ec2CapacityProviderName } = watched.cluster;
  if (ec2CapacityProviderName === undefined) return {};
  return {
    "cluster-capacity": {
      metric: capacityReservation(watched, ec2CapacityProviderName),
      above: 100,
      minutes: 1,
      periods: 15,
      silence: "notBreaching",
      description:
        "Tasks have waited 15 minutes for a host. Look at the Auto Scaling group's activity: it may be at its maximum, or AWS out of its instance types.",
    },
  };
}

function natAlarms(
  gatewayIds: Readonly<Record<string, pulumi.Input<string>>>,
): Record<string, Alarm> {
  return Object.fromEntries(
    Object.entries(gatewayIds).map(([zone, id]): [string, Alarm] => [
      `nat-${zone}-ports`,
      {
        metric: natPortErrors(id),
        above: 0,
        minutes: 5,
        periods: 1,
        silence: "notBreaching",
        description: `NAT gateway ${zone} has no port left for new connections to some address. Look for tasks that do not reuse connections.`,
      },
    ]),
  );
}

export function createAlarm(
  name: string,
  alarm: Alarm,
  actions: pulumi.Input<string>[],
  child: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm {
  return new aws.cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: alarm.description,
      ...watchedMetric(alarm),
      comparisonOperator: alarm.above === undefined ? "LessThanThreshold" : "GreaterThanThreshold",
      threshold: alarm.above ?? alarm.below ?? 0,
      evaluationPeriods: alarm.periods,
      treatMissingData: alarm.silence,
      alarmActions: actions,
      okActions: actions,
    },
    child,
  );
}

function watchedMetric({ metric, minutes }: Alarm): Partial<aws.cloudwatch.MetricAlarmArgs> {
  // Of one metric alone there is nothing to combine.
  const { combination = "MAX" } = metric.second ?? {};
  return alarmMetrics(partsOf(metric), combination, minutes * 60);
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
    ...(getsRequests(service) ? requestAlarms(watched, thresholds, service, name) : {}),
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

function loggedErrorAlarm(
  perMinute: number,
  { errorMetric }: WatchedService,
  name: string,
): Record<string, Alarm> {
  if (errorMetric === undefined) return {};
  return {
    "log-errors": {
      metric: errorMetric,
      above: perMinute,
      minutes: 1,
      periods: 3,
      silence: "notBreaching",
      description: `${name} logs more than ${perMinute} errors a minute. Look at its logs.`,
    },
  };
}

function requestAlarms(
  watched: Watched,
  thresholds: Thresholds,
  service: RequestedService,
  name: string,
): Record<string, Alarm> {
  return {
    errors: {
      metric: targetMetric(watched, service, "HTTPCode_Target_5XX_Count", "Sum"),
      above: thresholds.errorsPerMinute,
      minutes: 1,
      periods: 3,
      silence: "notBreaching",
      description: `${name} answers more than ${thresholds.errorsPerMinute} requests a minute with 5xx. Look at its logs.`,
    },
    latency: {
      metric: targetMetric(watched, service, "TargetResponseTime", "p99"),
      above: thresholds.latencySeconds,
      minutes: 5,
      periods: 3,
      silence: "notBreaching",
      description: `One in a hundred requests to ${name} takes longer than ${thresholds.latencySeconds} s. Look at its CPU and at its database.`,
    },
    unhealthy: {
      metric: targetMetric(watched, service, "UnHealthyHostCount", "Maximum"),
      above: 0,
      minutes: 1,
      periods: 5,
      silence: "notBreaching",
      description: `A task of ${name} fails its health check for 5 minutes. Look at its logs, and at what the check's path needs.`,
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
