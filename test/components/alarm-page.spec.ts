import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { Monitoring } from "../../components";
import type { RecordedResource } from "../support/recorded-resource";
import { everything } from "./everything-watched";
import { readAlarm, textOf } from "./read-alarms";
import { build } from "./support";

const PAGE = path.join(__dirname, "..", "..", "docs", "observability.md");

/** What stands on the page in place of a name. */
const PLACEHOLDERS: readonly [RegExp, string][] = [
  [/^(database)-(orders|aurora)/, "$1-DATABASE"],
  [/^(service)-api/, "$1-SERVICE"],
  [/replica-a-(lag|stopped)$/, "replica-REPLICA-$1"],
  [/^nat-a/, "nat-ZONE"],
  [/^certificate-app/, "certificate-NAME"],
];

const SILENCE: Readonly<Record<string, string>> = {
  notBreaching: "nothing bad",
  breaching: "the worst",
  ignore: "as before",
};

/** A row of the page's table: alarm, severity, when, silence, runbook. */
function rowOf(alarm: RecordedResource): string[] {
  const { severity, runbook } = readAlarm(alarm);
  const key = PLACEHOLDERS.reduce(
    (name, [pattern, placeholder]) => name.replace(pattern, placeholder),
    alarm.name.replace("monitoring-", ""),
  );
  const silence = SILENCE[textOf(alarm, "treatMissingData")] ?? "";
  return [
    `\`${key}\``,
    severity,
    conditionOf(alarm),
    silence,
    `[${runbook}](runbooks/${runbook}.md)`,
  ];
}

function conditionOf(alarm: RecordedResource): string {
  // Of two rules of EventBridge each is a metric.
  const isCombined = alarm.input("metricQueries") !== undefined;
  const metric = isCombined ? "metricQueries.0.metric." : "";
  const name = textOf(alarm, `${metric}metricName`);
  const minutes = Number(alarm.input(`${metric}period`)) / 60;
  const isAbove = alarm.input("comparisonOperator") === "GreaterThanThreshold";
  const threshold = readable(name, Number(alarm.input("threshold")));
  const measured = name === "Invocations" ? "events" : name.replace("api-", "SERVICE-");
  const periods = Number(alarm.input("evaluationPeriods"));
  return `${measured} ${isAbove ? ">" : "<"} ${threshold}, ${periods} × ${minutes} min`;
}

function readable(metric: string, threshold: number): string {
  if (metric === "FreeStorageSpace") return `${threshold / 1024 ** 3} GiB`;
  if (metric === "FreeableMemory") return `${threshold / 1024 ** 2} MiB`;
  if (metric === "AuroraReplicaLagMaximum") return `${threshold / 1000} s`;
  if (metric === "RunningTaskCount") return "least number";
  return String(threshold);
}

/** The rows of the table under a heading, cell by cell. */
function tableUnder(heading: string): string[][] {
  const [, text = ""] = readFileSync(PAGE, "utf8").split(`\n## ${heading}\n`);
  const [section = ""] = text.split("\n## ");
  const lines = section.split("\n").filter((line) => line.startsWith("| `"));
  return lines.map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

describe("the page on alarms", () => {
  it("has every alarm, with severity, condition, answer to silence and runbook as they are", async () => {
    const run = await build(() => new Monitoring("monitoring", everything()));
    const rows = run.all("aws:cloudwatch/metricAlarm:MetricAlarm").map(rowOf);
    const expected = new Map(rows.map((row) => [row[0], row]));
    const said = tableUnder("Alarms");
    assert.deepEqual(
      Object.fromEntries(said.map((row) => [row[0], row])),
      Object.fromEntries(expected),
    );
    assert.equal(said.length, expected.size);
  });
});
