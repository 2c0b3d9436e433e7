import type * as pulumi from "@pulumi/pulumi";

/** What is watched of a service; an `EcsService` and its cluster will do. */
export interface WatchedService {
  readonly serviceName: pulumi.Input<string>;
  /** Undefined for a service that gets no requests. */
  readonly targetGroupArnSuffix: pulumi.Input<string> | undefined;
  readonly minimumTasks: number;
}

/** What is watched of a database; a `Database` will do. */
export interface WatchedDatabase {
  readonly identifier: pulumi.Input<string>;
}

/** Everything an alarm or a dashboard speaks about, by the names of the stack file. */
export interface Watched {
  readonly cluster: {
    readonly clusterName: pulumi.Input<string>;
    /** Whether Container Insights publishes the number of running tasks. */
    readonly countsRunningTasks: boolean;
  };
  readonly loadBalancer: { readonly arnSuffix: pulumi.Input<string> };
  readonly services: Readonly<Record<string, WatchedService>>;
  readonly databases: Readonly<Record<string, WatchedDatabase>>;
}

/** A metric of CloudWatch. */
export interface Metric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  /** "Average", "Sum", "p99" and so on. */
  readonly statistic: string;
}

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

export function targetMetric(
  { loadBalancer }: Watched,
  targetGroupArnSuffix: pulumi.Input<string>,
  metricName:
    "HTTPCode_Target_5XX_Count" | "RequestCount" | "TargetResponseTime" | "UnHealthyHostCount",
  statistic: string,
): Metric {
  const dimensions = { LoadBalancer: loadBalancer.arnSuffix, TargetGroup: targetGroupArnSuffix };
  return { namespace: "AWS/ApplicationELB", metricName, dimensions, statistic };
}

export function loadBalancerErrors({ loadBalancer }: Watched): Metric {
  return {
    namespace: "AWS/ApplicationELB",
    metricName: "HTTPCode_ELB_5XX_Count",
    dimensions: { LoadBalancer: loadBalancer.arnSuffix },
    statistic: "Sum",
  };
}

export function databaseMetric(
  { identifier }: WatchedDatabase,
  metricName: "CPUUtilization" | "DatabaseConnections" | "FreeStorageSpace" | "FreeableMemory",
): Metric {
  const dimensions = { DBInstanceIdentifier: identifier };
  return { namespace: "AWS/RDS", metricName, dimensions, statistic: "Average" };
}
