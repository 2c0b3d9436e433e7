import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { FileSystem, type FileSystemArgs } from "../../components";
import { fileSystemSettings } from "../../components/file-system/settings";
import { runProgram } from "../support/run-program";
import {
  build,
  inputsByName,
  itBounds,
  itRefuses,
  itTakes,
  network,
  noChoice,
  noReason,
  refusal,
  sourcesOf,
} from "./support";

const happy = (): FileSystemArgs => ({
  network: { ...network, availabilityZones: ["us-east-1a", "us-east-1c"] },
});

const FILES = "aws:efs/fileSystem:FileSystem";
const MOUNT = "aws:efs/mountTarget:MountTarget";

describe("FileSystem", () => {
  it("creates this and nothing else", async () => {
    const { component, children } = await build(() => new FileSystem("uploads", happy()));
    assert.equal(component.type, "ecs-platform:index:FileSystem");
    assert.deepEqual(children, [
      "aws:ec2/securityGroup:SecurityGroup uploads-security-group",
      "aws:efs/accessPoint:AccessPoint uploads-access-point",
      "aws:efs/backupPolicy:BackupPolicy uploads-backups",
      "aws:efs/fileSystem:FileSystem uploads-files",
      "aws:efs/fileSystemPolicy:FileSystemPolicy uploads-policy",
      "aws:efs/mountTarget:MountTarget uploads-mount-a",
      "aws:efs/mountTarget:MountTarget uploads-mount-c",
    ]);
  });

  it("is encrypted, cheap for what nobody reads, and backed up", async () => {
    const run = await build(() => new FileSystem("uploads", happy()));
    assert.deepEqual(run.one(FILES).inputs, {
      encrypted: true,
      performanceMode: "generalPurpose",
      throughputMode: "bursting",
      lifecyclePolicies: [
        { transitionToIa: "AFTER_30_DAYS" },
        { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" },
      ],
      tags: { Name: "uploads" },
    });
    assert.deepEqual(run.one("aws:efs/backupPolicy:BackupPolicy").inputs, {
      fileSystemId: "uploads-files-id",
      backupPolicy: { status: "ENABLED" },
    });
  });

  it("follows its settings", async () => {
    const args = {
      ...happy(),
      throughput: "elastic",
      infrequentAccessAfterDays: 1,
      noBackupsBecause: "its files can be made again",
      uid: 101,
      gid: 102,
    } as const;
    const run = await build(() => new FileSystem("uploads", args));
    assert.equal(run.one(FILES).input("throughputMode"), "elastic");
    assert.equal(run.one(FILES).input("lifecyclePolicies.0.transitionToIa"), "AFTER_1_DAY");
    assert.deepEqual(run.one("aws:efs/backupPolicy:BackupPolicy").input("backupPolicy"), {
      status: "DISABLED",
    });
    assert.deepEqual(run.one("aws:efs/accessPoint:AccessPoint").inputs, {
      fileSystemId: "uploads-files-id",
      posixUser: { uid: 101, gid: 102 },
      rootDirectory: {
        path: "/files",
        creationInfo: { ownerUid: 101, ownerGid: 102, permissions: "750" },
      },
      tags: { Name: "uploads" },
    });
  });

  it("lets in nobody without TLS and a right of his own", async () => {
    const run = await build(() => new FileSystem("uploads", happy()));
    const policy = run.one("aws:efs/fileSystemPolicy:FileSystemPolicy");
    assert.equal(policy.input("fileSystemId"), "uploads-files-id");
    assert.deepEqual(policy.jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Deny",
          Principal: { AWS: "*" },
          Action: ["*"],
          Resource: [run.one(FILES).outputs["arn"]],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });

  it("has a closed door in each zone", async () => {
    const run = await build(() => new FileSystem("uploads", happy()));
    assert.deepEqual(run.one("aws:ec2/securityGroup:SecurityGroup").inputs, {
      vpcId: "vpc-1",
      description: "File system uploads",
      tags: { Name: "uploads" },
    });
    const door = (subnetId: string) => ({
      fileSystemId: "uploads-files-id",
      subnetId,
      securityGroups: ["uploads-security-group-id"],
    });
    assert.deepEqual(inputsByName(run, MOUNT), {
      "uploads-mount-a": door("subnet-app-a"),
      "uploads-mount-c": door("subnet-app-b"),
    });
  });

  it("names its doors after subnets where it knows no zones", async () => {
    const args = { network: { ...network, availabilityZones: [] } };
    const run = await build(() => new FileSystem("uploads", args));
    assert.deepEqual(Object.keys(inputsByName(run, MOUNT)), [
      "uploads-mount-subnet-app-a",
      "uploads-mount-subnet-app-b",
    ]);
  });

  for (const [title, deletionProtection, expected] of [
    ["is protected", undefined, true],
    ["may be left without protection", false, false],
  ] as const) {
    it(title, async () => {
      const run = await build(() => new FileSystem("uploads", { ...happy(), deletionProtection }));
      assert.deepEqual(
        run.resources.filter(({ protect }) => protect).map(({ name }) => name),
        expected ? ["uploads-files"] : [],
      );
    });
  }

  it("has whoever mounts it wait for its doors and its policy", async () => {
    const run = await runProgram(() => {
      const { fileSystemId } = new FileSystem("uploads", happy());
      new aws.ssm.Parameter("user", { type: "String", value: fileSystemId });
    });
    assert.deepEqual(sourcesOf(run, run.one("aws:ssm/parameter:Parameter"), "value"), [
      "aws:efs/fileSystem:FileSystem uploads-files",
      "aws:efs/fileSystemPolicy:FileSystemPolicy uploads-policy",
      "aws:efs/mountTarget:MountTarget uploads-mount-a",
      "aws:efs/mountTarget:MountTarget uploads-mount-c",
    ]);
  });

  it("registers what others need", async () => {
    const run = await build(() => new FileSystem("uploads", happy()));
    assert.deepEqual(run.component.outputs, {
      fileSystemId: "uploads-files-id",
      arn: run.one(FILES).outputs["arn"],
      accessPointId: "uploads-access-point-id",
      accessPointArn: run.one("aws:efs/accessPoint:AccessPoint").outputs["arn"],
      securityGroupId: "uploads-security-group-id",
    });
  });

  it("lists every problem and registers nothing", async () => {
    const wrong = { ...happy(), uid: -1, size: 10 } as FileSystemArgs;
    const error = await refusal(() => new FileSystem("uploads", wrong));
    assert.match(error.message, /^FileSystem "uploads": 2 problems; nothing was created\.\n/);
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      ["uid", "size"],
    );
  });

  itBounds(fileSystemSettings, {}, { uid: [1, 4294967295], gid: [1, 4294967295] });

  itTakes(
    fileSystemSettings,
    {},
    { "files that move after a year": { infrequentAccessAfterDays: 365 } },
  );

  itRefuses(
    fileSystemSettings,
    {},
    {
      "days that AWS does not have": {
        change: { infrequentAccessAfterDays: 10 },
        problem: noChoice("infrequentAccessAfterDays", 10, [1, 7, 14, 30, 60, 90, 180, 270, 365]),
      },
      "another throughput": {
        change: { throughput: "provisioned" },
        problem: noChoice("throughput", "provisioned", ["bursting", "elastic"]),
      },
      "no backups without a reason": {
        change: { noBackupsBecause: "no" },
        problem: noReason("noBackupsBecause", "no"),
      },
    },
  );
});
