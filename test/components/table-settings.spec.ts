import * as assert from "node:assert/strict";
import { tableSettings } from "../../components/table/settings";
import { itBounds, itRefuses, itTakes, listWith, noChoice, noReason, outOfBounds } from "./support";

const happy = { partitionKey: { name: "id" } };

const manyIndexes = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, position) => [
      `by-${position}`,
      { partitionKey: { name: `key${position}` } },
    ]),
  );

const noIndexName = (name: string) => ({
  change: { indexes: { [name]: { partitionKey: { name: "state" } } } },
  problem: {
    key: `indexes.${name}`,
    value: name,
    rule: "is not a name for an index",
    allowed: "3 to 255 letters, digits, underscores, hyphens and dots",
    fix: "rename it",
  },
});

const noAttribute = (name: string) => ({
  change: { ttlAttribute: name },
  problem: {
    key: "ttlAttribute",
    value: name,
    rule: "is not a name for an attribute",
    allowed: "1 to 255 characters",
    fix: "rename it",
  },
});

const HUNDRED_AND_ONE = Array.from({ length: 101 }, (_, position) => `attribute${position}`);

const OTHER_TYPE = {
  rule: "gives an attribute another type than the table or another index does",
  allowed: "one type for each attribute",
  fix: "correct the type",
};

describe("Table settings", () => {
  it("have these defaults", () => {
    const indexes = { byState: { partitionKey: { name: "state" } } };
    assert.deepEqual(tableSettings.parse({ ...happy, indexes }), {
      partitionKey: { name: "id", type: "string" },
      indexes: {
        byState: { partitionKey: { name: "state", type: "string" } },
      },
      kms: false,
      recoveryDays: 35,
    });
  });

  itTakes(tableSettings, happy, {
    "the same attribute in several keys": {
      sortKey: { name: "at", type: "number" },
      indexes: {
        byTime: { partitionKey: { name: "id" }, sortKey: { name: "at", type: "number" } },
      },
    },
    "the shortest name of an index": { indexes: { "a-1": { partitionKey: { name: "state" } } } },
    "the longest name of an attribute": { ttlAttribute: "x".repeat(255) },
    "20 indexes": { indexes: manyIndexes(20) },
    "every stream": { stream: "NEW_AND_OLD_IMAGES" },
    "no restoring, for a reason": { noRecoveryBecause: "0123456789" },
  });

  itBounds(tableSettings, happy, { recoveryDays: [1, 35] });

  itRefuses(tableSettings, happy, {
    "no key": {
      change: { partitionKey: undefined },
      problem: {
        key: "partitionKey",
        value: undefined,
        rule: "must be a map with the keys name, type",
        allowed: "a map with the keys name, type",
        fix: "add the key partitionKey",
      },
    },
    "a key of a type that is none": {
      change: { sortKey: { name: "at", type: "date" } },
      problem: noChoice("sortKey.type", "date", ["string", "number", "binary"]),
    },
    "an attribute with two types": {
      change: { sortKey: { name: "id", type: "number" } },
      problem: { key: "indexes", value: undefined, ...OTHER_TYPE },
    },
    "an attribute with another type in an index": {
      change: { indexes: { byId: { partitionKey: { name: "id", type: "binary" } } } },
      problem: {
        key: "indexes",
        value: { byId: { partitionKey: { name: "id", type: "binary" } } },
        ...OTHER_TYPE,
      },
    },
    "an index with a name that is too short": noIndexName("by"),
    "an index with a blank in its name": noIndexName("by state"),
    "21 indexes": {
      change: { indexes: manyIndexes(21) },
      problem: {
        key: "indexes",
        value: manyIndexes(21),
        rule: "has more indexes than a table takes",
        allowed: "20 at most",
        fix: "remove some: an index whose keys are named generally serves several queries",
      },
    },
    "an attribute without a name": noAttribute(""),
    "an attribute with a name that is too long": noAttribute("x".repeat(256)),
    "a stream that does not exist": {
      change: { stream: "ALL" },
      problem: noChoice("stream", "ALL", [
        "KEYS_ONLY",
        "NEW_IMAGE",
        "OLD_IMAGE",
        "NEW_AND_OLD_IMAGES",
      ]),
    },
    "more attributes in an index than a table takes": {
      change: {
        indexes: { byState: { partitionKey: { name: "state" }, attributes: HUNDRED_AND_ONE } },
      },
      problem: outOfBounds(
        "indexes.byState.attributes",
        HUNDRED_AND_ONE,
        listWith("at most 100 entries", "1 to 255 characters"),
      ),
    },
    "no restoring without a reason": {
      change: { noRecoveryBecause: "no" },
      problem: noReason("noRecoveryBecause", "no"),
    },
  });
});
