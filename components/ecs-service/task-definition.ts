import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { runsOnEc2 } from "./capacity";
import { type Container, containerDefinition } from "./container-definitions";
import type { TaskSettings } from "./task-settings";
import type { MountableFileSystem } from "./volumes";

export interface TaskDefinitionArgs {
  readonly clusterName: pulumi.Input<string>;
  readonly settings: TaskSettings;
  readonly containers: readonly Container[];
  readonly fileSystems: Readonly<Record<string, MountableFileSystem>>;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly executionRoleArn: pulumi.Input<string>;
  readonly taskRoleArn: pulumi.Input<string>;
}

/** The task of a service, or one that is run by itself. */
export function createTaskDefinition(
  name: string,
  args: TaskDefinitionArgs,
  child: pulumi.CustomResourceOptions,
): aws.ecs.TaskDefinition {
  const { settings, containers } = args;
  const { ephemeralStorageGiB } = settings;
  return new aws.ecs.TaskDefinition(
    `${name}-task`,
    {
      // The cluster's name tells apart the same service of two environments in one account.
      family: pulumi.interpolate`${args.clusterName}-${name}`,
      requiresCompatibilities: [runsOnEc2(settings.capacity) ? "EC2" : "FARGATE"],
      networkMode: "awsvpc",
      cpu: String(settings.cpu),
      memory: String(settings.memoryMiB),
      runtimePlatform: {
        cpuArchitecture: settings.architecture,
        operatingSystemFamily: "LINUX",
      },
      ...(ephemeralStorageGiB !== undefined && {
        ephemeralStorage: { sizeInGib: ephemeralStorageGiB },
      }),
      executionRoleArn: args.executionRoleArn,
      taskRoleArn: args.taskRoleArn,
      volumes: volumes(args),
      containerDefinitions: pulumi.jsonStringify(
        containers.map((container) => containerDefinition(container, args.logGroup)),
      ),
    },
    child,
  );
}

/** Empty ones that live as long as the task, and those on file systems: encrypted on the way, by the task's own role. */
function volumes({ containers, fileSystems }: TaskDefinitionArgs) {
  const mounts = containers.flatMap((container) => container.mounts);
  const byName = new Map(mounts.map(({ volume, fileSystem }) => [volume, fileSystem]));
  return [...byName].map(([name, key]) => {
    const fileSystem = key === undefined ? undefined : fileSystems[key];
    return fileSystem === undefined
      ? { name }
      : {
          name,
          efsVolumeConfiguration: {
            fileSystemId: fileSystem.fileSystemId,
            transitEncryption: "ENABLED",
            authorizationConfig: { accessPointId: fileSystem.accessPointId, iam: "ENABLED" },
          },
        };
  });
}
