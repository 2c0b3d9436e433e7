import type * as pulumi from "@pulumi/pulumi";
import type { Alarm } from "../support/alarm";
import { databaseAlarms } from "./database-alarms";
import { serviceAlarms } from "./service-alarms";
import type { CheckedMonitoringSettings } from "./settings";
import {
  type Watched,
  capacityReservation,
  daysToExpiry,
  loadBalancerMetric,
  natPortErrors,
} from "./watched";

type Ids = Readonly<Record<string, pulumi.Input<string>>>;

/** What is watched beside services and databases. */
export interface Surroundings {
  /** NAT gateways, by zone. */
  readonly natGatewayIds: Ids;
  /** Certificates, by name. */
  readonly certificateArns: Ids;
}

/** ACM renews 45 days before the end; what has not worked for a month needs a person. */
const DAYS_BEFORE_EXPIRY = 14;

/** All alarms of a stack on metrics, by the part of their logical name that follows the component's. */
export function alarmsFor(
  watched: Watched,
  settings: CheckedMonitoringSettings,
  { natGatewayIds, certificateArns }: Surroundings,
): Record<string, Alarm> {
  const { thresholds } = settings;
  return {
    "load-balancer-errors": {
      metric: loadBalancerMetric(watched, "HTTPCode_ELB_5XX_Count"),
      above: thresholds.errorsPerMinute,
      minutes: 1,
      periods: 3,
      silence: "notBreaching",
      severity: "critical",
      runbook: "load-balancer-errors",
      description:
        "The load balancer itself answers with 5xx: no healthy task, or tasks that close connections. Look at the services' running tasks and unhealthy targets.",
    },
    ...hostAlarms(watched),
    ...named(natGatewayIds, (id, zone) => ({ [`nat-${zone}-ports`]: natAlarm(id, zone) })),
    ...named(certificateArns, (arn, key) => ({
      [`certificate-${key}-expiry`]: certificateAlarm(arn, key),
    })),
    ...prefixed("service", watched.services, (service, name) =>
      serviceAlarms(watched, settings, service, name),
    ),
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
      severity: "warning",
      runbook: "cluster-capacity",
      description:
        "Tasks have waited 15 minutes for a host. Look at the Auto Scaling group's activity: it may be at its maximum, or AWS out of its instance types.",
    },
  };
}

function natAlarm(id: pulumi.Input<string>, zone: string): Alarm {
  return {
    metric: natPortErrors(id),
    above: 0,
    minutes: 5,
    periods: 1,
    silence: "notBreaching",
    severity: "warning",
    runbook: "nat-ports",
    description: `NAT gateway ${zone} has no port left for new connections to some address. Look for tasks that do not reuse connections.`,
  };
}

function certificateAlarm(arn: pulumi.Input<string>, key: string): Alarm {
  return {
    metric: daysToExpiry(arn),
    below: DAYS_BEFORE_EXPIRY,
    minutes: 24 * 60,
    periods: 1,
    // ACM counts twice a day, and not at all once a certificate has expired.
    silence: "ignore",
    severity: "critical",
    runbook: "certificate-expiry",
    description: `Certificate ${key} expires in less than ${DAYS_BEFORE_EXPIRY} days, and browsers then refuse to connect. Look at its validation records, or import a new one.`,
  };
}

/** The kind is part of the name, since a service and a database may share theirs. */
function prefixed<Value>(
  kind: "service" | "database",
  map: Readonly<Record<string, Value>>,
  alarms: (value: Value, name: string) => Record<string, Alarm>,
): Record<string, Alarm> {
  return named(map, (value, name) =>
    Object.fromEntries(
      Object.entries(alarms(value, name)).map(([key, alarm]) => [`${kind}-${name}-${key}`, alarm]),
    ),
  );
}

/** The alarms of each member of a map, together. */
function named<Value>(
  map: Readonly<Record<string, Value>>,
  alarms: (value: Value, name: string) => Record<string, Alarm>,
): Record<string, Alarm> {
  return Object.fromEntries(
    Object.entries(map).flatMap(([name, value]) => Object.entries(alarms(value, name))),
  );
}
