import * as pulumi from "@pulumi/pulumi";
import { expressionOf, partName } from "../support/metric-math";
import { panelRows } from "./panels";
import { type Metric, type Watched, partsOf } from "./watched";

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
        metrics: panel.metrics.flatMap(metricRows),
      },
    }));
  });
  return pulumi.jsonStringify({ widgets });
}

/**
 * As a dashboard writes a metric: namespace, name, dimensions in turn, then how to draw it. One of two sources is drawn as
 * what comes of the two, which stay hidden. Ids are those of one panel, so the metric's place in it is part of them.
 */
function metricRows(metric: Metric, place: number): unknown[][] {
  const parts = partsOf(metric);
  const { second } = metric;
  const idOf = (index: number) => `metric${place + 1}${partName(index)}`;
  const rows = parts.map(({ namespace, metricName, dimensions, statistic }, index) => [
    namespace,
    metricName,
    ...Object.entries(dimensions).flat(),
    { stat: statistic, ...(second && { id: idOf(index), visible: false }) },
  ]);
  if (second === undefined) return rows;
  const expression = expressionOf(parts.length, second.combination, idOf);
  const label = `${metric.metricName} ${metric.statistic}`;
  return [...rows, [{ expression, label, id: `metric${place + 1}` }]];
}
