import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { closeBucket } from "./closed-bucket";
import type { Statement } from "./iam";

export interface LogBucketArgs {
  /** Days after which a log is deleted. */
  readonly retentionDays: number;
  /** Days after which a log moves to Glacier Instant Retrieval: a sixth of the price, and still read at once. */
  readonly archiveAfterDays?: number | undefined;
  /** Whether deleting the bucket may delete the logs in it. */
  readonly forceDestroy: boolean;
  /** Who may write, and where. */
  readonly writers: (bucket: aws.s3.Bucket) => readonly Statement[];
}

/**
 * A closed bucket that an AWS service writes its logs to. Its encryption is that of S3 itself: load balancers refuse a
 * bucket with a KMS key.
 *
 * The policy comes back beside the bucket: AWS refuses to log to it until the policy stands.
 */
export function createLogBucket(
  name: string,
  { retentionDays, archiveAfterDays, forceDestroy, writers }: LogBucketArgs,
  child: pulumi.CustomResourceOptions,
): { bucket: aws.s3.Bucket; policy: aws.s3.BucketPolicy } {
  const bucket = new aws.s3.Bucket(name, { forceDestroy }, { ...child, protect: !forceDestroy });
  const policy = closeBucket(name, bucket, { statements: writers(bucket) }, child);
  new aws.s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    {
      bucket: bucket.id,
      rules: [
        {
          id: "expire",
          status: "Enabled",
          filter: { prefix: "" },
          ...(archiveAfterDays !== undefined && {
            transitions: [{ days: archiveAfterDays, storageClass: "GLACIER_IR" }],
          }),
          expiration: { days: retentionDays },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    },
    child,
  );
  return { bucket, policy };
}
