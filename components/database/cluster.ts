import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { afterwards } from "../support/afterwards";
import { AURORA_READER } from "./connection";
import { factsOf } from "./engines";
import { performanceInsights } from "./observation";
import {
  KEPT_FROM_CREATION,
  LIFECYCLE,
  type Server,
  type Surroundings,
  finalSnapshot,
} from "./server";
import type { CheckedSettings } from "./settings";

/** The class of instances whose capacity follows the load. */
const SERVERLESS = "db.serverless";

/** A cluster of Aurora: one storage over three zones, an instance that writes, and replicas that read and take over. */
export function createCluster(
  name: string,
  settings: CheckedSettings,
  surroundings: Surroundings,
  child: pulumi.CustomResourceOptions,
): Server {
  const { identifier, password, deletionProtection } = surroundings;
  const cluster = new aws.rds.Cluster(
    `${name}-cluster`,
    {
      clusterIdentifier: identifier,
      engine: settings.engine,
      engineVersion: settings.engineVersion,
      engineLifecycleSupport: LIFECYCLE,
      // A major upgrade happens when the stack file names another major version, and only then.
      allowMajorVersionUpgrade: true,
      applyImmediately: settings.applyImmediately,
      preferredMaintenanceWindow: settings.maintenanceWindow,
      ...capacity(settings.serverless),
      storageEncrypted: true,

      databaseName: settings.databaseName,
      masterUsername: settings.username,
      ...(password === undefined
        ? { manageMasterUserPassword: true }
        : { masterPassword: password }),
      iamDatabaseAuthenticationEnabled: true,

      dbSubnetGroupName: surroundings.subnetGroupName,
      vpcSecurityGroupIds: [surroundings.securityGroupId],
      port: factsOf(settings.engine).port,
      dbClusterParameterGroupName: surroundings.parameterGroupName,

      snapshotIdentifier: settings.snapshotIdentifier,
      backupRetentionPeriod: settings.backupRetentionDays,
      preferredBackupWindow: settings.backupWindow,
      copyTagsToSnapshot: true,
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
    },
  );

  const createMember = (suffix: string, given: string | undefined, promotionTier: number) => {
    const instanceClass = given ?? settings.instanceClass ?? SERVERLESS;
    return new aws.rds.ClusterInstance(
      `${name}-${suffix}`,
      {
        identifier: pulumi.interpolate`${identifier}-${suffix}`,
        clusterIdentifier: cluster.id,
        engine: settings.engine,
        instanceClass,
        promotionTier,
        autoMinorVersionUpgrade: true,
        applyImmediately: settings.applyImmediately,
        preferredMaintenanceWindow: settings.maintenanceWindow,
        publiclyAccessible: false,
        copyTagsToSnapshot: true,
        ...performanceInsights(settings, instanceClass),
        ...surroundings.osReadings,
        tags: { Name: name },
      },
      // Its name is taken as long as the one to be replaced is there.
      { ...child, deleteBeforeReplace: true },
    );
  };
  // It writes at first; after a failover it reads, and one of the replicas writes.
  const first = createMember("instance", undefined, 0);
  // Serverless replicas of tier 1 always have the capacity of the one that writes, so that they can take over.
  const replicas = Object.entries(settings.replicas).map(([key, { instanceClass }]) => ({
    key,
    member: createMember(`replica-${key}`, instanceClass, 1),
  }));

  return {
    identifier: cluster.clusterIdentifier,
    // Handed out when an instance is there to answer.
    host: afterwards(cluster.endpoint, first),
    readerHosts:
      replicas.length === 0 ? {} : { [AURORA_READER]: afterwards(cluster.readerEndpoint, first) },
    replicaIdentifiers: Object.fromEntries(
      replicas.map(({ key, member }) => [key, member.identifier]),
    ),
    databaseName: cluster.databaseName,
    managedSecretArn: cluster.masterUserSecrets.apply(([secret]) => secret?.secretArn ?? ""),
  };
}

function capacity(serverless: CheckedSettings["serverless"]) {
  if (serverless === undefined) return {};
  const { minAcu, maxAcu, pauseAfterSeconds } = serverless;
  return {
    serverlessv2ScalingConfiguration: {
      minCapacity: minAcu,
      maxCapacity: maxAcu,
      ...(minAcu === 0 && { secondsUntilAutoPause: pauseAfterSeconds ?? 300 }),
    },
  };
}
