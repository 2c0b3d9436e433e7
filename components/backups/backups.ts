import * as pulumi from "@pulumi/pulumi";
import type { Telling } from "../support/alarm";
import { BACKUP_TAG } from "../support/backup-tag";
import { parseSettings } from "../support/parse-settings";
import { type Problem, SettingsError } from "../support/problem";
import { createAlarms } from "./alarms";
import { type Backed, hasAnything } from "./backed";
import { createPlan } from "./plan";
import { createRestoreTest } from "./restore-test";
import { type BackupsSettings, backupsSettings } from "./settings";
import { createVault } from "./vault";

export interface BackupsArgs extends BackupsSettings {
  /** Value of the tag `Backup` that everything to back up bears. Unique in the account. */
  readonly label: string;
  /** What there is of it; with `restoreTest` each kind is restored in its own way. */
  readonly backed: Backed;
  /** Whom the alarms tell; a `Monitoring` has it. */
  readonly telling: Telling;
  /** Whether AWS and Pulumi refuse to delete the vault, and AWS the backups in it. Default true. */
  readonly deletionProtection?: boolean;
}

const NOTHING_TO_BACK_UP: Problem = {
  key: "backed",
  value: undefined,
  rule: "has nothing to back up",
  allowed: "at least one database, table, bucket or file system, or otherResources",
  fix: "add one, or leave the component out",
};

/**
 * Backups of a stack's databases, tables, buckets and file systems: every day into an encrypted vault, by AWS Backup. If so
 * wished they are locked, copied to another region, and restored each week to see that they can be.
 *
 * ```ts
 * const database = new Database("orders", { …, backupTag: "shop-prod" });
 * const backups = new Backups("backups", {
 *   label: "shop-prod", backed: { databases: { orders: database } }, telling: monitoring.telling,
 *   lock: {}, copyTo: { region: "us-west-2" }, restoreTest: {},
 * });
 * ```
 *
 * They stand beside what databases and tables keep themselves, which brings back any second of the last days but lies
 * with the original and goes with it: these bring back a day, from elsewhere, after a deletion or the loss of a region.
 *
 * A region of an account backs up by tag only the kinds of resources that it has opted in to, and says nothing of others.
 *
 * Cost: for each GB and month 0.05 USD of file systems and buckets (small objects as 128 KB), 0.095 of databases (Aurora 0.021), 0.10 of tables, and
 * the same for the copies; 1 USD a month for each key, 0.10 for each alarm; a restore test a fee for each backup, and what
 * was restored while it stands. (AWS price pages for us-east-1, read in November 2026.)
 */
export class Backups extends pulumi.ComponentResource {
  public readonly vaultName: pulumi.Output<string>;
  public readonly vaultArn: pulumi.Output<string>;
  /** Where the copies lie; undefined without `copyTo`. */
  public readonly copiesVaultArn: pulumi.Output<string> | undefined;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: BackupsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { label, backed, telling, deletionProtection = true, ...rest } = args;
    const { value: settings, problems } = parseSettings(backupsSettings, rest, "");
    const isIdle = !hasAnything(backed) && (rest.otherResources ?? []).length === 0;
    if (settings === undefined || isIdle) {
      throw new SettingsError(`Backups "${name}"`, [
        ...problems,
        ...(isIdle ? [NOTHING_TO_BACK_UP] : []),
      ]);
    }
    super("ecs-platform:index:Backups", name, {}, opts);
    const child = { parent: this };
    const { lock, copyTo, restoreTest } = settings;
    const tag = { key: BACKUP_TAG, value: label };

    const vault = createVault(name, { lock, deletionProtection }, child);
    const copies =
      copyTo &&
      createVault(`${name}-copies`, { region: copyTo.region, lock, deletionProtection }, child);
    createPlan(name, { settings, vault, copies, tag }, child);
    if (restoreTest !== undefined) {
      createRestoreTest(name, { settings: restoreTest, vault, tag, backed }, child);
    }
    createAlarms(name, { settings, vault, copies }, telling, child);

    this.vaultName = vault.name;
    this.vaultArn = vault.arn;
    this.copiesVaultArn = copies?.arn;
    this.registerOutputs({
      vaultName: this.vaultName,
      vaultArn: this.vaultArn,
      copiesVaultArn: this.copiesVaultArn,
    });
  }
}
