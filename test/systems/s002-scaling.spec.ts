import * as assert from "node:assert/strict";
import type { RecordedResource } from "../support/recorded-resource";
import type { Run } from "../support/run";
import { alarmsOf } from "./reading";
import { problemsOf, runExample } from "./support";

const EXAMPLE = "fargate-reference";
const POLICY = "aws:appautoscaling/policy:Policy";
const TARGET = "aws:appautoscaling/target:Target";

const METRICS = {
  cpu: { predefined: "ECSServiceAverageCPUUtilization", metric: "CPUUtilization" },
  memory: { predefined: "ECSServiceAverageMemoryUtilization", metric: "MemoryUtilization" },
};
type Followed = keyof typeof METRICS;

/** What a tracking policy follows, and how. */
function trackingOf(run: Run, key: string): Record<string, unknown> {
  const policy = run.one(POLICY, `app-scaling-${key}`);
  assert.equal(policy.input("policyType"), "TargetTrackingScaling");
  assert.equal(policy.input("resourceId"), run.one(TARGET).outputs["resourceId"]);
  return policy.input("targetTrackingScalingPolicyConfiguration") as Record<string, unknown>;
}

function stepOf(run: Run, way: "out" | "in"): RecordedResource {
  const policy = run.one(POLICY, `app-scaling-${way}`);
  assert.equal(policy.input("policyType"), "StepScaling");
  assert.equal(policy.input("resourceId"), run.one(TARGET).outputs["resourceId"]);
  return policy;
}

function alarmOf(run: Run, key: string): RecordedResource {
  return alarmsOf(run)[`app-scaling-${key}`] ?? assert.fail(`there is no alarm ${key}`);
}

/** A task is added above a level of one metric. */
function addsAbove(run: Run, key: Followed, percent: number): void {
  const tracking = trackingOf(run, key);
  assert.equal(tracking["targetValue"], percent);
  assert.deepEqual(tracking["predefinedMetricSpecification"], {
    predefinedMetricType: METRICS[key].predefined,
  });
  const alarm = alarmOf(run, `${key}-high`);
  assert.equal(alarm.input("metricName"), METRICS[key].metric);
  assert.equal(alarm.input("comparisonOperator"), "GreaterThanThreshold");
  assert.equal(alarm.input("threshold"), percent);
  assert.deepEqual(alarm.input("alarmActions"), [stepOf(run, "out").outputs["arn"]]);
}

/** A task goes below a level of one metric, unless the other metric is high. */
function removesBelow(run: Run, key: Followed, percent: number, unless: string): void {
  assert.equal(trackingOf(run, key)["disableScaleIn"], true);
  const alarm = alarmOf(run, `${key}-low`);
  assert.equal(alarm.input("comparisonOperator"), "LessThanThreshold");
  assert.equal(alarm.input("threshold"), percent);
  assert.deepEqual(alarm.input("alarmActions"), [stepOf(run, "in").outputs["arn"]]);
  const queries = alarm.input("metricQueries") as {
    readonly id: string;
    readonly expression?: string;
    readonly returnData: boolean;
    readonly metric?: { readonly metricName: string };
  }[];
  assert.equal(queries.find(({ id }) => id === key)?.metric?.metricName, METRICS[key].metric);
  const returned = queries.filter(({ returnData }) => returnData);
  assert.deepEqual(
    returned.map(({ expression }) => expression),
    [`IF(${unless}, ${key}, 100)`],
  );
}

function coolsDown(run: Run, key: Followed): void {
  const { scaleInCooldown, scaleOutCooldown } = trackingOf(run, key);
  assert.deepEqual([scaleInCooldown, scaleOutCooldown], [300, 300]);
  for (const way of ["out", "in"] as const) {
    assert.equal(stepOf(run, way).input("stepScalingPolicyConfiguration.cooldown"), 300);
  }
}

function boundsOf(run: Run): unknown[] {
  const target = run.one(TARGET);
  return [target.input("minCapacity"), target.input("maxCapacity")];
}

describe("seed 002, scaling of the reference on Fargate", () => {
  let run: Run;
  before(async () => {
    run = await runExample(EXAMPLE);
  });

  it("S002-94, S002-95, S002-96: tracks a CPU use of 70 %, and adds tasks above it", () => {
    addsAbove(run, "cpu", 70);
  });

  it("S002-97: removes tasks below a CPU use of 50 %, and not by tracking", () => {
    removesBelow(run, "cpu", 50, "memory < 60");
  });

  it("S002-98: waits 300 seconds between two changes for CPU", () => {
    coolsDown(run, "cpu");
  });

  it("S002-99, S002-100: tracks a memory use of 80 %, and adds tasks above it", () => {
    addsAbove(run, "memory", 80);
  });

  it("S002-101: removes tasks below a memory use of 60 %, and not by tracking", () => {
    removesBelow(run, "memory", 60, "cpu < 50");
  });

  it("S002-102: waits 300 seconds between two changes for memory", () => {
    coolsDown(run, "memory");
  });

  it("S002-103: tracks 1000 requests a minute at each target", () => {
    const tracking = trackingOf(run, "requests");
    assert.equal(tracking["targetValue"], 1000);
    const [loadBalancer = "", group = ""] = [
      "loadBalancer:LoadBalancer",
      "targetGroup:TargetGroup",
    ].map((type) => run.one(`aws:lb/${type}`).outputs["arnSuffix"] as string);
    assert.deepEqual(tracking["predefinedMetricSpecification"], {
      predefinedMetricType: "ALBRequestCountPerTarget",
      resourceLabel: `${loadBalancer}/${group}`,
    });
  });

  it("S002-104: tracks a metric of the application's own where the configuration names one", async () => {
    const backlog = {
      namespace: "App",
      metricName: "Backlog",
      dimensions: { Queue: "orders" },
      statistic: "Maximum",
      target: 25,
    };
    const withMetric = await runExample(EXAMPLE, { "services.app.scaling.custom": { backlog } });
    const tracking = trackingOf(withMetric, "custom-backlog");
    assert.equal(tracking["targetValue"], 25);
    assert.deepEqual(tracking["customizedMetricSpecification"], {
      namespace: "App",
      metricName: "Backlog",
      dimensions: [{ name: "Queue", value: "orders" }],
      statistic: "Maximum",
    });
  });

  it("S002-105, S002-106, S002-107: 2 to 10 tasks, also by default; other bounds where the configuration says so", async () => {
    assert.deepEqual(boundsOf(run), [2, 10]);
    const silent = await runExample(EXAMPLE, { "services.app.scaling": {} });
    assert.deepEqual(boundsOf(silent), [2, 10]);
    const other = await runExample(EXAMPLE, {
      "services.app.scaling.min": 3,
      "services.app.scaling.max": 20,
    });
    assert.deepEqual(boundsOf(other), [3, 20]);
    const [problem] = problemsOf(EXAMPLE, { "services.app.scaling.min": 11 });
    assert.equal(problem?.key, "ecs-platform:services.app.scaling.max");
    assert.equal(problem.rule, "must not be below min");
  });

  it("S002-108, S002-109: each step adds one task or removes one", () => {
    const changes = (["out", "in"] as const).map((way) => {
      const { adjustmentType, stepAdjustments } = stepOf(run, way).input(
        "stepScalingPolicyConfiguration",
      ) as unknown as {
        adjustmentType: string;
        stepAdjustments: readonly { scalingAdjustment: number }[];
      };
      return [adjustmentType, ...stepAdjustments.map((step) => step.scalingAdjustment)];
    });
    assert.deepEqual(changes, [
      ["ChangeInCapacity", 1],
      ["ChangeInCapacity", -1],
    ]);
  });
});
