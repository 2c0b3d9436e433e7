import { z } from "zod";
import { mapOf, reason, rule, ruleAcross } from "../support/rules";

/** Types of key attributes, and what DynamoDB calls them. */
export const KEY_TYPES = { string: "S", number: "N", binary: "B" } as const;

const attributeName = rule(z.string(), (name) => name.length >= 1 && name.length <= 255, {
  rule: "is not a name for an attribute",
  allowed: "1 to 255 characters",
  fix: "rename it",
});

const key = z.strictObject({
  name: attributeName.describe("Attribute that is the key."),
  type: z.enum(["string", "number", "binary"]).default("string").describe("Its type."),
});

const partitionKey = key.describe("Says where an item lies. Cannot be changed later.");
const sortKey = key
  .optional()
  .describe("Orders the items that share a partition key. Cannot be changed later.");

const indexName = rule(z.string(), (name) => /^[A-Za-z0-9_.-]{3,255}$/.test(name), {
  rule: "is not a name for an index",
  allowed: "3 to 255 letters, digits, underscores, hyphens and dots",
  fix: "rename it",
});

const index = z.strictObject({
  partitionKey,
  sortKey,
  attributes: z
    .array(attributeName)
    .max(100)
    .optional()
    .describe(
      "Attributes that it holds beside the keys; [] for none, which is cheapest to write. Without it: all.",
    ),
});

const indexes = rule(z.record(indexName, index), (given) => Object.keys(given).length <= 20, {
  rule: "has more indexes than a table takes",
  allowed: "20 at most",
  fix: "remove some: an index whose keys are named generally serves several queries",
});

const settings = z.strictObject({
  partitionKey,
  sortKey,
  indexes: indexes
    .default({})
    .describe("Global secondary indexes, by name: other ways to find items."),
  ttlAttribute: attributeName
    .optional()
    .describe(
      "Attribute with the second (since 1970) after which an item is deleted, for nothing.",
    ),
  stream: z
    .enum(["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"])
    .optional()
    .describe("What a stream says about each change. Without it: no stream."),
  kms: z
    .boolean()
    .default(false)
    .describe(
      "Whether a KMS key of its own encrypts it (1 USD a month and 0.03 USD per 10,000 calls) instead of DynamoDB's, which is free.",
    ),
  recoveryDays: z
    .int()
    .min(1)
    .max(35)
    .default(35)
    .describe("Days that can be restored to any second, for 0.20 USD a month per GB."),
  noRecoveryBecause: reason
    .optional()
    .describe("Turns restoring to a point in time off, and says why."),
});

export const tableSettings = ruleAcross(
  settings,
  ["indexes"],
  (given) => {
    const types = new Map<string, string>();
    return keysOf(given).every(({ name, type }) => {
      const former = types.get(name) ?? type;
      types.set(name, former);
      return former === type;
    });
  },
  {
    rule: "gives an attribute another type than the table or another index does",
    allowed: "one type for each attribute",
    fix: "correct the type",
  },
);

/** All keys of a table and its indexes; bears keys that are wrong. */
export function keysOf(given: {
  readonly partitionKey?: unknown;
  readonly sortKey?: unknown;
  readonly indexes?: unknown;
}): { name: string; type: keyof typeof KEY_TYPES }[] {
  const holders = [given, ...Object.values(mapOf(given.indexes)).map(mapOf)];
  return holders
    .flatMap(({ partitionKey: first, sortKey: second }) => [mapOf(first), mapOf(second)])
    .flatMap(({ name, type }) =>
      typeof name === "string" && typeof type === "string" && Object.hasOwn(KEY_TYPES, type)
        ? [{ name, type: type as keyof typeof KEY_TYPES }]
        : [],
    );
}

export type TableSettings = z.input<typeof tableSettings>;
/** As checked, with the defaults filled in. */
export type CheckedTableSettings = z.output<typeof tableSettings>;
