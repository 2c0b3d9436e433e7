import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../support/iam";

export interface AccessLogBucketArgs {
  readonly accountId: pulumi.Input<string>;
  readonly retentionDays: number;
  /** Whether deleting the bucket may delete the logs in it. */
  readonly forceDestroy: boolean;
}

/**
 * A private bucket that Elastic Load Balancing may write the account's access logs to.
 *
 * The policy comes back beside the bucket: a load balancer is refused its logs until the policy stands.
 */
export function createAccessLogBucket(
  name: string,
  args: AccessLogBucketArgs,
  child: pulumi.CustomResourceOptions,
): { bucket: aws.s3.Bucket; policy: aws.s3.BucketPolicy } {
  const bucket = new aws.s3.Bucket(
    `${name}-access-logs`,
    { forceDestroy: args.forceDestroy },
    child,
  );
  const publicAccess = new aws.s3.BucketPublicAccessBlock(
    `${name}-access-logs-public-access`,
    {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    child,
  );
  new aws.s3.BucketOwnershipControls(
    `${name}-access-logs-ownership`,
    { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } },
    child,
  );
  new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-access-logs-encryption`,
    {
      bucket: bucket.id,
      // Load balancers write with keys of S3 itself (SSE-S3) and refuse a bucket with a KMS key.
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    },
    child,
  );
  new aws.s3.BucketLifecycleConfiguration(
    `${name}-access-logs-lifecycle`,
    {
      bucket: bucket.id,
      rules: [
        {
          id: "expire",
          status: "Enabled",
          filter: { prefix: "" },
          expiration: { days: args.retentionDays },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    },
    child,
  );
  const policy = new aws.s3.BucketPolicy(
    `${name}-access-logs-policy`,
    {
      bucket: bucket.id,
      policy: policyDocument([
        {
          principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
          actions: ["s3:PutObject"],
          resources: [pulumi.interpolate`${bucket.arn}/AWSLogs/${args.accountId}/*`],
        },
        {
          effect: "Deny",
          principal: { AWS: "*" },
          actions: ["s3:*"],
          resources: [bucket.arn, pulumi.interpolate`${bucket.arn}/*`],
          conditions: { Bool: { "aws:SecureTransport": "false" } },
        },
      ]),
    },
    // S3 answers two changes of a bucket's access at the same time with a conflict.
    { ...child, dependsOn: [publicAccess] },
  );
  return { bucket, policy };
}
