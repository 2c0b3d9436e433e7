import * as assert from "node:assert/strict";
import { Monitoring, type MonitoringArgs } from "../../components";
import { build, inputsByName } from "./support";

const CLUSTER_ARN = "arn:aws:ecs:us-east-1:123456789012:cluster/platform";

const happy = (): MonitoringArgs => ({
  accountId: "123456789012",
  dashboardName: "shop-dev",
  cluster: { arn: CLUSTER_ARN, clusterName: "platform", countsRunningTasks: false },
  loadBalancer: { arnSuffix: "app/lb/1" },
  services: {
    api: { serviceName: "api-1a2b", targetGroupArnSuffix: undefined, minimumTasks: 2 },
    web: { serviceName: "web-1a2b", targetGroupArnSuffix: undefined, minimumTasks: 2 },
  },
  databases: {},
});

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const GROUP = "aws:cloudwatch/logGroup:LogGroup";
const POLICY = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy";
const TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:monitoring-";
const LOG_GROUP_ARN =
  "arn:aws:logs:us-east-1:123456789012:log-group:/aws/events/shop-dev-failed-deployments";

const monitoring = (changes: Partial<MonitoringArgs> = {}) =>
  build(() => new Monitoring("monitoring", { ...happy(), ...changes }));

/** An alarm on whatever rules of EventBridge have sent on, in five minutes. */
function alarm(severity: string, alarmDescription: string, metric: Record<string, unknown>) {
  return {
    alarmDescription,
    ...metric,
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0,
    evaluationPeriods: 1,
    treatMissingData: "notBreaching",
    alarmActions: [`${TOPIC_ARN}${severity}-1a2b3c4`],
    okActions: [`${TOPIC_ARN}${severity}-1a2b3c4`],
  };
}

const sentOn = (ruleName: string) => ({
  namespace: "AWS/Events",
  metricName: "Invocations",
  dimensions: { RuleName: ruleName },
  statistic: "Sum",
  period: 300,
});

/** What ECS says of a task of api that has stopped. */
const stopped = (how: Record<string, unknown>) => ({
  source: ["aws.ecs"],
  "detail-type": ["ECS Task State Change"],
  detail: {
    clusterArn: [CLUSTER_ARN],
    group: ["service:api-1a2b"],
    lastStatus: ["STOPPED"],
    ...how,
  },
});

describe("Monitoring, tasks that fail", () => {
  it("are two rules for each service, for it alone, that keep what they pick in one log group", async () => {
    const run = await monitoring();
    const names = ["api", "web"].flatMap((name) => [
      `monitoring-service-${name}-exits`,
      `monitoring-service-${name}-out-of-memory`,
    ]);
    assert.deepEqual(
      run.all(RULE).map(({ name }) => name),
      names,
    );
    assert.deepEqual(
      inputsByName(run, TARGET),
      Object.fromEntries(
        names.map((name) => [name, { rule: `${name}-1a2b3c4`, arn: LOG_GROUP_ARN }]),
      ),
    );
    assert.deepEqual([run.all(GROUP).length, run.all(POLICY).length], [1, 1]);
  });

  it("for want of memory are those that ECS says so of, and whose main container was killed", async () => {
    const run = await monitoring();
    const rule = run.one(RULE, "monitoring-service-api-out-of-memory");
    assert.deepEqual(
      rule.jsonInput("eventPattern"),
      stopped({
        $or: [
          { containers: { reason: [{ prefix: "OutOfMemoryError" }] } },
          {
            stopCode: ["EssentialContainerExited"],
            containers: { name: ["api"], exitCode: [137] },
          },
        ],
      }),
    );
    assert.deepEqual(
      run.one(ALARM, "monitoring-service-api-out-of-memory").inputs,
      alarm(
        "critical",
        "A task of api was killed because it ran out of memory. Look for a leak, or raise memoryMiB. What to do: docs/runbooks/service-out-of-memory.md",
        sentOn("monitoring-service-api-out-of-memory-1a2b3c4"),
      ),
    );
  });

  it("by themselves are those that did not start, or ended with an error; not those that ECS stopped", async () => {
    const run = await monitoring();
    const rule = run.one(RULE, "monitoring-service-api-exits");
    assert.deepEqual(
      rule.jsonInput("eventPattern"),
      stopped({
        $or: [
          { stopCode: ["TaskFailedToStart"] },
          {
            stopCode: ["EssentialContainerExited"],
            containers: { exitCode: [{ "anything-but": [0] }] },
          },
        ],
      }),
    );
    assert.deepEqual(
      run.one(ALARM, "monitoring-service-api-exits").inputs,
      alarm(
        "warning",
        "A task of api did not start, or ended with an error by itself; ECS starts another. Look at the last lines of its log, and at the reason that it stopped for. What to do: docs/runbooks/service-exits.md",
        sentOn("monitoring-service-api-exits-1a2b3c4"),
      ),
    );
  });

  it("are not watched without the cluster's ARN", async () => {
    const cluster = { clusterName: "platform", countsRunningTasks: false };
    const run = await monitoring({ cluster });
    assert.deepEqual([...run.all(RULE), ...run.all(GROUP)], []);
  });

  it("are picked by no rule where nobody wants the alarm", async () => {
    const without = { "service-exits": "the batch ends with an error by design" };
    const run = await monitoring({ without });
    assert.deepEqual(
      run.all(RULE).map(({ name }) => name),
      ["monitoring-service-api-out-of-memory", "monitoring-service-web-out-of-memory"],
    );
  });
});

describe("Monitoring, Spot interruptions", () => {
  const spotApi = () => {
    const { api } = happy().services;
    assert.ok(api !== undefined);
    return { services: { api: { ...api, usesSpot: true } } };
  };
  const spotTopicArn = "arn:aws:sns:us-east-1:123456789012:spot";
  const text =
    "AWS took Spot capacity back. ECS starts the tasks anew where there is some; nothing is wrong unless it happens often. What to do: docs/runbooks/spot-interruption.md";

  it("are not watched where nothing is on Spot", async () => {
    const run = await monitoring();
    assert.ok(run.all(ALARM).every(({ name }) => name !== "monitoring-spot-interruptions"));
  });

  it("of tasks are events of the cluster", async () => {
    const run = await monitoring(spotApi());
    assert.deepEqual(run.one(RULE, "monitoring-spot-tasks").jsonInput("eventPattern"), {
      source: ["aws.ecs"],
      "detail-type": ["ECS Task State Change"],
      detail: {
        clusterArn: [CLUSTER_ARN],
        capacityProviderName: ["FARGATE_SPOT"],
        lastStatus: ["STOPPED"],
        stopCode: ["SpotInterruption", "TerminationNotice"],
      },
    });
    assert.deepEqual(
      run.one(ALARM, "monitoring-spot-interruptions").inputs,
      alarm("info", text, sentOn("monitoring-spot-tasks-1a2b3c4")),
    );
  });

  it("of hosts are events of EC2", async () => {
    const run = await monitoring({ cluster: { ...happy().cluster, spotTopicArn } });
    assert.deepEqual(run.one(RULE, "monitoring-spot-hosts").jsonInput("eventPattern"), {
      source: ["aws.ec2"],
      "detail-type": ["EC2 Spot Instance Interruption Warning"],
    });
    assert.deepEqual(
      run.one(ALARM, "monitoring-spot-interruptions").inputs,
      alarm("info", text, sentOn("monitoring-spot-hosts-1a2b3c4")),
    );
  });

  it("of both are one alarm, on the events of both together", async () => {
    const cluster = { ...happy().cluster, spotTopicArn };
    const run = await monitoring({ ...spotApi(), cluster });
    const part = (id: string, ruleName: string) => ({
      id,
      metric: {
        namespace: "AWS/Events",
        metricName: "Invocations",
        dimensions: { RuleName: ruleName },
        stat: "Sum",
        period: 300,
      },
      returnData: false,
    });
    const metricQueries = [
      part("part1", "monitoring-spot-tasks-1a2b3c4"),
      part("part2", "monitoring-spot-hosts-1a2b3c4"),
      {
        id: "whole",
        label: "Invocations",
        expression: "SUM([FILL(part1, 0), FILL(part2, 0)])",
        returnData: true,
      },
    ];
    assert.deepEqual(
      run.one(ALARM, "monitoring-spot-interruptions").inputs,
      alarm("info", text, { metricQueries }),
    );
  });
});
