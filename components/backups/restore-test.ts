import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Backed } from "./backed";
import { createRole } from "./roles";
import type { CheckedBackupsSettings } from "./settings";

/** Hours in which a test must begin. */
const START_HOURS = 2;
/** A backup older than this is not worth a test; one that is missing has an alarm of its own. */
const LOOK_BACK_DAYS = 7;

export interface RestoreTestArgs {
  readonly settings: NonNullable<CheckedBackupsSettings["restoreTest"]>;
  readonly vault: aws.backup.Vault;
  readonly tag: { readonly key: string; readonly value: string };
  readonly backed: Backed;
}

/** Restores the latest backup of everything by the clock, and deletes again what came of it. */
export function createRestoreTest(
  name: string,
  { settings, vault, tag, backed }: RestoreTestArgs,
  child: pulumi.CustomResourceOptions,
): void {
  const plan = new aws.backup.RestoreTestingPlan(
    `${name}-restore-test`,
    {
      // AWS takes no hyphens here. The vault's name has Pulumi's random suffix.
      name: vault.name.apply((text) => text.replace(/\W/g, "_")),
      scheduleExpression: settings.schedule,
      startWindowHours: START_HOURS,
      recoveryPointSelection: {
        algorithm: "LATEST_WITHIN_WINDOW",
        includeVaults: [vault.arn],
        recoveryPointTypes: ["SNAPSHOT"],
        selectionWindowDays: LOOK_BACK_DAYS,
      },
    },
    { ...child, deleteBeforeReplace: true },
  );
  const { role, attachments } = createRole(name, "restore", child);
  for (const [kind, { type, overrides }] of Object.entries(kindsIn(backed))) {
    new aws.backup.RestoreTestingSelection(
      `${name}-restore-test-${kind}`,
      {
        name: kind.replace(/\W/g, "_"),
        restoreTestingPlanName: plan.name,
        protectedResourceType: type,
        protectedResourceConditions: {
          stringEquals: [{ key: `aws:ResourceTag/${tag.key}`, value: tag.value }],
        },
        ...(overrides && { restoreMetadataOverrides: overrides }),
        validationWindowHours: settings.keepHours,
        iamRoleArn: role.arn,
      },
      { ...child, deleteBeforeReplace: true, dependsOn: attachments },
    );
  }
}

interface Kind {
  /** As AWS Backup calls it. */
  readonly type: string;
  readonly overrides?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** The kinds of resources that there are, each of which is restored in its own way. */
function kindsIn(backed: Backed): Record<string, Kind> {
  const { databases = {}, tables = {}, buckets = {}, fileSystems = {} } = backed;
  const byName = Object.entries(databases).sort(([left], [right]) => (left < right ? -1 : 1));
  const [instance] = byName.filter(([, { kind }]) => kind === "instance");
  const [cluster] = byName.filter(([, { kind }]) => kind !== "instance");
  return {
    ...(instance && { instances: database("RDS", instance[1].subnetGroupName) }),
    ...(cluster && { clusters: database("Aurora", cluster[1].subnetGroupName) }),
    ...(Object.keys(tables).length > 0 && { tables: { type: "DynamoDB" } }),
    ...(Object.keys(buckets).length > 0 && { buckets: { type: "S3" } }),
    ...(Object.keys(fileSystems).length > 0 && { "file-systems": { type: "EFS" } }),
  };
}

/** Left to itself, AWS Backup restores into the account's default VPC, which there need not be. */
function database(type: string, subnetGroupName: pulumi.Input<string>): Kind {
  return { type, overrides: { dbSubnetGroupName: subnetGroupName } };
}
