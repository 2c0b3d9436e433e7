import * as assert from "node:assert/strict";
import { StateBackend, type StateBackendArgs } from "../../components";
import { stateBackendSettings } from "../../components/state-backend/settings";
import {
  RETENTION_DAYS,
  build,
  dependsOn,
  inputsByName,
  itBounds,
  itRefuses,
  noChoice,
  refusal,
} from "./support";

const BUCKET = "aws:s3/bucket:Bucket";
const KEY = "aws:kms/key:Key";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const TABLE = "aws:dynamodb/table:Table";
const FUNCTION = "aws:lambda/function:Function";
const NOTIFICATION = "aws:s3/bucketNotification:BucketNotification";
const TABLE_ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/state-ledger-1a2b3c4";

const PLAIN = [
  "aws:kms/key:Key state-bucket-key",
  "aws:kms/key:Key state-secrets-key",
  "aws:s3/bucket:Bucket state-bucket",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration state-lifecycle",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls state-ownership",
  "aws:s3/bucketPolicy:BucketPolicy state-policy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock state-public-access",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration state-encryption",
  "aws:s3/bucketVersioning:BucketVersioning state-versioning",
];

const withLedger = () => build(() => new StateBackend("state", { ledger: {} }));

describe("StateBackend", () => {
  it("creates this and nothing else", async () => {
    const { component, children } = await build(() => new StateBackend("state"));
    assert.equal(component.type, "ecs-platform:index:StateBackend");
    assert.deepEqual(children, PLAIN);
  });

  it("previews what it creates", async () => {
    const make = () => new StateBackend("state", { ledger: {} });
    const [preview, deployment] = [await build(make, { preview: true }), await build(make)];
    assert.deepEqual(preview.children, deployment.children);
  });

  it("is encrypted, with one key for states and another for the secrets in them", async () => {
    const run = await build(() => new StateBackend("state"));
    const key = { enableKeyRotation: true, deletionWindowInDays: 30 };
    assert.deepEqual(inputsByName(run, KEY), {
      "state-bucket-key": { description: "States of Pulumi stacks", ...key },
      "state-secrets-key": { description: "Secrets in the states of Pulumi stacks", ...key },
    });
    const encryption = run.one(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    );
    assert.deepEqual(encryption.input("rules"), [
      {
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: "aws:kms",
          kmsMasterKeyId: "arn:aws:kms:us-east-1:123456789012:key/state-bucket-key-id",
        },
        bucketKeyEnabled: true,
      },
    ]);
  });

  it("keeps every version for 90 days, and the 20 newest for longer", async () => {
    const run = await build(() => new StateBackend("state"));
    assert.deepEqual(run.one("aws:s3/bucketVersioning:BucketVersioning").inputs, {
      bucket: "state-bucket-id",
      versioningConfiguration: { status: "Enabled" },
    });
    assert.deepEqual(run.one(LIFECYCLE).inputs, {
      bucket: "state-bucket-id",
      rules: [
        {
          id: "former-versions",
          status: "Enabled",
          filter: { prefix: "" },
          noncurrentVersionExpiration: { noncurrentDays: 90, newerNoncurrentVersions: 20 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    });
    assert.deepEqual(dependsOn(run, run.one(LIFECYCLE)), [
      "aws:s3/bucketVersioning:BucketVersioning state-versioning",
    ]);
    const other = await build(() => new StateBackend("state", { versionRetentionDays: 365 }));
    assert.equal(
      other.one(LIFECYCLE).input("rules.0.noncurrentVersionExpiration.noncurrentDays"),
      365,
    );
  });

  it("cannot be deleted by AWS or Pulumi unless the caller says so", async () => {
    const run = await withLedger();
    const kept = [...run.all(BUCKET), ...run.all(KEY), ...run.all(TABLE)];
    assert.deepEqual(
      kept.map((resource) => resource.protect),
      [true, true, true, true],
    );
    assert.equal(run.one(BUCKET).input("forceDestroy"), false);
    assert.equal(run.one(TABLE).input("deletionProtectionEnabled"), true);

    const args = { ledger: {}, deletionProtection: false };
    const open = await build(() => new StateBackend("state", args));
    const free = [...open.all(BUCKET), ...open.all(KEY), ...open.all(TABLE)];
    assert.deepEqual(
      free.map((resource) => resource.protect),
      [false, false, false, false],
    );
    assert.equal(open.one(BUCKET).input("forceDestroy"), true);
    assert.equal(open.one(TABLE).input("deletionProtectionEnabled"), false);
    assert.deepEqual(
      open.all(KEY).map((key) => key.input("deletionWindowInDays")),
      [7, 7],
    );
  });

  it("says what Pulumi logs in with, and what encrypts its secrets", async () => {
    const { component } = await withLedger();
    assert.deepEqual(component.outputs, {
      bucketName: "state-bucket-1a2b3c4",
      bucketArn: "arn:aws:s3:::state-bucket-1a2b3c4",
      bucketKeyArn: "arn:aws:kms:us-east-1:123456789012:key/state-bucket-key-id",
      secretsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/state-secrets-key-id",
      backendUrl: "s3://state-bucket-1a2b3c4?region=us-east-1",
      secretsProvider:
        "awskms:///arn:aws:kms:us-east-1:123456789012:key/state-secrets-key-id?region=us-east-1",
      ledgerTableName: "state-ledger-1a2b3c4",
    });
  });

  it("lists every problem and registers nothing", async () => {
    const wrong = { versionRetentionDays: 0, table: {} } as StateBackendArgs;
    const error = await refusal(() => new StateBackend("state", wrong));
    assert.match(error.message, /^StateBackend "state": 2 problems; nothing was created\.\n/);
  });
});

describe("StateBackend, ledger", () => {
  it("is a table, and a function that S3 calls", async () => {
    const { children } = await withLedger();
    assert.deepEqual(
      children.filter((child) => !PLAIN.includes(child)),
      [
        "aws:cloudwatch/logGroup:LogGroup state-ledger-logs",
        "aws:dynamodb/table:Table state-ledger",
        "aws:iam/role:Role state-ledger-role",
        "aws:iam/rolePolicy:RolePolicy state-ledger-policy",
        "aws:lambda/function:Function state-ledger-function",
        "aws:lambda/permission:Permission state-ledger-permission",
        "aws:s3/bucketNotification:BucketNotification state-ledger-notification",
      ],
    );
  });

  it("has an entry for every version of every state, paid by request", async () => {
    const run = await withLedger();
    assert.deepEqual(run.one(TABLE).inputs, {
      billingMode: "PAY_PER_REQUEST",
      hashKey: "state",
      rangeKey: "savedAt",
      attributes: [
        { name: "savedAt", type: "S" },
        { name: "state", type: "S" },
      ],
      ttl: { attributeName: "expires", enabled: true },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: true,
    });
  });

  it("is told by S3 of every state that is saved, and of no lock or backup", async () => {
    const run = await withLedger();
    assert.deepEqual(run.one(NOTIFICATION).inputs, {
      bucket: "state-bucket-id",
      lambdaFunctions: [
        {
          lambdaFunctionArn:
            "arn:aws:lambda:us-east-1:123456789012:function/state-ledger-function-1a2b3c4",
          events: ["s3:ObjectCreated:*"],
          filterPrefix: ".pulumi/stacks/",
          filterSuffix: ".json",
        },
      ],
    });
    assert.deepEqual(dependsOn(run, run.one(NOTIFICATION)), [
      "aws:lambda/permission:Permission state-ledger-permission",
    ]);
    assert.deepEqual(run.one("aws:lambda/permission:Permission").inputs, {
      function: "state-ledger-function-1a2b3c4",
      action: "lambda:InvokeFunction",
      principal: "s3.amazonaws.com",
      sourceArn: "arn:aws:s3:::state-bucket-1a2b3c4",
      sourceAccount: "123456789012",
    });
  });

  it("runs with the rights to make entries and to log, and no other", async () => {
    const run = await withLedger();
    assert.deepEqual(run.one("aws:iam/rolePolicy:RolePolicy").jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: ["dynamodb:PutItem"], Resource: [TABLE_ARN] },
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: ["arn:aws:logs:us-east-1:123456789012:log-group:state-ledger-logs-1a2b3c4:*"],
        },
      ],
    });
    assert.deepEqual(run.one("aws:iam/role:Role").jsonInput("assumeRolePolicy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: ["sts:AssumeRole"],
        },
      ],
    });
  });

  it("runs a function that knows its table, and logs for as long as the settings say", async () => {
    const ledger = { retentionDays: 30, logRetentionDays: 7 } as const;
    const run = await build(() => new StateBackend("state", { ledger }));
    const { code: _, ...inputs } = run.one(FUNCTION).inputs;
    assert.deepEqual(inputs, {
      description: "Enters versions of Pulumi states into the ledger",
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      role: "arn:aws:iam::123456789012:role/state-ledger-role-1a2b3c4",
      timeout: 10,
      environment: {
        variables: { TABLE_NAME: "state-ledger-1a2b3c4", RETENTION_DAYS: "30" },
      },
      loggingConfig: { logGroup: "state-ledger-logs-1a2b3c4", logFormat: "JSON" },
    });
    assert.equal(run.one("aws:cloudwatch/logGroup:LogGroup").input("retentionInDays"), 7);
    assert.deepEqual(dependsOn(run, run.one(FUNCTION)), [
      "aws:iam/rolePolicy:RolePolicy state-ledger-policy",
    ]);
  });
});

describe("StateBackend settings", () => {
  it("have these defaults", () => {
    assert.deepEqual(stateBackendSettings.parse({}), { versionRetentionDays: 90 });
    assert.deepEqual(stateBackendSettings.parse({ ledger: {} }), {
      versionRetentionDays: 90,
      ledger: { retentionDays: 365, logRetentionDays: 30 },
    });
  });

  itBounds(
    stateBackendSettings,
    {},
    { versionRetentionDays: [1, 3650], "ledger.retentionDays": [1, 3650] },
  );

  itRefuses(
    stateBackendSettings,
    {},
    {
      "a retention that CloudWatch does not offer": {
        change: { "ledger.logRetentionDays": 2 },
        problem: noChoice("ledger.logRetentionDays", 2, RETENTION_DAYS),
      },
    },
  );
});
