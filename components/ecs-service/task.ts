import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Connectable } from "../support/connection";
import { regionOf } from "../support/iam";
import { allowHttpsOut, allowOut, openPassage } from "../support/passage";
import type { ClusterCapacity } from "./capacity";
import { connectionVariables } from "./connection";
import { type Container, containersOfTask } from "./container-definitions";
import { createExecutionRole, createTaskRole } from "./roles";
import { createTaskDefinition } from "./task-definition";
import type { TaskSettings } from "./task-settings";
import { TRACING_STATEMENT, withCollector } from "./tracing";
import { type MountableFileSystem, fileSystemStatements } from "./volumes";

/** What a task stands on and talks to, whether a service keeps it running or it is run once. */
export interface TaskNeighbours {
  /** Where it is run; an `EcsCluster` will do. */
  readonly cluster: ClusterCapacity & {
    readonly arn: pulumi.Input<string>;
    readonly clusterName: pulumi.Input<string>;
    readonly execLogGroupArn: pulumi.Input<string>;
    /** Where services find each other by name; undefined where the cluster has no such thing. */
    readonly serviceConnectNamespaceArn?: pulumi.Input<string>;
    /** Whether tasks may pull GuardDuty's agent. Default false. */
    readonly runtimeMonitoring?: boolean;
  };
  /** Where it lives; a `Network` will do. */
  readonly network: {
    readonly vpcId: pulumi.Input<string>;
    readonly appSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Required with `publicIpBecause`. */
    readonly publicSubnetIds?: pulumi.Input<pulumi.Input<string>[]>;
    /** Whether it has IPv6, too. Default false. */
    readonly ipv6?: boolean;
  };
  /** What it talks to, by the name that starts its variables: a `Database` as "orders-db" gives ORDERS_DB_HOST and so on. */
  readonly connections?: Readonly<Record<string, Connectable>>;
  /** File systems that `volumes` names, by key; a `FileSystem` will do. */
  readonly fileSystems?: Readonly<Record<string, MountableFileSystem>>;
  /** Secret whose key PORT, and those that `vaultKeys` names, become variables; a `Vault` will do. */
  readonly vault?: { readonly secretArn: pulumi.Input<string> };
}

export interface Task {
  readonly containers: readonly Container[];
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly taskDefinition: aws.ecs.TaskDefinition;
  readonly executionRole: aws.iam.Role;
  readonly taskRole: aws.iam.Role;
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly networkConfiguration: {
    readonly subnets: pulumi.Input<pulumi.Input<string>[]>;
    readonly securityGroups: pulumi.Input<string>[];
    readonly assignPublicIp: boolean;
  };
  /** What must stand before a task starts. */
  readonly rights: aws.iam.RolePolicy[];
  /** What must stand before it reaches what it is connected to. */
  readonly passages: pulumi.Resource[];
}

/** A task with all that it needs to run: log group, roles, security group, and ways to what it is connected to. */
export function createTask(
  name: string,
  { cluster, network, connections = {}, fileSystems = {}, vault }: TaskNeighbours,
  given: TaskSettings,
  portName: Container["portName"],
  child: pulumi.CustomResourceOptions,
): Task {
  const settings = withCollector(name, given, regionOf(cluster.arn));
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-logs`,
    { retentionInDays: settings.logRetentionDays },
    child,
  );
  const containers = containersOfTask(name, settings, {
    environment: { ...settings.environment, ...connectionVariables(connections, "environment") },
    secrets: {
      ...settings.secrets,
      ...connectionVariables(connections, "secrets"),
      ...vaultVariables(settings.vaultKeys, vault),
    },
    portName,
  });
  const execution = createExecutionRole(
    name,
    {
      clusterArn: cluster.arn,
      logGroupArn: logGroup.arn,
      images: containers.map((container) => container.settings.image),
      runtimeMonitoring: cluster.runtimeMonitoring ?? false,
      secretArns: containers.flatMap(({ secrets }) => Object.values(secrets)),
    },
    child,
  );
  const task = createTaskRole(
    name,
    {
      clusterArn: cluster.arn,
      permissions: [
        ...settings.permissions,
        ...Object.values(connections).flatMap(({ connection }) => connection.permissions),
        ...fileSystemStatements(settings.volumes, fileSystems),
        ...(settings.tracing === undefined ? [] : [TRACING_STATEMENT]),
      ],
      execLogGroupArn: settings.exec ? cluster.execLogGroupArn : undefined,
    },
    child,
  );
  const taskDefinition = createTaskDefinition(
    name,
    {
      clusterName: cluster.clusterName,
      settings,
      containers,
      fileSystems,
      logGroup,
      executionRoleArn: execution.role.arn,
      taskRoleArn: task.role.arn,
    },
    child,
  );

  const { securityGroup, ways } = createSecurityGroup(name, network, settings.egress, child);
  const mounted = pickMounted(settings, fileSystems);
  const passages = openPassages(name, securityGroup.id, connections, mounted, child);
  const isPublic = settings.publicIpBecause !== undefined;
  return {
    containers,
    logGroup,
    taskDefinition,
    executionRole: execution.role,
    taskRole: task.role,
    securityGroup,
    networkConfiguration: {
      subnets: isPublic ? (network.publicSubnetIds ?? []) : network.appSubnetIds,
      securityGroups: [securityGroup.id],
      assignPublicIp: isPublic,
    },
    rights: [execution.policy, task.policy].filter((policy) => policy !== undefined),
    passages: [...ways, ...passages],
  };
}

/** Every service has a port in its vault; other keys are named where they are used. */
function vaultVariables(
  keys: readonly string[],
  vault: TaskNeighbours["vault"],
): Record<string, pulumi.Output<string>> {
  if (vault === undefined) return {};
  return Object.fromEntries(
    ["PORT", ...keys].map((key) => [key, pulumi.interpolate`${vault.secretArn}:${key}::`]),
  );
}

/** Closed to everybody; out go HTTPS calls, for images, logs, secrets and other people's interfaces, and what `egress` adds. */
function createSecurityGroup(
  name: string,
  { vpcId, ipv6 = false }: TaskNeighbours["network"],
  egress: readonly number[],
  child: pulumi.CustomResourceOptions,
): { readonly securityGroup: aws.ec2.SecurityGroup; readonly ways: pulumi.Resource[] } {
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-security-group`,
    { vpcId, description: `Tasks of ${name}`, tags: { Name: name } },
    child,
  );
  const https = "HTTPS to AWS and the internet";
  const ways = [
    ...allowHttpsOut(name, securityGroup.id, https, child, ipv6),
    ...egress.flatMap((port) => {
      const description = `Port ${port} on the internet`;
      return allowOut(
        `${name}-port-${port}-out`,
        { securityGroupId: securityGroup.id, port, description, ipv6 },
        child,
      );
    }),
  ];
  return { securityGroup, ways };
}

function openPassages(
  name: string,
  from: pulumi.Output<string>,
  connections: Readonly<Record<string, Connectable>>,
  fileSystems: Readonly<Record<string, MountableFileSystem>>,
  child: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const toConnections = Object.entries(connections).flatMap(([key, { connection }]) => {
    if (connection.listener === undefined) return [];
    const { securityGroupId: to, port } = connection.listener;
    const calls = connection.isFoundByServiceConnect === true ? "Calls" : "Queries";
    return openPassage(
      `${name}-to-${key}`,
      { from, to, port, description: `${calls} from ${name} to ${key}` },
      child,
    );
  });
  const toFiles = Object.entries(fileSystems).flatMap(([key, { securityGroupId: to, port }]) =>
    openPassage(
      `${name}-mounts-${key}`,
      { from, to, port, description: `Files of ${key} for ${name}` },
      child,
    ),
  );
  return [...toConnections, ...toFiles];
}

function pickMounted(
  { volumes }: TaskSettings,
  fileSystems: Readonly<Record<string, MountableFileSystem>>,
): Record<string, MountableFileSystem> {
  const mounted = Object.values(volumes).map(({ fileSystem }) => fileSystem);
  return Object.fromEntries(Object.entries(fileSystems).filter(([key]) => mounted.includes(key)));
}
