import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { CostReport, type CostReportArgs } from "../../components";
import { costReportSettings } from "../../components/cost-report/settings";
import { runProgram } from "../support/run-program";
import { dependsOn, itBounds, itRefuses, noChoice } from "./support";

const EXPORT = "aws:bcmdata/export:Export";
const BUCKET = "aws:s3/bucket:Bucket";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";

const report = (args: Partial<CostReportArgs> = {}) =>
  runProgram(() => {
    const usEast1Provider = new aws.Provider("us-east-1", { region: "us-east-1" });
    new CostReport("costs", { accountId: "123456789012", usEast1Provider, ...args });
  });

interface Export {
  readonly dataQueries: readonly {
    readonly queryStatement: string;
    readonly tableConfigurations: unknown;
  }[];
  readonly destinationConfigurations: unknown;
  readonly refreshCadences: unknown;
}

describe("CostReport", () => {
  it("creates this and nothing else", async () => {
    const run = await report();
    assert.deepEqual(
      run
        .childrenOf(run.one("ecs-platform:index:CostReport"))
        .map(({ type, name }) => `${type} ${name}`),
      [
        `${EXPORT} costs-export`,
        `${BUCKET} costs-bucket`,
        `${LIFECYCLE} costs-bucket-lifecycle`,
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls costs-bucket-ownership",
        `${POLICY} costs-bucket-policy`,
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock costs-bucket-public-access",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration costs-bucket-encryption",
      ],
    );
  });

  it("asks for every day's cost of every resource, as Parquet files that replace each other", async () => {
    const run = await report();
    const made = run.one(EXPORT).input("export") as unknown as Export;
    const [query] = made.dataQueries;
    assert.match(query?.queryStatement ?? "", /^SELECT (\w+, )+\w+ FROM COST_AND_USAGE_REPORT$/);
    for (const column of ["line_item_resource_id", "resource_tags", "split_line_item_split_cost"]) {
      assert.ok(query?.queryStatement.includes(column), column);
    }
    assert.deepEqual(query?.tableConfigurations, {
      COST_AND_USAGE_REPORT: {
        BILLING_VIEW_ARN: "arn:aws:billing::123456789012:billingview/primary",
        TIME_GRANULARITY: "DAILY",
        INCLUDE_RESOURCES: "TRUE",
        INCLUDE_CAPACITY_RESERVATION_DATA: "FALSE",
        INCLUDE_IAM_PRINCIPAL_DATA: "FALSE",
        INCLUDE_MANUAL_DISCOUNT_COMPATIBILITY: "FALSE",
        INCLUDE_SPLIT_COST_ALLOCATION_DATA: "TRUE",
      },
    });
    assert.deepEqual(made.destinationConfigurations, [
      {
        s3Destinations: [
          {
            s3Bucket: run.one(BUCKET).outputs["bucket"],
            s3Prefix: "reports",
            s3Region: run.one(BUCKET).outputs["region"],
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
    ]);
    assert.deepEqual(made.refreshCadences, [{ frequency: "SYNCHRONOUS" }]);
  });

  it("asks in us-east-1, once AWS may write", async () => {
    const run = await report();
    assert.ok(run.one(EXPORT).provider?.startsWith(run.one("pulumi:providers:aws").urn));
    assert.deepEqual(dependsOn(run, run.one(EXPORT)), [`${POLICY} costs-bucket-policy`]);
  });

  it("asks for no column of what it leaves out", async () => {
    const run = await report({ resources: false, splitByTask: false, granularity: "monthly" });
    const [query] = (run.one(EXPORT).input("export") as unknown as Export).dataQueries;
    assert.doesNotMatch(query?.queryStatement ?? "", /resource_id|split_/);
    assert.deepEqual(query?.tableConfigurations, {
      COST_AND_USAGE_REPORT: {
        BILLING_VIEW_ARN: "arn:aws:billing::123456789012:billingview/primary",
        TIME_GRANULARITY: "MONTHLY",
        INCLUDE_RESOURCES: "FALSE",
        INCLUDE_CAPACITY_RESERVATION_DATA: "FALSE",
        INCLUDE_IAM_PRINCIPAL_DATA: "FALSE",
        INCLUDE_MANUAL_DISCOUNT_COMPATIBILITY: "FALSE",
        INCLUDE_SPLIT_COST_ALLOCATION_DATA: "FALSE",
      },
    });
  });

  it("lets the exports of this account write, and nobody else", async () => {
    const run = await report();
    const bucket = run.one(BUCKET).outputs["arn"] as string;
    assert.deepEqual(run.one(POLICY).jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "bcm-data-exports.amazonaws.com" },
          Action: ["s3:PutObject"],
          Resource: [`${bucket}/*`],
          Condition: {
            StringLike: {
              "aws:SourceAccount": "123456789012",
              "aws:SourceArn": "arn:aws:bcm-data-exports:us-east-1:123456789012:export/*",
            },
          },
        },
        {
          Effect: "Deny",
          Principal: { AWS: "*" },
          Action: ["s3:*"],
          Resource: [bucket, `${bucket}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });

  it("has the reports outlive it unless that is said", async () => {
    assert.equal((await report()).one(BUCKET).input("forceDestroy"), false);
    const open = await report({ deletionProtection: false });
    assert.equal(open.one(BUCKET).input("forceDestroy"), true);
  });

  describe("settings", () => {
    itBounds(costReportSettings, {}, { retentionDays: [90, 3650] });
    itRefuses(
      costReportSettings,
      {},
      {
        "another granularity": {
          change: { granularity: "yearly" },
          problem: noChoice("granularity", "yearly", ["hourly", "daily", "monthly"]),
        },
      },
    );
  });
});
