import type * as pulumi from "@pulumi/pulumi";
import type { Alarm } from "../support/alarm";
import { expressionOf, partName, partsOf } from "../support/metric-math";
import type { Widget } from "./dashboard-lines";
import { isSearch, limitsOf } from "./limits";
import type { Panel } from "./panels";
import { type Search, searchExpression, searchLabel } from "./search";
import type { Metric } from "./watched";

/** A panel as CloudWatch draws it, with the limits of the alarms on what it shows. */
export function graph(
  { title, metrics }: Panel,
  region: pulumi.Input<string>,
  alarms: readonly Alarm[],
): Widget {
  const horizontal = limitsOf(metrics, alarms).map(({ metricName, value, bad }) => ({
    label: `alarm on ${metricName}`,
    value,
    fill: bad,
  }));
  return {
    type: "metric",
    properties: {
      title,
      region,
      view: "timeSeries",
      stat: "Average",
      period: 60,
      ...(horizontal.length > 0 && { annotations: { horizontal } }),
      metrics: metrics.flatMap((shown, place) =>
        isSearch(shown) ? [searchRow(shown, place)] : metricRows(shown, place),
      ),
    },
  };
}

function searchRow(search: Search, place: number): unknown[] {
  const label = searchLabel(search);
  return [{ expression: searchExpression(search), label, id: `metric${place + 1}` }];
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
