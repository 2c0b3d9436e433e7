import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Statement, policyDocument } from "./iam";

export interface ClosedBucketArgs {
  /** Key of its own; without it, the keys of S3 itself (SSE-S3), which are free. */
  readonly kmsKeyArn?: pulumi.Input<string> | undefined;
  /** Who may use it besides those that IAM lets, e.g. a service of AWS. */
  readonly statements?: readonly Statement[];
}

/**
 * Closes a bucket to the public in every way that S3 has, encrypts what is put into it, and refuses plain HTTP.
 *
 * Its policy comes back: a service of AWS is refused until it stands.
 */
export function closeBucket(
  name: string,
  bucket: aws.s3.Bucket,
  { kmsKeyArn, statements = [] }: ClosedBucketArgs,
  child: pulumi.CustomResourceOptions,
): aws.s3.BucketPolicy {
  const publicAccess = new aws.s3.BucketPublicAccessBlock(
    `${name}-public-access`,
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
    `${name}-ownership`,
    { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } },
    child,
  );
  new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    {
      bucket: bucket.id,
      rules: [
        kmsKeyArn === undefined
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
          : {
              applyServerSideEncryptionByDefault: {
                sseAlgorithm: "aws:kms",
                kmsMasterKeyId: kmsKeyArn,
              },
              // One call of KMS serves many objects, and calls are what KMS charges.
              bucketKeyEnabled: true,
            },
      ],
    },
    child,
  );
  return new aws.s3.BucketPolicy(
    `${name}-policy`,
    {
      bucket: bucket.id,
      policy: policyDocument([
        ...statements,
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
}
