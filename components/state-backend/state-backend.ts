import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { closeBucket } from "../support/closed-bucket";
import { regionOf } from "../support/iam";
import { checkSettings } from "../support/parse-settings";
import { createLedger } from "./ledger";
import { type StateBackendSettings, stateBackendSettings } from "./settings";

/** Former versions of a state that stay however old they are: a stack that nobody updates for a year has some, too. */
const VERSIONS_KEPT = 20;

export interface StateBackendArgs extends StateBackendSettings {
  /** Whether AWS and Pulumi refuse to delete it. Default true; without it, deleting it deletes all states. */
  readonly deletionProtection?: boolean;
}

/**
 * Where Pulumi keeps the states of stacks: a private bucket with all former versions, encrypted with a key of its own,
 * and a second key for the secrets in the states, so that a right to read states is none to read secrets. It cannot lie
 * in a stack that it keeps: `bootstrap/` makes it.
 *
 * ```ts
 * const state = new StateBackend("state", { ledger: {} });
 * export const backendUrl = state.backendUrl; // pulumi login URL
 * ```
 *
 * Cost: 2 USD a month for the keys; the rest is cents. (AWS price pages for us-east-1, read in November 2026.)
 *
 * It makes no lock: Pulumi locks a state with a file beside it.
 */
export class StateBackend extends pulumi.ComponentResource {
  public readonly bucketName: pulumi.Output<string>;
  public readonly bucketArn: pulumi.Output<string>;
  /** Key that the states are encrypted with. */
  public readonly bucketKeyArn: pulumi.Output<string>;
  /** Key that the secrets in the states are encrypted with. */
  public readonly secretsKeyArn: pulumi.Output<string>;
  /** For `pulumi login`. */
  public readonly backendUrl: pulumi.Output<string>;
  /** For `pulumi stack init --secrets-provider`. */
  public readonly secretsProvider: pulumi.Output<string>;
  /** Table with an entry for every version; undefined without `ledger`. */
  public readonly ledgerTableName: pulumi.Output<string> | undefined;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: StateBackendArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const { deletionProtection = true, ...rest } = args;
    const settings = checkSettings(`StateBackend "${name}"`, stateBackendSettings, rest);
    super("ecs-platform:index:StateBackend", name, {}, opts);
    const child = { parent: this };

    const createKey = (purpose: string, description: string) =>
      new aws.kms.Key(
        `${name}-${purpose}`,
        { description, enableKeyRotation: true, deletionWindowInDays: deletionProtection ? 30 : 7 },
        { ...child, protect: deletionProtection },
      );
    const bucketKey = createKey("bucket-key", "States of Pulumi stacks");
    const secretsKey = createKey("secrets-key", "Secrets in the states of Pulumi stacks");

    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      { forceDestroy: !deletionProtection },
      { ...child, protect: deletionProtection },
    );
    closeBucket(name, bucket, { kmsKeyArn: bucketKey.arn }, child);
    const versioning = new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
      child,
    );
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket: bucket.id,
        rules: [
          {
            id: "former-versions",
            status: "Enabled",
            filter: { prefix: "" },
            noncurrentVersionExpiration: {
              noncurrentDays: settings.versionRetentionDays,
              newerNoncurrentVersions: VERSIONS_KEPT,
            },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      // S3 asks for versioning to stand before there are rules for older versions.
      { ...child, dependsOn: [versioning] },
    );
    const table =
      settings.ledger &&
      createLedger(name, { bucket, deletionProtection, ...settings.ledger }, child);

    this.bucketName = bucket.bucket;
    this.bucketArn = bucket.arn;
    this.bucketKeyArn = bucketKey.arn;
    this.secretsKeyArn = secretsKey.arn;
    this.backendUrl = pulumi.interpolate`s3://${bucket.bucket}?region=${bucket.region}`;
    this.secretsProvider = pulumi.interpolate`awskms:///${secretsKey.arn}?region=${regionOf(secretsKey.arn)}`;
    this.ledgerTableName = table?.name;
    this.registerOutputs({
      bucketName: this.bucketName,
      bucketArn: this.bucketArn,
      bucketKeyArn: this.bucketKeyArn,
      secretsKeyArn: this.secretsKeyArn,
      backendUrl: this.backendUrl,
      secretsProvider: this.secretsProvider,
      ledgerTableName: this.ledgerTableName,
    });
  }
}
