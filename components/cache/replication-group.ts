import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Endpoints } from "./cache";
import type { CheckedNodes } from "./settings";

/** Logs that ElastiCache can hand to CloudWatch. */
const LOGS = ["engine-log", "slow-log"];

export interface ReplicationGroupArgs {
  readonly identifier: pulumi.Output<string>;
  readonly engineVersion: string;
  readonly backupRetentionDays: number;
  readonly nodes: CheckedNodes;
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  readonly securityGroupId: pulumi.Output<string>;
  readonly userGroupId: pulumi.Output<string>;
  readonly protect: boolean;
}

/** A cache on nodes of a fixed size: a first one that is written to, and replicas that take over from it. */
export function createReplicationGroup(
  name: string,
  args: ReplicationGroupArgs,
  child: pulumi.CustomResourceOptions,
): Endpoints {
  const { identifier, nodes } = args;
  const subnetGroup = new aws.elasticache.SubnetGroup(
    `${name}-subnets`,
    { subnetIds: args.subnetIds, description: `Cache ${name}` },
    child,
  );
  const parameterGroup = new aws.elasticache.ParameterGroup(
    `${name}-parameters`,
    {
      family: `valkey${args.engineVersion.split(".")[0] ?? ""}`,
      description: `Cache ${name}`,
      parameters: Object.entries(nodes.parameters)
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([parameter, value]) => ({ name: parameter, value })),
    },
    child,
  );
  const logGroups = LOGS.map((log) => ({
    log,
    group: new aws.cloudwatch.LogGroup(
      `${name}-${log}`,
      {
        // Logs that AWS hands over for services are let into these groups without a policy of their own.
        name: pulumi.interpolate`/aws/vendedlogs/elasticache/${identifier}/${log}`,
        retentionInDays: nodes.logRetentionDays,
      },
      { ...child, deleteBeforeReplace: true },
    ),
  }));

  const hasReplicas = nodes.replicas > 0;
  const group = new aws.elasticache.ReplicationGroup(
    `${name}-cache`,
    {
      replicationGroupId: identifier,
      description: `Cache ${name}`,
      engine: "valkey",
      engineVersion: args.engineVersion,
      autoMinorVersionUpgrade: true,
      nodeType: nodes.type,
      numCacheClusters: 1 + nodes.replicas,
      automaticFailoverEnabled: hasReplicas,
      multiAzEnabled: hasReplicas,
      parameterGroupName: parameterGroup.name,
      applyImmediately: nodes.applyImmediately,
      maintenanceWindow: nodes.maintenanceWindow,

      subnetGroupName: subnetGroup.name,
      securityGroupIds: [args.securityGroupId],
      userGroupIds: [args.userGroupId],
      atRestEncryptionEnabled: true,
      transitEncryptionEnabled: true,

      snapshotRetentionLimit: args.backupRetentionDays,
      ...(args.backupRetentionDays > 0 && { snapshotWindow: nodes.backupWindow }),
      logDeliveryConfigurations: logGroups.map(({ log, group: { name: destination } }) => ({
        destination,
        destinationType: "cloudwatch-logs",
        logFormat: "json",
        logType: log,
      })),
      tags: { Name: name },
    },
    {
      ...child,
      protect: args.protect,
      // Its nodes are made one after the other, and a larger type moves the data.
      customTimeouts: { create: "60m", update: "80m", delete: "60m" },
    },
  );
  return { host: group.primaryEndpointAddress, readerHost: group.readerEndpointAddress };
}
