import * as assert from "node:assert/strict";
import { loadConfig } from "../../stacks/config";
import { type Recovery, recoveryTimes, totalMinutes } from "../../stacks/recovery";
import { exampleConfig, type StackConfig, sourceOf } from "./support";

/** The example in two regions, with changes to its second region, its service, and other sections. */
function times(
  second: object = {},
  service: object = {},
  others: StackConfig = {},
): readonly Recovery[] {
  const example = exampleConfig("two-regions");
  const { app } = example["ecs-platform:services"] as { app: object };
  const config = {
    ...example,
    "ecs-platform:secondRegion": {
      ...(example["ecs-platform:secondRegion"] as object),
      ...second,
    },
    "ecs-platform:services": { app: { ...app, ...service } },
    ...others,
  };
  return recoveryTimes(loadConfig(sourceOf(config)));
}

const NOTICED = { what: "Route 53 notices", minutes: 1.5 };
const ASKED_AGAIN = { what: "resolvers ask again", minutes: 1 };

const STORES: StackConfig = {
  "ecs-platform:databases": {
    orders: { engineVersion: "17", instanceClass: "db.t4g.micro", multiAz: false },
  },
  "ecs-platform:tables": {
    events: { partitionKey: { name: "id" } },
    copies: { partitionKey: { name: "id" }, noRecoveryBecause: "a copy of another table" },
  },
  "ecs-platform:buckets": { uploads: {} },
  "ecs-platform:fileSystems": { media: {} },
  "ecs-platform:caches": { sessions: { engineVersion: "8.1", serverless: {} } },
};

describe("the time to recover from the loss of a region", () => {
  it("is that of the health check and of resolvers where the second region is active", () => {
    const [app, ...others] = times();
    assert.deepEqual(others, []);
    assert.deepEqual(app, {
      name: "app",
      kind: "service",
      time: [NOTICED, ASKED_AGAIN],
      lostMinutes: 0,
    });
    assert.equal(app && totalMinutes(app), 3);
  });

  it("follows the health check", () => {
    const names = {
      provider: "route53",
      zoneId: "Z0123456789ABCDEFGHIJ",
      names: ["app.example.com"],
    };
    const with_ = (healthCheck?: object) =>
      times(
        {},
        {},
        { "ecs-platform:domains": { main: { ...names, ...(healthCheck && { healthCheck }) } } },
      );
    assert.deepEqual(with_({ intervalSeconds: 10, failureThreshold: 2 })[0]?.time?.[0], {
      what: "Route 53 notices",
      minutes: 20 / 60,
    });
    // Nobody looks: no time is promised.
    assert.equal(with_()[0]?.time, undefined);
    const unnamed = {
      "ecs-platform:domains": {},
      "ecs-platform:loadBalancer": { plainHttpBecause: "a test sends no requests" },
    };
    assert.equal(times({}, {}, unnamed)[0]?.time, undefined);
  });

  it("has the scaling out of a warm region beside it, round by round", () => {
    const scaling = (min: number, more: object = {}) => ({ scaling: { min, max: 20, ...more } });
    const added = (second: object, service: object) =>
      times({ standby: "warm", ...second }, service)[0]?.time?.at(-1);
    const what = "tasks are added";
    // From a task's start until it counts: 180 seconds at the longest, and by the health check two more minutes.
    assert.deepEqual(added({}, scaling(1)), { what, minutes: 0 });
    assert.deepEqual(added({}, { scaling: undefined, desiredCount: 3 }), { what, minutes: 0 });
    const [one, two] = [added({}, scaling(2)), added({ warmTasks: 2 }, scaling(2))];
    assert.deepEqual(two, { what, minutes: 0 });
    // 1, 2, 3, 5 tasks, for the load is 1.43 times what each shall bear.
    assert.deepEqual(added({}, scaling(5)), { what, minutes: 3 + 2 * 1 + 3 * 5 });
    assert.deepEqual(added({}, scaling(5, { cpuPercent: 50 })), {
      what,
      minutes: 3 + 2 * 1 + 3 * 5,
    });
    assert.deepEqual(added({}, scaling(5, { cpuPercent: 20 })), { what, minutes: 3 + 5 });
    assert.deepEqual(one, { what, minutes: 3 + 5 });
    assert.deepEqual(added({ warmTasks: 2 }, scaling(4, { scaleOutCooldownSeconds: 300 })), {
      what,
      minutes: 3 + 5 + 2 * 5,
    });
  });

  it("is below a quarter of an hour for the example, active and warm", () => {
    for (const standby of ["active", "warm"]) {
      const [app] = times({ standby });
      const minutes = app && totalMinutes(app);
      assert.ok(minutes !== undefined && minutes < 15, `${standby}: ${String(minutes)}`);
    }
  });

  it("is promised for no cold region, and for none at all", () => {
    assert.equal(times({ standby: "cold" })[0]?.time, undefined);
    const { "ecs-platform:secondRegion": _, ...alone } = exampleConfig("two-regions");
    assert.equal(recoveryTimes(loadConfig(sourceOf(alone)))[0]?.time, undefined);
  });

  it("is promised for nothing that keeps data, nor for a service that needs it", () => {
    const connections: Record<string, object> = {
      databases: { databases: ["orders"] },
      caches: { caches: ["sessions"] },
      tables: { tables: { events: "read" } },
      buckets: { buckets: { uploads: "read" } },
      volumes: { volumes: { media: { fileSystem: "media", path: "/media" } } },
    };
    for (const [kind, connection] of Object.entries(connections)) {
      for (const { name, time } of times({}, connection, STORES)) {
        assert.equal(time, undefined, `${name}, ${kind}`);
      }
    }
    assert.notEqual(times({}, {}, STORES)[0]?.time, undefined);
  });
});

describe("the data that the loss of a region takes", () => {
  const lost = (others: StackConfig) =>
    Object.fromEntries(
      times({}, {}, { ...STORES, ...others }).map(({ name, lostMinutes }) => [name, lostMinutes]),
    );

  it("is everything without backups: nothing is copied", () => {
    assert.deepEqual(lost({}), {
      app: 0,
      orders: undefined,
      copies: undefined,
      events: undefined,
      uploads: undefined,
      media: undefined,
      sessions: undefined,
    });
  });

  it("is with backups what came after the last, which lie in the second region by themselves", () => {
    assert.deepEqual(lost({ "ecs-platform:backups": { alertAfterHours: 26 } }), {
      app: 0,
      orders: 26 * 60,
      copies: undefined,
      events: 26 * 60,
      uploads: 26 * 60,
      media: 26 * 60,
      sessions: undefined,
    });
  });
});
