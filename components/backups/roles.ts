import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { managedPolicyArn, serviceTrust } from "../support/iam";

/** What AWS Backup needs for everything that it backs up, in policies that AWS keeps: new kinds of resources come by themselves. */
const POLICIES = {
  backup: {
    backup: "service-role/AWSBackupServiceRolePolicyForBackup",
    s3: "AWSBackupServiceRolePolicyForS3Backup",
  },
  restore: {
    restore: "service-role/AWSBackupServiceRolePolicyForRestores",
    s3: "AWSBackupServiceRolePolicyForS3Restore",
  },
} as const;

/** A role that AWS Backup makes backups by, or one that it restores them by: whoever may do one need not the other. */
export function createRole(
  name: string,
  purpose: keyof typeof POLICIES,
  child: pulumi.CustomResourceOptions,
): { readonly role: aws.iam.Role; readonly attachments: aws.iam.RolePolicyAttachment[] } {
  const role = new aws.iam.Role(
    `${name}-${purpose}-role`,
    {
      description: `AWS Backup, to ${purpose}`,
      // AWS does not say that AWS Backup names an account when it takes on a role. Only the account can hand it this one.
      assumeRolePolicy: serviceTrust("backup.amazonaws.com"),
    },
    child,
  );
  const attachments = Object.entries(POLICIES[purpose]).map(
    ([key, path]) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-${purpose}-role-${key}`,
        { role: role.name, policyArn: managedPolicyArn(role.arn, path) },
        child,
      ),
  );
  return { role, attachments };
}
