import * as pulumi from "@pulumi/pulumi";
import {
  type Panel,
  clusterPanels,
  databasePanels,
  loadBalancerPanels,
  servicePanels,
} from "../monitoring/panels";
import { type Metric, type Watched, partsOf } from "../monitoring/watched";
import { expressionOf, partName } from "../support/metric-math";

/** The data source that every panel asks. */
export const DATA_SOURCE = { type: "cloudwatch", uid: "cloudwatch" };

/** Grafana divides a dashboard into 24 columns. */
const COLUMNS = 24;
const PANELS_IN_A_ROW = 3;
const HEIGHT = 8;

/** The JSON of all dashboards, by the name of their file: one for the whole, one for each service and database. */
export function dashboards(
  watched: Watched,
  shown: { readonly services: readonly string[]; readonly databases: readonly string[] },
): Record<string, pulumi.Output<string>> {
  const overview = [...loadBalancerPanels(watched), ...clusterPanels(watched)];
  const services = Object.entries(watched.services).filter(([key]) => shown.services.includes(key));
  const databases = Object.entries(watched.databases).filter(([key]) =>
    shown.databases.includes(key),
  );
  return {
    overview: dashboard("overview", "Overview", overview),
    ...Object.fromEntries(
      services.map(([key, service]) => [
        `service-${key}`,
        dashboard(`service-${key}`, `Service ${key}`, servicePanels(watched, service, key)),
      ]),
    ),
    ...Object.fromEntries(
      databases.map(([key, database]) => [
        `database-${key}`,
        dashboard(`database-${key}`, `Database ${key}`, databasePanels(database, key)),
      ]),
    ),
  };
}

function dashboard(uid: string, title: string, panels: readonly Panel[]): pulumi.Output<string> {
  const width = COLUMNS / PANELS_IN_A_ROW;
  return pulumi.jsonStringify({
    uid,
    title,
    // Everybody sees the same, and a restart brings it back: the stack owns it.
    editable: false,
    schemaVersion: 39,
    refresh: "1m",
    time: { from: "now-6h", to: "now" },
    panels: panels.map((panel, index) => ({
      id: index + 1,
      type: "timeseries",
      title: panel.title,
      datasource: DATA_SOURCE,
      gridPos: {
        x: (index % PANELS_IN_A_ROW) * width,
        y: Math.floor(index / PANELS_IN_A_ROW) * HEIGHT,
        w: width,
        h: HEIGHT,
      },
      targets: queries(panel.metrics),
    })),
  });
}

/**
 * As Grafana asks CloudWatch for metrics; an empty period lets it fit the period to the time shown. Of a metric of two
 * sources it shows what comes of the two.
 */
function queries(metrics: readonly Metric[]) {
  return metrics
    .flatMap((metric, place) => {
      const { second } = metric;
      const idOf = (index: number) => `metric${place + 1}${partName(index)}`;
      const parts = partsOf(metric).map((part, index) => ({
        metricEditorMode: 0,
        namespace: part.namespace,
        metricName: part.metricName,
        dimensions: part.dimensions,
        matchExact: true,
        statistic: part.statistic,
        ...(second && { id: idOf(index), hide: true }),
      }));
      if (second === undefined) return parts;
      const expression = expressionOf(parts.length, second.combination, idOf);
      const label = `${metric.metricName} ${metric.statistic}`;
      return [...parts, { metricEditorMode: 1, id: `metric${place + 1}`, expression, label }];
    })
    .map((query, index) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + index),
      queryMode: "Metrics",
      metricQueryType: 0,
      region: "default",
      ...query,
      period: "",
    }));
}
