import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { createRole } from "./roles";
import type { CheckedBackupsSettings } from "./settings";

/** Minutes in which a backup must begin. AWS Backup takes no less. */
const START_MINUTES = 60;
/** Minutes in which it must be done; AWS Backup gives it up then. */
const END_MINUTES = 12 * 60;

export interface PlanArgs {
  readonly settings: CheckedBackupsSettings;
  readonly vault: aws.backup.Vault;
  readonly copies: aws.backup.Vault | undefined;
  /** What is backed up bears this tag. */
  readonly tag: { readonly key: string; readonly value: string };
}

/** What is backed up when, how long it is kept, and where the copies go. */
export function createPlan(
  name: string,
  { settings, vault, copies, tag }: PlanArgs,
  child: pulumi.CustomResourceOptions,
): aws.backup.Plan {
  const { retentionDays, coldStorageAfterDays, copyTo } = settings;
  const plan = new aws.backup.Plan(
    `${name}-plan`,
    {
      rules: [
        {
          ruleName: "daily",
          targetVaultName: vault.name,
          schedule: settings.schedule,
          startWindow: START_MINUTES,
          completionWindow: END_MINUTES,
          lifecycle: {
            deleteAfter: retentionDays,
            ...(coldStorageAfterDays !== undefined && { coldStorageAfter: coldStorageAfterDays }),
          },
          ...(copies &&
            copyTo && {
              copyActions: [
                {
                  destinationVaultArn: copies.arn,
                  lifecycle: { deleteAfter: copyTo.retentionDays },
                },
              ],
            }),
        },
      ],
    },
    child,
  );
  const { role, attachments } = createRole(name, "backup", child);
  const selected = { planId: plan.id, iamRoleArn: role.arn };
  const waiting = { ...child, dependsOn: attachments };
  new aws.backup.Selection(
    `${name}-tagged`,
    { ...selected, selectionTags: [{ type: "STRINGEQUALS", ...tag }] },
    waiting,
  );
  if (settings.otherResources.length > 0) {
    new aws.backup.Selection(
      `${name}-others`,
      { ...selected, resources: [...settings.otherResources].sort() },
      waiting,
    );
  }
  return plan;
}
