import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Connection } from "../support/connection";
import { parseSettings } from "../support/parse-settings";
import { type Problem, SettingsError } from "../support/problem";
import { capacityProviderStrategies, placementStrategies } from "./capacity";
import { connectPort, serviceConnectConfiguration, serviceConnection } from "./connect";
import { deploymentSettings } from "./deployment";
import { type RouteLoadBalancer, createRoute } from "./route";
import { createScaling, fewestTasks, scalingProblems } from "./scaling";
import { type EcsServiceSettings, ecsServiceSettings, firstTasks } from "./settings";
import { type TaskNeighbours, createTask } from "./task";
import { namespaceProblems, taskProblems } from "./task-problems";

const LOAD_BALANCER_MISSING: Problem = {
  key: "loadBalancer",
  value: undefined,
  rule: "is required with route",
  allowed: "a LoadBalancer, or an object with its outputs",
  fix: "pass the load balancer, or remove route",
};

export interface EcsServiceArgs extends EcsServiceSettings, TaskNeighbours {
  /** Required with `route`. */
  readonly loadBalancer?: RouteLoadBalancer;
}

/**
 * A service on Fargate or on the cluster's own hosts: tasks in the app subnets, with a log group, an execution role and a
 * task role of their own, and nothing open but the port that the load balancer needs. A deployment that does not get
 * healthy rolls back by itself, and the deployment of the stack fails with it.
 *
 * ```ts
 * const api = new EcsService("api", {
 *   cluster, network, loadBalancer,
 *   image: "public.ecr.aws/nginx/nginx:1.29",
 *   port: 80,
 *   route: { priority: 100 },
 *   scaling: { min: 2, max: 10 },
 *   connections: { database },
 * });
 * ```
 *
 * Cost: for each task 0.04048 USD per vCPU and hour and 0.004445 USD per GiB and hour, about 70 % less on Spot; logs
 * 0.50 USD per GB. (AWS price pages for us-east-1, read in November 2026.)
 *
 * Sidecars and init containers share the task's address, size and roles. With `connect` other services find it by its
 * name: give it to them among their `connections`. It does not build images.
 */
export class EcsService extends pulumi.ComponentResource {
  public readonly serviceName: pulumi.Output<string>;
  /** Group of its tasks, for rules that let them into something else. */
  public readonly securityGroupId: pulumi.Output<string>;
  public readonly logGroupName: pulumi.Output<string>;
  /** For rights beyond `permissions`. */
  public readonly taskRoleName: pulumi.Output<string>;
  /** Names its target group in CloudWatch metrics; undefined without `route`. */
  public readonly targetGroupArnSuffix: pulumi.Output<string> | undefined;
  /** Tasks that must run at least. */
  public readonly minimumTasks: number;
  /** What other services need to call it; undefined without `connect`. */
  public readonly connection: Connection | undefined;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: EcsServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, network, connections = {}, fileSystems, vault, loadBalancer, ...rest } = args;
    const neighbours = { cluster, network, connections, fileSystems, vault };
    const { value: settings, problems } = parseSettings(ecsServiceSettings, rest, "");
    const neighbourProblems = [
      ...taskProblems(name, neighbours, { ...rest }),
      ...namespaceProblems(neighbours, rest.connect !== undefined),
      ...scalingProblems("", rest),
      ...(rest.route !== undefined && loadBalancer === undefined ? [LOAD_BALANCER_MISSING] : []),
    ];
    if (settings === undefined || neighbourProblems.length > 0) {
      throw new SettingsError(`EcsService "${name}"`, [...problems, ...neighbourProblems]);
    }
    super("ecs-platform:index:EcsService", name, {}, opts);
    const child = { parent: this };
    const { connect, scaling } = settings;

    const task = createTask(name, neighbours, settings, connectPort(connect), child);
    const route =
      settings.route &&
      loadBalancer &&
      createRoute(
        name,
        {
          vpcId: network.vpcId,
          loadBalancer,
          securityGroupId: task.securityGroup.id,
          port: settings.port,
          route: settings.route,
          healthCheck: settings.healthCheck,
          deregistrationDelaySeconds: settings.deregistrationDelaySeconds,
        },
        child,
      );

    const service = new aws.ecs.Service(
      `${name}-service`,
      {
        cluster: cluster.arn,
        taskDefinition: task.taskDefinition.arn,
        desiredCount: firstTasks(settings),
        capacityProviderStrategies: capacityProviderStrategies(settings.capacity, cluster),
        ...placementStrategies(settings.capacity),
        networkConfiguration: task.networkConfiguration,
        ...(route && {
          loadBalancers: [
            {
              targetGroupArn: route.targetGroup.arn,
              containerName: name,
              containerPort: settings.port,
            },
          ],
          healthCheckGracePeriodSeconds: settings.healthCheck.gracePeriodSeconds,
        }),
        ...serviceConnectConfiguration(name, neighbours, {
          connect,
          port: settings.port,
          logGroup: task.logGroup,
        }),
        ...deploymentSettings(settings.deployment),
        enableExecuteCommand: settings.exec,
        enableEcsManagedTags: true,
        propagateTags: "SERVICE",
        // Otherwise `up` would succeed while ECS still tries, or has rolled back.
        waitForSteadyState: true,
        // A new capacity strategy takes effect only by a new deployment; AWS refuses the change otherwise.
        forceNewDeployment: true,
      },
      {
        ...child,
        // Scaling owns the number while it is on; without it, the number in the settings holds.
        ignoreChanges: scaling === undefined ? [] : ["desiredCount"],
        // ECS refuses a target group that no listener uses, and tasks need their rights when they start.
        dependsOn: [...(route ? [route.listenerRule] : []), ...task.rights],
        customTimeouts: { create: "20m", update: "20m", delete: "20m" },
      },
    );
    if (scaling !== undefined) {
      createScaling(
        name,
        {
          service,
          clusterName: cluster.clusterName,
          route: route &&
            loadBalancer && {
              loadBalancer: loadBalancer.arnSuffix,
              targetGroup: route.targetGroup.arnSuffix,
            },
          settings: scaling,
        },
        child,
      );
    }

    this.serviceName = service.name;
    this.securityGroupId = task.securityGroup.id;
    this.logGroupName = task.logGroup.name;
    this.taskRoleName = task.taskRole.name;
    this.targetGroupArnSuffix = route?.targetGroup.arnSuffix;
    this.minimumTasks = scaling === undefined ? firstTasks(settings) : fewestTasks(scaling);
    this.connection =
      connect &&
      serviceConnection(name, {
        connect,
        port: settings.port,
        securityGroupId: this.securityGroupId,
        service,
      });
    this.registerOutputs({
      serviceName: this.serviceName,
      securityGroupId: this.securityGroupId,
      logGroupName: this.logGroupName,
      taskRoleName: this.taskRoleName,
      targetGroupArnSuffix: this.targetGroupArnSuffix,
    });
  }
}
