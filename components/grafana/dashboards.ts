import * as pulumi from "@pulumi/pulumi";
import { consoleLinks, searchedLogGroups } from "../monitoring/links";
import { LATEST_ERRORS } from "../monitoring/log-queries";
import { overviewRows } from "../monitoring/overview-panels";
import { type Row, databaseRow, serviceRow } from "../monitoring/panels";
import type { Watched } from "../monitoring/watched";
import type { Alarm } from "../support/alarm";
import { logGroupArnBeside, regionOf } from "../support/iam";
import { DATA_SOURCE, graphPanel } from "./graph-panel";

/** Grafana divides a dashboard into 24 columns. */
const COLUMNS = 24;
const PANELS_IN_A_ROW = 3;
const HEIGHT = 8;

export interface DashboardsArgs {
  readonly watched: Watched;
  /** Any log group of the stack: the others are beside it. */
  readonly logGroupArn: pulumi.Input<string>;
  /** What raises alarms: the graphs show their limits. */
  readonly alarms: readonly Alarm[];
  /** What has a dashboard of its own. */
  readonly shown: { readonly services: readonly string[]; readonly databases: readonly string[] };
}

/** The JSON of all dashboards, by the name of their file: one for the whole, one for each service and database. */
export function dashboards(args: DashboardsArgs): Record<string, pulumi.Output<string>> {
  const { watched, shown } = args;
  const services = Object.entries(watched.services).filter(([key]) => shown.services.includes(key));
  const databases = Object.entries(watched.databases).filter(([key]) =>
    shown.databases.includes(key),
  );
  const ofOne = (uid: string, row: Row) =>
    dashboard({ uid, title: row.heading }, graphs(row, 0, args.alarms));
  return {
    overview: dashboard({ uid: "overview", title: "Overview", links: links(args) }, overview(args)),
    ...Object.fromEntries(
      services.map(([key, service]) => [
        `service-${key}`,
        ofOne(`service-${key}`, serviceRow(watched, service, key)),
      ]),
    ),
    ...Object.fromEntries(
      databases.map(([key, database]) => [
        `database-${key}`,
        ofOne(`database-${key}`, databaseRow(database, key)),
      ]),
    ),
  };
}

function overview({ watched, logGroupArn, alarms }: DashboardsArgs): object[] {
  let y = 0;
  const rows = overviewRows(watched).flatMap((row) => {
    const top = y;
    y += 1 + Math.ceil(row.panels.length / PANELS_IN_A_ROW) * HEIGHT;
    return [rowPanel(row.heading, top, []), ...graphs(row, top + 1, alarms)];
  });
  return [...rows, ...logRows(watched, logGroupArn, y)];
}

function graphs({ panels }: Row, top: number, alarms: readonly Alarm[]): object[] {
  const width = COLUMNS / PANELS_IN_A_ROW;
  return panels.map((panel, index) => ({
    ...graphPanel(panel, alarms),
    gridPos: {
      x: (index % PANELS_IN_A_ROW) * width,
      y: top + Math.floor(index / PANELS_IN_A_ROW) * HEIGHT,
      w: width,
      h: HEIGHT,
    },
  }));
}

/** A heading; with panels of its own it is folded up, and asks nothing before somebody unfolds it. */
function rowPanel(title: string, y: number, panels: readonly object[]) {
  return {
    type: "row",
    title,
    collapsed: panels.length > 0,
    gridPos: { x: 0, y, w: COLUMNS, h: 1 },
    panels,
  };
}

/** Folded up: each look reads the logs of the whole time shown, which costs by the GB. */
function logRows(watched: Watched, beside: pulumi.Input<string>, y: number): object[] {
  const groups = searchedLogGroups(watched);
  if (groups.length === 0) return [];
  const panel = {
    id: 1000,
    type: "logs",
    title: "Which errors were logged last?",
    datasource: DATA_SOURCE,
    gridPos: { x: 0, y: y + 1, w: COLUMNS, h: HEIGHT },
    targets: [
      {
        refId: "A",
        id: "",
        queryMode: "Logs",
        region: "default",
        expression: LATEST_ERRORS,
        logGroups: groups.map((name) => ({ name, arn: logGroupArnBeside(beside, name) })),
      },
    ],
  };
  return [rowPanel("What do the logs say?", y, [panel])];
}

function links({ watched, logGroupArn }: DashboardsArgs) {
  return consoleLinks(watched, regionOf(logGroupArn)).map((link) => ({
    ...link,
    type: "link",
    targetBlank: true,
  }));
}

function dashboard(about: object, panels: readonly object[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    ...about,
    // Everybody sees the same, and a restart brings it back: the stack owns it.
    editable: false,
    schemaVersion: 39,
    refresh: "1m",
    time: { from: "now-6h", to: "now" },
    panels: panels.map((panel, index) => ({ ...panel, id: index + 1 })),
  });
}
