import * as assert from "node:assert/strict";
import { AccountDefaults, RegionDefaults } from "../../components";
import {
  accountDefaultsSettings,
  regionDefaultsSettings,
} from "../../components/account-defaults/settings";
import { build, inputsByName, itBounds, itRefuses, itTakes, noChoice, noReason } from "./support";

const BLOCK = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
const PASSWORDS = "aws:iam/accountPasswordPolicy:AccountPasswordPolicy";
const DISKS = "aws:ebs/encryptionByDefault:EncryptionByDefault";
const METADATA = "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults";
const SNAPSHOTS = "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess";
const IMAGES = "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess";
const ECS = "aws:ecs/accountSettingDefault:AccountSettingDefault";
const BECAUSE = "our AMIs are for everybody";

describe("AccountDefaults", () => {
  it("keeps every bucket from the public, and passwords long", async () => {
    const run = await build(() => new AccountDefaults("account"));
    assert.deepEqual(run.children, [
      `${PASSWORDS} account-passwords`,
      `${BLOCK} account-no-public-buckets`,
    ]);
    assert.deepEqual(run.one(BLOCK).inputs, {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    assert.deepEqual(run.one(PASSWORDS).inputs, {
      minimumPasswordLength: 14,
      requireLowercaseCharacters: true,
      requireUppercaseCharacters: true,
      requireNumbers: true,
      requireSymbols: true,
      passwordReusePrevention: 24,
      maxPasswordAge: 90,
      allowUsersToChangePassword: true,
      hardExpiry: false,
    });
  });

  it("lets buckets be public where there is a reason", async () => {
    const run = await build(
      () => new AccountDefaults("account", { publicBucketsBecause: "a public data set" }),
    );
    assert.deepEqual(run.children, [`${PASSWORDS} account-passwords`]);
  });

  describe("settings", () => {
    itBounds(accountDefaultsSettings, {}, { passwordLength: [14, 128] });
    itRefuses(
      accountDefaultsSettings,
      {},
      {
        "public buckets without a reason": {
          change: { publicBucketsBecause: "yes" },
          problem: noReason("publicBucketsBecause", "yes"),
        },
      },
    );
  });
});

describe("RegionDefaults", () => {
  it("has new things safe where nobody says otherwise", async () => {
    const run = await build(() => new RegionDefaults("defaults"));
    assert.deepEqual(run.children, [
      `${DISKS} defaults-disks`,
      `${SNAPSHOTS} defaults-no-public-snapshots`,
      `${IMAGES} defaults-no-public-images`,
      `${METADATA} defaults-instance-metadata`,
      `${ECS} defaults-ecs-containerInsights`,
      `${ECS} defaults-ecs-defaultLogDriverMode`,
      `${ECS} defaults-ecs-fargateTaskRetirementWaitPeriod`,
    ]);
    assert.equal(run.one(DISKS).input("enabled"), true);
    assert.deepEqual(run.one(METADATA).inputs, { httpTokens: "required" });
    assert.equal(run.one(SNAPSHOTS).input("state"), "block-all-sharing");
    assert.equal(run.one(IMAGES).input("state"), "block-new-sharing");
    assert.deepEqual(inputsByName(run, ECS), {
      "defaults-ecs-containerInsights": { name: "containerInsights", value: "enabled" },
      "defaults-ecs-defaultLogDriverMode": { name: "defaultLogDriverMode", value: "non-blocking" },
      "defaults-ecs-fargateTaskRetirementWaitPeriod": {
        name: "fargateTaskRetirementWaitPeriod",
        value: "7",
      },
    });
  });

  it("takes other choices", async () => {
    const run = await build(
      () =>
        new RegionDefaults("defaults", {
          sharedImagesBecause: BECAUSE,
          containerInsights: "enhanced",
          taskRetirementDays: 14,
        }),
    );
    assert.equal(run.all(SNAPSHOTS).length + run.all(IMAGES).length, 0);
    assert.equal(run.one(ECS, "defaults-ecs-containerInsights").input("value"), "enhanced");
    assert.equal(run.one(ECS, "defaults-ecs-fargateTaskRetirementWaitPeriod").input("value"), "14");
  });

  describe("settings", () => {
    itTakes(
      regionDefaultsSettings,
      {},
      {
        "shared images, with the reason": { sharedImagesBecause: BECAUSE },
        "no wait for tasks": { taskRetirementDays: 0 },
      },
    );
    itRefuses(
      regionDefaultsSettings,
      {},
      {
        "shared images without a reason": {
          change: { sharedImagesBecause: "yes" },
          problem: noReason("sharedImagesBecause", "yes"),
        },
        "a wait that ECS does not have": {
          change: { taskRetirementDays: 3 },
          problem: noChoice("taskRetirementDays", 3, [0, 7, 14]),
        },
        "metrics that ECS does not have": {
          change: { containerInsights: "all" },
          problem: noChoice("containerInsights", "all", ["enhanced", "enabled", "disabled"]),
        },
      },
    );
  });
});
