import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { partitionOf } from "../support/iam";
import { createLogBucket } from "../support/log-bucket";
import { checkSettings } from "../support/parse-settings";
import { columnsOf } from "./columns";
import { type CostReportSettings, costReportSettings } from "./settings";

export interface CostReportArgs extends CostReportSettings {
  readonly accountId: pulumi.Input<string>;
  /** AWS takes exports there alone. */
  readonly usEast1Provider: aws.Provider;
  /** Whether the reports outlive it. Default true. */
  readonly deletionProtection?: boolean;
}

/**
 * What everything in the account cost, to the resource and its tags, in a bucket: the Cost and Usage Report as Data
 * Exports make it (CUR 2.0), renewed at least daily, as Parquet files that Athena reads.
 *
 * ```ts
 * new CostReport("costs", { accountId: notices.accountId, usEast1Provider });
 * ```
 *
 * A tag shows in it once it is turned on as a cost allocation tag, in the billing console of the paying account.
 *
 * Cost: the export is free; storage is cents. (AWS price page of S3 for us-east-1.)
 */
export class CostReport extends pulumi.ComponentResource {
  public readonly bucketName: pulumi.Output<string>;
  public readonly exportArn: pulumi.Output<string>;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: CostReportArgs, opts?: pulumi.ComponentResourceOptions) {
    const { accountId, usEast1Provider, deletionProtection = true, ...rest } = args;
    const settings = checkSettings(`CostReport "${name}"`, costReportSettings, rest);
    super("ecs-platform:index:CostReport", name, {}, opts);
    const child = { parent: this };

    const { bucket, policy } = createLogBucket(
      `${name}-bucket`,
      {
        retentionDays: settings.retentionDays,
        forceDestroy: !deletionProtection,
        // In these words, as AWS looks at them before it takes an export (its guide, "Setting up an Amazon S3 bucket").
        writers: (own) => [
          {
            principal: { Service: "bcm-data-exports.amazonaws.com" },
            actions: ["s3:PutObject"],
            resources: [pulumi.interpolate`${own.arn}/*`],
            conditions: {
              StringLike: {
                "aws:SourceAccount": accountId,
                "aws:SourceArn": pulumi.interpolate`arn:${partitionOf(own.arn)}:bcm-data-exports:us-east-1:${accountId}:export/*`,
              },
            },
          },
        ],
      },
      child,
    );
    const yesNo = (isSo: boolean) => (isSo ? "TRUE" : "FALSE");
    const report = new aws.bcmdata.Export(
      `${name}-export`,
      {
        export: {
          // Names a folder of the bucket, too.
          name: "cost-and-usage",
          description: "What everything in the account cost",
          dataQueries: [
            {
              queryStatement: `SELECT ${columnsOf(settings).join(", ")} FROM COST_AND_USAGE_REPORT`,
              tableConfigurations: {
                COST_AND_USAGE_REPORT: {
                  // AWS adds each that is left out, which would show as a change and make another export.
                  BILLING_VIEW_ARN: pulumi.interpolate`arn:${partitionOf(bucket.arn)}:billing::${accountId}:billingview/primary`,
                  TIME_GRANULARITY: settings.granularity.toUpperCase(),
                  INCLUDE_RESOURCES: yesNo(settings.resources),
                  INCLUDE_CAPACITY_RESERVATION_DATA: "FALSE",
                  INCLUDE_IAM_PRINCIPAL_DATA: "FALSE",
                  INCLUDE_MANUAL_DISCOUNT_COMPATIBILITY: "FALSE",
                  INCLUDE_SPLIT_COST_ALLOCATION_DATA: yesNo(settings.splitByTask),
                },
              },
            },
          ],
          destinationConfigurations: [
            {
              s3Destinations: [
                {
                  s3Bucket: bucket.bucket,
                  s3Prefix: "reports",
                  s3Region: bucket.region,
                  s3OutputConfigurations: [
                    {
                      overwrite: "OVERWRITE_REPORT",
                      format: "PARQUET",
                      compression: "PARQUET",
                      outputType: "CUSTOM",
                    },
                  ],
                },
              ],
            },
          ],
          refreshCadences: [{ frequency: "SYNCHRONOUS" }],
        },
      },
      { ...child, provider: usEast1Provider, dependsOn: [policy], deleteBeforeReplace: true },
    );

    this.bucketName = bucket.bucket;
    this.exportArn = report.id;
    this.registerOutputs({ bucketName: this.bucketName, exportArn: this.exportArn });
  }
}
