import * as assert from "node:assert/strict";
import { Bucket, type BucketArgs } from "../../components";
import { build, dependsOn, inputsByName, refusal } from "./support";

const BUCKET = "aws:s3/bucket:Bucket";
const ENCRYPTION =
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const KEY = "aws:kms/key:Key";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const TIERS = "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";

const CLOSED = [
  "aws:s3/bucket:Bucket uploads-bucket",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration uploads-lifecycle",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls uploads-ownership",
  "aws:s3/bucketPolicy:BucketPolicy uploads-policy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock uploads-public-access",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration uploads-encryption",
  "aws:s3/bucketVersioning:BucketVersioning uploads-versioning",
];

/** The one rule of the bucket's lifecycle, but for what is the same for every bucket. */
async function agesOf(args: BucketArgs) {
  const run = await build(() => new Bucket("uploads", args));
  const [{ id, status, filter, abortIncompleteMultipartUpload, ...rest }] = run
    .one(LIFECYCLE)
    .input("rules") as unknown as [Record<string, unknown>];
  assert.deepEqual(
    { id, status, filter, abortIncompleteMultipartUpload },
    {
      id: "age",
      status: "Enabled",
      filter: { prefix: "" },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    },
  );
  return rest;
}

describe("Bucket", () => {
  it("creates this and nothing else", async () => {
    const { component, children } = await build(() => new Bucket("uploads"));
    assert.equal(component.type, "ecs-platform:index:Bucket");
    assert.deepEqual(children, CLOSED);
  });

  it("previews what it creates", async () => {
    const make = () => new Bucket("uploads", { kms: true });
    const [preview, deployment] = [await build(make, { preview: true }), await build(make)];
    assert.deepEqual(preview.children, deployment.children);
  });

  it("is private in every way that S3 has", async () => {
    const run = await build(() => new Bucket("uploads"));
    assert.deepEqual(run.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs, {
      bucket: "uploads-bucket-id",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    assert.deepEqual(run.one("aws:s3/bucketOwnershipControls:BucketOwnershipControls").inputs, {
      bucket: "uploads-bucket-id",
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
  });

  it("speaks TLS alone", async () => {
    const run = await build(() => new Bucket("uploads"));
    const policy = run.one("aws:s3/bucketPolicy:BucketPolicy");
    assert.deepEqual(policy.jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Deny",
          Principal: { AWS: "*" },
          Action: ["s3:*"],
          Resource: [
            "arn:aws:s3:::uploads-bucket-1a2b3c4",
            "arn:aws:s3:::uploads-bucket-1a2b3c4/*",
          ],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
    assert.deepEqual(dependsOn(run, policy), [
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock uploads-public-access",
    ]);
  });

  it("is encrypted with the keys of S3", async () => {
    const run = await build(() => new Bucket("uploads"));
    assert.deepEqual(run.one(ENCRYPTION).inputs, {
      bucket: "uploads-bucket-id",
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
  });

  it("is encrypted with a key of its own, which changes every year, where that is wanted", async () => {
    const run = await build(() => new Bucket("uploads", { kms: true }));
    assert.deepEqual(run.children, [...CLOSED, "aws:kms/key:Key uploads-key"].sort());
    assert.deepEqual(run.one(KEY).inputs, {
      description: "Objects in the bucket uploads",
      enableKeyRotation: true,
      deletionWindowInDays: 30,
    });
    assert.deepEqual(run.one(ENCRYPTION).input("rules"), [
      {
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: "aws:kms",
          kmsMasterKeyId: "arn:aws:kms:us-east-1:123456789012:key/uploads-key-id",
        },
        bucketKeyEnabled: true,
      },
    ]);
  });

  it("keeps older versions, for 30 days", async () => {
    const run = await build(() => new Bucket("uploads"));
    assert.deepEqual(run.one(VERSIONING).inputs, {
      bucket: "uploads-bucket-id",
      versioningConfiguration: { status: "Enabled" },
    });
    assert.deepEqual(dependsOn(run, run.one(LIFECYCLE)), [`${VERSIONING} uploads-versioning`]);
    assert.deepEqual(await agesOf({}), { noncurrentVersionExpiration: { noncurrentDays: 30 } });
  });

  it("keeps none where somebody says why", async () => {
    const run = await build(() => new Bucket("uploads", { unversionedBecause: "made again" }));
    assert.deepEqual(run.one(VERSIONING).input("versioningConfiguration"), {
      status: "Suspended",
    });
  });

  it("moves objects to cheaper classes and deletes them in the end", async () => {
    const transitions = { DEEP_ARCHIVE: 180, STANDARD_IA: 30, GLACIER: 90 };
    const args = { transitions, expirationDays: 365, noncurrentRetentionDays: 7 };
    assert.deepEqual(await agesOf(args), {
      expiration: { days: 365 },
      transitions: [
        { days: 30, storageClass: "STANDARD_IA" },
        { days: 90, storageClass: "GLACIER" },
        { days: 180, storageClass: "DEEP_ARCHIVE" },
      ],
      noncurrentVersionExpiration: { noncurrentDays: 7 },
    });
  });

  it("leaves the class to S3 from the first day, with Intelligent-Tiering", async () => {
    const run = await build(() => new Bucket("backups", { intelligentTiering: {} }));
    assert.deepEqual(run.all(TIERS), []);
    const { transitions } = await agesOf({ intelligentTiering: {} });
    assert.deepEqual(transitions, [{ days: 0, storageClass: "INTELLIGENT_TIERING" }]);
  });

  it("lets Intelligent-Tiering archive what nobody reads", async () => {
    const intelligentTiering = { archiveAfterDays: 90, deepArchiveAfterDays: 180 };
    const run = await build(() => new Bucket("backups", { intelligentTiering }));
    assert.deepEqual(run.one(TIERS).inputs, {
      bucket: "backups-bucket-id",
      tierings: [
        { accessTier: "ARCHIVE_ACCESS", days: 90 },
        { accessTier: "DEEP_ARCHIVE_ACCESS", days: 180 },
      ],
    });
  });

  it("answers pages of other origins where that is wanted", async () => {
    const cors = { origins: ["https://app.example.com"] };
    const run = await build(() => new Bucket("uploads", { cors }));
    assert.deepEqual(run.one("aws:s3/bucketCorsConfiguration:BucketCorsConfiguration").inputs, {
      bucket: "uploads-bucket-id",
      corsRules: [
        {
          allowedOrigins: ["https://app.example.com"],
          allowedMethods: ["GET", "PUT", "HEAD"],
          allowedHeaders: ["*"],
          exposeHeaders: ["ETag"],
          maxAgeSeconds: 3600,
        },
      ],
    });
  });

  it("cannot be deleted by Pulumi, nor with what is in it, unless the caller says so", async () => {
    const run = await build(() => new Bucket("uploads", { kms: true }));
    assert.deepEqual(inputsByName(run, BUCKET), { "uploads-bucket": { forceDestroy: false } });
    assert.equal(run.one(BUCKET).protect, true);
    assert.equal(run.one(KEY).protect, true);
    const open = await build(() => new Bucket("b", { kms: true, deletionProtection: false }));
    assert.deepEqual(inputsByName(open, BUCKET), { "b-bucket": { forceDestroy: true } });
    assert.equal(open.one(BUCKET).protect, false);
    assert.equal(open.one(KEY).protect, false);
    assert.equal(open.one(KEY).input("deletionWindowInDays"), 7);
  });

  it("registers what others need", async () => {
    const { component } = await build(() => new Bucket("uploads", { kms: true }));
    assert.deepEqual(component.outputs, {
      bucketName: "uploads-bucket-1a2b3c4",
      arn: "arn:aws:s3:::uploads-bucket-1a2b3c4",
      kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/uploads-key-id",
    });
  });

  it("lists every problem and registers nothing", async () => {
    const wrong = { expirationDays: 0, versioned: true } as BucketArgs;
    const error = await refusal(() => new Bucket("uploads", wrong));
    assert.match(error.message, /^Bucket "uploads": 2 problems; nothing was created\.\n/);
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      ["expirationDays", "versioned"],
    );
  });
});
