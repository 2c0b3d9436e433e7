import * as assert from "node:assert/strict";
import { runInNewContext } from "node:vm";
import type { Run } from "../support/run";
import { containerOf, dashboardMetrics } from "./reading";
import { problemsOf, runExample } from "./support";

const EXAMPLE = "fargate-reference";
const GROUP = "aws:cloudwatch/logGroup:LogGroup";

/** Lines that the example's program logs for a request; its server listens nowhere. */
function linesLogged(program: string, url: string): string[] {
  const lines: string[] = [];
  const answers: string[] = [];
  const http = {
    createServer: (handle: (request: object, response: object) => void) => ({
      listen: () => {
        handle({ url }, { end: (text: string) => answers.push(text) });
      },
    }),
  };
  runInNewContext(program, {
    require: () => http,
    console: { log: (line: string) => lines.push(line) },
    process: { once: () => undefined },
  });
  assert.deepEqual(answers, ["ok"]);
  return lines;
}

describe("seed 002, logs and metrics of the reference on Fargate", () => {
  let run: Run;
  before(async () => {
    run = await runExample(EXAMPLE);
  });

  it("S002-111: every log is kept for 90 days, and failed deployments are for 30", () => {
    const days = run.all(GROUP).map(({ name, inputs }) => [name, inputs["retentionInDays"]]);
    assert.deepEqual(Object.fromEntries(days), {
      "app-logs": 90,
      "monitoring-failed-deployments": 30,
      "network-flow-logs": 90,
      "platform-exec-logs": 90,
    });
  });

  it("S002-112: 30 days where the configuration says so, and 45 not at all", async () => {
    const key = "services.app.logRetentionDays";
    const shorter = await runExample(EXAMPLE, { [key]: 30 });
    assert.equal(shorter.one(GROUP, "app-logs").input("retentionInDays"), 30);
    const [problem] = problemsOf(EXAMPLE, { [key]: 45 });
    assert.equal(problem?.key, `ecs-platform:${key}`);
  });

  it("S002-114: the application logs JSON, whose field level is what counts as an error", () => {
    const [, , program = ""] = containerOf(run, "app").command ?? [];
    const [line = "", ...more] = linesLogged(program, "/health");
    assert.deepEqual(more, []);
    const { durationMs, ...rest } = JSON.parse(line) as Record<string, unknown>;
    assert.deepEqual(rest, { level: "info", message: "/health" });
    assert.equal(typeof durationMs, "number");
    const filter = run.one("aws:cloudwatch/logMetricFilter:LogMetricFilter");
    assert.equal(filter.input("pattern"), '{ $.level = "error" }');
    assert.equal(filter.input("logGroupName"), run.one(GROUP, "app-logs").outputs["name"]);
  });

  it("S002-115: the dashboard shows the cluster as a whole", () => {
    const cluster = run.one("aws:ecs/cluster:Cluster").outputs["name"];
    const shown = dashboardMetrics(run)
      .filter(
        ({ namespace, dimensions }) =>
          namespace === "ECS/ContainerInsights" &&
          dimensions["ClusterName"] === cluster &&
          dimensions["ServiceName"] === undefined,
      )
      .map(({ metricName }) => metricName);
    assert.deepEqual(shown, [
      "CpuUtilized",
      "CpuReserved",
      "MemoryUtilized",
      "MemoryReserved",
      "TaskCount",
    ]);
  });
});
