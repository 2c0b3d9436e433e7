import * as pulumi from "@pulumi/pulumi";
import { capacityProviderStrategies } from "../ecs-service/capacity";
import { type TaskNeighbours, createTask } from "../ecs-service/task";
import { taskProblems } from "../ecs-service/task-problems";
import { regionOf } from "../support/iam";
import { parseSettings } from "../support/parse-settings";
import { type Problem, SettingsError } from "../support/problem";
import { createSchedule } from "./schedule";
import { type EcsTaskSettings, ecsTaskSettings } from "./settings";

export interface EcsTaskArgs extends EcsTaskSettings, TaskNeighbours {}

/**
 * A task that is run once and ends, by the clock or by hand: a migration, a report, a nightly import. It has a log group
 * and roles of its own, like a service, and nothing is open to it but HTTPS and what it is connected to.
 *
 * ```ts
 * const cleanup = new EcsTask("cleanup", {
 *   cluster, network,
 *   image: "public.ecr.aws/docker/library/postgres:17",
 *   command: ["psql", "--file", "/cleanup.sql"],
 *   connections: { database },
 *   schedule: { expression: "cron(0 3 * * ? *)", timezone: "Europe/Berlin" },
 * });
 * ```
 *
 * Cost: nothing but for the seconds that it runs, at the price of a service's tasks, and its logs. EventBridge Scheduler
 * is free for 14 million runs a month. (AWS price pages for us-east-1, read in November 2026.)
 *
 * It cannot call services by their Service Connect names: ECS gives these to services alone.
 */
export class EcsTask extends pulumi.ComponentResource {
  /** Family of its revisions, without one: a run takes the newest. */
  public readonly taskDefinitionFamily: pulumi.Output<string>;
  /** Group of its tasks, for rules that let them into something else. */
  public readonly securityGroupId: pulumi.Output<string>;
  public readonly logGroupName: pulumi.Output<string>;
  /** For rights beyond `permissions`. */
  public readonly taskRoleName: pulumi.Output<string>;
  /** Command that runs it once, now. */
  public readonly runCommand: pulumi.Output<string>;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: EcsTaskArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, network, connections = {}, fileSystems, vault, ...rest } = args;
    const neighbours = { cluster, network, connections, fileSystems, vault };
    const { value: settings, problems } = parseSettings(ecsTaskSettings, rest, "");
    const neighbourProblems = [
      ...taskProblems(name, neighbours, { ...rest }),
      ...callProblems(connections),
    ];
    if (settings === undefined || neighbourProblems.length > 0) {
      throw new SettingsError(`EcsTask "${name}"`, [...problems, ...neighbourProblems]);
    }
    super("ecs-platform:index:EcsTask", name, {}, opts);
    const child = { parent: this };

    const task = createTask(name, neighbours, settings, undefined, child);
    if (settings.schedule !== undefined) {
      createSchedule(
        name,
        { cluster, task, capacity: settings.capacity, schedule: settings.schedule },
        child,
      );
    }

    const strategies = capacityProviderStrategies(settings.capacity, cluster);
    this.taskDefinitionFamily = task.taskDefinition.family;
    this.securityGroupId = task.securityGroup.id;
    this.logGroupName = task.logGroup.name;
    this.taskRoleName = task.taskRole.name;
    this.runCommand = runCommand(
      { family: this.taskDefinitionFamily, strategies, cluster },
      task.networkConfiguration,
    );
    this.registerOutputs({
      taskDefinitionFamily: this.taskDefinitionFamily,
      securityGroupId: this.securityGroupId,
      logGroupName: this.logGroupName,
      taskRoleName: this.taskRoleName,
      runCommand: this.runCommand,
    });
  }
}

function callProblems(connections: NonNullable<TaskNeighbours["connections"]>): Problem[] {
  return Object.entries(connections)
    .filter(([, { connection }]) => connection.isFoundByServiceConnect === true)
    .map(([key]) => ({
      key: `connections.${key}`,
      value: key,
      rule: "is found by Service Connect, which only services join",
      allowed: "anything but a service with connect",
      fix: "call it through the load balancer, or make this task a service",
    }));
}

function runCommand(
  args: {
    readonly family: pulumi.Output<string>;
    readonly cluster: TaskNeighbours["cluster"];
    readonly strategies: ReturnType<typeof capacityProviderStrategies>;
  },
  {
    subnets,
    securityGroups,
    assignPublicIp,
  }: ReturnType<typeof createTask>["networkConfiguration"],
): pulumi.Output<string> {
  const strategies = pulumi
    .output(args.strategies)
    .apply((all) =>
      all
        .map(({ capacityProvider, base, weight }) =>
          [`capacityProvider=${capacityProvider}`, `base=${base}`, `weight=${weight}`].join(","),
        )
        .join(" "),
    );
  const network = pulumi
    .all([subnets, securityGroups])
    .apply(
      ([subnetIds, groupIds]) =>
        `awsvpcConfiguration={subnets=[${subnetIds.join(",")}],securityGroups=[${groupIds.join(",")}],assignPublicIp=${assignPublicIp ? "ENABLED" : "DISABLED"}}`,
    );
  return pulumi.interpolate`aws ecs run-task --cluster ${args.cluster.clusterName} --task-definition ${args.family} --capacity-provider-strategy ${strategies} --network-configuration '${network}' --region ${regionOf(args.cluster.arn)}`;
}
