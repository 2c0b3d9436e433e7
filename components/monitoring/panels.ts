import type { Search } from "./search";
import {
  type Metric,
  type Watched,
  type WatchedDatabase,
  type WatchedService,
  databaseMetric,
  desiredTasks,
  getsRequests,
  replicaLag,
  runningTasks,
  serviceMetric,
  serviceNetworkMetric,
  targetMetric,
} from "./watched";

/** One graph: a question, and the metrics that answer it. */
export interface Panel {
  readonly title: string;
  readonly metrics: readonly (Metric | Search)[];
}

/** Graphs about one thing, beside each other. */
export interface Row {
  readonly heading: string;
  readonly panels: readonly Panel[];
}

/** A row for each service, then one for each database. */
export function subjectRows(watched: Watched): Row[] {
  return [
    ...Object.entries(watched.services).map(([name, service]) =>
      serviceRow(watched, service, name),
    ),
    ...Object.entries(watched.databases).map(([name, database]) => databaseRow(database, name)),
  ];
}

export function serviceRow(watched: Watched, service: WatchedService, name: string): Row {
  const insights: Panel[] = watched.cluster.countsRunningTasks
    ? [
        {
          title: `${name}: how many tasks run, and how many should?`,
          metrics: [runningTasks(watched, service), desiredTasks(watched, service)],
        },
        {
          title: `${name}: how much goes in and out?`,
          metrics: [
            serviceNetworkMetric(watched, service, "NetworkRxBytes"),
            serviceNetworkMetric(watched, service, "NetworkTxBytes"),
          ],
        },
      ]
    : [];
  return {
    heading: `Service ${name}`,
    panels: [
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
    ],
  };
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

export function databaseRow(database: WatchedDatabase, name: string): Row {
  const { kind = "instance" } = database;
  const panel = (question: string, metric: Parameters<typeof databaseMetric>[1]): Panel => ({
    title: `${name}: ${question}`,
    metrics: [databaseMetric(database, metric)],
  });
  return {
    heading: `Database ${name}`,
    panels: [
      panel("is it short of CPU?", "CPUUtilization"),
      panel("how many connections?", "DatabaseConnections"),
      ...(kind === "instance" ? [panel("how much storage is left?", "FreeStorageSpace")] : []),
      kind === "serverless"
        ? panel("how much of its largest capacity is used?", "ACUUtilization")
        : panel("how much memory is left?", "FreeableMemory"),
      ...lagPanels(database, name),
    ],
  };
}

/** Each replica of an instance has a lag of its own; a cluster tells of its slowest alone. */
function lagPanels(database: WatchedDatabase, name: string): Panel[] {
  const { identifier, kind = "instance", replicaIdentifiers = {} } = database;
  const replicas = Object.values(replicaIdentifiers);
  if (replicas.length === 0) return [];
  return [
    {
      title: `${name}: how far are its replicas behind?`,
      metrics: (kind === "instance" ? replicas : [identifier]).map(
        (replica) => replicaLag(database, 0, replica).metric,
      ),
    },
  ];
}
