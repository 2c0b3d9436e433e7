import { ecsServiceSettings } from "../../components/ecs-service/settings";
import { type Change, itBounds, itRefuses, itTakes, noChoice, outOfBounds } from "./support";

const happy = { image: "nginx:1.29", desiredCount: 1 };
const scaled = { image: "nginx:1.29", scaling: { min: 2, max: 4 } };

const noMixture = (value: Change) => ({
  change: { capacity: value },
  problem: {
    key: "capacity",
    value,
    rule: "is not a mixture that ECS takes",
    allowed:
      "EC2 alone, or FARGATE, FARGATE_SPOT or both; one weight above 0, a base above 0 on one of them",
    fix: "give, for example, FARGATE: {base: 1, weight: 1} and FARGATE_SPOT: {weight: 4}",
  },
});

const backlog = {
  namespace: "AWS/SQS",
  metricName: "ApproximateNumberOfMessagesVisible",
  dimensions: { QueueName: "orders" },
  target: 100,
};
const night = { schedule: "cron(0 20 * * ? *)", timezone: "Europe/Berlin", min: 1, max: 2 };

const noRoom = (level: string, value: number, target: string) => ({
  change: { "scaling.mode": "steps", [`scaling.${level}`]: value },
  problem: {
    key: `scaling.${level}`,
    value,
    rule: `must be below ${target}, or tasks would come and go without end`,
    allowed: `less than ${target}`,
    fix: `lower it, or raise ${target}`,
  },
});

describe("EcsService settings, scaling", () => {
  itTakes(ecsServiceSettings, scaled, {
    "a maximum as low as the minimum": { "scaling.max": 2 },
    "neither minimum nor maximum": { scaling: {} },
    "one metric alone": { "scaling.follow": ["cpu"] },
    "neither CPU nor memory": { "scaling.follow": [], "scaling.custom": { backlog } },
    "a metric with dimensions": { "scaling.custom": { backlog } },
    "steps with levels apart": { "scaling.mode": "steps", "scaling.scaleInBelowCpuPercent": 69 },
    "levels that tracking does not look at": { "scaling.scaleInBelowCpuPercent": 90 },
    "a schedule": { "scaling.schedules": { night: { ...night, min: 0, max: 0 } } },
    "a schedule without a time zone": {
      "scaling.schedules": { night: { schedule: "cron(0 20 * * ? *)", min: 1, max: 2 } },
    },
  });

  itBounds(ecsServiceSettings, scaled, {
    "scaling.cpuPercent": [10, 95],
    "scaling.memoryPercent": [10, 95],
    "scaling.scaleOutCooldownSeconds": [0, 3600],
    "scaling.scaleInCooldownSeconds": [0, 3600],
    "scaling.scaleInBelowCpuPercent": [1, 94],
    "scaling.scaleInBelowMemoryPercent": [1, 94],
  });

  itRefuses(ecsServiceSettings, scaled, {
    "a minimum of none": {
      change: { "scaling.min": 0 },
      problem: outOfBounds("scaling.min", 0, "a whole number from 1 to 5000"),
    },
    "a maximum beyond what ECS has": {
      change: { "scaling.max": 5001 },
      problem: outOfBounds("scaling.max", 5001, "a whole number from 1 to 5000"),
    },
    "another mode": {
      change: { "scaling.mode": "guess" },
      problem: noChoice("scaling.mode", "guess", ["targetTracking", "hybrid", "steps"]),
    },
    "steps that go by nothing": {
      change: { "scaling.mode": "hybrid", "scaling.follow": [] },
      problem: {
        key: "scaling.follow",
        value: [],
        rule: "is empty, and steps go by cpu and memory alone",
        allowed: "cpu, memory or both with mode hybrid or steps",
        fix: "add one, or remove mode",
      },
    },
    "a level for CPU at its target": noRoom("scaleInBelowCpuPercent", 70, "cpuPercent"),
    "a level for memory at its target": noRoom("scaleInBelowMemoryPercent", 80, "memoryPercent"),
    "no requests at all": {
      change: { "scaling.requestsPerTarget": 0 },
      problem: outOfBounds("scaling.requestsPerTarget", 0, "a number, at least 1"),
    },
    "a metric kept at nothing": {
      change: { "scaling.custom": { backlog: { ...backlog, target: 0 } } },
      problem: outOfBounds("scaling.custom.backlog.target", 0, "a number, at least 0.000001"),
    },
    "a statistic that tracking does not take": {
      change: { "scaling.custom": { backlog: { ...backlog, statistic: "p99" } } },
      problem: noChoice("scaling.custom.backlog.statistic", "p99", [
        "Average",
        "Minimum",
        "Maximum",
        "SampleCount",
        "Sum",
      ]),
    },
    "a schedule with its bounds the wrong way round": {
      change: { "scaling.schedules": { night: { ...night, min: 3 } } },
      problem: {
        key: "scaling.schedules.night.max",
        value: 2,
        rule: "must not be below min",
        allowed: "min or more",
        fix: "raise it, or lower min",
      },
    },
    "a schedule in the words of another cron": {
      change: { "scaling.schedules": { night: { ...night, schedule: "0 20 * * *" } } },
      problem: {
        key: "scaling.schedules.night.schedule",
        value: "0 20 * * *",
        rule: "must be a schedule",
        allowed:
          "cron(MINUTE HOUR DAY MONTH WEEKDAY YEAR) with ? for day or weekday, rate(NUMBER minutes|hours|days), or at(YYYY-MM-DDTHH:MM:SS)",
        fix: 'write it like "cron(0 7 ? * MON-FRI *)"',
      },
    },
    "a time zone that nobody knows": {
      change: { "scaling.schedules": { night: { ...night, timezone: "Berlin" } } },
      problem: {
        key: "scaling.schedules.night.timezone",
        value: "Berlin",
        rule: "must be a time zone",
        allowed: "a name of the time zone database",
        fix: 'write it like "Europe/Berlin" or "Etc/UTC"',
      },
    },
    "a maximum below the minimum": {
      change: { "scaling.max": 1 },
      problem: {
        key: "scaling.max",
        value: 1,
        rule: "must not be below min",
        allowed: "min or more",
        fix: "raise it, or lower min",
      },
    },
  });
});

describe("EcsService settings, capacity", () => {
  itTakes(ecsServiceSettings, happy, {
    "Spot alone": { capacity: { FARGATE_SPOT: {} } },
    "the cluster's hosts alone": { capacity: { EC2: { base: 2, weight: 1 } } },
    "a base without weight beside a weight": {
      capacity: { FARGATE: { base: 1, weight: 0 }, FARGATE_SPOT: { weight: 1 } },
    },
  });

  itBounds(ecsServiceSettings, happy, {
    "capacity.FARGATE.base": [0, 100000],
    "capacity.FARGATE_SPOT.base": [0, 100000],
  });
  itBounds(
    ecsServiceSettings,
    { ...happy, capacity: { FARGATE: {}, FARGATE_SPOT: {} } },
    { "capacity.FARGATE.weight": [0, 1000], "capacity.FARGATE_SPOT.weight": [0, 1000] },
  );

  itRefuses(ecsServiceSettings, happy, {
    "a kind of capacity without anything": {
      change: { capacity: { FARGATE: {}, FARGATE_SPOT: null } },
      problem: {
        key: "capacity.FARGATE_SPOT",
        value: null,
        rule: "must be a map with the keys base, weight",
        allowed: "a map with the keys base, weight",
        fix: "set a map with the keys base, weight",
      },
    },
    "hosts beside Fargate": {
      change: { capacity: { EC2: {}, FARGATE: {} } },
      problem: {
        key: "capacity.EC2",
        value: {},
        rule: "cannot stand beside FARGATE or FARGATE_SPOT: ECS takes one kind of capacity in a service",
        allowed: "EC2 alone, or FARGATE, FARGATE_SPOT or both",
        fix: "remove EC2, or the other two",
      },
    },
    "no capacity": noMixture({}),
    "no weight": noMixture({ FARGATE: { weight: 0 } }),
    "a base on both": noMixture({ FARGATE: { base: 1 }, FARGATE_SPOT: { base: 1 } }),
  });
});
