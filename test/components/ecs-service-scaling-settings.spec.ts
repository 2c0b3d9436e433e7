import { ecsServiceSettings } from "../../components/ecs-service/settings";
import { type Change, itBounds, itRefuses, itTakes, outOfBounds } from "./support";

const happy = { image: "nginx:1.29", desiredCount: 1 };
const scaled = { image: "nginx:1.29", scaling: { min: 2, max: 4 } };

const noMixture = (value: Change) => ({
  change: { capacity: value },
  problem: {
    key: "capacity",
    value,
    rule: "is not a mixture that ECS takes",
    allowed: "FARGATE, FARGATE_SPOT or both, one weight above 0, a base above 0 on one of them",
    fix: "give, for example, FARGATE: {base: 1, weight: 1} and FARGATE_SPOT: {weight: 4}",
  },
});

describe("EcsService settings, scaling", () => {
  itTakes(ecsServiceSettings, scaled, {
    "a maximum as low as the minimum": { "scaling.max": 2 },
  });

  itBounds(ecsServiceSettings, scaled, {
    "scaling.cpuPercent": [10, 95],
    "scaling.memoryPercent": [10, 95],
    "scaling.scaleOutCooldownSeconds": [0, 3600],
    "scaling.scaleInCooldownSeconds": [0, 3600],
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
    "no capacity": noMixture({}),
    "no weight": noMixture({ FARGATE: { weight: 0 } }),
    "a base on both": noMixture({ FARGATE: { base: 1 }, FARGATE_SPOT: { base: 1 } }),
  });
});
