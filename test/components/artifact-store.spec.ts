import * as assert from "node:assert/strict";
import { ArtifactStore } from "../../components";
import { build, outOfBounds, refusal } from "./support";

describe("ArtifactStore", () => {
  it("creates this and nothing else", async () => {
    const { component, children } = await build(() => new ArtifactStore("artifacts", {}));
    assert.equal(component.type, "ecs-platform:index:ArtifactStore");
    assert.deepEqual(children, [
      "aws:kms/key:Key artifacts-key",
      "aws:s3/bucket:Bucket artifacts-bucket",
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration artifacts-lifecycle",
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls artifacts-ownership",
      "aws:s3/bucketPolicy:BucketPolicy artifacts-policy",
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock artifacts-public-access",
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration artifacts-encryption",
    ]);
  });

  it("encrypts under a key of its own that is renewed", async () => {
    const run = await build(() => new ArtifactStore("artifacts", {}));
    const key = run.one("aws:kms/key:Key");
    assert.deepEqual(key.inputs, {
      description: "Encrypts what the stages of pipelines hand on",
      enableKeyRotation: true,
      deletionWindowInDays: 7,
    });
    const encryption = run.one(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    );
    assert.deepEqual(encryption.input("rules"), [
      {
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: "aws:kms",
          kmsMasterKeyId: key.outputs["arn"],
        },
        bucketKeyEnabled: true,
      },
    ]);
  });

  it("answers by TLS alone, to nobody outside the account", async () => {
    const run = await build(() => new ArtifactStore("artifacts", {}));
    assert.deepEqual(run.one("aws:s3/bucketPolicy:BucketPolicy").jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Deny",
          Principal: { AWS: "*" },
          Action: ["s3:*"],
          Resource: [
            "arn:aws:s3:::artifacts-bucket-1a2b3c4",
            "arn:aws:s3:::artifacts-bucket-1a2b3c4/*",
          ],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });

  it("forgets after two weeks, or what is asked for, and goes with all that is in it", async () => {
    const rules = async (args: { retentionDays?: number }) => {
      const run = await build(() => new ArtifactStore("artifacts", args));
      assert.equal(run.one("aws:s3/bucket:Bucket").input("forceDestroy"), true);
      return run
        .one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
        .input("rules.0.expiration.days");
    };
    assert.equal(await rules({}), 14);
    assert.equal(await rules({ retentionDays: 365 }), 365);
  });

  it("tells what pipelines need of it", async () => {
    const { component } = await build(() => new ArtifactStore("artifacts", {}));
    assert.deepEqual(component.outputs, {
      bucketName: "artifacts-bucket-1a2b3c4",
      bucketArn: "arn:aws:s3:::artifacts-bucket-1a2b3c4",
      keyArn: "arn:aws:kms:us-east-1:123456789012:key/artifacts-key-id",
    });
  });

  for (const days of [0, 366]) {
    it(`refuses to keep for ${days} days`, async () => {
      const { problems } = await refusal(
        () => new ArtifactStore("artifacts", { retentionDays: days }),
      );
      assert.deepEqual(problems, [
        outOfBounds("retentionDays", days, "a whole number from 1 to 365"),
      ]);
    });
  }
});
