import * as assert from "node:assert/strict";
import { Monitoring, type MonitoringArgs } from "../../components";
import { build, refusal } from "./support";

const CLUSTER_ARN = "arn:aws:ecs:us-east-1:123456789012:cluster/platform";

const happy = (): MonitoringArgs => ({
  accountId: "123456789012",
  dashboardName: "shop-dev",
  cluster: { arn: CLUSTER_ARN, clusterName: "platform", countsRunningTasks: true },
  loadBalancer: { arnSuffix: "app/lb/1" },
  natGatewayIds: { a: "nat-1", b: "nat-2" },
  services: {},
  databases: {},
});

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

async function alarm(args: MonitoringArgs, name: string): Promise<unknown> {
  const run = await build(() => new Monitoring("monitoring", args));
  const { alarmDescription, alarmActions, okActions, ...rest } = run.one(
    ALARM,
    `monitoring-${name}`,
  ).inputs;
  assert.equal(typeof alarmDescription, "string");
  assert.deepEqual(
    [alarmActions, okActions],
    Array(2).fill([run.one("aws:sns/topic:Topic", "monitoring-warning").outputs["arn"]]),
  );
  return rest;
}

describe("Monitoring of hosts and ways out", () => {
  it("alarms when tasks wait for a host of the cluster's own", async () => {
    const cluster = { ...happy().cluster, ec2CapacityProviderName: "platform-ec2" };
    assert.deepEqual(await alarm({ ...happy(), cluster }, "cluster-capacity"), {
      namespace: "AWS/ECS/ManagedScaling",
      metricName: "CapacityProviderReservation",
      dimensions: { ClusterName: "platform", CapacityProviderName: "platform-ec2" },
      statistic: "Average",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 100,
      period: 60,
      evaluationPeriods: 15,
      treatMissingData: "notBreaching",
    });
  });

  it("alarms when a NAT gateway has no port left", async () => {
    for (const [zone, id] of Object.entries({ a: "nat-1", b: "nat-2" })) {
      assert.deepEqual(await alarm(happy(), `nat-${zone}-ports`), {
        namespace: "AWS/NATGateway",
        metricName: "ErrorPortAllocation",
        dimensions: { NatGatewayId: id },
        statistic: "Sum",
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        period: 300,
        evaluationPeriods: 1,
        treatMissingData: "notBreaching",
      });
    }
  });

  it("has neither where there are no hosts and nobody wants to know of ports", async () => {
    const args = { ...happy(), natErrors: false };
    const run = await build(() => new Monitoring("monitoring", args));
    assert.deepEqual(
      run.all(ALARM).map(({ name }) => name),
      ["monitoring-load-balancer-errors"],
    );
  });
});

describe("Monitoring of stopped tasks", () => {
  const args = (): MonitoringArgs => ({ ...happy(), stoppedTasks: { logRetentionDays: 90 } });

  it("keeps what ECS says of them in a log of their own", async () => {
    const run = await build(() => new Monitoring("monitoring", args()));
    const logGroup = run.one("aws:cloudwatch/logGroup:LogGroup");
    assert.deepEqual(logGroup.inputs, {
      name: "/aws/events/shop-dev-stopped-tasks",
      retentionInDays: 90,
    });
    assert.equal(logGroup.deleteBeforeReplace, true);
    const rule = run.one("aws:cloudwatch/eventRule:EventRule");
    assert.deepEqual(rule.jsonInput("eventPattern"), {
      source: ["aws.ecs"],
      "detail-type": ["ECS Task State Change"],
      detail: { clusterArn: [CLUSTER_ARN], lastStatus: ["STOPPED"] },
    });
    assert.deepEqual(run.one("aws:cloudwatch/eventTarget:EventTarget").inputs, {
      rule: rule.outputs["name"],
      arn: logGroup.outputs["arn"],
    });
  });

  it("lets EventBridge write there, for its own account", async () => {
    const run = await build(() => new Monitoring("monitoring", args()));
    const policy = run.one("aws:cloudwatch/logResourcePolicy:LogResourcePolicy");
    assert.equal(policy.input("policyName"), "shop-dev-stopped-tasks");
    assert.deepEqual(policy.jsonInput("policyDocument"), {
      Version: "2012-10-17",
      Statement: ["events.amazonaws.com", "delivery.logs.amazonaws.com"].flatMap((Service) => {
        const Resource = [
          "arn:aws:logs:us-east-1:123456789012:log-group:/aws/events/shop-dev-stopped-tasks:*",
        ];
        return [
          { Effect: "Allow", Principal: { Service }, Action: ["logs:CreateLogStream"], Resource },
          {
            Effect: "Allow",
            Principal: { Service },
            Action: ["logs:PutLogEvents"],
            Resource,
            Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
          },
        ];
      }),
    });
  });

  it("needs the cluster's ARN", async () => {
    const cluster = { clusterName: "platform", countsRunningTasks: true };
    const error = await refusal(() => new Monitoring("monitoring", { ...args(), cluster }));
    assert.deepEqual(error.problems, [
      {
        key: "cluster.arn",
        value: undefined,
        rule: "is required with stoppedTasks",
        allowed: "the cluster's ARN",
        fix: "pass the EcsCluster, or remove stoppedTasks",
      },
    ]);
  });

  it("is none by default", async () => {
    const run = await build(() => new Monitoring("monitoring", happy()));
    assert.deepEqual(run.all("aws:cloudwatch/eventRule:EventRule"), []);
  });
});
