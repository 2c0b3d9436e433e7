import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { parseSettings } from "../../components/support/parse-settings";
import {
  mapOf,
  nameKey,
  patternInput,
  reason,
  ruleWithin,
  textInput,
} from "../../components/support/rules";
import { itRefuses, itTakes, noReason } from "./support";

const schema = z.strictObject({
  name: nameKey.optional(),
  because: reason.optional(),
  text: textInput().optional(),
  pattern: patternInput(/^[a-z]+$/, {
    rule: "must be small letters",
    allowed: "a to z",
    fix: "write it small",
  }).optional(),
});

const noName = (name: string) => ({
  change: { name },
  problem: {
    key: "name",
    value: name,
    rule: "is not a usable name",
    allowed:
      'lower-case letters, digits and single hyphens, starting with a letter, at most 20 characters, not starting with "sg-"',
    fix: "rename it",
  },
});

describe("Names", () => {
  itTakes(
    schema,
    {},
    {
      "one letter": { name: "a" },
      "letters, digits and hyphens": { name: "orders-db-2" },
      "20 characters": { name: "a".repeat(20) },
      "what only begins like a security group": { name: "sgx" },
      "what only ends like a security group": { name: "msg-bus" },
    },
  );

  itRefuses(
    schema,
    {},
    {
      nothing: noName(""),
      capitals: noName("Api"),
      "an underscore": noName("orders_db"),
      "a digit at the start": noName("1st"),
      "a hyphen at the start": noName("-api"),
      "a hyphen at the end": noName("api-"),
      "two hyphens": noName("a--b"),
      "21 characters": noName("a".repeat(21)),
      "what AWS takes for the id of a security group": noName("sg-api"),
      "the beginning of such an id": noName("sg"),
    },
  );
});

describe("Reasons", () => {
  itTakes(schema, {}, { "10 characters": { because: "0123456789" } });

  itRefuses(
    schema,
    {},
    {
      "9 characters": {
        change: { because: "012345678" },
        problem: noReason("because", "012345678"),
      },
      "blanks around too few": {
        change: { because: "   no    " },
        problem: noReason("because", "   no    "),
      },
    },
  );
});

describe("Text that may be computed", () => {
  const computed = pulumi.output("NOT SMALL");

  itTakes(
    schema,
    {},
    {
      "plain text": { text: "x", pattern: "x" },
      "computed text, whatever it will be": { text: computed, pattern: computed },
    },
  );

  itRefuses(
    schema,
    {},
    {
      "a number": {
        change: { text: 17 },
        problem: {
          key: "text",
          value: 17,
          rule: "must be text",
          allowed: "text",
          fix: 'put the value in quotes: "17"',
        },
      },
      "plain text of another pattern": {
        change: { pattern: "X" },
        problem: {
          key: "pattern",
          value: "X",
          rule: "must be small letters",
          allowed: "a to z",
          fix: "write it small",
        },
      },
    },
  );
});

describe("Rules within a map", () => {
  const small = { allowed: "5 or less", fix: "lower it" };
  const numbers = ruleWithin(
    z.strictObject({ a: z.int().max(9).optional(), b: z.record(z.string(), z.int()).optional() }),
    ({ a, b }) => [
      ...(Number(a) > 5 ? [{ path: ["a"], rule: "is too much", ...small }] : []),
      ...Object.entries(mapOf(b))
        .filter(([, value]) => Number(value) > 5)
        .map(([key]) => ({ path: ["b", key], rule: `of ${key} is too much`, ...small })),
    ],
  );

  itTakes(numbers, {}, { nothing: {}, "what breaks none": { a: 5, b: { x: 5 } } });

  itRefuses(
    numbers,
    {},
    {
      "a value of its own": {
        change: { a: 6 },
        problem: { key: "a", value: 6, rule: "is too much", ...small },
      },
      "a value deep inside, beside another that is right": {
        change: { b: { x: 5, y: 7 } },
        problem: { key: "b.y", value: 7, rule: "of y is too much", ...small },
      },
      "a value that is wrong by itself, once": {
        change: { a: 10 },
        problem: {
          key: "a",
          value: 10,
          rule: "is out of bounds",
          allowed: "a whole number",
          fix: "set a whole number",
        },
      },
      "a map that is none, without stumbling": {
        change: { b: [9] },
        problem: {
          key: "b",
          value: [9],
          rule: "must be a map of names to values",
          allowed: "a map of names to values",
          fix: "set a map of names to values",
        },
      },
    },
  );

  it("are told of beside one that is wrong by itself", () => {
    const { problems } = parseSettings(numbers, { a: "x", b: { y: 7 } }, "");
    assert.deepEqual(
      problems.map(({ key }) => key),
      ["a", "b.y"],
    );
  });
});
