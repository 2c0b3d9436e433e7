import * as pulumi from "@pulumi/pulumi";
import { panelRows } from "./panels";
import type { Metric, Watched } from "./watched";

/** CloudWatch divides a dashboard into 24 columns. */
const COLUMNS = 24;
const HEIGHT = 6;
/** More beside each other are too narrow to read. */
const MOST_IN_A_ROW = 4;

/** The dashboard's JSON: a row for the load balancer, the cluster, each service and each database. */
export function dashboardBody(
  watched: Watched,
  region: pulumi.Input<string>,
): pulumi.Output<string> {
  let y = 0;
  const widgets = panelRows(watched).flatMap((row) => {
    const lines = Math.ceil(row.length / MOST_IN_A_ROW);
    const columns = Math.ceil(row.length / lines);
    const width = COLUMNS / columns;
    const top = y;
    y += lines * HEIGHT;
    return row.map((panel, index) => ({
      type: "metric",
      x: (index % columns) * width,
      y: top + Math.floor(index / columns) * HEIGHT,
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

/** As a dashboard writes a metric: namespace, name, dimensions in turn, then how to draw it. */
function metricRow(metric: Metric): unknown[] {
  const dimensions = Object.entries(metric.dimensions).flat();
  return [metric.namespace, metric.metricName, ...dimensions, { stat: metric.statistic }];
}
