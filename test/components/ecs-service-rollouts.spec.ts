import * as assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { EcsService, type EcsServiceArgs } from "../../components";
import type { Run } from "../support/run";
import { build, cluster, customTimeouts, dependsOn, loadBalancer, network } from "./support";

type DeploymentArgs = NonNullable<EcsServiceArgs["deployment"]>;

const BLUE_GREEN = { strategy: "BLUE_GREEN" } as const;

const happy = (deployment: DeploymentArgs = BLUE_GREEN): EcsServiceArgs => ({
  cluster,
  network,
  loadBalancer,
  image: "nginx:1.29",
  route: { priority: 100 },
  deployment,
});

const SERVICE = "aws:ecs/service:Service";
const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
const LISTENER_RULE = "aws:lb/listenerRule:ListenerRule";
const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const POLICY = "aws:appautoscaling/policy:Policy";

const ACCOUNT = "arn:aws:elasticloadbalancing:us-east-1:123456789012";
const FIRST = `${ACCOUNT}:targetgroup/api-tg-1a2b3c4/50dc6c495c0c9188`;
const SECOND = `${ACCOUNT}:targetgroup/api-tg2-1a2b3c4/50dc6c495c0c9188`;
const RULE = `${ACCOUNT}:listener-rule/api-rule-1a2b3c4`;
const TEST_RULE = `${ACCOUNT}:listener-rule/api-test-rule-1a2b3c4`;
const SHIFT_ROLE = "arn:aws:iam::123456789012:role/api-shift-role-1a2b3c4";

const toTheFirst = [
  {
    type: "forward",
    forward: {
      targetGroups: [
        { arn: FIRST, weight: 100 },
        { arn: SECOND, weight: 0 },
      ],
    },
  },
];
const movedByEcs = ["actions[0].forward.targetGroups[0]", "actions[0].forward.targetGroups[1]"];

const run = (args: EcsServiceArgs) => build(() => new EcsService("api", args));

/** The parts of a metric of both target groups, as an alarm lists them. */
const bothGroups = (metricName: string, stat: string) =>
  [FIRST, SECOND].map((arn, index) => ({
    id: `part${index + 1}`,
    metric: {
      namespace: "AWS/ApplicationELB",
      metricName,
      dimensions: { LoadBalancer: loadBalancer.arnSuffix, TargetGroup: arn.split(":").at(-1) },
      stat,
      period: 60,
    },
    returnData: false,
  }));

describe("EcsService, rollouts", () => {
  it("say ROLLING where nothing is said, so that a service can go back to it", async () => {
    const { route: _, deployment: __, ...args } = happy();
    assert.deepEqual((await run(args)).one(SERVICE).input("deploymentConfiguration"), {
      strategy: "ROLLING",
      bakeTimeInMinutes: "0",
    });
  });

  for (const [title, deployment, expected] of [
    ["at once", BLUE_GREEN, { strategy: "BLUE_GREEN", bakeTimeInMinutes: "5" }],
    [
      "at once, and let nobody wait",
      { ...BLUE_GREEN, bakeTimeMinutes: 0 },
      { strategy: "BLUE_GREEN", bakeTimeInMinutes: "0" },
    ],
    [
      "a few first",
      { strategy: "CANARY", canary: { percent: 0.5 }, bakeTimeMinutes: 60 },
      {
        strategy: "CANARY",
        bakeTimeInMinutes: "60",
        canaryConfiguration: { canaryPercent: 0.5, canaryBakeTimeInMinutes: "10" },
      },
    ],
    [
      "in steps",
      { strategy: "LINEAR", linear: { stepPercent: 25, stepBakeTimeMinutes: 3 } },
      {
        strategy: "LINEAR",
        bakeTimeInMinutes: "5",
        linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: "3" },
      },
    ],
  ] as const) {
    it(`move requests ${title}`, async () => {
      const service = (await run(happy(deployment))).one(SERVICE);
      assert.deepEqual(service.input("deploymentConfiguration"), expected);
      assert.deepEqual(
        [
          service.input("deploymentMinimumHealthyPercent"),
          service.input("deploymentMaximumPercent"),
          service.input("deploymentCircuitBreaker"),
        ],
        [100, 200, { enable: true, rollback: true }],
      );
    });
  }

  it("that move requests add a second target group, a rule for tests and a role", async () => {
    const rolling = await run(happy({}));
    const { children } = await run(happy());
    assert.deepEqual(
      children.filter((child) => !rolling.children.includes(child)),
      [
        "aws:iam/role:Role api-shift-role",
        "aws:iam/rolePolicy:RolePolicy api-shift-policy",
        "aws:lb/listenerRule:ListenerRule api-test-rule",
        "aws:lb/targetGroup:TargetGroup api-tg2",
        "random:index/randomId:RandomId api-test-header",
      ],
    );
    assert.deepEqual(
      rolling.children.filter((child) => !children.includes(child)),
      [],
    );
  });

  it("tell ECS what it moves requests with", async () => {
    const built = await run(happy());
    assert.deepEqual(built.one(SERVICE).input("loadBalancers"), [
      {
        targetGroupArn: FIRST,
        containerName: "api",
        containerPort: 3000,
        advancedConfiguration: {
          alternateTargetGroupArn: SECOND,
          productionListenerRule: RULE,
          testListenerRule: TEST_RULE,
          roleArn: SHIFT_ROLE,
        },
      },
    ]);
    assert.deepEqual(
      built.one(TARGET_GROUP, "api-tg").inputs,
      built.one(TARGET_GROUP, "api-tg2").inputs,
    );
  });

  it("begin with the first target group, and leave what ECS moves from then on alone", async () => {
    const built = await run(happy());
    for (const name of ["api-rule", "api-test-rule"]) {
      const rule = built.one(LISTENER_RULE, name);
      assert.deepEqual(rule.input("actions"), toTheFirst);
      assert.deepEqual(rule.ignoreChanges, movedByEcs);
    }
  });

  it("lead requests with a header that nobody guesses to new tasks first", async () => {
    const route = { priority: 100, hosts: ["a.example.com"], allowedCidrs: ["203.0.113.0/24"] };
    const built = await run({ ...happy(), route });
    const { priority, conditions } = built.one(LISTENER_RULE, "api-test-rule").inputs;
    assert.equal(priority, 99);
    assert.deepEqual(conditions, [
      { hostHeader: { values: ["a.example.com"] } },
      { pathPattern: { values: ["/*"] } },
      { sourceIp: { values: ["203.0.113.0/24"] } },
      { httpHeader: { httpHeaderName: "x-ecs-platform-test", values: ["1a2b3c4d"] } },
    ]);
    const value = built.one("random:index/randomId:RandomId", "api-test-header");
    assert.deepEqual(value.inputs, { byteLength: 16 });
  });

  it("try test requests where the settings say", async () => {
    const built = await run(happy({ ...BLUE_GREEN, testTraffic: { priority: 7 } }));
    assert.equal(built.one(LISTENER_RULE, "api-test-rule").input("priority"), 7);
  });

  it("let ECS change this service's two rules and two target groups, and look at others", async () => {
    const built = await run(happy());
    assert.deepEqual(built.one(ROLE, "api-shift-role").jsonInput("assumeRolePolicy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "ecs.amazonaws.com" },
          Action: ["sts:AssumeRole"],
        },
      ],
    });
    const policy = built.one(ROLE_POLICY, "api-shift-policy");
    assert.equal(policy.input("role"), "api-shift-role-1a2b3c4");
    assert.deepEqual(policy.jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: [
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeRules",
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetHealth",
          ],
          Resource: ["*"],
        },
        {
          Effect: "Allow",
          Action: ["elasticloadbalancing:ModifyRule"],
          Resource: [RULE, TEST_RULE],
        },
        {
          Effect: "Allow",
          Action: [
            "elasticloadbalancing:DeregisterTargets",
            "elasticloadbalancing:RegisterTargets",
          ],
          Resource: [FIRST, SECOND],
        },
      ],
    });
  });

  it("begin when ECS may move requests", async () => {
    const built = await run(happy());
    assert.deepEqual(
      dependsOn(built, built.one(SERVICE)).filter((name) => /rule|shift/.test(name)),
      ["aws:iam/rolePolicy:RolePolicy api-shift-policy"],
    );
  });

  it("keep all parts ready while a service rolls, where the settings say so", async () => {
    const [ready, moving] = [await run(happy({ shiftReady: true })), await run(happy())];
    assert.deepEqual(ready.children, moving.children);
    const [service, other] = [ready.one(SERVICE), moving.one(SERVICE)];
    assert.deepEqual(service.input("loadBalancers"), other.input("loadBalancers"));
    assert.equal(service.input("deploymentConfiguration.strategy"), "ROLLING");
  });

  it("are waited for as long as they may take", async () => {
    const waitFor = (deployment: DeploymentArgs) =>
      customTimeouts((opts: pulumi.ComponentResourceOptions) => {
        return new EcsService("api", happy(deployment), opts);
      });
    assert.deepEqual((await waitFor({}))[SERVICE], { create: "20m", update: "20m", delete: "20m" });
    const patient = await waitFor({ ...BLUE_GREEN, bakeTimeMinutes: 240 });
    const hurried = await waitFor({ ...BLUE_GREEN, bakeTimeMinutes: 120 });
    const minutes = (timeouts: typeof patient) => parseInt(String(timeouts[SERVICE]?.update), 10);
    assert.equal(minutes(patient) - minutes(hurried), 120);
  });

  it("hand out the header, and the names of both target groups in metrics", async () => {
    let service: EcsService | undefined;
    await build(() => (service = new EcsService("api", happy())));
    const header = await valueOf(service?.testHeader?.value);
    assert.deepEqual([service?.testHeader?.name, header], ["x-ecs-platform-test", "1a2b3c4d"]);
    assert.equal(
      await valueOf(service?.alternateTargetGroupArnSuffix),
      "targetgroup/api-tg2-1a2b3c4/50dc6c495c0c9188",
    );
    await build(() => (service = new EcsService("api", happy({}))));
    assert.equal(service?.testHeader, undefined);
    assert.equal(service?.alternateTargetGroupArnSuffix, undefined);
  });
});

describe("EcsService, rollback alarms", () => {
  const rollbackAlarms = { errorsPerMinute: 10, p99Seconds: 2, alarmNames: ["orders-stuck"] };

  it("take a deployment back by errors and slow answers of either target group, and tell nobody", async () => {
    const built = await run(happy({ ...BLUE_GREEN, rollbackAlarms }));
    const alarm = {
      comparisonOperator: "GreaterThanThreshold",
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: "notBreaching",
    };
    assert.deepEqual(built.one(ALARM, "api-rollback-errors").inputs, {
      ...alarm,
      alarmDescription:
        "Takes a deployment of api back: it answers more than 10 requests a minute with 5xx. For deployments, not for people.",
      threshold: 10,
      metricQueries: [
        ...bothGroups("HTTPCode_Target_5XX_Count", "Sum"),
        {
          id: "whole",
          label: "HTTPCode_Target_5XX_Count",
          expression: "SUM([FILL(part1, 0), FILL(part2, 0)])",
          returnData: true,
        },
      ],
    });
    assert.deepEqual(built.one(ALARM, "api-rollback-latency").inputs, {
      ...alarm,
      alarmDescription:
        "Takes a deployment of api back: one in a hundred requests takes longer than 2 s. For deployments, not for people.",
      threshold: 2,
      metricQueries: [
        ...bothGroups("TargetResponseTime", "p99"),
        {
          id: "whole",
          label: "TargetResponseTime",
          expression: "MAX([part1, part2])",
          returnData: true,
        },
      ],
    });
    assert.deepEqual(built.one(SERVICE).input("alarms"), {
      enable: true,
      rollback: true,
      alarmNames: ["api-rollback-errors-1a2b3c4", "api-rollback-latency-1a2b3c4", "orders-stuck"],
    });
  });

  it("watch the one target group of a rolling service", async () => {
    const built = await run(happy({ rollbackAlarms: { errorsPerMinute: 0 } }));
    const { threshold, ...alarm } = built.one(ALARM).inputs;
    assert.equal(threshold, 0);
    assert.deepEqual(alarm, {
      alarmDescription:
        "Takes a deployment of api back: it answers more than 0 requests a minute with 5xx. For deployments, not for people.",
      namespace: "AWS/ApplicationELB",
      metricName: "HTTPCode_Target_5XX_Count",
      dimensions: {
        LoadBalancer: loadBalancer.arnSuffix,
        TargetGroup: "targetgroup/api-tg-1a2b3c4/50dc6c495c0c9188",
      },
      statistic: "Sum",
      period: 60,
      comparisonOperator: "GreaterThanThreshold",
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: "notBreaching",
    });
  });

  it("take the percentile of one target group by its own argument", async () => {
    const alarm = (await run(happy({ rollbackAlarms: { p99Seconds: 2 } }))).one(ALARM);
    assert.deepEqual(
      [alarm.input("extendedStatistic"), alarm.input("statistic")],
      ["p99", undefined],
    );
  });

  for (const [title, deployment, minutes] of [
    ["five minutes", { rollbackAlarms }, "5"],
    ["as long as the settings say", { rollbackAlarms, bakeTimeMinutes: 12 }, "12"],
    [
      "not at all while they are off",
      { rollbackAlarms: { ...rollbackAlarms, disabledBecause: "the load test makes errors" } },
      "0",
    ],
  ] as const) {
    it(`are watched when a rolling deployment is through: ${title}`, async () => {
      const service = (await run(happy(deployment))).one(SERVICE);
      assert.deepEqual(service.input("deploymentConfiguration"), {
        strategy: "ROLLING",
        bakeTimeInMinutes: minutes,
      });
    });
  }

  it("may be those of somebody else alone, also without a route", async () => {
    const { route: _, ...args } = happy({ rollbackAlarms: { alarmNames: ["orders-stuck"] } });
    const built = await run(args);
    assert.deepEqual(built.all(ALARM), []);
    assert.deepEqual(built.one(SERVICE).input("alarms.alarmNames"), ["orders-stuck"]);
  });

  it("stay while the settings say why they do nothing", async () => {
    const disabledBecause = "the load test answers with errors on purpose";
    const built = await run(happy({ rollbackAlarms: { ...rollbackAlarms, disabledBecause } }));
    assert.equal(built.all(ALARM).length, 2);
    const { enable, rollback } = built.one(SERVICE).input("alarms") as Record<string, unknown>;
    assert.deepEqual([enable, rollback], [false, false]);
  });

  it("are none by default", async () => {
    const built = await run(happy());
    assert.equal(built.one(SERVICE).input("alarms"), undefined);
  });
});

describe("EcsService, requests of two target groups", () => {
  const scaling = { min: 2, max: 4, requestsPerTarget: 100 };

  const followed = (built: Run) =>
    built
      .one(POLICY, "api-scaling-requests")
      .input("targetTrackingScalingPolicyConfiguration") as Record<string, unknown>;

  it("are added up for scaling", async () => {
    const { customizedMetricSpecification, targetValue } = followed(
      await run({ ...happy(), scaling }),
    );
    const part = (arn: string, id: string) => ({
      id,
      metricStat: {
        metric: {
          namespace: "AWS/ApplicationELB",
          metricName: "RequestCountPerTarget",
          dimensions: [{ name: "TargetGroup", value: arn.split(":").at(-1) }],
        },
        stat: "Sum",
      },
      returnData: false,
    });
    assert.equal(targetValue, 100);
    assert.deepEqual(customizedMetricSpecification, {
      metrics: [
        part(FIRST, "part1"),
        part(SECOND, "part2"),
        {
          id: "whole",
          label: "Requests for each task",
          expression: "SUM([FILL(part1, 0), FILL(part2, 0)])",
          returnData: true,
        },
      ],
    });
  });

  it("are AWS's own count where there is one group", async () => {
    assert.deepEqual(
      followed(await run({ ...happy({}), scaling }))["predefinedMetricSpecification"],
      {
        predefinedMetricType: "ALBRequestCountPerTarget",
        resourceLabel: `${loadBalancer.arnSuffix}/${FIRST.split(":").at(-1) ?? ""}`,
      },
    );
  });
});

function valueOf<T>(output: pulumi.Output<T> | undefined): Promise<T | undefined> {
  return output === undefined
    ? Promise.resolve(undefined)
    : new Promise((resolve) => void output.apply(resolve));
}
