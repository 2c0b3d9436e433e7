import * as assert from "node:assert/strict";
import { Monitoring, type MonitoringArgs } from "../../components";
import { monitoringSettings } from "../../components/monitoring/settings";
import { build, dependsOn, inputsByName, itRefuses, itTakes } from "./support";

const API_ARN = "arn:aws:ecs:us-east-1:123456789012:service/platform/api-1";

const happy = (): MonitoringArgs => ({
  accountId: "123456789012",
  dashboardName: "shop-dev",
  cluster: { clusterName: "platform", countsRunningTasks: false },
  loadBalancer: { arnSuffix: "app/lb/1" },
  services: {
    api: {
      serviceName: "api-1",
      serviceArn: API_ARN,
      targetGroupArnSuffix: undefined,
      minimumTasks: 2,
    },
    web: {
      serviceName: "web-1",
      serviceArn: API_ARN.replace("api", "web"),
      targetGroupArnSuffix: undefined,
      minimumTasks: 2,
    },
  },
  databases: {},
});

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const GROUP = "aws:cloudwatch/logGroup:LogGroup";
const POLICY = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy";
const TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:monitoring-warning-1a2b3c4";
const NAME = "monitoring-service-api-deployment";

const monitoring = (args: MonitoringArgs) => build(() => new Monitoring("monitoring", args));

describe("Monitoring, failed deployments", () => {
  it("are one rule for each service, for it alone", async () => {
    const run = await monitoring(happy());
    assert.deepEqual(
      run.all(RULE).map(({ name }) => name),
      [NAME, "monitoring-service-web-deployment"],
    );
    assert.deepEqual(run.one(RULE, NAME).jsonInput("eventPattern"), {
      source: ["aws.ecs"],
      "detail-type": ["ECS Deployment State Change"],
      resources: [API_ARN],
      detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
    });
  });

  it("are kept in one log group, once EventBridge may write there", async () => {
    const run = await monitoring(happy());
    assert.deepEqual(inputsByName(run, GROUP), {
      "monitoring-failed-deployments": {
        name: "/aws/events/shop-dev-failed-deployments",
        retentionInDays: 30,
      },
    });
    const target = run.one(TARGET, NAME);
    assert.deepEqual(target.inputs, {
      rule: `${NAME}-1a2b3c4`,
      arn: "arn:aws:logs:us-east-1:123456789012:log-group:/aws/events/shop-dev-failed-deployments",
    });
    assert.deepEqual(dependsOn(run, target), [`${POLICY} monitoring-failed-deployments-policy`]);
  });

  it("may be written there by EventBridge, for this account", async () => {
    const run = await monitoring(happy());
    const policy = run.one(POLICY);
    const Resource = [
      "arn:aws:logs:us-east-1:123456789012:log-group:/aws/events/shop-dev-failed-deployments:*",
    ];
    assert.equal(policy.input("policyName"), "shop-dev-failed-deployments");
    assert.deepEqual(policy.jsonInput("policyDocument"), {
      Version: "2012-10-17",
      Statement: ["events.amazonaws.com", "delivery.logs.amazonaws.com"].flatMap((Service) => [
        { Effect: "Allow", Principal: { Service }, Action: ["logs:CreateLogStream"], Resource },
        {
          Effect: "Allow",
          Principal: { Service },
          Action: ["logs:PutLogEvents"],
          Resource,
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        },
      ]),
    });
  });

  it("raise an alarm that sends people to the runbook", async () => {
    const run = await monitoring(happy());
    assert.deepEqual(run.one(ALARM, NAME).inputs, {
      alarmDescription:
        "A deployment of api failed. ECS goes back to the former tasks where it can, so users may have noticed nothing. What to do: docs/runbooks/deployment-failed.md",
      namespace: "AWS/Events",
      metricName: "Invocations",
      dimensions: { RuleName: `${NAME}-1a2b3c4` },
      statistic: "Sum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      period: 300,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
      alarmActions: [TOPIC_ARN],
      okActions: [TOPIC_ARN],
    });
  });

  it("send people where the settings say", async () => {
    const runbooksUrl = "https://wiki.example.com/runbooks";
    const run = await monitoring({ ...happy(), runbooksUrl });
    assert.match(
      run.one(ALARM, NAME).input("alarmDescription") as string,
      /What to do: https:\/\/wiki\.example\.com\/runbooks\/deployment-failed\.md$/,
    );
  });

  it("are not watched of services whose ARN nobody gives", async () => {
    const { api } = happy().services;
    const { serviceArn: _, ...service } = api ?? { serviceName: "", minimumTasks: 0 };
    const services = { api: { targetGroupArnSuffix: undefined, ...service } };
    const run = await monitoring({ ...happy(), services });
    assert.deepEqual([...run.all(RULE), ...run.all(GROUP), ...run.all(POLICY)], []);
    assert.ok(!run.all(ALARM).some(({ name }) => name === NAME));
  });

  const wrong = (value: string) => ({
    change: { runbooksUrl: value },
    problem: {
      key: "runbooksUrl",
      value,
      rule: "must be an address or a path",
      allowed: "1 to 300 characters without spaces, and without a slash at the end",
      fix: 'write it like "https://wiki.example.com/runbooks"',
    },
  });
  itTakes(monitoringSettings, {}, { "a path": { runbooksUrl: "docs/runbooks" } });
  itRefuses(
    monitoringSettings,
    {},
    {
      "an address with spaces": wrong("see the wiki"),
      "an address with a slash at its end": wrong("https://wiki.example.com/"),
      "an address longer than a mail bears": wrong("x".repeat(301)),
    },
  );
});
