import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createLogBucket } from "../support/log-bucket";
import type { FlowLogSettings } from "./flow-log-settings";

/** A private bucket that AWS delivers the account's flow logs to. */
export function createFlowLogBucket(
  name: string,
  vpc: aws.ec2.Vpc,
  {
    retentionDays,
    archiveAfterDays,
    forceDestroy,
  }: Pick<FlowLogSettings, "retentionDays" | "archiveAfterDays"> & {
    readonly forceDestroy: boolean;
  },
  child: pulumi.CustomResourceOptions,
): Pick<aws.ec2.FlowLogArgs, "logDestinationType" | "logDestination"> & {
  dependsOn: pulumi.Resource[];
} {
  // Deliveries for resources of other accounts, or from other regions, are none of this VPC's.
  const ownDeliveries = {
    StringEquals: { "aws:SourceAccount": vpc.ownerId },
    ArnLike: { "aws:SourceArn": deliveriesOf(vpc) },
  };
  const { bucket, policy } = createLogBucket(
    `${name}-flow-logs-bucket`,
    {
      retentionDays,
      archiveAfterDays,
      forceDestroy,
      writers: ({ arn }) => [
        {
          principal: { Service: "delivery.logs.amazonaws.com" },
          actions: ["s3:PutObject"],
          resources: [pulumi.interpolate`${arn}/AWSLogs/${vpc.ownerId}/*`],
          conditions: {
            ...ownDeliveries,
            StringEquals: {
              ...ownDeliveries.StringEquals,
              "s3:x-amz-acl": "bucket-owner-full-control",
            },
          },
        },
        {
          principal: { Service: "delivery.logs.amazonaws.com" },
          actions: ["s3:GetBucketAcl", "s3:ListBucket"],
          resources: [arn],
          conditions: ownDeliveries,
        },
      ],
    },
    child,
  );
  return {
    logDestinationType: "s3",
    logDestination: bucket.arn,
    // AWS would write a policy of its own where it finds none.
    dependsOn: [policy],
  };
}

/** The log deliveries of the VPC's account and region, in its partition: arn:aws:logs:REGION:ACCOUNT:*. */
function deliveriesOf(vpc: aws.ec2.Vpc): pulumi.Output<string> {
  return vpc.arn.apply(
    (arn) => `${arn.replace(":ec2:", ":logs:").split(":").slice(0, 5).join(":")}:*`,
  );
}
