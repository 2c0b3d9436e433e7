import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { closeBucket } from "../support/closed-bucket";
import { policyDocument } from "../support/iam";

const CONFIG = "config.amazonaws.com";

/** The bucket that AWS Config copies its records to; the policy without which it refuses comes back beside it. */
export function createCopies(
  name: string,
  {
    accountId,
    retentionDays,
    forceDestroy,
  }: {
    readonly accountId: pulumi.Input<string>;
    readonly retentionDays: number;
    /** Whether deleting the bucket may delete the records in it. */
    readonly forceDestroy: boolean;
  },
  child: pulumi.CustomResourceOptions,
): { bucket: aws.s3.Bucket; policy: aws.s3.BucketPolicy; key: aws.kms.Key } {
  const ofAccount = { StringEquals: { "aws:SourceAccount": accountId } };
  const key = new aws.kms.Key(
    `${name}-key`,
    {
      description: "Encrypts the copies of AWS Config's records",
      enableKeyRotation: true,
      deletionWindowInDays: forceDestroy ? 7 : 30,
      policy: policyDocument([
        {
          // Without it nobody could ever change the key again; IAM decides who of the account may.
          principal: { AWS: accountId },
          actions: ["kms:*"],
          resources: ["*"],
        },
        {
          principal: { Service: CONFIG },
          actions: ["kms:Decrypt", "kms:GenerateDataKey"],
          resources: ["*"],
          conditions: ofAccount,
        },
      ]),
    },
    child,
  );
  const bucket = new aws.s3.Bucket(`${name}-bucket`, { forceDestroy }, child);
  const policy = closeBucket(
    name,
    bucket,
    {
      kmsKeyArn: key.arn,
      statements: [
        {
          principal: { Service: CONFIG },
          actions: ["s3:GetBucketAcl", "s3:ListBucket"],
          resources: [bucket.arn],
          conditions: ofAccount,
        },
        {
          principal: { Service: CONFIG },
          actions: ["s3:PutObject"],
          resources: [pulumi.interpolate`${bucket.arn}/AWSLogs/${accountId}/Config/*`],
          conditions: {
            StringEquals: {
              ...ofAccount.StringEquals,
              "s3:x-amz-acl": "bucket-owner-full-control",
            },
          },
        },
      ],
    },
    child,
  );
  new aws.s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    {
      bucket: bucket.id,
      rules: [
        {
          id: "expire",
          status: "Enabled",
          filter: { prefix: "" },
          expiration: { days: retentionDays },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    },
    child,
  );
  return { bucket, policy, key };
}
