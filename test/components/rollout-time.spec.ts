import * as assert from "node:assert/strict";
import type { z } from "zod";
import { rolloutTime, waitMinutes } from "../../components/ecs-service/rollout-time";
import { ecsServiceSettings } from "../../components/ecs-service/settings";

type Given = Omit<z.input<typeof ecsServiceSettings>, "image">;

const checked = (given: Given) => ecsServiceSettings.parse({ image: "nginx:1.29", ...given });

/** Each part that takes time, with its bounds in seconds. */
function partsOf(given: Given): [what: string, shortest: number, longest: number][] {
  return rolloutTime(checked(given))
    .parts.filter(({ longest }) => longest > 0)
    .map(({ what, shortest, longest }) => [what, shortest, longest]);
}

const route = { priority: 100 };
const START = ["new tasks start", 30, 180] as const;
const STOP = ["old tasks stop", 0, 30] as const;
const DRAIN = ["old tasks finish their requests", 0, 30] as const;
/** 30 seconds to the first check; at worst 60 of grace and two checks 30 seconds apart. */
const HEALTHY = ["new tasks become healthy", 30, 120] as const;
const TEST_SHIFT = ["test requests move to the new tasks", 5, 60] as const;
const shifts = (count: number) =>
  ["requests move to the new tasks", count * 5, count * 60] as const;

describe("The time of a rollout", () => {
  for (const [title, given, parts] of [
    [
      "is 40 seconds to be counted where nothing checks the tasks",
      {},
      [START, ["new tasks become healthy", 40, 40], STOP],
    ],
    ["is one wave where all tasks may run twice", { route }, [START, HEALTHY, DRAIN, STOP]],
    [
      "goes by the checks of load balancer and containers, whichever takes longer",
      {
        route,
        healthCheck: { intervalSeconds: 10, healthyThreshold: 3, gracePeriodSeconds: 5 },
        // 12 seconds at best; 20 + 2 × 12 at worst.
        containerHealthCheck: {
          command: ["CMD", "true"],
          intervalSeconds: 12,
          retries: 2,
          startPeriodSeconds: 20,
        },
        sidecars: {
          // What is not essential does not count, however slow.
          slow: {
            image: "busybox:1",
            essential: false,
            containerHealthCheck: { command: ["CMD", "true"], intervalSeconds: 300 },
          },
          agent: {
            image: "busybox:1",
            essential: true,
            containerHealthCheck: { command: ["CMD", "true"], intervalSeconds: 11, retries: 5 },
          },
        },
      },
      [START, ["new tasks become healthy", 12, 55], DRAIN, STOP],
    ],
    [
      "waits for the slowest container to stop",
      {
        stopTimeoutSeconds: 5,
        sidecars: { proxy: { image: "busybox:1", stopTimeoutSeconds: 120 } },
      },
      [START, ["new tasks become healthy", 40, 40], ["old tasks stop", 0, 120]],
    ],
    [
      "leaves time for a host where tasks run on the cluster's own",
      { capacity: { EC2: {} } },
      [["new tasks start", 30, 480], ["new tasks become healthy", 40, 40], STOP],
    ],
    [
      // 4 tasks, 2 must run and 4 may: two leave, two arrive, and the same again.
      "is two waves where half of the tasks must leave before others start",
      { route, desiredCount: 4, deployment: { minimumHealthyPercent: 50, maximumPercent: 100 } },
      [
        ["new tasks start", 60, 360],
        ["new tasks become healthy", 60, 240],
        ["old tasks finish their requests", 0, 60],
        ["old tasks stop", 0, 60],
      ],
    ],
    [
      // 4 tasks, 4 must run and 5 may: four times one arrives and one leaves.
      "is as many waves as there are tasks where one more may run",
      { desiredCount: 4, deployment: { maximumPercent: 125 } },
      [
        ["new tasks start", 120, 720],
        ["new tasks become healthy", 160, 160],
        ["old tasks stop", 0, 120],
      ],
    ],
    [
      "is one wave where half may leave, but all new ones have room at once",
      { desiredCount: 4, deployment: { minimumHealthyPercent: 50 } },
      [START, ["new tasks become healthy", 40, 40], STOP],
    ],
    [
      "lets old tasks leave while new ones arrive where none must run and all have room",
      { deployment: { minimumHealthyPercent: 0 } },
      [START, ["new tasks become healthy", 40, 40]],
    ],
    [
      // 2 tasks at best, of which 3 may run: two waves; 3 at worst, by the schedule, of which 4 may: three waves.
      "is between the fewest tasks and the most that scaling and its schedules allow",
      {
        scaling: {
          min: 2,
          max: 2,
          schedules: { rush: { schedule: "cron(0 7 * * ? *)", min: 2, max: 3 } },
        },
        deployment: { maximumPercent: 150 },
      },
      [
        ["new tasks start", 60, 540],
        ["new tasks become healthy", 80, 120],
        ["old tasks stop", 0, 90],
      ],
    ],
    [
      "moves all requests at once and bakes with BLUE_GREEN",
      { route, deployment: { strategy: "BLUE_GREEN", bakeTimeMinutes: 7 } },
      [START, HEALTHY, TEST_SHIFT, shifts(1), ["all requests bake", 420, 420], DRAIN, STOP],
    ],
    [
      "bakes five minutes unless it is told otherwise",
      { route, deployment: { strategy: "BLUE_GREEN" } },
      [START, HEALTHY, TEST_SHIFT, shifts(1), ["all requests bake", 300, 300], DRAIN, STOP],
    ],
    [
      "moves requests twice and bakes twice with CANARY",
      {
        route,
        deployment: {
          strategy: "CANARY",
          canary: { percent: 10, bakeTimeMinutes: 15 },
          bakeTimeMinutes: 0,
        },
      },
      [START, HEALTHY, TEST_SHIFT, shifts(2), ["the canary bakes", 900, 900], DRAIN, STOP],
    ],
    [
      // 25, 50, 75 and 100 per cent: four moves, with three waits between them.
      "moves requests in steps and waits between them with LINEAR",
      {
        route,
        deployment: { strategy: "LINEAR", linear: { stepPercent: 25, stepBakeTimeMinutes: 2 } },
      },
      [
        START,
        HEALTHY,
        TEST_SHIFT,
        shifts(4),
        ["each step bakes", 360, 360],
        ["all requests bake", 300, 300],
        DRAIN,
        STOP,
      ],
    ],
    [
      // 40, 80 and 100 per cent.
      "makes the last step smaller where they do not come out even",
      {
        route,
        deployment: {
          strategy: "LINEAR",
          linear: { stepPercent: 40, stepBakeTimeMinutes: 2 },
          bakeTimeMinutes: 0,
        },
      },
      [START, HEALTHY, TEST_SHIFT, shifts(3), ["each step bakes", 240, 240], DRAIN, STOP],
    ],
    [
      // 10 minutes for the approval; 3 tries of 5 seconds with 20 between them for the smoke test, at another stage.
      "waits for the gates, but need not wait where everybody agrees at once",
      {
        route,
        deployment: {
          strategy: "BLUE_GREEN",
          bakeTimeMinutes: 0,
          gates: {
            approve: { kind: "approval", timeoutMinutes: 10 },
            smoke: {
              kind: "smoke-test",
              stage: "POST_PRODUCTION_TRAFFIC_SHIFT",
              requests: { health: {} },
              attempts: 3,
              intervalSeconds: 20,
            },
          },
        },
      },
      [START, HEALTHY, TEST_SHIFT, ["gates", 0, 655], shifts(1), DRAIN, STOP],
    ],
    [
      "waits for the gate of a rolling deployment once, however many waves it has",
      {
        desiredCount: 4,
        deployment: {
          maximumPercent: 125,
          gates: { approve: { kind: "approval", stage: "PRE_SCALE_UP", timeoutMinutes: 10 } },
        },
      },
      [
        ["gates", 0, 600],
        ["new tasks start", 120, 720],
        ["new tasks become healthy", 160, 160],
        ["old tasks stop", 0, 120],
      ],
    ],
    [
      "watches the alarms of a rolling deployment when it is through",
      { deployment: { rollbackAlarms: { alarmNames: ["one"] }, bakeTimeMinutes: 6 } },
      [START, ["new tasks become healthy", 40, 40], STOP, ["all requests bake", 360, 360]],
    ],
    [
      "waits for an approval before each step",
      {
        route,
        deployment: {
          strategy: "CANARY",
          canary: { percent: 10, bakeTimeMinutes: 0 },
          bakeTimeMinutes: 0,
          gates: {
            approve: {
              kind: "approval",
              stage: "PRE_PRODUCTION_TRAFFIC_SHIFT",
              timeoutMinutes: 10,
            },
          },
        },
      },
      [START, HEALTHY, TEST_SHIFT, ["gates", 0, 1200], shifts(2), DRAIN, STOP],
    ],
    [
      "is longer by the release step where the image is a new one",
      { release: { command: ["migrate"], timeoutMinutes: 4 } },
      [
        ["the release step, when the image is a new one", 0, 240],
        START,
        ["new tasks become healthy", 40, 40],
        STOP,
      ],
    ],
  ] as [string, Given, [string, number, number][]][]) {
    it(title, () => {
      assert.deepEqual(partsOf(given), parts);
    });
  }

  it("is the sum of its parts in minutes", () => {
    const { shortestMinutes, longestMinutes } = rolloutTime(checked({ route }));
    assert.deepEqual([shortestMinutes, longestMinutes], [1, 6]);
  });

  it("is nothing at best where scaling may leave no task", () => {
    const schedules = { night: { schedule: "cron(0 22 * * ? *)", min: 0, max: 0 } };
    const { shortestMinutes } = rolloutTime(checked({ scaling: { min: 1, max: 2, schedules } }));
    assert.equal(shortestMinutes, 0);
  });

  it("ends also where a schedule leaves fewer tasks than the percentages have room for", () => {
    const { longestMinutes } = rolloutTime(
      checked({
        scaling: {
          min: 2,
          max: 2,
          schedules: { night: { schedule: "cron(0 22 * * ? *)", min: 1, max: 1 } },
        },
        deployment: { maximumPercent: 150 },
      }),
    );
    // Two waves of one task: 2 × (180 + 40 + 30) seconds.
    assert.equal(longestMinutes, 500 / 60);
  });
});

describe("The time that `up` waits for a rollout", () => {
  for (const [title, given, minutes] of [
    ["is 20 minutes at least", { route }, 20],
    // 4 waves of 180 + 40 + 30 seconds there, and the same back: 33.3 minutes.
    ["is twice a rolling deployment", { desiredCount: 4, deployment: { maximumPercent: 125 } }, 34],
    [
      "is a rolling deployment once where nothing rolls back",
      {
        desiredCount: 6,
        deployment: { maximumPercent: 117, noRollbackBecause: "we look at what failed" },
      },
      25,
    ],
    [
      // 600 seconds more than without the gate, which nobody comes by on the way back: 43.3 minutes.
      "counts a gate of a rolling deployment on the way there alone",
      {
        desiredCount: 4,
        deployment: {
          maximumPercent: 125,
          gates: { approve: { kind: "approval", stage: "POST_SCALE_UP", timeoutMinutes: 10 } },
        },
      },
      44,
    ],
    [
      // 60 minutes for the release would be 61 in all.
      "leaves out the release step, which is over by then",
      { release: { command: ["migrate"], timeoutMinutes: 60 } },
      20,
    ],
    // 180 + 120 + 60 + 120 + 900 + 600 + 30 + 30 seconds there, 60 + 30 + 30 back: 36 minutes.
    [
      "is the way there and the way back where requests move",
      {
        route,
        deployment: {
          strategy: "CANARY",
          canary: { percent: 5, bakeTimeMinutes: 15 },
          bakeTimeMinutes: 10,
        },
      },
      36,
    ],
  ] as [string, Given, number][]) {
    it(title, () => {
      assert.equal(waitMinutes(checked(given)), minutes);
    });
  }
});
