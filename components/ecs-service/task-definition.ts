import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { CheckedServiceSettings } from "./settings";

export interface TaskDefinitionArgs {
  readonly clusterName: pulumi.Input<string>;
  readonly settings: CheckedServiceSettings;
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** ARNs by the variable that gets the secret. */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly executionRoleArn: pulumi.Input<string>;
  readonly taskRoleArn: pulumi.Input<string>;
}

/**
 * Folders that the agent of ECS Exec writes to. Mounting them keeps sessions possible on a read-only root
 * (github.com/aws/containers-roadmap, issue 1359).
 */
const EXEC_PATHS = ["/managed-agents", "/var/lib/amazon/ssm", "/var/log/amazon/ssm"];

/** The task of a service: one container. Whatever comes from a map is sorted, so that order never makes a revision. */
export function createTaskDefinition(
  name: string,
  args: TaskDefinitionArgs,
  child: pulumi.CustomResourceOptions,
): aws.ecs.TaskDefinition {
  const { settings } = args;
  const isReadOnly = settings.writableRootBecause === undefined;
  const paths = [...settings.writablePaths, ...(settings.exec ? EXEC_PATHS : [])];
  const volumes = isReadOnly
    ? [...new Set(paths)].sort().map((path) => ({ path, volume: volumeName(path) }))
    : [];

  return new aws.ecs.TaskDefinition(
    `${name}-task`,
    {
      // The cluster's name tells apart the same service of two environments in one account.
      family: pulumi.interpolate`${args.clusterName}-${name}`,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(settings.cpu),
      memory: String(settings.memoryMiB),
      runtimePlatform: {
        cpuArchitecture: settings.architecture,
        operatingSystemFamily: "LINUX",
      },
      executionRoleArn: args.executionRoleArn,
      taskRoleArn: args.taskRoleArn,
      volumes: volumes.map(({ volume }) => ({ name: volume })),
      containerDefinitions: pulumi.jsonStringify([
        {
          name,
          image: settings.image,
          essential: true,
          ...(settings.command && { command: settings.command }),
          ...(settings.user !== undefined && { user: settings.user }),
          portMappings: [
            { containerPort: settings.port, hostPort: settings.port, protocol: "tcp" },
          ],
          environment: sortedByName(args.environment).map(([key, value]) => ({ name: key, value })),
          secrets: sortedByName(args.secrets).map(([key, valueFrom]) => ({ name: key, valueFrom })),
          mountPoints: volumes.map(({ path, volume }) => ({
            sourceVolume: volume,
            containerPath: path,
            readOnly: false,
          })),
          readonlyRootFilesystem: isReadOnly,
          // Reaps what a session leaves behind.
          ...(settings.exec && { linuxParameters: { initProcessEnabled: true } }),
          logConfiguration: {
            logDriver: "awslogs",
            options: {
              "awslogs-group": args.logGroup.name,
              "awslogs-region": args.logGroup.region,
              "awslogs-stream-prefix": name,
              // A blocking driver stops the application when CloudWatch is slow.
              mode: "non-blocking",
              "max-buffer-size": "25m",
            },
          },
          // What ECS fills in by itself: said here, so that it never shows as a change.
          cpu: 0,
          volumesFrom: [],
          systemControls: [],
        },
      ]),
    },
    child,
  );
}

/** "/var/cache/nginx" becomes "var-cache-nginx"; other characters that ECS refuses go by their code, so names differ. */
function volumeName(path: string): string {
  return path
    .slice(1)
    .replace(/[^A-Za-z0-9/]/g, (character) => `_${character.charCodeAt(0).toString(16)}`)
    .replace(/\//g, "-");
}

function sortedByName<Value>(map: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(map).sort(([left], [right]) => (left < right ? -1 : 1));
}
