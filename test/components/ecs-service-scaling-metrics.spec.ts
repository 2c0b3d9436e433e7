import * as assert from "node:assert/strict";
import { EcsService, type EcsServiceArgs } from "../../components";
import { build, cluster, inputsByName, loadBalancer, network, refusal } from "./support";

type Scaling = NonNullable<EcsServiceArgs["scaling"]>;

const args = (scaling: Partial<Scaling>): EcsServiceArgs => ({
  cluster,
  network,
  loadBalancer,
  image: "nginx:1.29",
  route: { priority: 100 },
  scaling: { min: 2, max: 6, ...scaling },
});
const scaled = (scaling: Partial<Scaling>) => build(() => new EcsService("api", args(scaling)));

const POLICY = "aws:appautoscaling/policy:Policy";
const CONFIGURATION = "targetTrackingScalingPolicyConfiguration";

describe("EcsService, scaling by other metrics", () => {
  it("follows requests per task, counted at the load balancer", async () => {
    const run = await scaled({ requestsPerTarget: 1000 });
    assert.deepEqual(run.one(POLICY, "api-scaling-requests").input(CONFIGURATION), {
      predefinedMetricSpecification: {
        predefinedMetricType: "ALBRequestCountPerTarget",
        resourceLabel: "app/lb/50dc6c495c0c9188/targetgroup/api-tg-1a2b3c4/50dc6c495c0c9188",
      },
      targetValue: 1000,
      scaleOutCooldown: 60,
      scaleInCooldown: 300,
    });
  });

  it("refuses to count the requests of a service without a route", async () => {
    const { route: _, ...unrouted } = args({ requestsPerTarget: 1000 });
    const error = await refusal(() => new EcsService("api", unrouted));
    assert.deepEqual(error.problems, [
      {
        key: "scaling.requestsPerTarget",
        value: 1000,
        rule: "needs a route: the load balancer counts the requests",
        allowed: "a number in a service with route",
        fix: "add route, or remove it",
      },
    ]);
  });

  it("follows metrics of one's own, their dimensions in a fixed order", async () => {
    const run = await scaled({
      custom: {
        backlog: {
          namespace: "Shop",
          metricName: "Backlog",
          dimensions: { Queue: "orders", Environment: "test" },
          statistic: "Maximum",
          unit: "Count",
          target: 25,
        },
      },
    });
    assert.deepEqual(run.one(POLICY, "api-scaling-custom-backlog").input(CONFIGURATION), {
      customizedMetricSpecification: {
        namespace: "Shop",
        metricName: "Backlog",
        dimensions: [
          { name: "Environment", value: "test" },
          { name: "Queue", value: "orders" },
        ],
        statistic: "Maximum",
        unit: "Count",
      },
      targetValue: 25,
      scaleOutCooldown: 60,
      scaleInCooldown: 300,
    });
  });

  it("leaves out what the settings do not follow", async () => {
    const run = await scaled({ follow: ["cpu"] });
    assert.deepEqual(Object.keys(inputsByName(run, POLICY)), ["api-scaling-cpu"]);
  });
});

describe("EcsService, scaling by the clock", () => {
  const schedules = {
    morning: { schedule: "cron(0 7 ? * MON-FRI *)", timezone: "Europe/Berlin", min: 4, max: 10 },
    night: { schedule: "cron(0 20 * * ? *)", min: 1, max: 3 },
  };

  it("has other bounds from certain times on", async () => {
    const run = await scaled({ schedules });
    const target = {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: "service/platform/api-service-1a2b3c4",
    };
    assert.deepEqual(inputsByName(run, "aws:appautoscaling/scheduledAction:ScheduledAction"), {
      "api-scaling-schedule-morning": {
        ...target,
        schedule: "cron(0 7 ? * MON-FRI *)",
        timezone: "Europe/Berlin",
        scalableTargetAction: { minCapacity: 4, maxCapacity: 10 },
      },
      "api-scaling-schedule-night": {
        ...target,
        schedule: "cron(0 20 * * ? *)",
        timezone: "Etc/UTC",
        scalableTargetAction: { minCapacity: 1, maxCapacity: 3 },
      },
    });
  });

  it("counts as missing only what is below the lowest of all minimums", async () => {
    let fewest: number | undefined;
    await build(() => {
      const service = new EcsService("api", args({ schedules }));
      fewest = service.minimumTasks;
      return service;
    });
    assert.equal(fewest, 1);
  });
});
