import { z } from "zod";
import { mapOf, reason, rule, ruleAcross } from "../support/rules";
import { inOrder, transitions } from "./storage-classes";

const intelligentTiering = rule(
  z.strictObject({
    archiveAfterDays: z
      .int()
      .min(90)
      .max(730)
      .optional()
      .describe(
        "Days without a read until an object is archived: 0.0036 USD per GB, hours to read.",
      ),
    deepArchiveAfterDays: z
      .int()
      .min(180)
      .max(730)
      .optional()
      .describe("The same for the deep archive: 0.00099 USD per GB, half a day to read."),
  }),
  ({ archiveAfterDays = 0, deepArchiveAfterDays = Infinity }) =>
    archiveAfterDays < deepArchiveAfterDays,
  {
    rule: "archives objects deeper before it archives them",
    allowed: "deepArchiveAfterDays above archiveAfterDays",
    fix: "raise deepArchiveAfterDays, or lower archiveAfterDays",
  },
);

const cors = z.strictObject({
  origins: z
    .array(
      rule(
        z.string(),
        (origin) => /^https?:\/\/[^/\s]+$/.test(origin) && origin.split("*").length <= 2,
        {
          rule: "must be an origin",
          allowed: "https://HOST, with at most one *",
          fix: 'write it like "https://app.example.com"',
        },
      ),
    )
    .min(1)
    .describe("Pages that may ask, by origin."),
  methods: z
    .array(z.enum(["GET", "PUT", "HEAD", "POST", "DELETE"]))
    .min(1)
    .default(["GET", "PUT", "HEAD"])
    .describe("What they may do, given a signed address."),
  maxAgeSeconds: z
    .int()
    .min(0)
    .max(86400)
    .default(3600)
    .describe("Seconds that a browser remembers the answer."),
});

const settings = z.strictObject({
  kms: z
    .boolean()
    .default(false)
    .describe(
      "Whether a KMS key of its own encrypts it (1 USD a month and 0.03 USD per 10,000 calls) instead of S3's keys, which are free.",
    ),
  expirationDays: z
    .int()
    .min(1)
    .max(36500)
    .optional()
    .describe("Days until an object is deleted. Without it: kept."),
  noncurrentRetentionDays: z
    .int()
    .min(1)
    .max(36500)
    .default(30)
    .describe("Days that a replaced or deleted object can still be had back."),
  transitions: transitions
    .default({})
    .describe("Days until objects move to a cheaper class; those under 128 KiB stay."),
  intelligentTiering: intelligentTiering
    .optional()
    .describe(
      "Lets S3 find the class of every object by how it is read, for 0.0025 USD per 1,000 objects. {} is enough.",
    ),
  cors: cors
    .optional()
    .describe("Lets pages of other origins read and write it. Without it: none."),
  unversionedBecause: reason
    .optional()
    .describe("Keeps no older versions, and says why. A deleted object is then gone."),
});

export const bucketSettings = ruleAcross(
  ruleAcross(
    settings,
    ["expirationDays"],
    ({ expirationDays = Infinity, transitions: moves }) =>
      inOrder(mapOf(moves)).every(([, days]) => !(Number(days) >= expirationDays)),
    {
      rule: "deletes objects before they have moved",
      allowed: "more days than every transition",
      fix: "raise it, or remove the later transitions",
    },
  ),
  ["intelligentTiering"],
  ({ intelligentTiering: tiering, transitions: moves }) =>
    tiering === undefined ||
    inOrder(mapOf(moves)).every(([name]) => /^(GLACIER|DEEP_ARCHIVE)$/.test(name)),
  {
    rule: "contradicts transitions: S3 cannot move objects to it by their age and by their use",
    allowed: "transitions to GLACIER and DEEP_ARCHIVE alone beside it",
    fix: "remove STANDARD_IA, ONEZONE_IA and GLACIER_IR from transitions, or intelligentTiering",
  },
);

export type BucketSettings = z.input<typeof bucketSettings>;
/** As checked, with the defaults filled in. */
export type CheckedBucketSettings = z.output<typeof bucketSettings>;
