import * as assert from "node:assert/strict";
import { Backups, type BackupsArgs } from "../../components";
import { build, dependsOn, inputsByName, refusal } from "./support";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const KEY = "aws:kms/key:Key";
const LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
const PLAN = "aws:backup/plan:Plan";
const POLICY = "aws:backup/vaultPolicy:VaultPolicy";
const ROLE = "aws:iam/role:Role";
const SELECTION = "aws:backup/selection:Selection";
const TEST_PLAN = "aws:backup/restoreTestingPlan:RestoreTestingPlan";
const TEST_SELECTION = "aws:backup/restoreTestingSelection:RestoreTestingSelection";
const VAULT = "aws:backup/vault:Vault";

const topic = (severity: string) => `arn:aws:sns:us-east-1:123456789012:${severity}`;
const telling = {
  topics: { critical: topic("critical"), warning: topic("warning"), info: topic("info") },
  runbooksUrl: "https://example.com/runbooks",
  silenced: false,
};

const happy = (): BackupsArgs => ({
  label: "shop-prod",
  backed: { tables: { orders: {} } },
  telling,
});
const make = (changes: Partial<BackupsArgs> = {}) =>
  build(() => new Backups("backups", { ...happy(), ...changes }));

const everything: Partial<BackupsArgs> = {
  retentionDays: 120,
  coldStorageAfterDays: 30,
  lock: { maxDays: 120, changeableForDays: 3 },
  copyTo: { region: "us-west-2", retentionDays: 14 },
  restoreTest: {},
  otherResources: ["arn:aws:ec2:us-east-1:123456789012:volume/vol-2"],
};

describe("Backups", () => {
  it("creates this and nothing else", async () => {
    const { component, children } = await make();
    assert.equal(component.type, "ecs-platform:index:Backups");
    assert.deepEqual(children, [
      `${PLAN} backups-plan`,
      `${SELECTION} backups-tagged`,
      `${VAULT} backups-vault`,
      `${POLICY} backups-policy`,
      `${ALARM} backups-expired`,
      `${ALARM} backups-failed`,
      `${ALARM} backups-missing`,
      `${ROLE} backups-backup-role`,
      `${ATTACHMENT} backups-backup-role-backup`,
      `${ATTACHMENT} backups-backup-role-s3`,
      `${KEY} backups-key`,
    ]);
  });

  it("adds a second vault, a lock for both, another selection and restore tests where they are wanted", async () => {
    const before = await make();
    const after = await make(everything);
    assert.deepEqual(
      after.children.filter((child) => !before.children.includes(child)),
      [
        `${TEST_PLAN} backups-restore-test`,
        `${TEST_SELECTION} backups-restore-test-tables`,
        `${SELECTION} backups-others`,
        `${VAULT} backups-copies-vault`,
        `${LOCK} backups-copies-lock`,
        `${LOCK} backups-lock`,
        `${POLICY} backups-copies-policy`,
        `${ALARM} backups-copies-failed`,
        `${ALARM} backups-restore-test`,
        `${ROLE} backups-restore-role`,
        `${ATTACHMENT} backups-restore-role-restore`,
        `${ATTACHMENT} backups-restore-role-s3`,
        `${KEY} backups-copies-key`,
      ],
    );
    assert.deepEqual(
      before.children.filter((child) => !after.children.includes(child)),
      [],
    );
  });

  it("previews what it creates", async () => {
    const preview = await build(() => new Backups("backups", { ...happy(), ...everything }), {
      preview: true,
    });
    assert.deepEqual(preview.children, (await make(everything)).children);
  });

  it("backs up each day, early, what bears the tag, and keeps it for five weeks", async () => {
    const run = await make();
    assert.deepEqual(run.one(PLAN).inputs, {
      rules: [
        {
          ruleName: "daily",
          targetVaultName: "backups-vault-1a2b3c4",
          schedule: "cron(0 6 * * ? *)",
          startWindow: 60,
          completionWindow: 720,
          lifecycle: { deleteAfter: 35 },
        },
      ],
    });
    assert.deepEqual(run.one(SELECTION).inputs, {
      planId: "backups-plan-id",
      iamRoleArn: "arn:aws:iam::123456789012:role/backups-backup-role-1a2b3c4",
      selectionTags: [{ type: "STRINGEQUALS", key: "Backup", value: "shop-prod" }],
    });
    assert.deepEqual(dependsOn(run, run.one(SELECTION)), [
      `${ATTACHMENT} backups-backup-role-backup`,
      `${ATTACHMENT} backups-backup-role-s3`,
    ]);
  });

  it("moves backups to cold storage, copies them, and takes on what it is told to", async () => {
    const run = await make(everything);
    const [rule] = run.one(PLAN).input("rules") as unknown as Record<string, unknown>[];
    assert.deepEqual(rule?.["lifecycle"], { deleteAfter: 120, coldStorageAfter: 30 });
    assert.deepEqual(rule?.["copyActions"], [
      {
        destinationVaultArn: run.one(VAULT, "backups-copies-vault").outputs["arn"],
        lifecycle: { deleteAfter: 14 },
      },
    ]);
    assert.deepEqual(run.one(SELECTION, "backups-others").input("resources"), [
      "arn:aws:ec2:us-east-1:123456789012:volume/vol-2",
    ]);
  });

  it("encrypts its vaults with keys of their own, the copies' where the copies are", async () => {
    const run = await make(everything);
    assert.deepEqual(inputsByName(run, KEY), {
      "backups-key": {
        description: "Encrypts backups",
        enableKeyRotation: true,
        deletionWindowInDays: 30,
      },
      "backups-copies-key": {
        region: "us-west-2",
        description: "Encrypts backups",
        enableKeyRotation: true,
        deletionWindowInDays: 30,
      },
    });
    assert.deepEqual(inputsByName(run, VAULT), {
      "backups-vault": {
        kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/backups-key-id",
        forceDestroy: false,
      },
      "backups-copies-vault": {
        region: "us-west-2",
        kmsKeyArn: "arn:aws:kms:us-west-2:123456789012:key/backups-copies-key-id",
        forceDestroy: false,
      },
    });
  });

  it("lets nobody delete a backup before its time", async () => {
    const run = await make(everything);
    for (const name of ["backups-policy", "backups-copies-policy"]) {
      assert.deepEqual(run.one(POLICY, name).jsonInput("policy"), {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Deny",
            Principal: { AWS: "*" },
            Action: [
              "backup:DeleteRecoveryPoint",
              "backup:DisassociateRecoveryPoint",
              "backup:UpdateRecoveryPointLifecycle",
            ],
            Resource: ["*"],
          },
        ],
      });
    }
    const lock = { minRetentionDays: 7, maxRetentionDays: 120, changeableForDays: 3 };
    assert.deepEqual(inputsByName(run, LOCK), {
      "backups-lock": { backupVaultName: "backups-vault-1a2b3c4", ...lock },
      "backups-copies-lock": {
        region: "us-west-2",
        backupVaultName: "backups-copies-vault-1a2b3c4",
        ...lock,
      },
    });
  });

  it("never leaves a vault without its lock, which to replace is to take off", async () => {
    const run = await make(everything);
    assert.deepEqual(
      run.all(LOCK).map((lock) => lock.deleteBeforeReplace),
      [true, true],
    );
  });

  it("locks in a way that can be undone unless it is told otherwise", async () => {
    const run = await make({ lock: {} });
    assert.deepEqual(run.one(LOCK).inputs, {
      backupVaultName: "backups-vault-1a2b3c4",
      minRetentionDays: 7,
      maxRetentionDays: 366,
    });
  });

  it("cannot be deleted unless the caller says so; its backups then go with it", async () => {
    const closed = await make();
    assert.equal(closed.one(VAULT).protect, true);
    assert.equal(closed.one(KEY).protect, true);
    const open = await make({ deletionProtection: false });
    assert.equal(open.one(VAULT).protect, false);
    assert.equal(open.one(KEY).protect, false);
    assert.equal(open.one(KEY).input("deletionWindowInDays"), 7);
    assert.equal(open.one(VAULT).input("forceDestroy"), true);
    assert.deepEqual(open.all(POLICY), []);
  });

  it("gives AWS Backup one role to back up and another to restore, each by AWS's own policies", async () => {
    const run = await make(everything);
    for (const [name, { assumeRolePolicy }] of Object.entries(
      inputsByName(run, ROLE) as Record<string, { assumeRolePolicy: string }>,
    )) {
      assert.match(name, /^backups-(backup|restore)-role$/);
      assert.deepEqual(JSON.parse(assumeRolePolicy), {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "backup.amazonaws.com" },
            Action: ["sts:AssumeRole"],
          },
        ],
      });
    }
    const policy = (path: string) => `arn:aws:iam::aws:policy/${path}`;
    assert.deepEqual(inputsByName(run, ATTACHMENT), {
      "backups-backup-role-backup": {
        role: "backups-backup-role-1a2b3c4",
        policyArn: policy("service-role/AWSBackupServiceRolePolicyForBackup"),
      },
      "backups-backup-role-s3": {
        role: "backups-backup-role-1a2b3c4",
        policyArn: policy("AWSBackupServiceRolePolicyForS3Backup"),
      },
      "backups-restore-role-restore": {
        role: "backups-restore-role-1a2b3c4",
        policyArn: policy("service-role/AWSBackupServiceRolePolicyForRestores"),
      },
      "backups-restore-role-s3": {
        role: "backups-restore-role-1a2b3c4",
        policyArn: policy("AWSBackupServiceRolePolicyForS3Restore"),
      },
    });
    assert.deepEqual(run.all("aws:iam/rolePolicy:RolePolicy"), []);
  });

  it("registers its vaults", async () => {
    const run = await make(everything);
    assert.deepEqual(run.component.outputs, {
      vaultName: "backups-vault-1a2b3c4",
      vaultArn: run.one(VAULT, "backups-vault").outputs["arn"],
      copiesVaultArn: run.one(VAULT, "backups-copies-vault").outputs["arn"],
    });
    assert.equal((await make()).component.outputs["copiesVaultArn"], undefined);
  });

  it("lists every problem and registers nothing, also where there is nothing to back up", async () => {
    const args = { ...happy(), backed: { tables: {} }, retentionDays: 0 };
    const error = await refusal(() => new Backups("backups", args));
    assert.match(error.message, /^Backups "backups": 2 problems; nothing was created\.\n/);
    assert.deepEqual(
      error.problems.map(({ key, rule }) => [key, rule]),
      [
        ["retentionDays", "is out of bounds"],
        ["backed", "has nothing to back up"],
      ],
    );
  });

  it("needs nothing of the stack's own where it backs up something else", async () => {
    const run = await make({ backed: {}, otherResources: everything.otherResources });
    assert.equal(run.all(SELECTION).length, 2);
  });
});

describe("Backups, restored to see that they can be", () => {
  const backed = {
    databases: {
      users: { kind: "instance" as const, subnetGroupName: "users-subnets" },
      orders: { kind: "instance" as const, subnetGroupName: "orders-subnets" },
      events: { kind: "serverless" as const, subnetGroupName: "events-subnets" },
    },
    tables: { sessions: {} },
    buckets: { uploads: {} },
    fileSystems: { media: {} },
  };

  it("takes the latest of the week each Sunday", async () => {
    const run = await make({ restoreTest: {} });
    assert.deepEqual(run.one(TEST_PLAN).inputs, {
      name: "backups_vault_1a2b3c4",
      scheduleExpression: "cron(0 9 ? * SUN *)",
      startWindowHours: 2,
      recoveryPointSelection: {
        algorithm: "LATEST_WITHIN_WINDOW",
        includeVaults: [run.one(VAULT).outputs["arn"]],
        recoveryPointTypes: ["SNAPSHOT"],
        selectionWindowDays: 7,
      },
    });
  });

  it("restores each kind in its own way, databases into the stack's own subnets", async () => {
    const run = await make({ restoreTest: { keepHours: 8 }, backed });
    const selection = (name: string, type: string, overrides?: object) => ({
      name,
      restoreTestingPlanName: "backups_vault_1a2b3c4",
      protectedResourceType: type,
      protectedResourceConditions: {
        stringEquals: [{ key: "aws:ResourceTag/Backup", value: "shop-prod" }],
      },
      ...(overrides && { restoreMetadataOverrides: overrides }),
      validationWindowHours: 8,
      iamRoleArn: "arn:aws:iam::123456789012:role/backups-restore-role-1a2b3c4",
    });
    assert.deepEqual(inputsByName(run, TEST_SELECTION), {
      "backups-restore-test-instances": selection("instances", "RDS", {
        dbSubnetGroupName: "orders-subnets",
      }),
      "backups-restore-test-clusters": selection("clusters", "Aurora", {
        dbSubnetGroupName: "events-subnets",
      }),
      "backups-restore-test-tables": selection("tables", "DynamoDB"),
      "backups-restore-test-buckets": selection("buckets", "S3"),
      "backups-restore-test-file-systems": selection("file_systems", "EFS"),
    });
    assert.deepEqual(dependsOn(run, run.one(TEST_SELECTION, "backups-restore-test-tables")), [
      `${ATTACHMENT} backups-restore-role-restore`,
      `${ATTACHMENT} backups-restore-role-s3`,
    ]);
  });
});

describe("Backups, watched", () => {
  const runbook = (file: string) => `What to do: https://example.com/runbooks/${file}.md`;
  const jobs = (metricName: string, severity: string, vault = "backups-vault-1a2b3c4") => ({
    namespace: "AWS/Backup",
    metricName,
    dimensions: { BackupVaultName: vault },
    statistic: "Sum",
    period: 3600,
    alarmActions: [topic(severity)],
    okActions: [topic(severity)],
  });
  const once = {
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0,
    evaluationPeriods: 1,
    treatMissingData: "notBreaching",
  };

  it("tells of what failed and of what never came", async () => {
    const run = await make({ ...everything, alertAfterHours: 26 });
    assert.deepEqual(inputsByName(run, ALARM), {
      "backups-failed": {
        alarmDescription: `A backup failed. What came before it is still there. ${runbook("backup-failed")}`,
        ...jobs("NumberOfBackupJobsFailed", "critical"),
        ...once,
      },
      "backups-expired": {
        alarmDescription: `A backup could not begin in its hour, and was given up. ${runbook("backup-failed")}`,
        ...jobs("NumberOfBackupJobsExpired", "critical"),
        ...once,
      },
      "backups-missing": {
        alarmDescription: `No backup of anything was finished for 26 hours. In a new stack that is so until the first one. ${runbook("backup-missing")}`,
        ...jobs("NumberOfBackupJobsCompleted", "critical"),
        comparisonOperator: "LessThanThreshold",
        threshold: 1,
        evaluationPeriods: 26,
        treatMissingData: "breaching",
      },
      "backups-copies-failed": {
        alarmDescription: `A backup was made, but not copied to us-west-2. ${runbook("backup-failed")}`,
        ...jobs("NumberOfCopyJobsFailed", "critical", "backups-copies-vault-1a2b3c4"),
        ...once,
      },
      "backups-restore-test": {
        alarmDescription: `A backup could not be restored, in a test or by somebody. ${runbook("restore-test-failed")}`,
        ...jobs("NumberOfRestoreJobsFailed", "warning"),
        ...once,
      },
    });
  });

  it("tells nobody where alarms are silenced, and has none where nobody wants them", async () => {
    const silent = await make({ telling: { ...telling, silenced: true } });
    assert.deepEqual(
      silent.all(ALARM).map((alarm) => alarm.input("alarmActions")),
      [[], [], []],
    );
    const without = await make({ telling: { ...telling, without: ["backup-missing"] } });
    assert.deepEqual(
      without.all(ALARM).map(({ name }) => name),
      ["backups-expired", "backups-failed"],
    );
  });
});
