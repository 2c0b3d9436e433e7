import * as assert from "node:assert/strict";
import { bucketSettings } from "../../components/bucket/settings";
import { itBounds, itRefuses, itTakes, listWith, noChoice, noReason, outOfBounds } from "./support";

const ORDER = {
  rule: "moves objects in an order that S3 does not offer",
  allowed:
    "more days for each class in the order STANDARD_IA, ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE; 30 more after STANDARD_IA and ONEZONE_IA; not ONEZONE_IA and GLACIER_IR both",
  fix: "raise the days of the later classes, or leave one out",
};

const noOrder = (transitions: Record<string, number>) => ({
  change: { transitions },
  problem: { key: "transitions", value: transitions, ...ORDER },
});

const noOrigin = (origin: string) => ({
  change: { cors: { origins: [origin] } },
  problem: {
    key: "cors.origins[0]",
    value: origin,
    rule: "must be an origin",
    allowed: "https://HOST, with at most one *",
    fix: 'write it like "https://app.example.com"',
  },
});

const noBesideTiering = (transitions: Record<string, number>) => ({
  change: { intelligentTiering: {}, transitions },
  problem: {
    key: "intelligentTiering",
    value: {},
    rule: "contradicts transitions: S3 cannot move objects to it by their age and by their use",
    allowed: "transitions to GLACIER and DEEP_ARCHIVE alone beside it",
    fix: "remove STANDARD_IA, ONEZONE_IA and GLACIER_IR from transitions, or intelligentTiering",
  },
});

describe("Bucket settings", () => {
  it("have these defaults", () => {
    assert.deepEqual(bucketSettings.parse({}), {
      kms: false,
      noncurrentRetentionDays: 30,
      transitions: {},
    });
  });

  itTakes(
    bucketSettings,
    {},
    {
      "every class but one zone, as early as S3 moves objects": {
        transitions: { STANDARD_IA: 30, GLACIER_IR: 60, GLACIER: 61, DEEP_ARCHIVE: 62 },
      },
      "one zone, as early as S3 moves objects": {
        transitions: { STANDARD_IA: 30, ONEZONE_IA: 60, GLACIER: 90, DEEP_ARCHIVE: 91 },
      },
      "an archive from the first day": { transitions: { GLACIER: 0 } },
      "deletion the day after the last move": { transitions: { GLACIER: 90 }, expirationDays: 91 },
      "archives behind Intelligent-Tiering": {
        intelligentTiering: {},
        transitions: { GLACIER: 365, DEEP_ARCHIVE: 730 },
      },
      "the shortest times of Intelligent-Tiering": {
        intelligentTiering: { archiveAfterDays: 90, deepArchiveAfterDays: 180 },
      },
      "the deep archive alone": { intelligentTiering: { deepArchiveAfterDays: 730 } },
      "origins with one star": { cors: { origins: ["https://*.example.com"] } },
      "no older versions, for a reason": { unversionedBecause: "0123456789" },
    },
  );

  itBounds(bucketSettings, {}, { expirationDays: [1, 36500], noncurrentRetentionDays: [1, 36500] });
  itBounds(
    bucketSettings,
    {},
    {
      "transitions.STANDARD_IA": [30, 36500],
      "transitions.ONEZONE_IA": [30, 36500],
      "transitions.GLACIER_IR": [0, 36500],
      "transitions.GLACIER": [0, 36500],
      "transitions.DEEP_ARCHIVE": [0, 36500],
      "intelligentTiering.archiveAfterDays": [90, 730],
      "intelligentTiering.deepArchiveAfterDays": [180, 730],
    },
  );
  itBounds(
    bucketSettings,
    { cors: { origins: ["https://app.example.com"] } },
    { "cors.maxAgeSeconds": [0, 86400] },
  );

  itRefuses(
    bucketSettings,
    {},
    {
      "a class earlier than the one before it": noOrder({ GLACIER: 90, DEEP_ARCHIVE: 60 }),
      "two classes on one day": noOrder({ GLACIER_IR: 90, GLACIER: 90 }),
      "29 days of infrequent access": noOrder({ STANDARD_IA: 30, GLACIER: 59 }),
      "29 days in one zone": noOrder({ ONEZONE_IA: 30, GLACIER: 59 }),
      "one zone before an archive read at once": noOrder({ ONEZONE_IA: 30, GLACIER_IR: 90 }),
      "a class that does not exist": {
        change: { transitions: { COLD: 30 } },
        problem: {
          key: "transitions.COLD",
          value: 30,
          rule: "is not a known key",
          allowed: "STANDARD_IA, ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE",
          fix: "remove it",
        },
      },
      "deletion on the day of a move": {
        change: { transitions: { GLACIER: 90 }, expirationDays: 90 },
        problem: {
          key: "expirationDays",
          value: 90,
          rule: "deletes objects before they have moved",
          allowed: "more days than every transition",
          fix: "raise it, or remove the later transitions",
        },
      },
      "infrequent access beside Intelligent-Tiering": noBesideTiering({ STANDARD_IA: 30 }),
      "one zone beside it": noBesideTiering({ ONEZONE_IA: 30 }),
      "an archive read at once beside it": noBesideTiering({ GLACIER_IR: 30 }),
      "a deep archive before the archive": {
        change: { intelligentTiering: { archiveAfterDays: 200, deepArchiveAfterDays: 200 } },
        problem: {
          key: "intelligentTiering",
          value: { archiveAfterDays: 200, deepArchiveAfterDays: 200 },
          rule: "archives objects deeper before it archives them",
          allowed: "deepArchiveAfterDays above archiveAfterDays",
          fix: "raise deepArchiveAfterDays, or lower archiveAfterDays",
        },
      },
      "an origin without scheme": noOrigin("app.example.com"),
      "an origin with a path": noOrigin("https://app.example.com/"),
      "an origin with two stars": noOrigin("https://*.*.example.com"),
      "no origin": {
        change: { cors: { origins: [] } },
        problem: outOfBounds(
          "cors.origins",
          [],
          listWith("at least 1 entry", "https://HOST, with at most one *"),
        ),
      },
      "a method that S3 does not know": {
        change: { cors: { origins: ["https://app.example.com"], methods: ["PATCH"] } },
        problem: noChoice("cors.methods[0]", "PATCH", ["GET", "PUT", "HEAD", "POST", "DELETE"]),
      },
      "no older versions without a reason": {
        change: { unversionedBecause: "no" },
        problem: noReason("unversionedBecause", "no"),
      },
    },
  );
});
