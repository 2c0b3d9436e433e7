import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { readerPart } from "./connection";
import { factsOf } from "./engines";
import { performanceInsights } from "./observation";
import {
  KEPT_FROM_CREATION,
  LIFECYCLE,
  type Server,
  type Surroundings,
  finalSnapshot,
} from "./server";
import { type CheckedSettings, DEFAULT_STORAGE } from "./settings";

/** A Multi-AZ instance with a large storage takes its time, and so does its last snapshot. */
const TIMEOUTS = { create: "60m", update: "80m", delete: "60m" };

/** An instance of PostgreSQL or MySQL with storage of its own, and its replicas. */
export function createInstance(
  name: string,
  settings: CheckedSettings,
  surroundings: Surroundings,
  child: pulumi.CustomResourceOptions,
): Server {
  const { identifier, password, deletionProtection } = surroundings;
  const instanceClass = settings.instanceClass ?? "";
  const instance = new aws.rds.Instance(
    `${name}-instance`,
    {
      ...sharedInputs(name, settings, surroundings, instanceClass),
      identifier,
      engine: settings.engine,
      engineVersion: settings.engineVersion,
      engineLifecycleSupport: LIFECYCLE,
      multiAz: settings.multiAz,
      allocatedStorage: settings.storageGiB ?? DEFAULT_STORAGE.least,

      dbName: settings.databaseName,
      username: settings.username,
      ...(password === undefined ? { manageMasterUserPassword: true } : { password }),
      dbSubnetGroupName: surroundings.subnetGroupName,

      snapshotIdentifier: settings.snapshotIdentifier,
      backupRetentionPeriod: settings.backupRetentionDays,
      backupWindow: settings.backupWindow,
      deletionProtection,
      ...finalSnapshot(settings, identifier),
      enabledCloudwatchLogsExports: [...factsOf(settings.engine).logs],
      tags: surroundings.tags,
    },
    {
      ...child,
      protect: deletionProtection,
      dependsOn: [...surroundings.logGroups],
      ignoreChanges: KEPT_FROM_CREATION,
      customTimeouts: TIMEOUTS,
    },
  );
  const replicas = Object.entries(settings.replicas).map(([key, replica]) => {
    const copy = new aws.rds.Instance(
      `${name}-replica-${key}`,
      {
        ...sharedInputs(name, settings, surroundings, replica.instanceClass ?? instanceClass),
        identifier: pulumi.interpolate`${identifier}-replica-${key}`,
        replicateSourceDb: instance.identifier,
        multiAz: replica.multiAz ?? false,
        // What it holds, the instance holds: it has no backups, and may go without a last snapshot.
        backupRetentionPeriod: 0,
        skipFinalSnapshot: true,
      },
      // Its name is taken as long as the one to be replaced is there.
      { ...child, deleteBeforeReplace: true, customTimeouts: TIMEOUTS },
    );
    return { key, copy };
  });

  return {
    identifier: instance.identifier,
    host: instance.address,
    readerHosts: Object.fromEntries(
      replicas.map(({ key, copy }) => [readerPart(key), copy.address]),
    ),
    replicaIdentifiers: Object.fromEntries(replicas.map(({ key, copy }) => [key, copy.identifier])),
    databaseName: instance.dbName,
    managedSecretArn: instance.masterUserSecrets.apply(([secret]) => secret?.secretArn ?? ""),
  };
}

/** What an instance and its replicas have in common. */
function sharedInputs(
  name: string,
  settings: CheckedSettings,
  surroundings: Surroundings,
  instanceClass: string,
) {
  return {
    instanceClass,
    autoMinorVersionUpgrade: true,
    // A major upgrade happens when the stack file names another major version, and only then.
    allowMajorVersionUpgrade: true,
    applyImmediately: settings.applyImmediately,
    maintenanceWindow: settings.maintenanceWindow,
    storageType: "gp3",
    maxAllocatedStorage: settings.maxStorageGiB ?? DEFAULT_STORAGE.most,
    storageEncrypted: true,
    iamDatabaseAuthenticationEnabled: true,
    vpcSecurityGroupIds: [surroundings.securityGroupId],
    publiclyAccessible: false,
    port: factsOf(settings.engine).port,
    parameterGroupName: surroundings.parameterGroupName,
    copyTagsToSnapshot: true,
    ...performanceInsights(settings, instanceClass),
    ...surroundings.osReadings,
    tags: { Name: name },
  };
}
