import * as assert from "node:assert/strict";
import { ConfigurationRecorder, type ConfigurationRecorderArgs } from "../../components";
import {
  CONFIG_RULES,
  CONFIG_RULE_KEYS,
  type ConfigRule,
} from "../../components/configuration-recorder/rules";
import { configurationRecorderSettings } from "../../components/configuration-recorder/settings";
import { build, dependsOn, itBounds, itRefuses, itTakes, noChoice, noReason } from "./support";

const RECORDER = "aws:cfg/recorder:Recorder";
const RUNNING = "aws:cfg/recorderStatus:RecorderStatus";
const CHANNEL = "aws:cfg/deliveryChannel:DeliveryChannel";
const RETENTION = "aws:cfg/retentionConfiguration:RetentionConfiguration";
const RULE = "aws:cfg/rule:Rule";
const ROLE = "aws:iam/serviceLinkedRole:ServiceLinkedRole";
const BUCKET = "aws:s3/bucket:Bucket";
const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const KEY = "aws:kms/key:Key";

const recorder = (args: Partial<ConfigurationRecorderArgs> = {}) =>
  build(() => new ConfigurationRecorder("configuration", { accountId: "123456789012", ...args }));

describe("ConfigurationRecorder", () => {
  it("creates this and nothing else", async () => {
    const { children } = await recorder();
    assert.deepEqual(
      children.filter((child) => !child.startsWith(RULE)),
      [
        `${CHANNEL} configuration-channel`,
        `${RECORDER} configuration-recorder`,
        `${RUNNING} configuration-running`,
        `${RETENTION} configuration-retention`,
        `${ROLE} configuration-service-linked-role`,
        `${KEY} configuration-key`,
        `${BUCKET} configuration-bucket`,
        `${LIFECYCLE} configuration-lifecycle`,
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls configuration-ownership",
        `${BUCKET_POLICY} configuration-policy`,
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock configuration-public-access",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration configuration-encryption",
      ],
    );
    assert.deepEqual(
      children.filter((child) => child.startsWith(RULE)),
      CONFIG_RULE_KEYS.map((key) => `${RULE} configuration-${key}`).sort(),
    );
  });

  it("records every change of everything, also of what lies in no region", async () => {
    const run = await recorder();
    assert.deepEqual(run.one(RECORDER).inputs, {
      roleArn: run.one(ROLE).outputs["arn"],
      recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
      recordingMode: { recordingFrequency: "CONTINUOUS" },
    });
    assert.equal(run.one(ROLE).input("awsServiceName"), "config.amazonaws.com");
    assert.deepEqual(run.one(RUNNING).inputs, {
      name: run.one(RECORDER).outputs["name"],
      isEnabled: true,
    });
    assert.equal(run.one(RETENTION).input("retentionPeriodInDays"), 365);
  });

  it("records the account's globals in one region, by the role that is there", async () => {
    const run = await recorder({
      recordsGlobals: false,
      createServiceLinkedRole: false,
      frequency: "daily",
    });
    assert.equal(run.all(ROLE).length, 0);
    assert.deepEqual(run.one(RECORDER).inputs, {
      roleArn:
        "arn:aws:iam::123456789012:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig",
      recordingGroup: { allSupported: true, includeGlobalResourceTypes: false },
      recordingMode: { recordingFrequency: "DAILY" },
    });
  });

  it("starts once it has where to write, and tries rules once it runs", async () => {
    const run = await recorder();
    assert.deepEqual(run.one(CHANNEL).inputs, {
      s3BucketName: run.one(BUCKET).outputs["bucket"],
      snapshotDeliveryProperties: { deliveryFrequency: "TwentyFour_Hours" },
    });
    assert.deepEqual(dependsOn(run, run.one(CHANNEL)), [
      `${RECORDER} configuration-recorder`,
      `${BUCKET_POLICY} configuration-policy`,
    ]);
    assert.deepEqual(dependsOn(run, run.one(RUNNING)), [`${CHANNEL} configuration-channel`]);
    for (const rule of run.all(RULE)) {
      assert.deepEqual(dependsOn(run, rule), [`${RUNNING} configuration-running`], rule.name);
    }
  });

  it("tries rules that AWS keeps, and names the controls that they watch", async () => {
    const run = await recorder();
    for (const key of CONFIG_RULE_KEYS) {
      const { identifier, controls, parameters }: ConfigRule = CONFIG_RULES[key];
      const { inputs } = run.one(RULE, `configuration-${key}`);
      assert.deepEqual(inputs, {
        description: `Controls ${controls} of ecs-platform`,
        source: { owner: "AWS", sourceIdentifier: identifier },
        ...(parameters && { inputParameters: JSON.stringify(parameters) }),
      });
    }
    const identifiers = Object.values(CONFIG_RULES).map(({ identifier }) => identifier);
    assert.equal(new Set(identifiers).size, identifiers.length);
    assert.equal(
      run.one(RULE, "configuration-task-no-plain-secrets").input("inputParameters"),
      '{"secretKeys":"AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY,ECS_ENGINE_AUTH_DATA"}',
    );
  });

  it("leaves a rule out where there is a reason", async () => {
    const run = await recorder({ without: { "flow-logs": "there is the default VPC alone" } });
    const names = run.all(RULE).map(({ name }) => name);
    assert.equal(names.length, CONFIG_RULE_KEYS.length - 1);
    assert.ok(!names.includes("configuration-flow-logs"));
  });

  it("lets AWS Config write copies for this account, and nobody else", async () => {
    const run = await recorder();
    const bucket = run.one(BUCKET).outputs["arn"] as string;
    const ofAccount = { "aws:SourceAccount": "123456789012" };
    assert.deepEqual(run.one(BUCKET_POLICY).jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "config.amazonaws.com" },
          Action: ["s3:GetBucketAcl", "s3:ListBucket"],
          Resource: [bucket],
          Condition: { StringEquals: ofAccount },
        },
        {
          Effect: "Allow",
          Principal: { Service: "config.amazonaws.com" },
          Action: ["s3:PutObject"],
          Resource: [`${bucket}/AWSLogs/123456789012/Config/*`],
          Condition: {
            StringEquals: { ...ofAccount, "s3:x-amz-acl": "bucket-owner-full-control" },
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
    const key = run.one(KEY);
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
          Principal: { Service: "config.amazonaws.com" },
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: ["*"],
          Condition: { StringEquals: ofAccount },
        },
      ],
    });
  });

  it("has its copies outlive it unless that is said", async () => {
    const kept = await recorder({ retentionDays: 400 });
    assert.equal(kept.one(BUCKET).input("forceDestroy"), false);
    assert.equal(kept.one(KEY).input("deletionWindowInDays"), 30);
    assert.deepEqual(kept.one(LIFECYCLE).input("rules"), [
      {
        id: "expire",
        status: "Enabled",
        filter: { prefix: "" },
        expiration: { days: 400 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
    ]);
    const open = await recorder({ deletionProtection: false });
    assert.equal(open.one(BUCKET).input("forceDestroy"), true);
    assert.equal(open.one(KEY).input("deletionWindowInDays"), 7);
  });

  describe("settings", () => {
    itBounds(configurationRecorderSettings, {}, { retentionDays: [30, 2557] });
    itTakes(
      configurationRecorderSettings,
      {},
      {
        "a rule left out, with the reason": { without: { "flow-logs": "no VPC of ours" } },
      },
    );
    itRefuses(
      configurationRecorderSettings,
      {},
      {
        "a rule left out without a reason": {
          change: { without: { "flow-logs": "no" } },
          problem: noReason("without.flow-logs", "no"),
        },
        "another frequency": {
          change: { frequency: "hourly" },
          problem: noChoice("frequency", "hourly", ["continuous", "daily"]),
        },
      },
    );
  });
});
