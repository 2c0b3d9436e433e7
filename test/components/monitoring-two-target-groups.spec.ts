import * as assert from "node:assert/strict";
import { Monitoring } from "../../components";
import { dashboards } from "../../components/grafana/dashboards";
import { build } from "./support";

/** A service whose requests ECS moves between two target groups. */
const api = {
  serviceName: "api-1a2b",
  targetGroupArnSuffix: "targetgroup/api-tg/1",
  alternateTargetGroupArnSuffix: "targetgroup/api-tg2/2",
  minimumTasks: 2,
};
const watched = {
  cluster: { clusterName: "platform", countsRunningTasks: true },
  loadBalancer: { arnSuffix: "app/lb/1" },
  services: { api },
  databases: {},
};

const run = (countsRunningTasks = true) =>
  build(
    () =>
      new Monitoring("monitoring", {
        ...watched,
        cluster: { ...watched.cluster, countsRunningTasks },
        accountId: "123456789012",
        dashboardName: "shop-dev",
      }),
  );

const dimensionsOf = (targetGroup: string) => ({
  LoadBalancer: "app/lb/1",
  TargetGroup: targetGroup,
});
const groups = [api.targetGroupArnSuffix, api.alternateTargetGroupArnSuffix];

describe("A service with two target groups", () => {
  for (const [key, metricName, stat, period, expression] of [
    ["errors", "HTTPCode_Target_5XX_Count", "Sum", 60, "SUM([FILL(part1, 0), FILL(part2, 0)])"],
    ["latency", "TargetResponseTime", "p99", 300, "MAX([part1, part2])"],
    ["unhealthy", "UnHealthyHostCount", "Maximum", 60, "MAX([part1, part2])"],
  ] as const) {
    it(`has one alarm on ${key}, which goes by both`, async () => {
      const alarm = (await run()).one(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        `monitoring-service-api-${key}`,
      );
      assert.deepEqual(alarm.input("metricQueries"), [
        ...groups.map((targetGroup, index) => ({
          id: `part${index + 1}`,
          metric: {
            namespace: "AWS/ApplicationELB",
            metricName,
            dimensions: dimensionsOf(targetGroup),
            stat,
            period,
          },
          returnData: false,
        })),
        { id: "whole", label: metricName, expression, returnData: true },
      ]);
      for (const other of ["metricName", "dimensions", "statistic", "period"]) {
        assert.equal(alarm.input(other), undefined, other);
      }
    });
  }

  it("has as many tasks as both have, where nobody else counts them", async () => {
    const alarm = (await run(false)).one(
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      "monitoring-service-api-tasks",
    );
    assert.deepEqual(
      ["0.metric.metricName", "0.metric.stat", "1.metric.metricName", "2.expression"].map((path) =>
        alarm.input(`metricQueries.${path}`),
      ),
      ["HealthyHostCount", "Minimum", "HealthyHostCount", "SUM([FILL(part1, 0), FILL(part2, 0)])"],
    );
    assert.deepEqual(
      [alarm.input("comparisonOperator"), alarm.input("threshold")],
      ["LessThanThreshold", 2],
    );
  });

  it("is one line in each panel of the dashboard", async () => {
    const { widgets } = (await run())
      .one("aws:cloudwatch/dashboard:Dashboard")
      .jsonInput("dashboardBody") as unknown as {
      widgets: { properties: { title: string; metrics: unknown } }[];
    };
    const [panel] = widgets.filter(({ properties }) => /pass their health/.test(properties.title));
    const row = (metric: string, group: string, stat: string, id: string) => [
      "AWS/ApplicationELB",
      metric,
      "LoadBalancer",
      "app/lb/1",
      "TargetGroup",
      group,
      { stat, id, visible: false },
    ];
    const [first = "", second = ""] = groups;
    assert.deepEqual(panel?.properties.metrics, [
      row("HealthyHostCount", first, "Minimum", "metric1part1"),
      row("HealthyHostCount", second, "Minimum", "metric1part2"),
      [
        {
          expression: "SUM([FILL(metric1part1, 0), FILL(metric1part2, 0)])",
          label: "HealthyHostCount Minimum",
          id: "metric1",
        },
      ],
      row("UnHealthyHostCount", first, "Maximum", "metric2part1"),
      row("UnHealthyHostCount", second, "Maximum", "metric2part2"),
      [
        {
          expression: "MAX([metric2part1, metric2part2])",
          label: "UnHealthyHostCount Maximum",
          id: "metric2",
        },
      ],
    ]);
  });

  it("is one line in each panel of Grafana", async () => {
    const { "service-api": own } = dashboards({
      watched,
      logGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:sessions",
      alarms: [],
      shown: { services: ["api"], databases: [] },
    });
    const text = await new Promise<string>((resolve) => void own?.apply(resolve));
    const { panels } = JSON.parse(text) as { panels: { title: string; targets: unknown }[] };
    const query = { queryMode: "Metrics", metricQueryType: 0, region: "default", period: "" };
    const part = (refId: string, group: string, statistic: string, id: string) => ({
      refId,
      ...query,
      metricEditorMode: 0,
      namespace: "AWS/ApplicationELB",
      metricName: "TargetResponseTime",
      dimensions: dimensionsOf(group),
      matchExact: true,
      statistic,
      id,
      hide: true,
    });
    const [first = "", second = ""] = groups;
    const [panel] = panels.filter(({ title }) => title === "api: how long do requests take?");
    assert.deepEqual(panel?.targets, [
      part("A", first, "p50", "metric1part1"),
      part("B", second, "p50", "metric1part2"),
      {
        refId: "C",
        ...query,
        metricEditorMode: 1,
        statistic: "Average",
        id: "metric1",
        expression: "MAX([metric1part1, metric1part2])",
        label: "TargetResponseTime p50",
      },
      part("D", first, "p99", "metric2part1"),
      part("E", second, "p99", "metric2part2"),
      {
        refId: "F",
        ...query,
        metricEditorMode: 1,
        statistic: "Average",
        id: "metric2",
        expression: "MAX([metric2part1, metric2part2])",
        label: "TargetResponseTime p99",
      },
    ]);
  });
});
