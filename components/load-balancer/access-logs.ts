import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createLogBucket } from "../support/log-bucket";

export interface AccessLogBucketArgs {
  readonly accountId: pulumi.Input<string>;
  readonly retentionDays: number;
  readonly archiveAfterDays: number | undefined;
  /** Whether deleting the bucket may delete the logs in it. */
  readonly forceDestroy: boolean;
}

/** A private bucket that Elastic Load Balancing may write the account's access logs to. */
export function createAccessLogBucket(
  name: string,
  { accountId, ...args }: AccessLogBucketArgs,
  child: pulumi.CustomResourceOptions,
): { bucket: aws.s3.Bucket; policy: aws.s3.BucketPolicy } {
  return createLogBucket(
    `${name}-access-logs`,
    {
      ...args,
      writers: (bucket) => [
        {
          principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
          actions: ["s3:PutObject"],
          resources: [pulumi.interpolate`${bucket.arn}/AWSLogs/${accountId}/*`],
        },
      ],
    },
    child,
  );
}
