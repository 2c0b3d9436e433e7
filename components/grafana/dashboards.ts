import * as pulumi from "@pulumi/pulumi";
import {
  type Panel,
  clusterPanels,
  databasePanels,
  loadBalancerPanels,
  servicePanels,
} from "../monitoring/panels";
import type { Metric, Watched } from "../monitoring/watched";

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
      targets: panel.metrics.map(query),
    })),
  });
}

/** As Grafana asks CloudWatch for a metric; an empty period lets it fit the period to the time shown. */
function query(metric: Metric, index: number) {
  return {
    refId: String.fromCharCode("A".charCodeAt(0) + index),
    queryMode: "Metrics",
    metricQueryType: 0,
    metricEditorMode: 0,
    region: "default",
    namespace: metric.namespace,
    metricName: metric.metricName,
    dimensions: metric.dimensions,
    matchExact: true,
    statistic: metric.statistic,
    period: "",
  };
}
