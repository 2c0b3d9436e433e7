import type { Alarm } from "../support/alarm";
import type { CheckedMonitoringSettings, Thresholds } from "./settings";
import {
  type RequestedService,
  type Watched,
  type WatchedService,
  getsRequests,
  runningTasks,
  serviceMetric,
  targetMetric,
} from "./watched";

/** What is wrong with one service, by the part of the alarm's name that follows the service's. */
export function serviceAlarms(
  watched: Watched,
  { thresholds, applicationErrors }: CheckedMonitoringSettings,
  service: WatchedService,
  name: string,
): Record<string, Alarm> {
  return {
    ...sizeAlarms(watched, thresholds, service, name),
    ...runningTasksAlarm(watched, service, name),
    ...(getsRequests(service) ? requestAlarms(watched, thresholds, service, name) : {}),
    ...(applicationErrors && loggedErrorAlarm(applicationErrors.perMinute, service, name)),
  };
}

function sizeAlarms(
  watched: Watched,
  thresholds: Thresholds,
  service: WatchedService,
  name: string,
): Record<string, Alarm> {
  return {
    cpu: {
      metric: serviceMetric(watched, service, "CPUUtilization"),
      above: thresholds.serviceCpuPercent,
      minutes: 5,
      periods: 2,
      // Without tasks there is none: the alarm on running tasks tells of that.
      silence: "notBreaching",
      severity: "warning",
      runbook: "service-cpu",
      description: `${name} uses more than ${thresholds.serviceCpuPercent} % of its CPU. If it is at its maximum number of tasks, raise scaling.max or cpu.`,
    },
    memory: {
      metric: serviceMetric(watched, service, "MemoryUtilization"),
      above: thresholds.serviceMemoryPercent,
      minutes: 5,
      periods: 2,
      silence: "notBreaching",
      severity: "warning",
      runbook: "service-memory",
      description: `${name} uses more than ${thresholds.serviceMemoryPercent} % of its memory; at 100 % its tasks are killed. Look for a leak, or raise memoryMiB.`,
    },
  };
}

/** Goes by Container Insights; without it by the targets that pass their health check, where there are any. */
function runningTasksAlarm(
  watched: Watched,
  service: WatchedService,
  name: string,
): Record<string, Alarm> {
  const { minimumTasks } = service;
  if (minimumTasks === 0) return {};
  // Where no task is left, nobody counts them: silence is the worst.
  const common = {
    below: minimumTasks,
    minutes: 1,
    periods: 5,
    silence: "breaching",
    severity: "critical",
    runbook: "service-tasks",
  } as const;
  if (watched.cluster.countsRunningTasks) {
    const description = `${name} runs fewer than ${minimumTasks} tasks. Look at the service's events and the reason of its stopped tasks.`;
    return { tasks: { ...common, metric: runningTasks(watched, service), description } };
  }
  if (!getsRequests(service)) return {};
  const metric = targetMetric(watched, service, "HealthyHostCount", "Minimum");
  const description = `Fewer than ${minimumTasks} tasks of ${name} run and pass their health check. Look at the service's events and the reason of its stopped tasks.`;
  return { tasks: { ...common, metric, description } };
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
      // The load balancer counts nothing where nobody asks, here and below.
      silence: "notBreaching",
      severity: "critical",
      runbook: "service-errors",
      description: `${name} answers more than ${thresholds.errorsPerMinute} requests a minute with 5xx. Look at its logs.`,
    },
    latency: {
      metric: targetMetric(watched, service, "TargetResponseTime", "p99"),
      above: thresholds.latencySeconds,
      minutes: 5,
      periods: 3,
      silence: "notBreaching",
      severity: "warning",
      runbook: "service-latency",
      description: `One in a hundred requests to ${name} takes longer than ${thresholds.latencySeconds} s. Look at its CPU and at its database.`,
    },
    unhealthy: {
      metric: targetMetric(watched, service, "UnHealthyHostCount", "Maximum"),
      above: 0,
      minutes: 1,
      periods: 5,
      silence: "notBreaching",
      severity: "critical",
      runbook: "service-unhealthy",
      description: `A task of ${name} fails its health check for 5 minutes. Look at its logs, and at what the check's path needs.`,
    },
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
      // A minute without any line.
      silence: "notBreaching",
      severity: "warning",
      runbook: "service-log-errors",
      description: `${name} logs more than ${perMinute} errors a minute. Look at its logs.`,
    },
  };
}
