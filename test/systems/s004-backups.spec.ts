import * as assert from "node:assert/strict";
import type { Run } from "../support/run";
import { runExample } from "./support";

const BUDGET = "aws:budgets/budget:Budget";
const PLAN = "aws:backup/plan:Plan";
const SELECTION = "aws:backup/selection:Selection";
const VAULT = "aws:backup/vault:Vault";

/** Something of every other kind that holds data, as a stack on this platform may have it. */
const STORES = {
  databases: { orders: { engineVersion: "17", instanceClass: "db.t4g.micro", multiAz: true } },
  tables: { sessions: { partitionKey: { name: "id" } } },
  fileSystems: { media: {} },
};

describe("seed 004, backups and what it may cost", () => {
  let run: Run;
  before(async () => {
    run = await runExample("ec2-production");
  });

  it("S004-130: a plan, a locked vault and a selection by tag, which everything that holds data bears", async () => {
    const full = await runExample("ec2-production", STORES);
    const [tag] = full.one(SELECTION).input("selectionTags") as { key: string; value: string }[];
    const holders = {
      "aws:s3/bucket:Bucket": "files-bucket",
      "aws:rds/instance:Instance": "orders-instance",
      "aws:dynamodb/table:Table": "sessions-table",
      "aws:efs/fileSystem:FileSystem": "media-files",
    };
    for (const [type, name] of Object.entries(holders)) {
      assert.equal(full.one(type, name).input(`tags.${tag?.key ?? ""}`), tag?.value, name);
    }
    const plan = full.one(PLAN);
    assert.equal(full.one(SELECTION).input("planId"), "backups-plan-id");
    assert.equal(plan.input("rules.0.targetVaultName"), "backups-vault-1a2b3c4");
    assert.notEqual(full.one(VAULT, "backups-vault").input("kmsKeyArn"), undefined);
    const lock = full.one(
      "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
      "backups-lock",
    );
    assert.equal(lock.input("backupVaultName"), "backups-vault-1a2b3c4");
  });

  it("S004-135: a budget that tells of what is spent and of what will be", () => {
    const notices = run.one(BUDGET).input("notifications") as {
      notificationType: string;
      threshold: number;
      subscriberSnsTopicArns: string[];
    }[];
    assert.deepEqual(
      notices.map(({ notificationType, threshold }) => `${notificationType} ${threshold}`),
      ["ACTUAL 80", "ACTUAL 100", "FORECASTED 100"],
    );
    const topics = run.all("aws:sns/topic:Topic").map(({ outputs }) => outputs["arn"]);
    for (const { subscriberSnsTopicArns } of notices) {
      assert.equal(subscriberSnsTopicArns.length, 1);
      assert.ok(topics.includes(subscriberSnsTopicArns[0]));
    }
  });

  it("S004-145: backups come by themselves every day, end after five weeks, and are copied to another region", () => {
    const plan = run.one(PLAN);
    assert.equal(plan.input("rules.0.schedule"), "cron(0 6 * * ? *)");
    assert.deepEqual(plan.input("rules.0.lifecycle"), { deleteAfter: 35 });
    const copies = run.one(VAULT, "backups-copies-vault");
    assert.equal(copies.input("region"), "us-west-2");
    assert.deepEqual(plan.input("rules.0.copyActions"), [
      { destinationVaultArn: copies.outputs["arn"], lifecycle: { deleteAfter: 35 } },
    ]);
  });
});
