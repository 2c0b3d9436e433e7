import * as assert from "node:assert/strict";
import { Monitoring, type MonitoringArgs } from "../../components";
import { monitoringSettings } from "../../components/monitoring/settings";
import { build, inputsByName, itRefuses, itTakes } from "./support";

const happy = (): MonitoringArgs => ({
  accountId: "123456789012",
  dashboardName: "shop-dev",
  cluster: { clusterName: "platform", countsRunningTasks: true },
  loadBalancer: { arnSuffix: "app/lb/1" },
  services: {
    api: {
      serviceName: "api-1a2b",
      targetGroupArnSuffix: undefined,
      minimumTasks: 1,
      logGroupName: "api-logs-1a2b",
    },
    silent: { serviceName: "silent-1a2b", targetGroupArnSuffix: undefined, minimumTasks: 1 },
  },
  databases: {},
  applicationErrors: {},
});

const FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

describe("Application errors", () => {
  it("are counted in the log of each service, under the stack's own namespace", async () => {
    const run = await build(() => new Monitoring("monitoring", happy()));
    assert.deepEqual(inputsByName(run, FILTER), {
      "monitoring-service-api-log-errors": {
        logGroupName: "api-logs-1a2b",
        pattern: '{ $.level = "error" }',
        metricTransformation: {
          namespace: "shop-dev",
          name: "api-errors",
          value: "1",
          defaultValue: "0",
          unit: "Count",
        },
      },
    });
  });

  it("are what the pattern says", async () => {
    const args = { ...happy(), applicationErrors: { pattern: "{ $.severity >= 17 }" } };
    const run = await build(() => new Monitoring("monitoring", args));
    assert.equal(run.one(FILTER).input("pattern"), "{ $.severity >= 17 }");
  });

  it("raise an alarm above their threshold", async () => {
    const args = { ...happy(), applicationErrors: { perMinute: 3 } };
    const run = await build(() => new Monitoring("monitoring", args));
    const alarm = run.one(ALARM, "monitoring-service-api-log-errors");
    const { alarmActions, okActions, ...inputs } = alarm.inputs;
    assert.deepEqual(inputs, {
      alarmDescription:
        "api logs more than 3 errors a minute. Look at its logs. What to do: docs/runbooks/service-log-errors.md",
      namespace: "shop-dev",
      metricName: "api-errors",
      dimensions: {},
      statistic: "Sum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 3,
      period: 60,
      evaluationPeriods: 3,
      treatMissingData: "notBreaching",
    });
    assert.deepEqual(
      [alarmActions, okActions],
      Array(2).fill([run.one("aws:sns/topic:Topic", "monitoring-warning").outputs["arn"]]),
    );
  });

  it("show on the dashboard", async () => {
    const run = await build(() => new Monitoring("monitoring", happy()));
    const { widgets } = run
      .one("aws:cloudwatch/dashboard:Dashboard")
      .jsonInput("dashboardBody") as unknown as {
      widgets: { properties: { title?: string; metrics: unknown } }[];
    };
    const counted = widgets.filter(({ properties }) => properties.title?.includes("does it log"));
    assert.deepEqual(
      counted.map(({ properties: { title, metrics } }) => [title, metrics]),
      [["api: how many errors does it log?", [["shop-dev", "api-errors", { stat: "Sum" }]]]],
    );
  });

  it("count for nothing unless they are asked for", async () => {
    const { applicationErrors: _, ...args } = happy();
    const run = await build(() => new Monitoring("monitoring", args));
    assert.deepEqual(run.all(FILTER), []);
    assert.deepEqual(
      run.all(ALARM).filter(({ name }) => name.endsWith("log-errors")),
      [],
    );
  });
});

describe("Application error settings", () => {
  const wrongPattern = (value: string) => ({
    change: { "applicationErrors.pattern": value },
    problem: {
      key: "applicationErrors.pattern",
      value,
      rule: "must be a filter pattern of CloudWatch Logs",
      allowed: "1 to 1024 characters",
      fix: 'write it like { $.level = "error" }',
    },
  });
  itTakes(
    monitoringSettings,
    {},
    {
      "a pattern of 1024 characters": { "applicationErrors.pattern": "x".repeat(1024) },
      "an alarm on the first error": { "applicationErrors.perMinute": 0 },
    },
  );
  itRefuses(
    monitoringSettings,
    {},
    {
      "a pattern of 1025 characters": wrongPattern("x".repeat(1025)),
      "an empty pattern": wrongPattern(" "),
      "fewer errors than none": {
        change: { "applicationErrors.perMinute": -1 },
        problem: {
          key: "applicationErrors.perMinute",
          value: -1,
          rule: "is out of bounds",
          allowed: "a whole number, at least 0",
          fix: "set a whole number, at least 0",
        },
      },
    },
  );
});
