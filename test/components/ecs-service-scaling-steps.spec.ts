import * as assert from "node:assert/strict";
import { EcsService, type EcsServiceArgs } from "../../components";
import { build, cluster, inputsByName, network } from "./support";

type Scaling = NonNullable<EcsServiceArgs["scaling"]>;

const scaled = (scaling: Partial<Scaling>) =>
  build(
    () =>
      new EcsService("api", {
        cluster,
        network,
        image: "nginx:1.29",
        scaling: { min: 2, max: 10, scaleOutCooldownSeconds: 300, ...scaling },
      }),
  );

const POLICY = "aws:appautoscaling/policy:Policy";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const dimensions = { ClusterName: "platform", ServiceName: "api-service-1a2b3c4" };

const step = (cooldown: number, adjustment: object) => ({
  policyType: "StepScaling",
  serviceNamespace: "ecs",
  scalableDimension: "ecs:service:DesiredCount",
  resourceId: "service/platform/api-service-1a2b3c4",
  stepScalingPolicyConfiguration: {
    adjustmentType: "ChangeInCapacity",
    metricAggregationType: "Average",
    cooldown,
    stepAdjustments: [adjustment],
  },
});

const query = (id: string, metricName: string) => ({
  id,
  metric: { namespace: "AWS/ECS", metricName, dimensions, period: 60, stat: "Average" },
  returnData: false,
});

describe("EcsService, scaling by steps", () => {
  it("adds one task, and removes one", async () => {
    const run = await scaled({ mode: "steps", scaleInCooldownSeconds: 600 });
    assert.deepEqual(inputsByName(run, POLICY), {
      "api-scaling-out": step(300, { metricIntervalLowerBound: "0", scalingAdjustment: 1 }),
      "api-scaling-in": step(600, { metricIntervalUpperBound: "0", scalingAdjustment: -1 }),
    });
  });

  it("adds one where CPU is above 70 %, or memory above 80 %", async () => {
    const run = await scaled({ mode: "steps" });
    const high = (metricName: string, threshold: number) => ({
      alarmDescription: `Adds a task: ${metricName} is above ${threshold} %. For scaling, not for people.`,
      namespace: "AWS/ECS",
      metricName,
      dimensions,
      statistic: "Average",
      period: 60,
      evaluationPeriods: 3,
      comparisonOperator: "GreaterThanThreshold",
      threshold,
      treatMissingData: "notBreaching",
      alarmActions: [run.one(POLICY, "api-scaling-out").outputs["arn"]],
    });
    const { "api-scaling-cpu-high": cpu, "api-scaling-memory-high": memory } = inputsByName(
      run,
      ALARM,
    );
    assert.deepEqual(cpu, high("CPUUtilization", 70));
    assert.deepEqual(memory, high("MemoryUtilization", 80));
  });

  it("removes one where CPU is below 50 % while memory is below 60 %, and not by one of them", async () => {
    const run = await scaled({ mode: "steps" });
    const common = {
      evaluationPeriods: 15,
      comparisonOperator: "LessThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [run.one(POLICY, "api-scaling-in").outputs["arn"]],
    };
    const { "api-scaling-cpu-low": cpu, "api-scaling-memory-low": memory } = inputsByName(
      run,
      ALARM,
    );
    assert.deepEqual(cpu, {
      ...common,
      alarmDescription:
        "Removes a task: CPUUtilization is below 50 % and MemoryUtilization is below 60 %. For scaling, not for people.",
      threshold: 50,
      metricQueries: [
        query("cpu", "CPUUtilization"),
        query("memory", "MemoryUtilization"),
        {
          id: "low",
          label: "CPUUtilization",
          expression: "IF(memory < 60, cpu, 100)",
          returnData: true,
        },
      ],
    });
    assert.deepEqual(memory, {
      ...common,
      alarmDescription:
        "Removes a task: MemoryUtilization is below 60 % and CPUUtilization is below 50 %. For scaling, not for people.",
      threshold: 60,
      metricQueries: [
        query("memory", "MemoryUtilization"),
        query("cpu", "CPUUtilization"),
        {
          id: "low",
          label: "MemoryUtilization",
          expression: "IF(cpu < 50, memory, 100)",
          returnData: true,
        },
      ],
    });
  });

  it("goes by the one metric that the settings follow", async () => {
    const run = await scaled({ mode: "steps", follow: ["cpu"], scaleInBelowCpuPercent: 30 });
    assert.deepEqual(Object.keys(inputsByName(run, ALARM)), [
      "api-scaling-cpu-high",
      "api-scaling-cpu-low",
    ]);
    const low = run.one(ALARM, "api-scaling-cpu-low");
    assert.equal(low.input("threshold"), 30);
    assert.equal(low.input("metricName"), "CPUUtilization");
    assert.equal(low.input("metricQueries"), undefined);
  });

  it("tracks upwards alone where it does both", async () => {
    const run = await scaled({ mode: "hybrid" });
    const tracked = (metric: string, targetValue: number) => ({
      predefinedMetricSpecification: { predefinedMetricType: metric },
      targetValue,
      disableScaleIn: true,
      scaleOutCooldown: 300,
      scaleInCooldown: 300,
    });
    assert.deepEqual(Object.keys(inputsByName(run, POLICY)), [
      "api-scaling-cpu",
      "api-scaling-in",
      "api-scaling-memory",
      "api-scaling-out",
    ]);
    const configuration = "targetTrackingScalingPolicyConfiguration";
    assert.deepEqual(
      run.one(POLICY, "api-scaling-cpu").input(configuration),
      tracked("ECSServiceAverageCPUUtilization", 70),
    );
    assert.deepEqual(
      run.one(POLICY, "api-scaling-memory").input(configuration),
      tracked("ECSServiceAverageMemoryUtilization", 80),
    );
  });

  it("has no steps and no alarms where it tracks", async () => {
    const run = await scaled({});
    assert.deepEqual(Object.keys(inputsByName(run, POLICY)), [
      "api-scaling-cpu",
      "api-scaling-memory",
    ]);
    assert.deepEqual(run.all(ALARM), []);
  });
});
