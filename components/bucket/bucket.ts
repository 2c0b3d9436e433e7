import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { backupTag } from "../support/backup-tag";
import { closeBucket } from "../support/closed-bucket";
import type { Connection } from "../support/connection";
import { checkSettings } from "../support/parse-settings";
import { createLifecycle } from "./lifecycle";
import { type BucketSettings, bucketSettings } from "./settings";

/** Variables that a service gets, by what follows the key. */
export const BUCKET_VARIABLES = ["NAME", "REGION"];

export interface BucketArgs extends BucketSettings {
  /**
   * Whether AWS and Pulumi refuse to delete it. Default true; without it, deleting the bucket deletes what is in it.
   */
  readonly deletionProtection?: boolean;
  /** Value of its tag `Backup`, by which a `Backups` finds it. Without it: no tag. */
  readonly backupTag?: string | undefined;
}

/**
 * A private S3 bucket: encrypted, TLS only, closed to the public in every way that S3 has, keeping older versions for a
 * while. Whoever is connected to it may use its objects; nobody may change the bucket.
 *
 * ```ts
 * const uploads = new Bucket("uploads", { transitions: { GLACIER: 90 }, expirationDays: 365 });
 * const api = new EcsService("api", { …, connections: { uploads } });
 * ```
 *
 * Cost: 0.023 USD a month per GB, 0.005 USD per 1,000 writes, 0.0004 USD per 1,000 reads; older versions cost the same.
 * (AWS price pages for us-east-1, read in November 2026.)
 */
export class Bucket extends pulumi.ComponentResource {
  /** Its name, which is Pulumi's: the key and a random suffix. */
  public readonly bucketName: pulumi.Output<string>;
  public readonly arn: pulumi.Output<string>;
  /** Key that encrypts it; undefined where S3's own do. */
  public readonly kmsKeyArn: pulumi.Output<string> | undefined;
  /** For services that read and write. */
  public readonly connection: Connection;
  /** For services that only read: in `connections`, write `{ connection: bucket.readConnection }`. */
  public readonly readConnection: Connection;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: BucketArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const { deletionProtection = true, backupTag: backup, ...rest } = args;
    const settings = checkSettings(`Bucket "${name}"`, bucketSettings, rest);
    super("ecs-platform:index:Bucket", name, {}, opts);
    const child = { parent: this };

    const kmsKey = settings.kms
      ? new aws.kms.Key(
          `${name}-key`,
          {
            description: `Objects in the bucket ${name}`,
            enableKeyRotation: true,
            // Without its key, what is left in the bucket is lost: long enough for somebody to notice.
            deletionWindowInDays: deletionProtection ? 30 : 7,
          },
          { ...child, protect: deletionProtection },
        )
      : undefined;
    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      {
        forceDestroy: !deletionProtection,
        ...(backup !== undefined && { tags: backupTag(backup) }),
      },
      { ...child, protect: deletionProtection },
    );
    closeBucket(name, bucket, { kmsKeyArn: kmsKey?.arn }, child);
    const versioning = new aws.s3.BucketVersioning(
      `${name}-versioning`,
      {
        bucket: bucket.id,
        versioningConfiguration: {
          status: settings.unversionedBecause === undefined ? "Enabled" : "Suspended",
        },
      },
      child,
    );
    // S3 asks for versioning to stand before there are rules for older versions.
    createLifecycle(name, bucket, settings, { ...child, dependsOn: [versioning] });
    if (settings.cors !== undefined) {
      new aws.s3.BucketCorsConfiguration(
        `${name}-cors`,
        {
          bucket: bucket.id,
          corsRules: [
            {
              allowedOrigins: settings.cors.origins,
              allowedMethods: settings.cors.methods,
              allowedHeaders: ["*"],
              exposeHeaders: ["ETag"],
              maxAgeSeconds: settings.cors.maxAgeSeconds,
            },
          ],
        },
        child,
      );
    }

    this.bucketName = bucket.bucket;
    this.arn = bucket.arn;
    this.kmsKeyArn = kmsKey?.arn;
    const connect = (access: Access) => ({
      environment: { NAME: bucket.bucket, REGION: bucket.region },
      secrets: {},
      permissions: statements(bucket.arn, kmsKey?.arn, access),
    });
    this.connection = connect("read-write");
    this.readConnection = connect("read");
    this.registerOutputs({
      bucketName: this.bucketName,
      arn: this.arn,
      kmsKeyArn: this.kmsKeyArn,
    });
  }
}

type Access = "read" | "read-write";

const ACTIONS = {
  read: { objects: ["s3:GetObject"], bucket: ["s3:ListBucket"], key: ["kms:Decrypt"] },
  "read-write": {
    objects: [
      "s3:AbortMultipartUpload",
      "s3:DeleteObject",
      "s3:GetObject",
      "s3:ListMultipartUploadParts",
      "s3:PutObject",
    ],
    bucket: ["s3:ListBucket", "s3:ListBucketMultipartUploads"],
    key: ["kms:Decrypt", "kms:GenerateDataKey"],
  },
} as const;

function statements(
  arn: pulumi.Output<string>,
  kmsKeyArn: pulumi.Output<string> | undefined,
  access: Access,
): Connection["permissions"] {
  const { objects, bucket, key } = ACTIONS[access];
  return [
    { actions: objects, resources: [pulumi.interpolate`${arn}/*`] },
    { actions: bucket, resources: [arn] },
    ...(kmsKeyArn === undefined ? [] : [{ actions: key, resources: [kmsKeyArn] }]),
  ];
}
