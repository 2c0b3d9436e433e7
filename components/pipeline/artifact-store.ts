import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { closeBucket } from "../support/closed-bucket";
import { checkSettings } from "../support/parse-settings";

const artifactStoreSettings = z.strictObject({
  retentionDays: z
    .int()
    .min(1)
    .max(365)
    .default(14)
    .describe("Days after which what pipelines hand on is deleted."),
});

export type ArtifactStoreArgs = z.input<typeof artifactStoreSettings>;

/**
 * Where pipelines put what one stage hands to the next: a bucket closed to the public and to plain HTTP, under a key of
 * its own that AWS renews each year. All pipelines of a stack share it; each role reaches its own pipeline's part alone.
 *
 * ```ts
 * const artifacts = new ArtifactStore("pipeline-artifacts", {});
 * ```
 *
 * Cost: 1 USD a month for the key, and cents for storage. (AWS price pages for us-east-1, read in November 2026.)
 */
export class ArtifactStore extends pulumi.ComponentResource {
  public readonly bucketName: pulumi.Output<string>;
  public readonly bucketArn: pulumi.Output<string>;
  public readonly keyArn: pulumi.Output<string>;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: ArtifactStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    const settings = checkSettings(`ArtifactStore "${name}"`, artifactStoreSettings, args);
    super("ecs-platform:index:ArtifactStore", name, {}, opts);
    const child = { parent: this };

    // Without a policy of its own, IAM of the account decides who may use it: the pipelines' roles, by their policies.
    const key = new aws.kms.Key(
      `${name}-key`,
      {
        description: "Encrypts what the stages of pipelines hand on",
        enableKeyRotation: true,
        deletionWindowInDays: 7,
      },
      child,
    );
    // Everything in it can be built again.
    const bucket = new aws.s3.Bucket(`${name}-bucket`, { forceDestroy: true }, child);
    closeBucket(name, bucket, { kmsKeyArn: key.arn }, child);
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket: bucket.id,
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: { prefix: "" },
            expiration: { days: settings.retentionDays },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          },
        ],
      },
      child,
    );

    this.bucketName = bucket.bucket;
    this.bucketArn = bucket.arn;
    this.keyArn = key.arn;
    this.registerOutputs({
      bucketName: this.bucketName,
      bucketArn: this.bucketArn,
      keyArn: this.keyArn,
    });
  }
}
