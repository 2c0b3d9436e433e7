import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ReaderHosts } from "./connection";
import type { OsReadings } from "./observation";
import type { CheckedSettings } from "./settings";

/** What stands around the instances of a database, whichever its engine. */
export interface Surroundings {
  /** Stable, for the logs to be made before and the last snapshot to be found after it. */
  readonly identifier: pulumi.Output<string>;
  readonly subnetGroupName: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  readonly parameterGroupName: pulumi.Output<string>;
  readonly logGroups: readonly aws.cloudwatch.LogGroup[];
  readonly osReadings: OsReadings;
  /** Undefined where RDS makes it up and keeps it. */
  readonly password: pulumi.Output<string> | undefined;
  readonly deletionProtection: boolean;
  /** Of what holds the data: the instance that writes, or the cluster. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What answers queries: an instance with its replicas, or a cluster of Aurora. */
export interface Server {
  readonly identifier: pulumi.Output<string>;
  readonly host: pulumi.Output<string>;
  readonly readerHosts: ReaderHosts;
  /** Names of the replicas in CloudWatch metrics, by key. */
  readonly replicaIdentifiers: Readonly<Record<string, pulumi.Output<string>>>;
  readonly databaseName: pulumi.Output<string>;
  /** Of the secret that RDS keeps the password in; empty where the password is generated. */
  readonly managedSecretArn: pulumi.Output<string>;
}

/** Staying on an expired major version is charged by the vCPU and hour; we would rather be told. */
export const LIFECYCLE = "open-source-rds-extended-support-disabled";

/** A snapshot counts when the database is created: another one, or none, must not replace what has grown since. */
export const KEPT_FROM_CREATION = ["snapshotIdentifier"];

export function finalSnapshot(settings: CheckedSettings, identifier: pulumi.Output<string>) {
  return settings.noFinalSnapshotBecause === undefined
    ? { finalSnapshotIdentifier: pulumi.interpolate`${identifier}-final` }
    : { skipFinalSnapshot: true };
}
