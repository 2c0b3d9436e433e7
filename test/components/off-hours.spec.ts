import * as assert from "node:assert/strict";
import { OffHours, type OffHoursArgs } from "../../components";
import { awakeHoursAWeek, cronAt, isAwakeThrough } from "../../components/off-hours/clock";
import { offHoursSettings } from "../../components/off-hours/settings";
import type { JsonValue } from "../support/json";
import type { Run } from "../support/run";
import {
  build,
  cluster,
  dependsOn,
  inputsByName,
  itBounds,
  itRefuses,
  itTakes,
  noChoice,
  refusal,
} from "./support";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const FUNCTION = "aws:lambda/function:Function";
const POLICY = "aws:iam/rolePolicy:RolePolicy";
const ROLE = "aws:iam/role:Role";
const SCHEDULE = "aws:scheduler/schedule:Schedule";
const TRIES = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";

const ACCOUNT = "us-east-1:123456789012";
const FUNCTION_ARN = `arn:aws:lambda:${ACCOUNT}:function/off-hours-function-1a2b3c4`;
const SCALING = `arn:aws:application-autoscaling:${ACCOUNT}:scalable-target/1a2b`;
const serviceArn = (name: string) => `arn:aws:ecs:${ACCOUNT}:service/platform/${name}`;
const topic = (severity: string) => `arn:aws:sns:${ACCOUNT}:${severity}`;

const happy = (): OffHoursArgs => ({
  cluster,
  timezone: "Europe/Berlin",
  services: {
    api: { serviceArn: serviceArn("api"), tasks: 2, scalingTargetArn: SCALING },
    worker: { serviceArn: serviceArn("worker"), tasks: 1, scalingTargetArn: undefined },
  },
  databases: {
    orders: { identifier: "orders-1a2b", kind: "instance" },
    events: { identifier: "events-1a2b", kind: "serverless" },
  },
  hosts: { groupName: "platform-hosts-1a2b", minSize: 2 },
  instances: { bastion: "i-bastion" },
  alarms: ["tasks-of-api", "tasks-of-worker"],
  telling: {
    topics: { critical: topic("critical"), warning: topic("warning"), info: topic("info") },
    runbooksUrl: "https://wiki.example.com",
    silenced: false,
  },
});

const NOTHING = {
  services: {},
  databases: {},
  hosts: undefined,
  instances: {},
  alarms: [],
};

const make = (changes: Partial<OffHoursArgs> = {}) =>
  build(() => new OffHours("off-hours", { ...happy(), ...changes }));

const statements = (run: Run, policy: string): JsonValue | undefined =>
  (run.one(POLICY, policy).jsonInput("policy") as { Statement: JsonValue }).Statement;

const allow = (Action: string[], ...Resource: string[]) => ({ Effect: "Allow", Action, Resource });

const LOGS = allow(
  ["logs:CreateLogStream", "logs:PutLogEvents"],
  `arn:aws:logs:${ACCOUNT}:log-group:off-hours-logs-1a2b3c4:*`,
);

describe("OffHours", () => {
  it("creates this and nothing else, also in a preview", async () => {
    const { component, children } = await make();
    assert.equal(component.type, "ecs-platform:index:OffHours");
    assert.deepEqual(children, [
      "aws:cloudwatch/logGroup:LogGroup off-hours-logs",
      `${ALARM} off-hours-failed`,
      `${ROLE} off-hours-role`,
      `${ROLE} off-hours-schedule-role`,
      `${POLICY} off-hours-policy`,
      `${POLICY} off-hours-schedule-policy`,
      `${FUNCTION} off-hours-function`,
      `${TRIES} off-hours-tries`,
      `${SCHEDULE} off-hours-sleep`,
      `${SCHEDULE} off-hours-wake`,
    ]);
    const preview = await build(() => new OffHours("off-hours", happy()), { preview: true });
    assert.deepEqual(preview.children, children);
  });

  it("begins to wake 20 minutes before 7 on workdays, and goes to sleep at 20, by the clocks of its place", async () => {
    const run = await make();
    const schedule = (turn: string, description: string, scheduleExpression: string) => ({
      description,
      scheduleExpression,
      scheduleExpressionTimezone: "Europe/Berlin",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: FUNCTION_ARN,
        roleArn: "arn:aws:iam::123456789012:role/off-hours-schedule-role-1a2b3c4",
        input: JSON.stringify({ turn }),
        retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 1800 },
      },
    });
    assert.deepEqual(inputsByName(run, SCHEDULE), {
      "off-hours-wake": schedule(
        "wake",
        "Wakes the environment",
        "cron(40 6 ? * MON,TUE,WED,THU,FRI *)",
      ),
      "off-hours-sleep": schedule(
        "sleep",
        "Puts the environment to sleep",
        "cron(0 20 ? * MON,TUE,WED,THU,FRI *)",
      ),
    });
    assert.deepEqual(dependsOn(run, run.one(SCHEDULE, "off-hours-wake")), [
      `${POLICY} off-hours-schedule-policy`,
    ]);
  });

  it("may stop and start what it is given, ask how it is, and nothing else", async () => {
    const run = await make();
    assert.deepEqual(statements(run, "off-hours-policy"), [
      LOGS,
      allow(["ecs:DescribeServices", "ecs:UpdateService"], serviceArn("*")),
      {
        ...allow(
          ["application-autoscaling:RegisterScalableTarget"],
          `arn:aws:application-autoscaling:${ACCOUNT}:scalable-target/*`,
        ),
        Condition: {
          StringEquals: {
            "application-autoscaling:service-namespace": "ecs",
            "application-autoscaling:scalable-dimension": "ecs:service:DesiredCount",
          },
        },
      },
      allow(
        ["rds:DescribeDBInstances", "rds:StartDBInstance", "rds:StopDBInstance"],
        `arn:aws:rds:${ACCOUNT}:db:orders-1a2b`,
      ),
      allow(
        ["rds:DescribeDBClusters", "rds:StartDBCluster", "rds:StopDBCluster"],
        `arn:aws:rds:${ACCOUNT}:cluster:events-1a2b`,
      ),
      allow(
        ["autoscaling:UpdateAutoScalingGroup"],
        `arn:aws:autoscaling:${ACCOUNT}:autoScalingGroup:*:autoScalingGroupName/platform-hosts-1a2b`,
      ),
      allow(
        ["ec2:StartInstances", "ec2:StopInstances"],
        `arn:aws:ec2:${ACCOUNT}:instance/i-bastion`,
      ),
      allow(
        ["cloudwatch:DisableAlarmActions", "cloudwatch:EnableAlarmActions"],
        `arn:aws:cloudwatch:${ACCOUNT}:alarm:tasks-of-api`,
        `arn:aws:cloudwatch:${ACCOUNT}:alarm:tasks-of-worker`,
      ),
      allow(["cloudwatch:DescribeAlarms"], `arn:aws:cloudwatch:${ACCOUNT}:alarm:*`),
    ]);
    assert.deepEqual(statements(run, "off-hours-schedule-policy"), [
      allow(["lambda:InvokeFunction"], FUNCTION_ARN),
    ]);
  });

  it("may do nothing to kinds of things that do not sleep", async () => {
    const run = await make({ ...NOTHING, instances: { nat: "i-nat" } });
    assert.deepEqual(statements(run, "off-hours-policy"), [
      LOGS,
      allow(["ec2:StartInstances", "ec2:StopInstances"], `arn:aws:ec2:${ACCOUNT}:instance/i-nat`),
    ]);
  });

  it("may scale nothing where no service scales", async () => {
    const run = await make({
      ...NOTHING,
      services: { worker: { serviceArn: serviceArn("worker"), tasks: 1 } },
    });
    assert.deepEqual(statements(run, "off-hours-policy"), [
      LOGS,
      allow(["ecs:DescribeServices", "ecs:UpdateService"], serviceArn("*")),
    ]);
  });

  it("has a policy that IAM takes for sixty services with an alarm each", async () => {
    const names = Array.from({ length: 60 }, (_, index) => `payments-worker-${index}`);
    const services = Object.fromEntries(
      names.map((name) => [
        name,
        { serviceArn: serviceArn(`${name}-service-1a2b3c4`), tasks: 1, scalingTargetArn: SCALING },
      ]),
    );
    const alarms = names.map((name) => `monitoring-service-${name}-tasks-1a2b3c4`);
    const run = await make({ services, alarms });
    // What IAM counts of all policies within a role, without spaces.
    assert.ok(
      JSON.stringify(run.one(POLICY, "off-hours-policy").jsonInput("policy")).length < 10_240,
    );
  });

  it("has roles that Lambda and this account's Scheduler alone take on", async () => {
    const run = await make();
    const trust = (role: string) => run.one(ROLE, role).jsonInput("assumeRolePolicy");
    const assume = (Service: string) => ({
      Effect: "Allow",
      Principal: { Service },
      Action: ["sts:AssumeRole"],
    });
    assert.deepEqual(trust("off-hours-role"), {
      Version: "2012-10-17",
      Statement: [assume("lambda.amazonaws.com")],
    });
    assert.deepEqual(trust("off-hours-schedule-role"), {
      Version: "2012-10-17",
      Statement: [
        {
          ...assume("scheduler.amazonaws.com"),
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        },
      ],
    });
  });

  it("runs a function that knows what sleeps, and what it wakes with", async () => {
    const run = await make();
    const { code, ...inputs } = run.one(FUNCTION).inputs;
    assert.deepEqual(inputs, {
      description: "Puts an environment to sleep, and wakes it",
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      role: "arn:aws:iam::123456789012:role/off-hours-role-1a2b3c4",
      memorySize: 256,
      timeout: 900,
      loggingConfig: { logGroup: "off-hours-logs-1a2b3c4", logFormat: "JSON" },
    });
    const { assets } = code as unknown as { assets: Record<string, { text?: string }> };
    assert.deepEqual(Object.keys(assets).sort(), ["aws.mjs", "index.mjs", "plan.json", "turn.mjs"]);
    assert.deepEqual(JSON.parse(assets["plan.json"]?.text ?? ""), {
      services: {
        api: { serviceArn: serviceArn("api"), tasks: 2, scalingTargetArn: SCALING },
        worker: { serviceArn: serviceArn("worker"), tasks: 1 },
      },
      databases: {
        orders: { identifier: "orders-1a2b", isCluster: false },
        events: { identifier: "events-1a2b", isCluster: true },
      },
      hosts: { groupName: "platform-hosts-1a2b", minSize: 2 },
      instances: { bastion: "i-bastion" },
      alarms: ["tasks-of-api", "tasks-of-worker"],
    });
  });

  it("is tried twice, and not an hour later: a person may have woken it meanwhile", async () => {
    assert.deepEqual((await make()).one(TRIES).inputs, {
      functionName: "off-hours-function-1a2b3c4",
      maximumRetryAttempts: 1,
      maximumEventAgeInSeconds: 1800,
    });
  });

  it("warns when something has not gone to sleep or not woken at the second try", async () => {
    const { alarmDescription, ...inputs } = (await make()).one(ALARM).inputs;
    assert.match(
      alarmDescription as string,
      / What to do: https:\/\/wiki\.example\.com\/off-hours-failed\.md$/,
    );
    assert.deepEqual(inputs, {
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: "off-hours-function-1a2b3c4" },
      statistic: "Sum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 1,
      period: 3600,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
      alarmActions: [topic("warning")],
      okActions: [topic("warning")],
    });
  });

  it("says what its function is, and how to wake and sleep at another time", async () => {
    const { component } = await make();
    assert.deepEqual(component.outputs, { functionName: "off-hours-function-1a2b3c4" });
    let commands: OffHours["commands"] | undefined;
    const run = await build(() => {
      const offHours = new OffHours("off-hours", happy());
      commands = offHours.commands;
      return offHours;
    });
    assert.equal(run.children.length, 10);
    assert.equal(
      await new Promise((resolve) => commands?.wake.apply(resolve)),
      `aws lambda invoke --function-name off-hours-function-1a2b3c4 --invocation-type Event --cli-binary-format raw-in-base64-out --payload '{"turn":"wake"}' --region us-east-1 /dev/null`,
    );
  });

  it("refuses to put nothing to sleep, and lists every problem", async () => {
    const error = await refusal(
      () => new OffHours("off-hours", { ...happy(), ...NOTHING, leadMinutes: 61 }),
    );
    assert.match(error.message, /^OffHours "off-hours": 2 problems; nothing was created\./);
    assert.deepEqual(error.problems.at(-1), {
      key: "services",
      value: undefined,
      rule: "leaves nothing that could sleep",
      allowed: "at least one service, database, group of hosts or instance",
      fix: "add one, or leave the component out",
    });
  });
});

describe("the settings of off-hours", () => {
  const berlin = { timezone: "Europe/Berlin" };

  it("have these defaults", () => {
    assert.deepEqual(offHoursSettings.parse(berlin), {
      timezone: "Europe/Berlin",
      awake: { days: ["MON", "TUE", "WED", "THU", "FRI"], from: "07:00", to: "20:00" },
      leadMinutes: 20,
    });
  });

  itBounds(offHoursSettings, berlin, { leadMinutes: [0, 60] });

  itTakes(offHoursSettings, berlin, {
    "an hour, and no other": { awake: { days: ["SUN"], from: "22:59", to: "23:59" } },
    "a start as long after midnight as it takes to wake": { "awake.from": "00:20" },
  });

  const time = (key: string, value: unknown) => ({
    change: { [key]: value },
    problem: {
      key,
      value,
      rule: "must be a time of day",
      allowed: "HH:MM from 00:00 to 23:59, in quotes",
      fix: 'write it like "07:00"',
    },
  });
  itRefuses(offHoursSettings, berlin, {
    "an hour of one digit": time("awake.from", "7:00"),
    "a time after the end of the day": time("awake.to", "24:00"),
    "a time with seconds": time("awake.from", "07:00:00"),
    "less than an hour": {
      change: { "awake.to": "07:59" },
      problem: {
        key: "awake.to",
        value: "07:59",
        rule: "must be an hour or more after from, on the same day",
        allowed: "a time an hour or more after from",
        fix: "move one of the two",
      },
    },
    "a start on the day before": {
      change: { "awake.from": "00:19" },
      problem: {
        key: "leadMinutes",
        value: undefined,
        rule: "begins to wake on the day before",
        allowed: "as many minutes as lie between midnight and awake.from, or fewer",
        fix: "lower it, or move awake.from",
      },
    },
    "a day twice": {
      change: { "awake.days": ["MON", "MON"] },
      problem: {
        key: "awake.days",
        value: ["MON", "MON"],
        rule: "has an entry twice",
        allowed: "different days",
        fix: "remove the repeated entry",
      },
    },
    "a day of another name": {
      change: { "awake.days": ["MO"] },
      problem: noChoice("awake.days[0]", "MO", ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]),
    },
    "another place": {
      change: { timezone: "Berlin" },
      problem: {
        key: "timezone",
        value: "Berlin",
        rule: "must be a time zone",
        allowed: "a name of the time zone database",
        fix: 'write it like "Europe/Berlin" or "Etc/UTC"',
      },
    },
  });
});

describe("the clock of off-hours", () => {
  it("names the days in their order, and counts back over the hour", () => {
    assert.equal(cronAt(["FRI", "MON"], "07:10", 20), "cron(50 6 ? * MON,FRI *)");
    assert.equal(cronAt(["SUN"], "00:20", 20), "cron(0 0 ? * SUN *)");
  });

  it("knows what of the week in UTC it is awake through, in winter and in summer", () => {
    const [monday, friday, sunday] = [0, 4 * 1440, 6 * 1440];
    const place = (timezone: string, from = "07:00", to = "20:00") => ({
      timezone,
      awake: { days: ["MON", "TUE", "WED", "THU", "FRI"] as const, from, to },
    });
    const holds = (given: ReturnType<typeof place>, start: number, minutes = 60) =>
      isAwakeThrough(given, { start, end: start + minutes });
    // Berlin is an hour ahead in winter and two in summer: awake from 06:00 UTC on, and until 18:00.
    assert.equal(holds(place("Europe/Berlin"), monday + 6 * 60), true);
    assert.equal(holds(place("Europe/Berlin"), monday + 6 * 60 - 1), false);
    assert.equal(holds(place("Europe/Berlin"), friday + 17 * 60), true);
    assert.equal(holds(place("Europe/Berlin"), friday + 17 * 60, 61), false);
    assert.equal(holds(place("Europe/Berlin"), sunday + 12 * 60), false);
    // Monday begins on Sunday in Tokyo, and Friday ends on Saturday in Los Angeles.
    assert.equal(holds(place("Asia/Tokyo"), sunday + 22 * 60), true);
    assert.equal(holds(place("America/Los_Angeles"), friday + 25 * 60), true);
    assert.equal(holds(place("America/Los_Angeles"), monday), false);
    assert.equal(holds(place("Asia/Kolkata"), monday + 90), true);
    assert.equal(holds(place("Etc/UTC"), monday + 7 * 60), true);
    assert.equal(holds(place("Etc/UTC", "22:00", "23:59"), monday + 23 * 60), false);
  });

  it("counts the hours of a week", () => {
    const awake = {
      days: ["MON", "TUE", "WED", "THU", "FRI"],
      from: "07:00",
      to: "20:00",
    } as const;
    assert.deepEqual(awakeHoursAWeek(awake, 20), { services: 65, others: 65 + 100 / 60 });
  });
});
