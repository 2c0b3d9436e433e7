import type * as pulumi from "@pulumi/pulumi";
import type { CombinedMetric } from "../support/metric-math";

/** What is watched of a service; an `EcsService` and its cluster will do. */
export interface WatchedService {
  readonly serviceName: pulumi.Input<string>;
  /** Undefined for a service that gets no requests. */
  readonly targetGroupArnSuffix: pulumi.Input<string> | undefined;
  /**
   * The second target group, of a service whose requests ECS moves between two. What goes by both costs twice as much:
   * 0.20 USD a month for each of its three alarms on requests.
   */
  readonly alternateTargetGroupArnSuffix?: pulumi.Input<string> | undefined;
  readonly minimumTasks: number;
  /** Set where deployments that fail are to raise an alarm. */
  readonly serviceArn?: pulumi.Input<string>;
  /** Whether tasks of it run on Fargate Spot. */
  readonly usesSpot?: boolean;
  /** Group of its logs, where errors in them are to be counted. */
  readonly logGroupName?: pulumi.Input<string>;
  /** Counts the errors that it logs; set where that is asked for. */
  readonly errorMetric?: Metric;
  /** Whether its requests leave traces in X-Ray. */
  readonly isTraced?: boolean;
}

/** A service that gets requests. */
export interface RequestedService extends WatchedService {
  readonly targetGroupArnSuffix: pulumi.Input<string>;
}

export function getsRequests(service: WatchedService): service is RequestedService {
  return service.targetGroupArnSuffix !== undefined;
}

/** What is watched of a database; a `Database` will do. */
export interface WatchedDatabase {
  readonly identifier: pulumi.Input<string>;
  /** Default an instance; else a cluster of Aurora, of fixed capacity or of one that follows the load. */
  readonly kind?: "instance" | "cluster" | "serverless";
  /** Its read replicas, by name. */
  readonly replicaIdentifiers?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Everything an alarm or a dashboard speaks about, by the names of the stack file. */
export interface Watched {
  readonly cluster: {
    readonly clusterName: pulumi.Input<string>;
    /** Whether Container Insights publishes the number of running tasks. */
    readonly countsRunningTasks: boolean;
    /** Set where tasks run on hosts of the cluster's own. */
    readonly ec2CapacityProviderName?: pulumi.Input<string> | undefined;
    /** Set where events of its tasks and hosts are to raise alarms. */
    readonly arn?: pulumi.Input<string>;
    /** Log group of the shells that are opened in its tasks. */
    readonly execLogGroupArn?: pulumi.Input<string>;
    /** Set where hosts of its own are Spot. */
    readonly spotTopicArn?: pulumi.Input<string> | undefined;
  };
  readonly loadBalancer: { readonly arnSuffix: pulumi.Input<string> };
  readonly services: Readonly<Record<string, WatchedService>>;
  readonly databases: Readonly<Record<string, WatchedDatabase>>;
  /** NAT gateways, by zone. Default: none. */
  readonly natGatewayIds?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** A metric of CloudWatch, as alarms, panels and Grafana know it. */
export type Metric = CombinedMetric;

export function serviceMetric(
  { cluster }: Watched,
  { serviceName }: WatchedService,
  metricName: "CPUUtilization" | "MemoryUtilization",
): Metric {
  const dimensions = { ClusterName: cluster.clusterName, ServiceName: serviceName };
  return { namespace: "AWS/ECS", metricName, dimensions, statistic: "Average" };
}

export function runningTasks({ cluster }: Watched, { serviceName }: WatchedService): Metric {
  const dimensions = { ClusterName: cluster.clusterName, ServiceName: serviceName };
  return {
    namespace: "ECS/ContainerInsights",
    metricName: "RunningTaskCount",
    dimensions,
    statistic: "Minimum",
  };
}

/** How many tasks ECS wants to run, be it by scaling or by a number in the settings. */
export function desiredTasks({ cluster }: Watched, { serviceName }: WatchedService): Metric {
  const dimensions = { ClusterName: cluster.clusterName, ServiceName: serviceName };
  return {
    namespace: "ECS/ContainerInsights",
    metricName: "DesiredTaskCount",
    dimensions,
    statistic: "Maximum",
  };
}

export function serviceNetworkMetric(
  { cluster }: Watched,
  { serviceName }: WatchedService,
  metricName: "NetworkRxBytes" | "NetworkTxBytes",
): Metric {
  const dimensions = { ClusterName: cluster.clusterName, ServiceName: serviceName };
  return { namespace: "ECS/ContainerInsights", metricName, dimensions, statistic: "Average" };
}

/** Of the cluster as a whole. The utilization of its instances is ECS's own; the rest comes from Container Insights. */
export function clusterMetric(
  { cluster }: Watched,
  metricName:
    | "CPUUtilization"
    | "CpuReserved"
    | "CpuUtilized"
    | "MemoryReserved"
    | "MemoryUtilization"
    | "MemoryUtilized"
    | "TaskCount",
): Metric {
  const namespace = metricName.endsWith("Utilization") ? "AWS/ECS" : "ECS/ContainerInsights";
  const dimensions = { ClusterName: cluster.clusterName };
  return { namespace, metricName, dimensions, statistic: "Average" };
}

/** Of a service that gets requests, whichever of its target groups they go to. */
export function targetMetric(
  { loadBalancer }: Watched,
  service: RequestedService,
  metricName:
    | "HTTPCode_Target_4XX_Count"
    | "HTTPCode_Target_5XX_Count"
    | "HealthyHostCount"
    | "RequestCount"
    | "TargetResponseTime"
    | "UnHealthyHostCount",
  statistic: string,
): Metric {
  const dimensionsOf = (targetGroup: pulumi.Input<string>) => ({
    LoadBalancer: loadBalancer.arnSuffix,
    TargetGroup: targetGroup,
  });
  const { targetGroupArnSuffix: first, alternateTargetGroupArnSuffix: second } = service;
  // Counts add up; of times and of the unhealthy the worse group counts.
  const combination = COUNTS.has(metricName) ? "SUM" : "MAX";
  return {
    namespace: "AWS/ApplicationELB",
    metricName,
    dimensions: dimensionsOf(first),
    statistic,
    ...(second !== undefined && { second: { dimensions: dimensionsOf(second), combination } }),
  };
}

const COUNTS: ReadonlySet<string> = new Set([
  "HTTPCode_Target_4XX_Count",
  "HTTPCode_Target_5XX_Count",
  "HealthyHostCount",
  "RequestCount",
]);

/** How much of the hosts' capacity is spoken for, in percent: above 100 tasks wait for a host. */
export function capacityReservation(
  { cluster }: Watched,
  capacityProviderName: pulumi.Input<string>,
): Metric {
  const dimensions = {
    ClusterName: cluster.clusterName,
    CapacityProviderName: capacityProviderName,
  };
  const metricName = "CapacityProviderReservation";
  return { namespace: "AWS/ECS/ManagedScaling", metricName, dimensions, statistic: "Average" };
}

/** Connections that a NAT gateway had no port for. */
export function natPortErrors(gatewayId: pulumi.Input<string>): Metric {
  return natMetric(gatewayId, "ErrorPortAllocation");
}

export function natMetric(
  gatewayId: pulumi.Input<string>,
  metricName: "BytesInFromDestination" | "BytesOutToDestination" | "ErrorPortAllocation",
): Metric {
  const dimensions = { NatGatewayId: gatewayId };
  return { namespace: "AWS/NATGateway", metricName, dimensions, statistic: "Sum" };
}

export function loadBalancerMetric(
  { loadBalancer }: Watched,
  metricName: "HTTPCode_ELB_4XX_Count" | "HTTPCode_ELB_5XX_Count" | "RequestCount",
): Metric {
  return {
    namespace: "AWS/ApplicationELB",
    metricName,
    dimensions: { LoadBalancer: loadBalancer.arnSuffix },
    statistic: "Sum",
  };
}

export function databaseMetric(
  { identifier, kind = "instance" }: WatchedDatabase,
  metricName:
    | "ACUUtilization"
    | "CPUUtilization"
    | "DatabaseConnections"
    | "FreeStorageSpace"
    | "FreeableMemory",
): Metric {
  const dimension = kind === "instance" ? "DBInstanceIdentifier" : "DBClusterIdentifier";
  const dimensions = { [dimension]: identifier };
  return { namespace: "AWS/RDS", metricName, dimensions, statistic: "Average" };
}

/**
 * How far a replica is behind, and what is too far. An instance counts seconds, a cluster the milliseconds of its slowest
 * replica. Of an instance the least of five minutes: PostgreSQL that nobody writes to counts up, and starts anew with its
 * next write. Of a cluster the most, since one number stands for all of its instances.
 */
export function replicaLag(
  { identifier, kind = "instance" }: WatchedDatabase,
  seconds: number,
  replicaIdentifier: pulumi.Input<string> = identifier,
): { readonly metric: Metric; readonly above: number } {
  const isInstance = kind === "instance";
  const dimensions = {
    [isInstance ? "DBInstanceIdentifier" : "DBClusterIdentifier"]: replicaIdentifier,
  };
  const metricName = isInstance ? "ReplicaLag" : "AuroraReplicaLagMaximum";
  const statistic = isInstance ? "Minimum" : "Maximum";
  return {
    metric: { namespace: "AWS/RDS", metricName, dimensions, statistic },
    above: isInstance ? seconds : seconds * 1000,
  };
}

/** Days that a certificate is still good for. */
export function daysToExpiry(certificateArn: pulumi.Input<string>): Metric {
  return {
    namespace: "AWS/CertificateManager",
    metricName: "DaysToExpiry",
    dimensions: { CertificateArn: certificateArn },
    statistic: "Minimum",
  };
}

/** How often EventBridge has sent an event on by a rule, or by either of two. */
export function sentEvents(
  ruleName: pulumi.Input<string>,
  secondRuleName?: pulumi.Input<string>,
): Metric {
  return {
    namespace: "AWS/Events",
    metricName: "Invocations",
    dimensions: { RuleName: ruleName },
    statistic: "Sum",
    ...(secondRuleName !== undefined && {
      second: { dimensions: { RuleName: secondRuleName }, combination: "SUM" },
    }),
  };
}
