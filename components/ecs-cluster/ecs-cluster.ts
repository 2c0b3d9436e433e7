import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkSettings } from "../support/parse-settings";
import { type EcsClusterSettings, ecsClusterSettings } from "./settings";

export interface EcsClusterArgs extends EcsClusterSettings {}

/**
 * An ECS cluster with Fargate and Fargate Spot capacity, Container Insights, and a record of every ECS Exec session in a
 * log group of its own.
 *
 * ```ts
 * const cluster = new EcsCluster("platform", {});
 * ```
 *
 * Cost: the cluster is free; Container Insights is charged as custom metrics (0.30 USD a month each).
 */
export class EcsCluster extends pulumi.ComponentResource {
  /** Known once the capacity is there, so that whoever uses it waits for that. */
  public readonly arn: pulumi.Output<string>;
  public readonly clusterName: pulumi.Output<string>;
  /** Where sessions are recorded; tasks need the right to write there. */
  public readonly execLogGroupArn: pulumi.Output<string>;
  /** Whether Container Insights publishes the number of running tasks. */
  public readonly countsRunningTasks: boolean;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: EcsClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const settings = checkSettings(`EcsCluster "${name}"`, ecsClusterSettings, args);
    super("ecs-platform:index:EcsCluster", name, {}, opts);
    const child = { parent: this };

    const execLogs = new aws.cloudwatch.LogGroup(
      `${name}-exec-logs`,
      { retentionInDays: settings.execLogRetentionDays },
      child,
    );
    const cluster = new aws.ecs.Cluster(
      `${name}-cluster`,
      {
        settings: [{ name: "containerInsights", value: settings.containerInsights }],
        configuration: {
          executeCommandConfiguration: {
            logging: "OVERRIDE",
            logConfiguration: { cloudWatchLogGroupName: execLogs.name },
          },
        },
      },
      child,
    );
    const capacity = new aws.ecs.ClusterCapacityProviders(
      `${name}-capacity`,
      {
        clusterName: cluster.name,
        capacityProviders: ["FARGATE", "FARGATE_SPOT"],
        // For tasks started by hand; every service brings a strategy of its own.
        defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
      },
      child,
    );

    this.arn = pulumi.all([cluster.arn, capacity.id]).apply(([arn]) => arn);
    this.clusterName = cluster.name;
    this.execLogGroupArn = execLogs.arn;
    this.countsRunningTasks = settings.containerInsights !== "disabled";
    this.registerOutputs({
      arn: this.arn,
      clusterName: this.clusterName,
      execLogGroupArn: this.execLogGroupArn,
    });
  }
}
