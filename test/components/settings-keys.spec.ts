import * as assert from "node:assert/strict";
import { z } from "zod";
import { checkSettings, joinKey, unknownKey } from "../../components/support/parse-settings";
import { SettingsError } from "../../components/support/problem";

describe("checkSettings", () => {
  it("hands back right settings, with the defaults", () => {
    assert.deepEqual(checkSettings("Thing", z.strictObject({ a: z.int().default(1) }), {}), {
      a: 1,
    });
  });

  it("throws what is wrong", () => {
    assert.throws(
      () => checkSettings('Thing "x"', z.strictObject({ a: z.int() }), { a: 1.5 }),
      (error) =>
        error instanceof SettingsError &&
        error.message.startsWith('Thing "x": 1 problem; nothing was created.\n\n1. a\n'),
    );
  });
});

describe("unknownKey", () => {
  const holder = { databse: {} };

  it("knows the keys of the whole configuration", () => {
    const sections = z.strictObject({ database: z.string(), services: z.string() });
    assert.deepEqual(unknownKey("shop:", "databse", sections, holder), {
      key: "shop:databse",
      value: {},
      rule: "is not a known key",
      allowed: "database, services",
      fix: 'did you mean "database"? Rename it, or remove it',
    });
  });

  for (const [misspelt, fix] of [
    ["nxx", 'did you mean "nat"? Rename it, or remove it'],
    ["xxx", "remove it"],
    ["availabiltyZonzz", 'did you mean "availabilityZones"? Rename it, or remove it'],
    ["availableRegions", "remove it"],
    ["retentDay", 'did you mean "retentionDays"? Rename it, or remove it'],
    ["retenDay", "remove it"],
  ] as const) {
    it(`makes "${fix}" of ${misspelt}`, () => {
      const known = z.strictObject({
        nat: z.string(),
        availabilityZones: z.string(),
        retentionDays: z.string(),
      });
      assert.equal(unknownKey("", misspelt, known, {}).fix, fix);
    });
  }

  it("names the nearest of several", () => {
    const near = z.strictObject({ dataset: z.string(), database: z.string() });
    assert.equal(
      unknownKey("", "databse", near, holder).fix,
      'did you mean "database"? Rename it, or remove it',
    );
  });
});

describe("joinKey", () => {
  for (const [base, path, joined] of [
    ["", ["route", "paths", 0], "route.paths[0]"],
    ["", [], ""],
    ["shop:", ["services", "api"], "shop:services.api"],
    ["shop:services", ["api", "port"], "shop:services.api.port"],
    ["zones", [1], "zones[1]"],
  ] as const) {
    it(`makes "${joined}"`, () => {
      assert.equal(joinKey(base, path), joined);
    });
  }
});
