import * as assert from "node:assert/strict";
import { AuditTrail, type AuditTrailArgs } from "../../components";
import { auditTrailSettings } from "../../components/audit-trail/settings";
import {
  RETENTION_DAYS,
  build,
  dependsOn,
  itBounds,
  itRefuses,
  itTakes,
  noChoice,
  noReason,
  refusal,
} from "./support";

const TRAIL = "aws:cloudtrail/trail:Trail";
const BUCKET = "aws:s3/bucket:Bucket";
const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const KEY = "aws:kms/key:Key";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";

const ARN = "arn:aws:cloudtrail:eu-central-1:123456789012:trail/account-audit";
const notices = {
  accountId: "123456789012",
  topicArn: "arn:aws:sns:eu-central-1:123456789012:notices",
  runbook: "docs/runbooks/account-findings.md",
};
const trail = (args: Partial<AuditTrailArgs> = {}) =>
  build(() => new AuditTrail("audit", { notices, ...args }));

const NO_SEARCH = { disabledBecause: "the organization searches its own" };

describe("AuditTrail", () => {
  it("creates this and nothing else", async () => {
    const { children } = await trail();
    assert.deepEqual(children, [
      `${TRAIL} audit-trail`,
      `${LOG_GROUP} audit-logs`,
      `${FILTER} audit-root`,
      `${ALARM} audit-root-login`,
      `${ROLE} audit-log-role`,
      `${ROLE_POLICY} audit-log-policy`,
      `${KEY} audit-key`,
      `${BUCKET} audit-bucket`,
      `${LIFECYCLE} audit-lifecycle`,
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls audit-ownership",
      `${BUCKET_POLICY} audit-policy`,
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock audit-public-access",
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration audit-encryption",
      "aws:s3/bucketVersioning:BucketVersioning audit-versioning",
    ]);
  });

  it("records all regions and what lies in none, encrypted, with digests, and searchable", async () => {
    const run = await trail();
    assert.deepEqual(run.one(TRAIL).inputs, {
      name: "account-audit",
      s3BucketName: "audit-bucket-id",
      kmsKeyId: run.one(KEY).outputs["arn"],
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      enableLogging: true,
      cloudWatchLogsGroupArn: `${run.one(LOG_GROUP).outputs["arn"] as string}:*`,
      cloudWatchLogsRoleArn: run.one(ROLE).outputs["arn"],
    });
  });

  it("waits until CloudTrail may write", async () => {
    const run = await trail();
    assert.deepEqual(dependsOn(run, run.one(TRAIL)), [
      `${ROLE_POLICY} audit-log-policy`,
      `${BUCKET_POLICY} audit-policy`,
    ]);
  });

  it("lets this one trail write records, and nobody else", async () => {
    const run = await trail();
    const bucket = run.one(BUCKET).outputs["arn"] as string;
    assert.deepEqual(run.one(BUCKET_POLICY).jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: ["s3:GetBucketAcl"],
          Resource: [bucket],
          Condition: { StringEquals: { "aws:SourceArn": ARN } },
        },
        {
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: ["s3:PutObject"],
          Resource: [`${bucket}/AWSLogs/123456789012/*`],
          Condition: {
            StringEquals: {
              "aws:SourceArn": ARN,
              "s3:x-amz-acl": "bucket-owner-full-control",
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

  it("leaves it to CloudTrail to encrypt with the key, which may not decrypt", async () => {
    const run = await trail();
    const encryption =
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    assert.deepEqual(run.one(encryption).input("rules"), [
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
  });

  it("lets CloudTrail encrypt with the key for trails of this account alone", async () => {
    const key = (await trail()).one(KEY);
    assert.equal(key.input("enableKeyRotation"), true);
    assert.deepEqual(key.jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: "123456789012" },
          Action: ["kms:*"],
          Resource: ["*"],
        },
        {
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: ["kms:GenerateDataKey*"],
          Resource: ["*"],
          Condition: {
            StringEquals: { "aws:SourceArn": ARN },
            StringLike: {
              "kms:EncryptionContext:aws:cloudtrail:arn":
                "arn:aws:cloudtrail:*:123456789012:trail/*",
            },
          },
        },
        {
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: ["kms:DescribeKey"],
          Resource: ["*"],
          Condition: { StringEquals: { "aws:SourceArn": ARN } },
        },
      ],
    });
  });

  it("writes to its log by a role that can do nothing else", async () => {
    const run = await trail();
    assert.deepEqual(run.one(ROLE).jsonInput("assumeRolePolicy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: ["sts:AssumeRole"],
        },
      ],
    });
    assert.deepEqual(run.one(ROLE_POLICY).jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: [`${run.one(LOG_GROUP).outputs["arn"] as string}:*`],
        },
      ],
    });
  });

  it("raises an alarm when root does anything", async () => {
    const run = await trail();
    assert.deepEqual(run.one(FILTER).inputs, {
      logGroupName: run.one(LOG_GROUP).outputs["name"],
      pattern:
        '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
      metricTransformation: {
        namespace: "AccountBaseline",
        name: "RootActions",
        value: "1",
        defaultValue: "0",
      },
    });
    assert.deepEqual(run.one(ALARM).inputs, {
      alarmDescription:
        "The root user did something in the account, which nobody should need. What to do: docs/runbooks/account-findings.md",
      namespace: "AccountBaseline",
      metricName: "RootActions",
      statistic: "Sum",
      period: 300,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
      alarmActions: [notices.topicArn],
    });
  });

  it("keeps records for a year, and former versions of them for a month", async () => {
    const run = await trail();
    assert.deepEqual(run.one(LIFECYCLE).input("rules"), [
      {
        id: "expire",
        status: "Enabled",
        filter: { prefix: "" },
        expiration: { days: 365 },
        noncurrentVersionExpiration: { noncurrentDays: 30 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
    ]);
    assert.equal(run.one(LOG_GROUP).input("retentionInDays"), 90);
    assert.equal(run.all(LOCK).length, 0);
  });

  it("locks records where that is asked for", async () => {
    const run = await trail({ lock: { days: 90 } });
    // Versioning is what a lock stands on.
    assert.deepEqual(dependsOn(run, run.one(LOCK)), [
      "aws:s3/bucketVersioning:BucketVersioning audit-versioning",
    ]);
    assert.deepEqual(run.one(LOCK).input("rule"), {
      defaultRetention: { mode: "GOVERNANCE", days: 90 },
    });
    // As without a lock: a bucket cannot be told afterwards, and would be made anew.
    assert.deepEqual(run.one(BUCKET).inputs, (await trail()).one(BUCKET).inputs);
    const compliance = await trail({ lock: { days: 365, mode: "compliance" } });
    assert.deepEqual(compliance.one(LOCK).input("rule"), {
      defaultRetention: { mode: "COMPLIANCE", days: 365 },
    });
  });

  it("leaves out search and alarm, or looks for unusual numbers of calls, where that is asked for", async () => {
    const without = await trail({ search: NO_SEARCH });
    for (const type of [LOG_GROUP, ROLE, FILTER, ALARM]) {
      assert.equal(without.all(type).length, 0, type);
    }
    assert.equal(without.one(TRAIL).input("cloudWatchLogsGroupArn"), undefined);
    assert.equal(without.one(TRAIL).input("insightSelectors"), undefined);
    const insights = await trail({ insights: true });
    assert.deepEqual(insights.one(TRAIL).input("insightSelectors"), [
      { insightType: "ApiCallRateInsight" },
      { insightType: "ApiErrorRateInsight" },
    ]);
  });

  it("is kept from deletion unless that is said", async () => {
    const run = await trail();
    for (const type of [TRAIL, BUCKET, KEY]) assert.equal(run.one(type).protect, true, type);
    assert.equal(run.one(BUCKET).input("forceDestroy"), false);
    assert.equal(run.one(KEY).input("deletionWindowInDays"), 30);
    const open = await trail({ deletionProtection: false });
    for (const type of [TRAIL, BUCKET, KEY]) assert.notEqual(open.one(type).protect, true, type);
    assert.equal(open.one(BUCKET).input("forceDestroy"), true);
    assert.equal(open.one(KEY).input("deletionWindowInDays"), 7);
  });

  it("lists every problem and registers nothing", async () => {
    const { problems } = await refusal(
      () => new AuditTrail("audit", { notices, retentionDays: 90, lock: { days: 91 } }),
    );
    assert.deepEqual(problems, [
      {
        key: "lock.days",
        value: 91,
        rule: "locks records for longer than they are kept",
        allowed: "at most retentionDays",
        fix: "lower it, or raise retentionDays",
      },
    ]);
  });

  describe("settings", () => {
    itTakes(
      auditTrailSettings,
      {},
      {
        "a lock as long as records are kept": { retentionDays: 90, "lock.days": 90 },
        "no search, with the reason": { search: NO_SEARCH },
      },
    );
    itBounds(auditTrailSettings, {}, { retentionDays: [90, 3650] });
    itBounds(auditTrailSettings, { retentionDays: 3650 }, { "lock.days": [1, 3650] });
    itRefuses(
      auditTrailSettings,
      {},
      {
        "no search without a reason": {
          change: { "search.disabledBecause": "dear" },
          problem: noReason("search.disabledBecause", "dear"),
        },
        "a time that CloudWatch does not keep logs for": {
          change: { "search.retentionDays": 100 },
          problem: noChoice("search.retentionDays", 100, RETENTION_DAYS),
        },
        "another lock than S3 has": {
          change: { lock: { days: 1, mode: "legal" } },
          problem: noChoice("lock.mode", "legal", ["governance", "compliance"]),
        },
      },
    );
  });
});
