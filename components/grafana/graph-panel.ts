import type * as pulumi from "@pulumi/pulumi";
import { type Limit, isSearch, limitsOf } from "../monitoring/limits";
import type { Panel } from "../monitoring/panels";
import { type Search, searchExpression, searchLabel } from "../monitoring/search";
import type { Metric } from "../monitoring/watched";
import type { Alarm } from "../support/alarm";
import { expressionOf, partName, partsOf } from "../support/metric-math";

/** The data source that every panel asks. */
export const DATA_SOURCE = { type: "cloudwatch", uid: "cloudwatch" };

/** What all graphs, all their queries, and all queries for one metric begin with. */
const GRAPH = { type: "timeseries", datasource: DATA_SOURCE };
const QUERY = { queryMode: "Metrics", metricQueryType: 0, region: "default", period: "" };
const METRIC_QUERY = { ...QUERY, metricEditorMode: 0, matchExact: true };
export const BEGINNINGS: readonly object[] = [GRAPH, METRIC_QUERY, QUERY];

/** A panel as Grafana draws it, with the limits of the alarms on what it shows. */
export function graphPanel({ title, metrics }: Panel, alarms: readonly Alarm[]) {
  const limits = limitsOf(metrics, alarms);
  return {
    ...GRAPH,
    title,
    ...(limits.length > 0 && { fieldConfig: { defaults: thresholds(limits), overrides: [] } }),
    targets: queries(metrics),
  };
}

/** A red line at each limit. */
function thresholds(limits: readonly Limit[]) {
  const values = limits.map(({ value }) => value).sort((left, right) => left - right);
  return {
    custom: { thresholdsStyle: { mode: "line" } },
    thresholds: {
      mode: "absolute",
      steps: [
        { color: "transparent", value: null },
        ...values.map((value) => ({ color: "red", value })),
      ],
    },
  };
}

/**
 * As Grafana asks CloudWatch for metrics; an empty period lets it fit the period to the time shown. Of a metric of two
 * sources it shows what comes of the two.
 */
function queries(metrics: readonly (Metric | Search)[]) {
  return metrics
    .flatMap((shown, place) =>
      isSearch(shown) ? [searchQuery(shown, place)] : metricQueries(shown, place),
    )
    .map((query, index) => ({
      ...query,
      refId: String.fromCharCode("A".charCodeAt(0) + index),
    }));
}

function searchQuery(search: Search, place: number) {
  return expressionQuery(place, searchExpression(search), searchLabel(search));
}

function metricQueries(metric: Metric, place: number): object[] {
  const { second } = metric;
  const idOf = (index: number) => `metric${place + 1}${partName(index)}`;
  const parts = partsOf(metric).map(({ namespace, metricName, dimensions, statistic }, index) => ({
    ...METRIC_QUERY,
    namespace,
    metricName,
    dimensions,
    statistic,
    ...(second && { id: idOf(index), hide: true }),
  }));
  if (second === undefined) return parts;
  const expression = expressionOf(parts.length, second.combination, idOf);
  const label = `${metric.metricName} ${metric.statistic}`;
  return [...parts, expressionQuery(place, expression, label)];
}

/** Grafana refuses a query without a statistic, even one whose expression has its own. */
function expressionQuery(place: number, expression: pulumi.Input<string>, label: string) {
  const id = `metric${place + 1}`;
  return { ...QUERY, metricEditorMode: 1, statistic: "Average", id, expression, label };
}
