import * as assert from "node:assert/strict";
import { loadConfig } from "../../stacks/config";
import { offHoursSavings } from "../../stacks/off-hours-savings";
import { type StackConfig, shippedConfig, smallConfig, sourceOf } from "./support";

function savingsOf(config: StackConfig): Record<string, string> {
  return Object.fromEntries(
    offHoursSavings(loadConfig(sourceOf(config))).map((line) => [
      line.what,
      [line.hoursAsleepAWeek, line.before, line.saved]
        .map((number) => number?.toFixed(2) ?? "unknown")
        .join(" "),
    ]),
  );
}

describe("what off-hours save", () => {
  it("is this in dev, computed by hand", () => {
    // Awake 5 × 13 h; databases and the bastion 5 × 13 h 20 min. A month has 730 hours.
    const task = 0.25 * 0.03238 + 0.5 * 0.00356;
    assert.equal((task * 0.3 * 730).toFixed(2), "2.16");
    assert.deepEqual(savingsOf(shippedConfig("dev")), {
      "tasks of api": `103.00 2.16 ${((2.1626 * 103) / 168).toFixed(2)}`,
      "database database": `101.33 11.68 ${((11.68 * 101.3333) / 168).toFixed(2)}`,
      bastion: `101.33 3.07 ${((3.066 * 101.3333) / 168).toFixed(2)}`,
    });
  });

  it("is this in staging: the base on demand, and of the rest three in four on Spot", () => {
    // Awake 5 × 16 h. Two tasks: one of the base, a quarter of the other on demand, three quarters on Spot.
    const task = 0.25 * 0.03238 + 0.5 * 0.00356;
    const before = task * (1.25 + 0.75 * 0.3) * 730;
    assert.equal(
      savingsOf(shippedConfig("staging"))["tasks of api"],
      `88.00 ${before.toFixed(2)} ${((before * 88) / 168).toFixed(2)}`,
    );
  });

  it("counts hosts by their mixture, standbys twice, and what sleeps alone", () => {
    const windows = {
      backupWindow: "09:00-10:00",
      maintenanceWindow: "mon:10:00-mon:11:00",
      applyImmediately: true,
    };
    const config: StackConfig = {
      ...smallConfig(),
      "ecs-platform:network": {
        availabilityZones: ["us-east-1a", "us-east-1b"],
        nat: "instance",
      },
      "ecs-platform:cluster": {
        ec2: {
          instanceTypes: ["t3.medium"],
          minSize: 3,
          maxSize: 5,
          onDemandBase: 1,
          onDemandPercentageAboveBase: 20,
        },
      },
      "ecs-platform:services": {
        awake: { image: "any:1", desiredCount: 1 },
        "on-hosts": { image: "any:1", desiredCount: 1, capacity: { EC2: {} } },
      },
      "ecs-platform:databases": {
        large: { engineVersion: "17", instanceClass: "db.m7g.large", multiAz: true, ...windows },
        rare: { engineVersion: "17", instanceClass: "db.r8g.large", multiAz: false, ...windows },
        awake: { engineVersion: "17", instanceClass: "db.t4g.micro", multiAz: false },
      },
      "ecs-platform:unprotectedBecause": "a test destroys it at once",
      "ecs-platform:offHours": {
        timezone: "Etc/UTC",
        awake: { days: ["MON"], from: "08:00", to: "20:00" },
        leadMinutes: 60,
        except: { services: ["awake"], databases: ["awake"] },
      },
    };
    // Asleep 168 - 13 = 155 hours a week. Of three hosts two are on demand: the base, and 20 % of two rounded up.
    const hosts = 0.0416 * (2 + 0.3) * 730;
    assert.deepEqual(savingsOf(config), {
      hosts: `155.00 ${hosts.toFixed(2)} ${((hosts * 155) / 168).toFixed(2)}`,
      "database large": `155.00 245.28 ${((245.28 * 155) / 168).toFixed(2)}`,
      "database rare": "155.00 unknown unknown",
    });
    const { "ecs-platform:offHours": offHours } = config;
    const withNat = {
      ...config,
      "ecs-platform:offHours": {
        ...(offHours as object),
        except: { databases: ["awake"] },
        nat: true,
      },
    };
    assert.deepEqual(Object.keys(savingsOf(withNat)), [
      "tasks of awake",
      "hosts",
      "database large",
      "database rare",
      "NAT instance",
    ]);
  });

  it("is nothing without off-hours", () => {
    assert.deepEqual(savingsOf(shippedConfig("prod")), {});
  });
});
