import * as assert from "node:assert/strict";
import type { PolicyResource, Value, ValueMap } from "../../policies/graph";
import { document, findings, resource } from "./fixtures";

const BUCKET = "aws:s3/bucket:Bucket";
const CLOSED = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const ENCRYPTION =
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls";

const bucket = (name: string, inputs: ValueMap = {}) => resource(BUCKET, name, inputs);
const beside = (type: string, of: PolicyResource, inputs: ValueMap) =>
  resource(type, `${of.name}-part`, inputs, { bucket: of });

/** One bucket for each form that the part beside it may have, and one without it. */
function variants(type: string, forms: Readonly<Record<string, ValueMap>>): PolicyResource[] {
  return [
    bucket("bare"),
    ...Object.entries(forms).flatMap(([name, inputs]) => {
      const owner = bucket(name);
      return [owner, beside(type, owner, inputs)];
    }),
  ];
}

describe("policies about buckets", () => {
  it("S3-01: reports each way that is left open to the public", () => {
    const closed = {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    };
    assert.deepEqual(
      findings(
        "S3-01",
        variants(CLOSED, { closed, ajar: { ...closed, restrictPublicBuckets: false } }),
      ),
      [
        "bare: can be opened to the public",
        "ajar-part: leaves a way to open the bucket: restrictPublicBuckets is off",
      ],
    );
  });

  it("S3-02: reports plain HTTP that is let in, and everybody", () => {
    const deny = {
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: "s3:*",
      Resource: ["arn:aws:s3:::shop", "arn:aws:s3:::shop/*"],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    };
    const read = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" };
    const policies = Object.entries({
      strict: [deny],
      "half-strict": [{ ...deny, Resource: "arn:aws:s3:::shop" }],
      reversed: [{ ...deny, Condition: { Bool: { "aws:SecureTransport": "true" } } }],
      open: [deny, read],
    }).map(([name, statements]) => [name, { policy: document(...statements) }] as const);
    assert.deepEqual(findings("S3-02", variants(POLICY, Object.fromEntries(policies))), [
      "bare: lets requests in by plain HTTP",
      "half-strict-part: lets requests in by plain HTTP",
      "reversed-part: lets requests in by plain HTTP",
      "open-part: lets everybody in",
    ]);
  });

  it("S3-03: reports a bucket that does not say how it encrypts, and calls of KMS for each object", () => {
    const by = (sseAlgorithm: string, bucketKeyEnabled?: boolean): ValueMap => ({
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm }, bucketKeyEnabled }],
    });
    assert.deepEqual(
      findings(
        "S3-03",
        variants(ENCRYPTION, {
          own: by("AES256"),
          kms: by("aws:kms", true),
          dear: by("aws:kms"),
          other: by("none"),
        }),
      ),
      [
        "bare: does not say how it encrypts",
        "other-part: names no way to encrypt",
        "dear-part: asks and pays KMS for each object",
      ],
    );
  });

  it("S3-04: reports what loses older versions or keeps them for ever, but for what AWS delivers to", () => {
    const status = (value: string) => ({ versioningConfiguration: { status: value } });
    const forAll = { status: "Enabled", filter: { prefix: "" } };
    const [logs, kept, endless] = [bucket("logs"), bucket("kept"), bucket("endless")];
    assert.deepEqual(
      findings("S3-04", [
        ...variants(VERSIONING, { off: status("Suspended") }),
        logs,
        resource("aws:ec2/flowLog:FlowLog", "traffic", {}, { logDestination: logs }),
        kept,
        beside(VERSIONING, kept, status("Enabled")),
        beside(LIFECYCLE, kept, {
          rules: [{ ...forAll, noncurrentVersionExpiration: { noncurrentDays: 30 } }],
        }),
        endless,
        beside(VERSIONING, endless, status("Enabled")),
        beside(LIFECYCLE, endless, { rules: [{ ...forAll, expiration: { days: 30 } }] }),
      ]),
      [
        "bare: loses what is written over",
        "off-part: loses what is written over",
        "endless-part: keeps older versions for ever",
      ],
    );
  });

  it("S3-05: reports parts of uploads that stay, also where a rule is for some objects or turned off", () => {
    const rules = (rule: ValueMap): ValueMap => ({
      rules: [
        {
          status: "Enabled",
          filter: { prefix: "" },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          ...rule,
        },
      ],
    });
    const stay = "keeps and pays for parts of uploads that never ended";
    assert.deepEqual(
      findings(
        "S3-05",
        variants(LIFECYCLE, {
          clean: rules({}),
          slow: rules({ abortIncompleteMultipartUpload: { daysAfterInitiation: 30 } }),
          some: rules({ filter: { prefix: "tmp/" } }),
          off: rules({ status: "Disabled" }),
        }),
      ),
      [
        "bare: keeps everything for ever",
        `slow-part: ${stay}`,
        `some-part: ${stay}`,
        `off-part: ${stay}`,
      ],
    );
  });

  it("S3-06: reports access control lists", () => {
    const owner = (objectOwnership: Value): ValueMap => ({ rule: { objectOwnership } });
    assert.deepEqual(
      findings(
        "S3-06",
        variants(OWNERSHIP, {
          owned: owner("BucketOwnerEnforced"),
          shared: owner("ObjectWriter"),
        }),
      ),
      ["bare: has access control lists", "shared-part: has access control lists"],
    );
  });

  it("S3-07: reports a bucket that is deleted with what is in it, but for what a pipeline hands on", () => {
    const artifacts = bucket("artifacts", { forceDestroy: true });
    assert.deepEqual(
      findings("S3-07", [
        bucket("kept", { forceDestroy: false }),
        bucket("emptied", { forceDestroy: true }),
        artifacts,
        resource("aws:codepipeline/pipeline:Pipeline", "shop", {}, { artifactStores: artifacts }),
      ]),
      ["emptied: is deleted with everything in it"],
    );
  });
});
