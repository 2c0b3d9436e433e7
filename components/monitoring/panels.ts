import {
  type Metric,
  type Watched,
  type WatchedDatabase,
  type WatchedService,
  clusterMetric,
  databaseMetric,
  getsRequests,
  loadBalancerMetric,
  runningTasks,
  serviceMetric,
  serviceNetworkMetric,
  targetMetric,
} from "./watched";

/** One graph: a question, and the metrics that answer it. */
export interface Panel {
  readonly title: string;
  readonly metrics: readonly Metric[];
}

/** The panels of a platform in rows: load balancer and cluster first, then each service, then each database. */
export function panelRows(watched: Watched): Panel[][] {
  return [
    loadBalancerPanels(watched),
    clusterPanels(watched),
    ...Object.entries(watched.services).map(([name, service]) =>
      servicePanels(watched, service, name),
    ),
    ...Object.entries(watched.databases).map(([name, database]) => databasePanels(database, name)),
  ];
}

export function loadBalancerPanels(watched: Watched): Panel[] {
  return [
    {
      title: "Load balancer: does it answer with errors of its own?",
      metrics: [
        loadBalancerMetric(watched, "HTTPCode_ELB_5XX_Count"),
        loadBalancerMetric(watched, "HTTPCode_ELB_4XX_Count"),
      ],
    },
    {
      title: "Load balancer: how many requests come in?",
      metrics: [loadBalancerMetric(watched, "RequestCount")],
    },
  ];
}

export function clusterPanels(watched: Watched): Panel[] {
  // Without Container Insights a cluster tells of its EC2 instances alone.
  if (!watched.cluster.countsRunningTasks) {
    return [
      {
        title: "Cluster: is it short of CPU or memory?",
        metrics: [
          clusterMetric(watched, "CPUUtilization"),
          clusterMetric(watched, "MemoryUtilization"),
        ],
      },
    ];
  }
  return [
    {
      title: "Cluster: how much of the reserved CPU is used?",
      metrics: [clusterMetric(watched, "CpuUtilized"), clusterMetric(watched, "CpuReserved")],
    },
    {
      title: "Cluster: how much of the reserved memory is used?",
      metrics: [clusterMetric(watched, "MemoryUtilized"), clusterMetric(watched, "MemoryReserved")],
    },
    { title: "Cluster: how many tasks run?", metrics: [clusterMetric(watched, "TaskCount")] },
  ];
}

export function servicePanels(watched: Watched, service: WatchedService, name: string): Panel[] {
  const insights: Panel[] = watched.cluster.countsRunningTasks
    ? [
        { title: `${name}: how many tasks run?`, metrics: [runningTasks(watched, service)] },
        {
          title: `${name}: how much goes in and out?`,
          metrics: [
            serviceNetworkMetric(watched, service, "NetworkRxBytes"),
            serviceNetworkMetric(watched, service, "NetworkTxBytes"),
          ],
        },
      ]
    : [];
  return [
    {
      title: `${name}: is it short of CPU or memory?`,
      metrics: [
        serviceMetric(watched, service, "CPUUtilization"),
        serviceMetric(watched, service, "MemoryUtilization"),
      ],
    },
    ...insights,
    ...requestPanels(watched, service, name),
    ...(service.errorMetric === undefined
      ? []
      : [{ title: `${name}: how many errors does it log?`, metrics: [service.errorMetric] }]),
  ];
}

function requestPanels(watched: Watched, service: WatchedService, name: string): Panel[] {
  if (!getsRequests(service)) return [];
  return [
    {
      title: `${name}: how many requests, how many errors?`,
      metrics: [
        targetMetric(watched, service, "RequestCount", "Sum"),
        targetMetric(watched, service, "HTTPCode_Target_5XX_Count", "Sum"),
        targetMetric(watched, service, "HTTPCode_Target_4XX_Count", "Sum"),
      ],
    },
    {
      title: `${name}: how long do requests take?`,
      metrics: ["p50", "p99"].map((statistic) =>
        targetMetric(watched, service, "TargetResponseTime", statistic),
      ),
    },
    {
      title: `${name}: how many tasks pass their health check?`,
      metrics: [
        targetMetric(watched, service, "HealthyHostCount", "Minimum"),
        targetMetric(watched, service, "UnHealthyHostCount", "Maximum"),
      ],
    },
  ];
}

export function databasePanels(database: WatchedDatabase, name: string): Panel[] {
  const { kind = "instance" } = database;
  const panel = (question: string, metric: Parameters<typeof databaseMetric>[1]): Panel => ({
    title: `${name}: ${question}`,
    metrics: [databaseMetric(database, metric)],
  });
  return [
    panel("is it short of CPU?", "CPUUtilization"),
    panel("how many connections?", "DatabaseConnections"),
    ...(kind === "instance" ? [panel("how much storage is left?", "FreeStorageSpace")] : []),
    kind === "serverless"
      ? panel("how much of its largest capacity is used?", "ACUUtilization")
      : panel("how much memory is left?", "FreeableMemory"),
  ];
}
