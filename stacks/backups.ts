import type * as pulumi from "@pulumi/pulumi";
import { Backups } from "../components";
import { hasAnything } from "../components/backups/backed";
import type { PlatformConfig } from "./config";
import type { Region } from "./outputs";

type Kept = "databases" | "tables" | "buckets" | "fileSystems";

/** What of a stack file is backed up: all that holds data but what says why it keeps nothing of it. */
export function isBackedUp({
  noRecoveryBecause,
  unversionedBecause,
  noBackupsBecause,
}: {
  readonly noRecoveryBecause?: string | undefined;
  readonly unversionedBecause?: string | undefined;
  readonly noBackupsBecause?: string | undefined;
}): boolean {
  return [noRecoveryBecause, unversionedBecause, noBackupsBecause].every(
    (because) => because === undefined,
  );
}

/** Tag `Backup` of one thing that holds data; undefined where the stack has no backups, or none of it. */
export function backupTagOf(
  config: Pick<PlatformConfig, "project" | "stack" | "backups">,
  settings: Parameters<typeof isBackedUp>[0] = {},
): string | undefined {
  return config.backups !== undefined && isBackedUp(settings) ? labelOf(config) : undefined;
}

/** Unique in an account: the tag by which backups are found in a region of it. */
function labelOf({ project, stack }: Pick<PlatformConfig, "project" | "stack">): string {
  return `${project}-${stack}`;
}

/** The backups' settings, with copies in the second region where there is one and nothing else is said. */
export function backupSettingsOf(
  config: Pick<PlatformConfig, "backups" | "secondRegion">,
): PlatformConfig["backups"] {
  const { backups, secondRegion } = config;
  if (backups === undefined || backups.copyTo !== undefined || secondRegion === undefined) {
    return backups;
  }
  const { retentionDays } = backups;
  return { ...backups, copyTo: { region: secondRegion.region, retentionDays } };
}

/** Backups of what a region holds; undefined where it holds nothing, as a cold second region does. */
export function createBackups(
  config: PlatformConfig,
  region: Pick<Region, Kept | "monitoring">,
  opts: pulumi.ComponentResourceOptions,
): Backups | undefined {
  const settings = backupSettingsOf(config);
  if (settings === undefined) return undefined;
  const backed = {
    databases: region.databases,
    tables: kept(region.tables, config.tables),
    buckets: kept(region.buckets, config.buckets),
    fileSystems: kept(region.fileSystems, config.fileSystems),
  };
  if (!hasAnything(backed) && settings.otherResources.length === 0) return undefined;
  return new Backups(
    "backups",
    {
      ...settings,
      label: labelOf(config),
      backed,
      telling: region.monitoring.telling,
      deletionProtection: config.unprotectedBecause === undefined,
    },
    opts,
  );
}

function kept<Made>(
  made: Readonly<Record<string, Made>>,
  settings: Readonly<Record<string, Parameters<typeof isBackedUp>[0]>>,
): Record<string, Made> {
  return Object.fromEntries(
    Object.entries(made).filter(([key]) => isBackedUp(settings[key] ?? {})),
  );
}
