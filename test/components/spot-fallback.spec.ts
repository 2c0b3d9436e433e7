import * as assert from "node:assert/strict";
import { SpotFallback, type SpotFallbackArgs } from "../../components";
import { spotFallbackSettings } from "../../components/spot-fallback/settings";
import type { JsonValue } from "../support/json";
import type { Run } from "../support/run";
import { build, cluster, dependsOn, itBounds, refusal } from "./support";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const FUNCTION = "aws:lambda/function:Function";
const PERMISSION = "aws:lambda/permission:Permission";
const POLICY = "aws:iam/rolePolicy:RolePolicy";
const ROLE = "aws:iam/role:Role";
const RULE = "aws:cloudwatch/eventRule:EventRule";
const SCHEDULE = "aws:scheduler/schedule:Schedule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";

const ACCOUNT = "us-east-1:123456789012";
const FUNCTION_ARN = `arn:aws:lambda:${ACCOUNT}:function/spot-fallback-function-1a2b3c4`;
const API = `arn:aws:ecs:${ACCOUNT}:service/platform/api`;
const GROUP = "platform-hosts-1a2b";
const topic = (severity: string) => `arn:aws:sns:${ACCOUNT}:${severity}`;

const strategy = [{ capacityProvider: "FARGATE_SPOT", base: 0, weight: 1 }];
const distribution = {
  onDemandBase: 1,
  onDemandPercentageAboveBase: 20,
  spotAllocationStrategy: "price-capacity-optimized",
};

const happy = (): SpotFallbackArgs => ({
  cluster,
  services: { api: { serviceArn: API, strategy } },
  hosts: { groupName: GROUP, distribution },
  telling: {
    topics: { critical: topic("critical"), warning: topic("warning"), info: topic("info") },
    runbooksUrl: "https://wiki.example.com",
    silenced: false,
  },
});

const make = (changes: Partial<SpotFallbackArgs> = {}) =>
  build(() => new SpotFallback("spot-fallback", { ...happy(), ...changes }));

const statements = (run: Run, policy: string): JsonValue | undefined =>
  (run.one(POLICY, policy).jsonInput("policy") as { Statement: JsonValue }).Statement;

const allow = (Action: string[], ...Resource: string[]) => ({ Effect: "Allow", Action, Resource });
const LOGS = allow(
  ["logs:CreateLogStream", "logs:PutLogEvents"],
  `arn:aws:logs:${ACCOUNT}:log-group:spot-fallback-logs-1a2b3c4:*`,
);
const COUNT = {
  ...allow(["cloudwatch:PutMetricData"], "*"),
  Condition: { StringEquals: { "cloudwatch:namespace": "EcsPlatform/SpotFallback" } },
};
const SERVICES = allow(["ecs:DescribeServices", "ecs:UpdateService"], API);
const HOSTS = [
  allow(
    ["autoscaling:UpdateAutoScalingGroup"],
    `arn:aws:autoscaling:${ACCOUNT}:autoScalingGroup:*:autoScalingGroupName/${GROUP}`,
  ),
  allow(["autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeScalingActivities"], "*"),
];

describe("SpotFallback", () => {
  it("creates this and nothing else, also in a preview", async () => {
    const { component, children } = await make();
    assert.equal(component.type, "ecs-platform:index:SpotFallback");
    assert.deepEqual(children, [
      `${RULE} spot-fallback-hosts`,
      `${RULE} spot-fallback-tasks`,
      `${TARGET} spot-fallback-hosts`,
      `${TARGET} spot-fallback-tasks`,
      "aws:cloudwatch/logGroup:LogGroup spot-fallback-logs",
      `${ALARM} spot-fallback-active`,
      `${ALARM} spot-fallback-failed`,
      `${ROLE} spot-fallback-role`,
      `${ROLE} spot-fallback-schedule-role`,
      `${POLICY} spot-fallback-policy`,
      `${POLICY} spot-fallback-schedule-policy`,
      `${FUNCTION} spot-fallback-function`,
      `${PERMISSION} spot-fallback-hosts`,
      `${PERMISSION} spot-fallback-tasks`,
      `${SCHEDULE} spot-fallback-schedule`,
    ]);
    const again = () => new SpotFallback("spot-fallback", happy());
    assert.deepEqual((await build(again, { preview: true })).children, children);
  });

  it("hears of services of this cluster that find no capacity, and of this group that starts no host", async () => {
    const run = await make();
    assert.deepEqual(run.one(RULE, "spot-fallback-tasks").jsonInput("eventPattern"), {
      source: ["aws.ecs"],
      "detail-type": ["ECS Service Action"],
      detail: { clusterArn: [cluster.arn], eventName: ["SERVICE_TASK_PLACEMENT_FAILURE"] },
    });
    assert.deepEqual(run.one(RULE, "spot-fallback-hosts").jsonInput("eventPattern"), {
      source: ["aws.autoscaling"],
      "detail-type": ["EC2 Instance Launch Unsuccessful"],
      detail: { AutoScalingGroupName: [GROUP] },
    });
    assert.deepEqual(run.one(PERMISSION, "spot-fallback-tasks").inputs, {
      function: "spot-fallback-function-1a2b3c4",
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: run.one(RULE, "spot-fallback-tasks").outputs["arn"],
    });
    assert.deepEqual(dependsOn(run, run.one(TARGET, "spot-fallback-tasks")), [
      `${PERMISSION} spot-fallback-tasks`,
    ]);
  });

  it("looks every quarter of an hour whether Spot may be tried again", async () => {
    assert.deepEqual((await make()).one(SCHEDULE).inputs, {
      description: "Looks whether Spot may be tried again",
      scheduleExpression: "rate(15 minutes)",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: FUNCTION_ARN,
        roleArn: "arn:aws:iam::123456789012:role/spot-fallback-schedule-role-1a2b3c4",
        input: "{}",
        retryPolicy: { maximumRetryAttempts: 0 },
      },
    });
  });

  it("may move these services and hosts, look at them, count, and nothing else", async () => {
    const run = await make();
    assert.deepEqual(statements(run, "spot-fallback-policy"), [LOGS, SERVICES, ...HOSTS, COUNT]);
    assert.deepEqual(statements(run, "spot-fallback-schedule-policy"), [
      allow(["lambda:InvokeFunction"], FUNCTION_ARN),
    ]);
  });

  it("hears and may nothing of hosts where there are none, nor of services where none is on Spot", async () => {
    const tasks = await make({ hosts: undefined });
    assert.deepEqual(statements(tasks, "spot-fallback-policy"), [LOGS, SERVICES, COUNT]);
    assert.deepEqual(
      tasks.all(RULE).map(({ name }) => name),
      ["spot-fallback-tasks"],
    );
    const hosts = await make({ services: {} });
    assert.deepEqual(statements(hosts, "spot-fallback-policy"), [LOGS, ...HOSTS, COUNT]);
    assert.deepEqual(
      hosts.all(RULE).map(({ name }) => name),
      ["spot-fallback-hosts"],
    );
  });

  it("runs a function that knows where they belong", async () => {
    const { code, ...inputs } = (await make()).one(FUNCTION).inputs;
    assert.deepEqual(inputs, {
      description: "Falls back from Spot to on-demand capacity, and returns",
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      role: "arn:aws:iam::123456789012:role/spot-fallback-role-1a2b3c4",
      timeout: 120,
      loggingConfig: { logGroup: "spot-fallback-logs-1a2b3c4", logFormat: "JSON" },
    });
    const { assets } = code as unknown as { assets: Record<string, { text?: string }> };
    assert.deepEqual(Object.keys(assets).sort(), [
      "aws.mjs",
      "fallback.mjs",
      "index.mjs",
      "plan.json",
    ]);
    assert.deepEqual(JSON.parse(assets["plan.json"]?.text ?? ""), {
      services: { api: { serviceArn: API, strategy } },
      hosts: { groupName: GROUP, distribution },
      returnAfterMinutes: 60,
      metric: { namespace: "EcsPlatform/SpotFallback", clusterName: "platform" },
    });
  });

  it("mentions that it has fallen back, and warns when it fails twice in a row", async () => {
    const run = await make();
    const alarm = (name: string) => {
      const { alarmDescription, ...inputs } = run.one(ALARM, name).inputs;
      return { runbook: (alarmDescription as string).split("/").at(-1), ...inputs };
    };
    const ringing = (severity: string) => ({
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      treatMissingData: "notBreaching",
      alarmActions: [topic(severity)],
      okActions: [topic(severity)],
    });
    assert.deepEqual(alarm("spot-fallback-active"), {
      ...ringing("info"),
      runbook: "spot-fallback.md",
      namespace: "EcsPlatform/SpotFallback",
      metricName: "OnDemandInPlaceOfSpot",
      dimensions: { ClusterName: "platform" },
      statistic: "Maximum",
      period: 1800,
      evaluationPeriods: 1,
    });
    assert.deepEqual(alarm("spot-fallback-failed"), {
      ...ringing("warning"),
      runbook: "spot-fallback-failed.md",
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: "spot-fallback-function-1a2b3c4" },
      statistic: "Sum",
      period: 900,
      evaluationPeriods: 2,
    });
  });

  it("refuses to have nothing on Spot, and lists every problem", async () => {
    const { cluster: own, telling } = happy();
    const error = await refusal(
      () => new SpotFallback("spot-fallback", { cluster: own, telling, returnAfterMinutes: 1 }),
    );
    assert.match(error.message, /^SpotFallback "spot-fallback": 2 problems; nothing was created\./);
    assert.deepEqual(error.problems.at(-1), {
      key: "services",
      value: undefined,
      rule: "have no share of FARGATE_SPOT, and no host is Spot",
      allowed: "at least one service or a group of hosts on Spot capacity",
      fix: "add one, or leave the component out",
    });
  });
});

describe("the settings of a Spot fallback", () => {
  it("have these defaults", () => {
    assert.deepEqual(spotFallbackSettings.parse({}), { returnAfterMinutes: 60 });
  });

  itBounds(spotFallbackSettings, {}, { returnAfterMinutes: [15, 1440] });
});
