import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { closeBucket } from "../support/closed-bucket";
import { partitionOf, policyDocument } from "../support/iam";
import type { CheckedAuditTrailSettings } from "./settings";

const CLOUDTRAIL = "cloudtrail.amazonaws.com";

export interface RecordsArgs {
  readonly accountId: pulumi.Input<string>;
  /** The trail that writes here, and nobody else. */
  readonly trailArn: pulumi.Input<string>;
  readonly settings: CheckedAuditTrailSettings;
  readonly deletionProtection: boolean;
}

/** Encrypts records; CloudTrail may do so for trails of this account, and reading needs a right to the key, too. */
export function createRecordKey(
  name: string,
  { accountId, trailArn, deletionProtection }: RecordsArgs,
  child: pulumi.CustomResourceOptions,
): aws.kms.Key {
  const trails = pulumi.interpolate`arn:${partitionOf(trailArn)}:cloudtrail:*:${accountId}:trail/*`;
  return new aws.kms.Key(
    `${name}-key`,
    {
      description: "Encrypts the records of what is done in the account",
      enableKeyRotation: true,
      // Without its key, every record is lost: long enough for somebody to notice.
      deletionWindowInDays: deletionProtection ? 30 : 7,
      policy: policyDocument([
        {
          // Without it nobody could ever change the key again; IAM decides who of the account may.
          principal: { AWS: accountId },
          actions: ["kms:*"],
          resources: ["*"],
        },
        {
          principal: { Service: CLOUDTRAIL },
          actions: ["kms:GenerateDataKey*"],
          resources: ["*"],
          conditions: {
            StringEquals: { "aws:SourceArn": trailArn },
            StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": trails },
          },
        },
        {
          principal: { Service: CLOUDTRAIL },
          actions: ["kms:DescribeKey"],
          resources: ["*"],
          conditions: { StringEquals: { "aws:SourceArn": trailArn } },
        },
      ]),
    },
    { ...child, protect: deletionProtection },
  );
}

/**
 * The bucket for the records; the policy without which CloudTrail refuses it comes back beside it. CloudTrail says for
 * each record that the key encrypts it. The bucket does not: by a bucket key CloudTrail would need to decrypt, too, and is
 * refused (its guide, "Configure AWS KMS key policies").
 */
export function createRecordBucket(
  name: string,
  args: RecordsArgs,
  child: pulumi.CustomResourceOptions,
): { bucket: aws.s3.Bucket; policy: aws.s3.BucketPolicy } {
  const { accountId, trailArn, settings, deletionProtection } = args;
  const bucket = new aws.s3.Bucket(
    `${name}-bucket`,
    // The lock below turns itself on. Said here, one that is added later would make another bucket.
    { forceDestroy: !deletionProtection },
    { ...child, protect: deletionProtection },
  );
  const conditions = { StringEquals: { "aws:SourceArn": trailArn } };
  const policy = closeBucket(
    name,
    bucket,
    {
      statements: [
        {
          principal: { Service: CLOUDTRAIL },
          actions: ["s3:GetBucketAcl"],
          resources: [bucket.arn],
          conditions,
        },
        {
          principal: { Service: CLOUDTRAIL },
          actions: ["s3:PutObject"],
          resources: [pulumi.interpolate`${bucket.arn}/AWSLogs/${accountId}/*`],
          conditions: {
            StringEquals: {
              ...conditions.StringEquals,
              "s3:x-amz-acl": "bucket-owner-full-control",
            },
          },
        },
      ],
    },
    child,
  );
  const versioning = new aws.s3.BucketVersioning(
    `${name}-versioning`,
    { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
    child,
  );
  // S3 asks for versioning to stand before there are rules for versions, and before it locks any.
  const afterVersioning = { ...child, dependsOn: [versioning] };
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
          noncurrentVersionExpiration: { noncurrentDays: 30 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    },
    afterVersioning,
  );
  if (settings.lock !== undefined) {
    new aws.s3.BucketObjectLockConfiguration(
      `${name}-lock`,
      {
        bucket: bucket.id,
        rule: {
          defaultRetention: { mode: settings.lock.mode.toUpperCase(), days: settings.lock.days },
        },
      },
      afterVersioning,
    );
  }
  return { bucket, policy };
}
