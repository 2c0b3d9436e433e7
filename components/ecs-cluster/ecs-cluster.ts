import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { afterwards } from "../support/afterwards";
import { parseSettings } from "../support/parse-settings";
import { type Problem, SettingsError } from "../support/problem";
import { type Ec2CapacityArgs, createEc2Capacity } from "./ec2-capacity";
import { hasSpot } from "./ec2-settings";
import { type EcsClusterSettings, ecsClusterSettings } from "./settings";
import { createSpotNotices } from "./spot-notices";

export interface EcsClusterArgs extends EcsClusterSettings {
  /** Where its hosts stand; a `Network` will do. Required with `ec2`. */
  readonly network?: Ec2CapacityArgs["network"];
  /** Tags of its hosts and their disks, which the provider's own do not reach. */
  readonly hostTags?: Readonly<Record<string, string>>;
  /** Whether an `OffHours` says how many hosts there are at least: none at night. Default false. */
  readonly sleeps?: boolean;
}

/**
 * An ECS cluster with Fargate and Fargate Spot capacity, hosts of its own, or both; with Container Insights, and a record
 * of every ECS Exec session in a log group of its own.
 *
 * ```ts
 * const cluster = new EcsCluster("platform", {});
 * ```
 *
 * With `ec2` it has an Auto Scaling group of container hosts in the app subnets, whose number follows the tasks that want
 * to run. Hosts drain before they go, and let in nobody.
 *
 * ```ts
 * const cluster = new EcsCluster("platform", {
 *   network,
 *   ec2: {
 *     instanceTypes: ["t3.medium", "t3a.medium"], minSize: 2, maxSize: 10,
 *     onDemandBase: 1, onDemandPercentageAboveBase: 20,
 *   },
 * });
 * ```
 *
 * Cost: the cluster is free; Container Insights is charged as custom metrics (0.30 USD a month each). A t3.medium host is
 * about 35 USD a month on demand and 14 as Spot, its disk of 2.40 and metrics every minute of 2.10 included; a key for
 * Spot notices 1 USD. (AWS price pages for us-east-1, read in November 2026.)
 */
export class EcsCluster extends pulumi.ComponentResource {
  /** Known once the capacity is there, so that whoever uses it waits for that. */
  public readonly arn: pulumi.Output<string>;
  public readonly clusterName: pulumi.Output<string>;
  /** Where sessions are recorded; tasks need the right to write there. */
  public readonly execLogGroupArn: pulumi.Output<string>;
  /** Where services find each other by name; undefined without `serviceConnect`. */
  public readonly serviceConnectNamespaceArn: pulumi.Output<string> | undefined;
  /** Whether Container Insights publishes the number of running tasks. */
  public readonly countsRunningTasks: boolean;
  /** Whether tasks may pull GuardDuty's agent. */
  public readonly runtimeMonitoring: boolean;
  /** Whether services may run on Fargate and Fargate Spot. */
  public readonly fargate: boolean;
  /** What services with capacity EC2 run on; undefined without `ec2`. Known once the cluster has it. */
  public readonly ec2CapacityProviderName: pulumi.Output<string> | undefined;
  /** Name of the Auto Scaling group that the hosts are in; undefined without `ec2`. */
  public readonly hostGroupName: pulumi.Output<string> | undefined;
  /** The hosts' own group, which lets in nobody; undefined without `ec2`. */
  public readonly hostSecurityGroupId: pulumi.Output<string> | undefined;
  /** Where Spot interruptions are told, for more subscribers; undefined where no host is Spot. */
  public readonly spotTopicArn: pulumi.Output<string> | undefined;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: EcsClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const { network, hostTags = {}, sleeps = false, ...rest } = args;
    const { value: settings, problems } = parseSettings(ecsClusterSettings, rest, "");
    const hostProblems = rest.ec2 === undefined ? [] : problemsOfHosts(name, network);
    if (settings === undefined || hostProblems.length > 0) {
      throw new SettingsError(`EcsCluster "${name}"`, [...problems, ...hostProblems]);
    }
    super("ecs-platform:index:EcsCluster", name, {}, opts);
    const child = { parent: this };
    const { ec2 } = settings;

    const execLogs = new aws.cloudwatch.LogGroup(
      `${name}-exec-logs`,
      { retentionInDays: settings.execLogRetentionDays },
      child,
    );
    const cluster = new aws.ecs.Cluster(
      `${name}-cluster`,
      {
        name: settings.name,
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
    const hosts =
      ec2 &&
      network &&
      createEc2Capacity(
        name,
        { clusterName: cluster.name, network, settings: ec2, tags: hostTags, sleeps },
        child,
      );
    const capacity = new aws.ecs.ClusterCapacityProviders(
      `${name}-capacity`,
      {
        clusterName: cluster.name,
        capacityProviders: [
          ...(settings.fargate ? ["FARGATE", "FARGATE_SPOT"] : []),
          ...(hosts ? [hosts.provider.name] : []),
        ],
        // For tasks started by hand; every service brings a strategy of its own.
        defaultCapacityProviderStrategies: [
          {
            capacityProvider: settings.fargate || !hosts ? "FARGATE" : hosts.provider.name,
            weight: 1,
          },
        ],
      },
      child,
    );
    const spotTopic =
      ec2 && hasSpot(ec2)
        ? createSpotNotices(name, cluster.arn, ec2.interruptionEmails, child)
        : undefined;

    const namespace = settings.serviceConnect
      ? new aws.servicediscovery.HttpNamespace(
          `${name}-namespace`,
          { description: `Services of the cluster ${name}` },
          child,
        )
      : undefined;

    this.arn = afterwards(cluster.arn, capacity);
    this.clusterName = cluster.name;
    this.execLogGroupArn = execLogs.arn;
    this.serviceConnectNamespaceArn = namespace?.arn;
    this.runtimeMonitoring = settings.runtimeMonitoring;
    this.countsRunningTasks = settings.containerInsights !== "disabled";
    this.fargate = settings.fargate;
    this.ec2CapacityProviderName = hosts && afterwards(hosts.provider.name, capacity);
    this.hostGroupName = hosts?.group.name;
    this.hostSecurityGroupId = hosts?.securityGroup.id;
    this.spotTopicArn = spotTopic?.arn;
    this.registerOutputs({
      arn: this.arn,
      clusterName: this.clusterName,
      execLogGroupArn: this.execLogGroupArn,
      serviceConnectNamespaceArn: this.serviceConnectNamespaceArn,
      ec2CapacityProviderName: this.ec2CapacityProviderName,
      hostGroupName: this.hostGroupName,
      hostSecurityGroupId: this.hostSecurityGroupId,
      spotTopicArn: this.spotTopicArn,
    });
  }
}

function problemsOfHosts(name: string, network: EcsClusterArgs["network"]): Problem[] {
  const reserved = /^(aws|ecs|fargate)/i.exec(name);
  return [
    ...(network === undefined
      ? [
          {
            key: "network",
            value: undefined,
            rule: "is required with ec2",
            allowed: "a Network, or an object with its outputs",
            fix: "pass the network, or remove ec2",
          },
        ]
      : []),
    ...(reserved === null
      ? []
      : [
          {
            key: "ec2",
            value: name,
            rule: `cannot be in a component whose name starts with "${reserved[0]}": its capacity provider would, and AWS keeps such names for itself`,
            allowed: "names that do not start with aws, ecs or fargate",
            fix: "give the component another name",
          },
        ]),
  ];
}
