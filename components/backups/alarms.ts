import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type Alarm, type Telling, createAlarm } from "../support/alarm";
import type { CheckedBackupsSettings } from "./settings";

export interface AlarmsArgs {
  readonly settings: CheckedBackupsSettings;
  readonly vault: aws.backup.Vault;
  readonly copies: aws.backup.Vault | undefined;
}

/** Tells of backups that failed or never came, and of restores that failed. */
export function createAlarms(
  name: string,
  { settings, vault, copies }: AlarmsArgs,
  telling: Telling,
  child: pulumi.CustomResourceOptions,
): void {
  for (const [key, alarm] of Object.entries(alarmsFor(settings, vault.name, copies?.name))) {
    createAlarm(`${name}-${key}`, alarm, telling, child);
  }
}

function alarmsFor(
  settings: CheckedBackupsSettings,
  vaultName: pulumi.Output<string>,
  copiesVaultName: pulumi.Output<string> | undefined,
): Record<string, Alarm> {
  const jobs = (metricName: string, vault = vaultName): Alarm["metric"] => ({
    namespace: "AWS/Backup",
    metricName,
    dimensions: { BackupVaultName: vault },
    statistic: "Sum",
  });
  // AWS Backup counts nothing but what there is.
  const once = { above: 0, minutes: 60, periods: 1, silence: "notBreaching" } as const;
  const { alertAfterHours } = settings;
  return {
    failed: {
      metric: jobs("NumberOfBackupJobsFailed"),
      ...once,
      severity: "critical",
      runbook: "backup-failed",
      description: "A backup failed. What came before it is still there.",
    },
    expired: {
      metric: jobs("NumberOfBackupJobsExpired"),
      ...once,
      severity: "critical",
      runbook: "backup-failed",
      description: "A backup could not begin in its hour, and was given up.",
    },
    missing: {
      metric: jobs("NumberOfBackupJobsCompleted"),
      below: 1,
      minutes: 60,
      periods: alertAfterHours,
      silence: "breaching",
      severity: "critical",
      runbook: "backup-missing",
      description: `No backup of anything was finished for ${alertAfterHours} hours. In a new stack that is so until the first one.`,
    },
    ...(settings.copyTo !== undefined && {
      "copies-failed": {
        // A copy is counted under the vault that it goes to (AWS Backup guide, "Metrics with CloudWatch").
        metric: jobs("NumberOfCopyJobsFailed", copiesVaultName),
        ...once,
        severity: "critical" as const,
        runbook: "backup-failed" as const,
        description: `A backup was made, but not copied to ${settings.copyTo.region}.`,
      },
    }),
    ...(settings.restoreTest !== undefined && {
      "restore-test": {
        metric: jobs("NumberOfRestoreJobsFailed"),
        ...once,
        severity: "warning" as const,
        runbook: "restore-test-failed" as const,
        description: "A backup could not be restored, in a test or by somebody.",
      },
    }),
  };
}
