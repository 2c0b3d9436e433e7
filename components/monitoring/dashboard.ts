import * as pulumi from "@pulumi/pulumi";
import { type Alarm, SEVERITIES, type Severity } from "../support/alarm";
import { type Line, type Widget, placed } from "./dashboard-lines";
import { graph } from "./graph";
import { consoleLinks, searchedLogGroups } from "./links";
import { LATEST_ERRORS } from "./log-queries";
import { overviewRows } from "./overview-panels";
import { type Row, subjectRows } from "./panels";
import type { Watched } from "./watched";

/** CloudWatch takes so many alarms in one widget. */
const MOST_ALARMS = 100;

/** What a severity asks of people. */
const ALARM_QUESTIONS: Readonly<Record<Severity, string>> = {
  critical: "What must be looked at now?",
  warning: "What must be looked at today?",
  info: "What else is unusual?",
};

/** An alarm that there is. */
export interface MadeAlarm extends Alarm {
  readonly arn: pulumi.Input<string>;
}

export interface DashboardArgs {
  readonly watched: Watched;
  readonly region: pulumi.Input<string>;
  readonly alarms: readonly MadeAlarm[];
}

/**
 * The dashboard's JSON, in the order in which somebody asks who was woken: what rings, what users notice, what has changed,
 * what the logs say; then each service and each database. It has names, questions and limits, and no value of a setting.
 */
export function dashboardBody(args: DashboardArgs): pulumi.Output<string> {
  return pulumi.jsonStringify({
    widgets: placed([
      linksLine(args),
      alarmLine(args),
      ...overviewRows(args.watched).flatMap((row) => rowLines(row, args)),
      ...logLines(args),
      ...subjectRows(args.watched).flatMap((row) => rowLines(row, args)),
    ]),
  });
}

function linksLine({ watched, region }: DashboardArgs): Line {
  const links = consoleLinks(watched, region).map(
    ({ title, url }) => pulumi.interpolate`[${title}](${url})`,
  );
  const markdown = pulumi
    .all(links)
    .apply((all) => `Look from top to bottom. Then: ${all.join(" · ")}`);
  return textLine(markdown);
}

function textLine(markdown: pulumi.Input<string>): Line {
  return { height: 1, widgets: [{ type: "text", properties: { markdown } }] };
}

/** Those that ring, by severity: on a good day these are empty. */
function alarmLine({ alarms }: DashboardArgs): Line {
  const widgets = SEVERITIES.flatMap((severity) => {
    const arns = alarms.filter((alarm) => alarm.severity === severity).map(({ arn }) => arn);
    return chunks(arns, MOST_ALARMS).map((some, index): Widget => ({
      type: "alarm",
      properties: {
        title: `${ALARM_QUESTIONS[severity]}${index === 0 ? "" : ` (${index + 1})`}`,
        alarms: some,
        states: ["ALARM"],
        sortBy: "stateUpdatedTimestamp",
      },
    }));
  });
  return { height: 4, widgets };
}

function rowLines({ heading, panels }: Row, { region, alarms }: DashboardArgs): Line[] {
  return [
    textLine(`# ${heading}`),
    { height: 6, widgets: panels.map((panel) => graph(panel, region, alarms)) },
  ];
}

function logLines({ watched, region }: DashboardArgs): Line[] {
  const groups = searchedLogGroups(watched);
  if (groups.length === 0) return [];
  const query = pulumi
    .all(groups)
    .apply((names) => [...names.map((name) => `SOURCE '${name}'`), LATEST_ERRORS].join(" | "));
  const title = "Which errors were logged last?";
  return [
    textLine("# What do the logs say?"),
    {
      height: 8,
      widgets: [{ type: "log", properties: { title, region, view: "table", query } }],
    },
  ];
}

function chunks<Value>(values: readonly Value[], size: number): Value[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );
}
