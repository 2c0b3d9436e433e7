import * as assert from "node:assert/strict";
import { z } from "zod";
import { parseSettings } from "../../components/support/parse-settings";
import { patternInput, rule, ruleAcross } from "../../components/support/rules";
import { itRefuses, itTakes, noChoice, outOfBounds } from "./support";

const code = rule(z.string(), (value) => value !== "0", {
  rule: "must be a code",
  allowed: "any but 0",
  fix: "give another",
});

const key = patternInput(/^key$/, {
  rule: "must be the key",
  allowed: "key",
  fix: "give the key",
  hidesValue: true,
});

/** A schema with one key of every kind. */
const schema = ruleAcross(
  z.strictObject({
    text: z.string(),
    count: z.int().min(1).max(9),
    ratio: z.number().min(0.5),
    size: z.literal([1, 2]).default(1),
    colour: z.enum(["red", "green"]).default("red"),
    isOn: z.boolean().default(true),
    names: z.array(z.string()).default([]),
    map: z.record(code, z.string()).default({}),
    part: z.strictObject({ limit: z.int().optional() }),
    rest: z.strictObject({ limit: z.int().default(1) }).prefault({}),
    code: code.optional(),
    address: z.url().optional(),
    tags: z.record(z.string().max(3), z.string()).optional(),
    key: key.optional(),
    most: z.number().default(100),
  }),
  ["most"],
  ({ count = 1, most = 100 }) => !(most < count),
  { rule: "must not be below count", allowed: "count or more", fix: "raise it" },
);

const happy = { text: "x", count: 5, ratio: 1, part: {} };

const wrongType = (at: string, value: unknown, allowed: string, fix = `set ${allowed}`) => ({
  change: { [at]: value },
  problem: { key: at, value, rule: `must be ${allowed}`, allowed, fix },
});

const unknown = (at: string, value: unknown, allowed: string, fix: string) => ({
  change: { [at]: value },
  problem: { key: at, value, rule: "is not a known key", allowed, fix },
});

const KEYS =
  "text, count, ratio, size, colour, isOn, names, map, part, rest, code, address, tags, key, most";

describe("parseSettings", () => {
  it("fills in the defaults", () => {
    assert.deepEqual(parseSettings(schema, happy, ""), {
      value: {
        ...happy,
        size: 1,
        colour: "red",
        isOn: true,
        names: [],
        map: {},
        rest: { limit: 1 },
        most: 100,
      },
      problems: [],
    });
  });

  itTakes(schema, happy, {
    "the least and the most": { count: 9, most: 9 },
    "a choice": { colour: "green", size: 2 },
    "a map of names": { map: { a: "b" } },
    "what a rule allows": { code: "1", key: "key" },
  });

  const COUNT = "a whole number from 1 to 9";
  itRefuses(schema, happy, {
    "no text": wrongType("text", undefined, "text", "add the key text"),
    "a number for text": wrongType("text", 17.1, "text", 'put the value in quotes: "17.1"'),
    "a boolean for text": wrongType("text", true, "text", 'put the value in quotes: "true"'),
    "a list for text": wrongType("text", ["x"], "text"),
    "a number in quotes": wrongType("count", "5", COUNT, "remove the quotes: 5"),
    "text for a number": wrongType("count", "five", COUNT),
    "nothing for a number": wrongType("count", "", COUNT),
    "half a number": wrongType("count", 1.5, COUNT),
    "too small a number": { change: { count: 0 }, problem: outOfBounds("count", 0, COUNT) },
    "too large a number": { change: { count: 10 }, problem: outOfBounds("count", 10, COUNT) },
    "a number below the only bound": {
      change: { ratio: 0 },
      problem: outOfBounds("ratio", 0, "a number, at least 0.5"),
    },
    "text for a number without bounds": wrongType("part.limit", "x", "a whole number"),
    "text for a boolean": wrongType("isOn", "on", "true or false"),
    "another choice": {
      change: { colour: "blue" },
      problem: noChoice("colour", "blue", ["red", "green"]),
    },
    "another number of a list": { change: { size: 3 }, problem: noChoice("size", 3, [1, 2]) },
    "a map for a list": {
      change: { names: {} },
      problem: {
        key: "names",
        value: {},
        rule: "must be a list",
        allowed: "a list; each entry: text",
        fix: "set a list; each entry: text",
      },
    },
    "a number in a list": {
      change: { names: ["a", 1] },
      problem: {
        key: "names[1]",
        value: 1,
        rule: "must be text",
        allowed: "text",
        fix: 'put the value in quotes: "1"',
      },
    },
    "text for a map of names": wrongType("map", "x", "a map of names to values"),
    "text for a map of keys": wrongType("part", "x", "a map with the keys limit"),
    "a wrong value in a map": {
      change: { map: { a: 1 } },
      problem: {
        key: "map.a",
        value: 1,
        rule: "must be text",
        allowed: "text",
        fix: 'put the value in quotes: "1"',
      },
    },
    "a wrong name in a map, without showing its value": {
      change: { map: { 0: "hunter2" } },
      problem: {
        key: "map.0",
        value: "0",
        rule: "must be a code",
        allowed: "any but 0",
        fix: "give another",
      },
    },
    "a name in a map that is too long, without showing its value": {
      change: { tags: { long: "hunter2" } },
      problem: {
        key: "tags.long",
        value: "long",
        rule: "is out of bounds",
        allowed: "text",
        fix: "rename the key",
      },
    },
    "what another check of the schema's library forbids": {
      change: { address: "example" },
      problem: {
        key: "address",
        value: "example",
        rule: "Invalid URL",
        allowed: "text",
        fix: "set text",
      },
    },
    "what a rule forbids": {
      change: { code: "0" },
      problem: {
        key: "code",
        value: "0",
        rule: "must be a code",
        allowed: "any but 0",
        fix: "give another",
      },
    },
    "what may be a secret, without showing it": {
      change: { key: "hunter2" },
      problem: {
        key: "key",
        value: "(hidden)",
        rule: "must be the key",
        allowed: "key",
        fix: "give the key",
      },
    },
    "what contradicts another key": {
      change: { most: 4 },
      problem: {
        key: "most",
        value: 4,
        rule: "must not be below count",
        allowed: "count or more",
        fix: "raise it",
      },
    },
    "a misspelt key": unknown("txet", 1, KEYS, 'did you mean "text"? Rename it, or remove it'),
    "a key in other letters": unknown(
      "ISON",
      false,
      KEYS,
      'did you mean "isOn"? Rename it, or remove it',
    ),
    "a key like no other": unknown("replicas", 2, KEYS, "remove it"),
    "a misspelt key of a part that may be left out": unknown(
      "rest.limits",
      3,
      "limit",
      'did you mean "limit"? Rename it, or remove it',
    ),
    "a misspelt key of a part": unknown(
      "part.limits",
      3,
      "limit",
      'did you mean "limit"? Rename it, or remove it',
    ),
  });

  it("names keys below the one it is given", () => {
    const { problems } = parseSettings(schema, { ...happy, count: 0 }, "shop:services.api");
    assert.deepEqual(
      problems.map((problem) => problem.key),
      ["shop:services.api.count"],
    );
  });

  it("lists every problem, of a rule across keys too, but one for each key", () => {
    const wrong = { ...happy, text: 1, count: 50, most: 4, colour: "blue", colours: [] };
    assert.deepEqual(
      parseSettings(schema, wrong, "").problems.map((problem) => [problem.key, problem.rule]),
      [
        ["text", "must be text"],
        ["count", "is out of bounds"],
        ["colour", "must be one of the allowed values"],
        ["colours", "is not a known key"],
        ["most", "must not be below count"],
      ],
    );
  });

  it("says of a key that is wrong by itself nothing else", () => {
    assert.deepEqual(
      parseSettings(schema, { ...happy, most: "4" }, "").problems.map((problem) => problem.rule),
      ["must be a number"],
    );
  });

  it("refuses what is no map at all", () => {
    for (const settings of [undefined, null, "text", 1, []]) {
      assert.deepEqual(
        parseSettings(schema, settings, "shop:part").problems.map((problem) => problem.rule),
        [`must be a map with the keys ${KEYS}`],
      );
    }
  });
});
