import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type ContainerSettings, MAIN_CONTAINER } from "./container";
import { type Mount, commonMounts, volumeName } from "./volumes";
import type { TaskSettings } from "./task-settings";

/**
 * Folders that the agent of ECS Exec writes to. Mounting them keeps sessions possible on a read-only root
 * (github.com/aws/containers-roadmap, issue 1359).
 */
const EXEC_PATHS = ["/managed-agents", "/var/lib/amazon/ssm", "/var/log/amazon/ssm"];

/** A container that ends sooner after its start than this stays down: ECS's own default, and its least. */
const RESTART_SECONDS = 60;

/** One container of a task, with what comes to it from the settings of the whole task. */
export interface Container {
  /** As ECS and the logs know it. */
  readonly name: string;
  readonly settings: ContainerSettings;
  readonly isEssential: boolean;
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** ARNs by the variable that gets the secret. */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  readonly mounts: readonly Mount[];
  /** Condition by the name of the container that it waits for. */
  readonly dependsOn: Readonly<Record<string, string>>;
  readonly hasExec: boolean;
  /** How Service Connect knows its port. */
  readonly portName?: { readonly name: string; readonly appProtocol?: string };
  readonly cpu?: number;
  readonly memoryMiB?: number;
}

/** The containers of a task: its own first, the others by name, so that the order of the settings means nothing. */
export function containersOfTask(
  name: string,
  settings: TaskSettings,
  own: Pick<Container, "environment" | "secrets" | "portName">,
): Container[] {
  const common = commonMounts(settings);
  const ecsName = (container: string) => (container === MAIN_CONTAINER ? name : container);
  const container = (key: string, given: ContainerSettings, isEssential: boolean): Container => ({
    name: ecsName(key),
    settings: given,
    isEssential,
    environment: given.environment,
    secrets: given.secrets,
    mounts: [
      ...ownMounts(key, given, key === MAIN_CONTAINER && settings.exec),
      ...common.filter((mount) => mount.container === key),
    ],
    dependsOn: Object.fromEntries(
      Object.entries(given.dependsOn).map(([target, condition]) => [ecsName(target), condition]),
    ),
    hasExec: false,
  });

  const main = container(MAIN_CONTAINER, settings, true);
  const others = Object.values({ ...settings.sidecars, ...settings.initContainers });
  const taken = others.reduce((sum, { cpu = 0 }) => sum + cpu, 0);
  const inits = Object.keys(settings.initContainers);
  const successOfInits = Object.fromEntries(inits.map((init) => [init, "SUCCESS"]));
  return [
    {
      ...main,
      ...own,
      // Beside one with a share, a container without would get next to nothing when both want the CPU.
      ...(taken > 0 && { cpu: settings.cpu - taken }),
      dependsOn: { ...successOfInits, ...main.dependsOn },
      hasExec: settings.exec,
    },
    ...sortedByName({ ...settings.sidecars, ...settings.initContainers }).map(([key, given]) => ({
      ...container(key, given, "essential" in given && given.essential),
      cpu: given.cpu,
      memoryMiB: given.memoryMiB,
    })),
  ];
}

/** The folders that a container has for itself. */
function ownMounts(key: string, settings: ContainerSettings, hasExec: boolean): Mount[] {
  if (settings.writableRootBecause !== undefined) return [];
  const paths = new Set([...settings.writablePaths, ...(hasExec ? EXEC_PATHS : [])]);
  const prefix = key === MAIN_CONTAINER ? "" : `${key}_own-`;
  return [...paths].sort().map((path) => ({
    container: key,
    volume: `${prefix}${volumeName(path)}`,
    path,
    readOnly: false,
  }));
}

/** A container as ECS takes it. Whatever comes from a map is sorted, so that order never makes a revision. */
export function containerDefinition(container: Container, logGroup: aws.cloudwatch.LogGroup) {
  const { name, settings, mounts, cpu = 0, memoryMiB } = container;
  const { containerHealthCheck: check, openFiles } = settings;
  const dependsOn = sortedByName(container.dependsOn);
  return {
    name,
    image: settings.image,
    essential: container.isEssential,
    ...(settings.entryPoint && { entryPoint: settings.entryPoint }),
    ...(settings.command && { command: settings.command }),
    ...(settings.user !== undefined && { user: settings.user }),
    portMappings: portMappings(container),
    environment: sortedByName(container.environment).map(([key, value]) => ({ name: key, value })),
    secrets: sortedByName(container.secrets).map(([key, valueFrom]) => ({ name: key, valueFrom })),
    mountPoints: mounts.map(({ path, volume, readOnly }) => ({
      sourceVolume: volume,
      containerPath: path,
      readOnly,
    })),
    readonlyRootFilesystem: settings.writableRootBecause === undefined,
    // Reaps what a session leaves behind.
    ...(container.hasExec && { linuxParameters: { initProcessEnabled: true } }),
    ...(dependsOn.length > 0 && {
      dependsOn: dependsOn.map(([containerName, condition]) => ({ containerName, condition })),
    }),
    ...(check && {
      healthCheck: {
        command: check.command,
        interval: check.intervalSeconds,
        timeout: check.timeoutSeconds,
        retries: check.retries,
        startPeriod: check.startPeriodSeconds,
      },
    }),
    ...(settings.stopTimeoutSeconds !== undefined && { stopTimeout: settings.stopTimeoutSeconds }),
    ...(settings.restarts === true && {
      restartPolicy: { enabled: true, restartAttemptPeriod: RESTART_SECONDS },
    }),
    ...(openFiles !== undefined && {
      ulimits: [{ name: "nofile", softLimit: openFiles, hardLimit: openFiles }],
    }),
    logConfiguration: taskLogs(logGroup, name),
    ...(memoryMiB !== undefined && { memory: memoryMiB }),
    // What ECS fills in by itself: said here, so that it never shows as a change.
    cpu,
    volumesFrom: [],
    systemControls: [],
  };
}

/** To the log group of the task, one stream for each container of each task. */
export function taskLogs(logGroup: aws.cloudwatch.LogGroup, streamPrefix: string) {
  return {
    logDriver: "awslogs",
    options: {
      "awslogs-group": logGroup.name,
      "awslogs-region": logGroup.region,
      "awslogs-stream-prefix": streamPrefix,
      // A blocking driver stops the application when CloudWatch is slow.
      mode: "non-blocking",
      "max-buffer-size": "25m",
    },
  };
}

function portMappings({ settings: { port }, portName }: Container) {
  if (port === undefined) return [];
  return [{ containerPort: port, hostPort: port, protocol: "tcp", ...portName }];
}

function sortedByName<Value>(map: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(map).sort(([left], [right]) => (left < right ? -1 : 1));
}
