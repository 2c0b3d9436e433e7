import * as pulumi from "@pulumi/pulumi";
import {
  type Metric,
  type Watched,
  databaseMetric,
  loadBalancerErrors,
  runningTasks,
  serviceMetric,
  targetMetric,
} from "./watched";

/** CloudWatch divides a dashboard into 24 columns. */
const COLUMNS = 24;
const HEIGHT = 6;

interface Panel {
  /** The question that it answers. */
  readonly title: string;
  readonly metrics: readonly Metric[];
}

/** The dashboard's JSON: a row for the load balancer, one for each service, one for each database. */
export function dashboardBody(
  watched: Watched,
  region: pulumi.Input<string>,
): pulumi.Output<string> {
  const rows = dashboardRows(watched);
  const widgets = rows.flatMap((row, rowIndex) => {
    const width = Math.floor(COLUMNS / row.length);
    return row.map((panel, columnIndex) => ({
      type: "metric",
      x: columnIndex * width,
      y: rowIndex * HEIGHT,
      width,
      height: HEIGHT,
      properties: {
        title: panel.title,
        region,
        view: "timeSeries",
        stat: "Average",
        period: 60,
        metrics: panel.metrics.map(metricRow),
      },
    }));
  });
  return pulumi.jsonStringify({ widgets });
}

function dashboardRows(watched: Watched): Panel[][] {
  const services = Object.entries(watched.services).map(([name, service]): Panel[] => {
    const { targetGroupArnSuffix: targetGroup } = service;
    const requests: Panel[] =
      targetGroup === undefined
        ? []
        : [
            {
              title: `${name}: how many requests, how many errors?`,
              metrics: [
                targetMetric(watched, targetGroup, "RequestCount", "Sum"),
                targetMetric(watched, targetGroup, "HTTPCode_Target_5XX_Count", "Sum"),
              ],
            },
            {
              title: `${name}: how long do requests take?`,
              metrics: ["p50", "p99"].map((statistic) =>
                targetMetric(watched, targetGroup, "TargetResponseTime", statistic),
              ),
            },
          ];
    const tasks: Panel[] = watched.cluster.countsRunningTasks
      ? [{ title: `${name}: how many tasks run?`, metrics: [runningTasks(watched, service)] }]
      : [];
    return [
      {
        title: `${name}: is it short of CPU or memory?`,
        metrics: [
          serviceMetric(watched, service, "CPUUtilization"),
          serviceMetric(watched, service, "MemoryUtilization"),
        ],
      },
      ...tasks,
      ...requests,
    ];
  });
  const databases = Object.entries(watched.databases).map(([name, database]): Panel[] => [
    {
      title: `${name}: is it short of CPU?`,
      metrics: [databaseMetric(database, "CPUUtilization")],
    },
    {
      title: `${name}: how many connections?`,
      metrics: [databaseMetric(database, "DatabaseConnections")],
    },
    {
      title: `${name}: how much storage is left?`,
      metrics: [databaseMetric(database, "FreeStorageSpace")],
    },
    {
      title: `${name}: how much memory is left?`,
      metrics: [databaseMetric(database, "FreeableMemory")],
    },
  ]);
  const entrance: Panel[] = [
    {
      title: "Load balancer: does it answer with errors of its own?",
      metrics: [loadBalancerErrors(watched)],
    },
  ];
  return [entrance, ...services, ...databases];
}

/** As a dashboard writes a metric: namespace, name, dimensions in turn, then how to draw it. */
function metricRow(metric: Metric): unknown[] {
  const dimensions = Object.entries(metric.dimensions).flat();
  return [metric.namespace, metric.metricName, ...dimensions, { stat: metric.statistic }];
}
