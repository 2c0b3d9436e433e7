import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { backupTag } from "../support/backup-tag";
import { policyDocument } from "../support/iam";
import { checkSettings } from "../support/parse-settings";
import { type FileSystemSettings, fileSystemSettings } from "./settings";

const NFS_PORT = 2049;

/** Folder that tasks see as the root; the file system's own root is AWS's, and theirs to write to is only this. */
const ROOT = "/files";

export interface FileSystemArgs extends FileSystemSettings {
  /** Where it stands; a `Network` will do. */
  readonly network: {
    readonly vpcId: pulumi.Input<string>;
    /** One for each zone, in the order of `availabilityZones`. */
    readonly appSubnetIds: readonly pulumi.Input<string>[];
    readonly availabilityZones: readonly string[];
  };
  /** Whether Pulumi refuses to delete it. Default true. */
  readonly deletionProtection?: boolean;
  /** Value of its tag `Backup`, by which a `Backups` finds it, in place of EFS's own backups. Without it: no tag. */
  readonly backupTag?: string | undefined;
}

/**
 * A file system on EFS that tasks in all zones share: encrypted, backed up, closed to everybody until a task opens a
 * passage to it. Tasks mount one folder of it, by TLS and by the rights of their own role, as one user.
 *
 * ```ts
 * const uploads = new FileSystem("uploads", { network });
 * const api = new EcsService("api", {
 *   …, fileSystems: { uploads }, volumes: { uploads: { fileSystem: "uploads", path: "/data" } },
 * });
 * ```
 *
 * Cost: 0.30 USD a month for each GB, 0.016 once it is not read for a while; backups 0.05 USD. (AWS price pages for
 * us-east-1, read in November 2026.)
 */
export class FileSystem extends pulumi.ComponentResource {
  /** Known once there is a way to it in every zone: a task that comes earlier could not start. */
  public readonly fileSystemId: pulumi.Output<string>;
  public readonly arn: pulumi.Output<string>;
  /** What tasks mount. */
  public readonly accessPointId: pulumi.Output<string>;
  public readonly accessPointArn: pulumi.Output<string>;
  public readonly securityGroupId: pulumi.Output<string>;
  public readonly port: number = NFS_PORT;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: FileSystemArgs, opts?: pulumi.ComponentResourceOptions) {
    const { network, deletionProtection = true, backupTag: backup, ...rest } = args;
    const settings = checkSettings(`FileSystem "${name}"`, fileSystemSettings, rest);
    super("ecs-platform:index:FileSystem", name, {}, opts);
    const child = { parent: this };

    const fileSystem = new aws.efs.FileSystem(
      `${name}-files`,
      {
        encrypted: true,
        performanceMode: "generalPurpose",
        throughputMode: settings.throughput,
        lifecyclePolicies: [
          { transitionToIa: `AFTER_${daysInWords(settings.infrequentAccessAfterDays)}` },
          { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" },
        ],
        tags: { Name: name, ...backupTag(backup) },
      },
      { ...child, protect: deletionProtection },
    );
    new aws.efs.BackupPolicy(
      `${name}-backups`,
      {
        fileSystemId: fileSystem.id,
        backupPolicy: {
          // Every file would be kept twice where somebody else backs it up.
          status:
            settings.noBackupsBecause === undefined && backup === undefined
              ? "ENABLED"
              : "DISABLED",
        },
      },
      child,
    );
    // Without a policy of its own, a file system lets in, as root, whoever reaches it.
    const policy = new aws.efs.FileSystemPolicy(
      `${name}-policy`,
      {
        fileSystemId: fileSystem.id,
        policy: policyDocument([
          {
            effect: "Deny",
            principal: { AWS: "*" },
            actions: ["*"],
            resources: [fileSystem.arn],
            conditions: { Bool: { "aws:SecureTransport": "false" } },
          },
        ]),
      },
      child,
    );
    const accessPoint = new aws.efs.AccessPoint(
      `${name}-access-point`,
      {
        fileSystemId: fileSystem.id,
        posixUser: { uid: settings.uid, gid: settings.gid },
        rootDirectory: {
          path: ROOT,
          creationInfo: { ownerUid: settings.uid, ownerGid: settings.gid, permissions: "750" },
        },
        tags: { Name: name },
      },
      child,
    );

    const securityGroup = new aws.ec2.SecurityGroup(
      `${name}-security-group`,
      { vpcId: network.vpcId, description: `File system ${name}`, tags: { Name: name } },
      child,
    );
    const mountTargets = network.appSubnetIds.map((subnetId, position) => {
      return new aws.efs.MountTarget(
        `${name}-mount-${place(network, position)}`,
        { fileSystemId: fileSystem.id, subnetId, securityGroups: [securityGroup.id] },
        child,
      );
    });

    const ready = pulumi.all([policy.id, ...mountTargets.map(({ id }) => id)]);
    this.fileSystemId = pulumi.all([fileSystem.id, ready]).apply(([id]) => id);
    this.arn = fileSystem.arn;
    this.accessPointId = accessPoint.id;
    this.accessPointArn = accessPoint.arn;
    this.securityGroupId = securityGroup.id;
    this.registerOutputs({
      fileSystemId: this.fileSystemId,
      arn: this.arn,
      accessPointId: this.accessPointId,
      accessPointArn: this.accessPointArn,
      securityGroupId: this.securityGroupId,
    });
  }
}

/** The zone's letter, or the subnet's id where zones are not known: what one more zone does not move. */
function place({ availabilityZones, appSubnetIds }: FileSystemArgs["network"], position: number) {
  const subnetId = appSubnetIds[position];
  const letter = availabilityZones[position]?.slice(-1);
  return letter ?? (typeof subnetId === "string" ? subnetId : String(position + 1));
}

/** "1_DAY", "30_DAYS". */
function daysInWords(days: number): string {
  return days === 1 ? "1_DAY" : `${days}_DAYS`;
}
