import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../support/iam";
import type { CheckedBackupsSettings } from "./settings";

export interface VaultArgs {
  /** Where it stands, if not where everything else does. */
  readonly region?: string;
  readonly lock: CheckedBackupsSettings["lock"];
  readonly deletionProtection: boolean;
}

/** Where backups lie: encrypted by a key of their own, and deleted by nobody before their time. */
export function createVault(
  name: string,
  { region, lock, deletionProtection }: VaultArgs,
  child: pulumi.CustomResourceOptions,
): aws.backup.Vault {
  const place = region === undefined ? {} : { region: region as aws.Region };
  const kept = { ...child, protect: deletionProtection };
  const key = new aws.kms.Key(
    `${name}-key`,
    {
      ...place,
      description: "Encrypts backups",
      enableKeyRotation: true,
      // Without its key, every backup is lost: long enough for somebody to notice.
      deletionWindowInDays: deletionProtection ? 30 : 7,
    },
    kept,
  );
  const vault = new aws.backup.Vault(
    `${name}-vault`,
    { ...place, kmsKeyArn: key.arn, forceDestroy: !deletionProtection },
    kept,
  );
  if (deletionProtection) {
    new aws.backup.VaultPolicy(
      `${name}-policy`,
      {
        ...place,
        backupVaultName: vault.name,
        policy: policyDocument([
          {
            // AWS Backup itself deletes what has had its time all the same.
            effect: "Deny",
            principal: { AWS: "*" },
            actions: [
              "backup:DeleteRecoveryPoint",
              "backup:DisassociateRecoveryPoint",
              "backup:UpdateRecoveryPointLifecycle",
            ],
            resources: ["*"],
          },
        ]),
      },
      child,
    );
  }
  if (lock !== undefined) {
    new aws.backup.VaultLockConfiguration(
      `${name}-lock`,
      {
        ...place,
        backupVaultName: vault.name,
        minRetentionDays: lock.minDays,
        maxRetentionDays: lock.maxDays,
        ...(lock.changeableForDays !== undefined && { changeableForDays: lock.changeableForDays }),
      },
      // A vault has one lock: taking off the old one last would leave none.
      { ...child, deleteBeforeReplace: true },
    );
  }
  return vault;
}
