/**
 * The kinds of alarms that a stack can have. Each is the name of a runbook, and what `monitoring.without` calls it. The
 * alarms of several services or databases are of one kind.
 */
export const ALARM_KINDS = [
  "load-balancer-errors",
  "cluster-capacity",
  "nat-ports",
  "service-cpu",
  "service-memory",
  "service-tasks",
  "service-errors",
  "service-latency",
  "service-unhealthy",
  "service-log-errors",
  "service-out-of-memory",
  "service-exits",
  "deployment-failed",
  "redeployment-failed",
  "database-cpu",
  "database-memory",
  "database-connections",
  "database-capacity",
  "database-storage",
  "database-replica-lag",
  "certificate-expiry",
  "spot-interruption",
  "spot-fallback",
  "spot-fallback-failed",
  "off-hours-failed",
  "backup-failed",
  "backup-missing",
  "restore-test-failed",
  "waf-blocked",
] as const;

export type AlarmKind = (typeof ALARM_KINDS)[number];

export function isAlarmKind(text: string): text is AlarmKind {
  return ALARM_KINDS.some((kind) => kind === text);
}
