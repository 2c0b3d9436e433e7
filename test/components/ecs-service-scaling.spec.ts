import * as assert from "node:assert/strict";
import { EcsService, type EcsServiceArgs } from "../../components";
import { build, cluster, inputsByName, network } from "./support";

const happy = (): EcsServiceArgs => ({
  cluster,
  network,
  image: "nginx:1.29",
  scaling: { min: 2, max: 6 },
});

const SERVICE = "aws:ecs/service:Service";
const TARGET = "aws:appautoscaling/target:Target";
const POLICY = "aws:appautoscaling/policy:Policy";

const tracking = (metric: string, targetValue: number, scaleOut: number, scaleIn: number) => ({
  policyType: "TargetTrackingScaling",
  serviceNamespace: "ecs",
  scalableDimension: "ecs:service:DesiredCount",
  resourceId: "service/platform/api-service-1a2b3c4",
  targetTrackingScalingPolicyConfiguration: {
    predefinedMetricSpecification: { predefinedMetricType: metric },
    targetValue,
    scaleOutCooldown: scaleOut,
    scaleInCooldown: scaleIn,
  },
});

describe("EcsService, scaling", () => {
  it("keeps the number of tasks between min and max", async () => {
    const run = await build(() => new EcsService("api", happy()));
    assert.deepEqual(run.one(TARGET).inputs, {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: "service/platform/api-service-1a2b3c4",
      minCapacity: 2,
      maxCapacity: 6,
    });
  });

  it("follows CPU and memory", async () => {
    const run = await build(() => new EcsService("api", happy()));
    assert.deepEqual(inputsByName(run, POLICY), {
      "api-scaling-cpu": tracking("ECSServiceAverageCPUUtilization", 70, 60, 300),
      "api-scaling-memory": tracking("ECSServiceAverageMemoryUtilization", 80, 60, 300),
    });
  });

  it("follows them as the settings say", async () => {
    const scaling = {
      min: 1,
      max: 1,
      cpuPercent: 50,
      memoryPercent: 60,
      scaleOutCooldownSeconds: 0,
      scaleInCooldownSeconds: 600,
    };
    const run = await build(() => new EcsService("api", { ...happy(), scaling }));
    assert.deepEqual(inputsByName(run, POLICY), {
      "api-scaling-cpu": tracking("ECSServiceAverageCPUUtilization", 50, 0, 600),
      "api-scaling-memory": tracking("ECSServiceAverageMemoryUtilization", 60, 0, 600),
    });
  });

  it("starts at min, and owns the number of tasks from then on", async () => {
    const run = await build(() => new EcsService("api", happy()));
    const service = run.one(SERVICE);
    assert.equal(service.input("desiredCount"), 2);
    assert.deepEqual(service.ignoreChanges, ["desiredCount"]);
  });

  it("leaves the number of tasks to the settings where it is off", async () => {
    const { scaling: _, ...args } = happy();
    const run = await build(() => new EcsService("api", { ...args, desiredCount: 4 }));
    const service = run.one(SERVICE);
    assert.equal(service.input("desiredCount"), 4);
    assert.deepEqual(service.ignoreChanges, []);
    assert.deepEqual([...run.all(TARGET), ...run.all(POLICY)], []);
  });
});
