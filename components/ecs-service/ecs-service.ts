import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsClients } from "../support/aws-clients";
import type { Connection } from "../support/connection";
import { parseSettings } from "../support/parse-settings";
import { SettingsError } from "../support/problem";
import { capacityProviderStrategies, placementStrategies } from "./capacity";
import { connectPort, serviceConnectConfiguration, serviceConnection } from "./connect";
import { deploymentSettings, shiftSettingsOf } from "./deployment";
import { deploymentHooks } from "./deployment-hooks";
import { createGates, hostOf } from "./gates";
import { type Release, createRelease } from "./release";
import { createRollbackAlarms } from "./rollback-alarms";
import { waitMinutes } from "./rollout-time";
import type { RouteLoadBalancer } from "./route";
import { createRoute, loadBalancersOf, mustStandBefore } from "./routing";
import { createScaling, fewestTasks } from "./scaling";
import { watchedSecrets } from "./secret-changes";
import { serviceProblems } from "./service-problems";
import { type EcsServiceSettings, ecsServiceSettings, firstTasks } from "./settings";
import { type TaskNeighbours, createTask } from "./task";
import type { TestHeader } from "./traffic-shift";

export interface EcsServiceArgs extends EcsServiceSettings, TaskNeighbours {
  /** Required with `route`. */
  readonly loadBalancer?: RouteLoadBalancer;
  /** Tell why a deployment failed, and run the release; required with `release`. Without: ECS's status alone is told. */
  readonly awsClients?: AwsClients;
  /** Whether an `OffHours` says how many tasks there are: it takes them away at night. Default false. */
  readonly sleeps?: boolean;
}

/**
 * A service on Fargate or on the cluster's own hosts: tasks in the app subnets, with a log group, an execution role and a
 * task role of their own, and nothing open but the port that the load balancer needs. A deployment that does not get
 * healthy rolls back by itself, and the deployment of the stack fails with it. By default it replaces tasks a few at a time;
 * `deployment.strategy` has ECS start new tasks beside the old ones instead, and move the requests to them.
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
 * 0.50 USD per GB. While requests move between two sets of tasks, both cost. (AWS price pages for us-east-1, read in
 * November 2026.)
 *
 * Sidecars and init containers share the task's address, size and roles. With `connect` other services find it by its
 * name: give it to them among their `connections`. It does not build images.
 */
export class EcsService extends pulumi.ComponentResource {
  public readonly serviceName: pulumi.Output<string>;
  public readonly serviceArn: pulumi.Output<string>;
  /** Group of its tasks, for rules that let them into something else. */
  public readonly securityGroupId: pulumi.Output<string>;
  public readonly logGroupName: pulumi.Output<string>;
  /** For rights beyond `permissions`. */
  public readonly taskRoleName: pulumi.Output<string>;
  /** The two roles of its tasks, which whoever registers a revision of their definition hands on. */
  public readonly taskRoleArn: pulumi.Output<string>;
  public readonly executionRoleArn: pulumi.Output<string>;
  /** Family of its task definition's revisions, without one. */
  public readonly taskDefinitionFamily: pulumi.Output<string>;
  /** Names its target group in CloudWatch metrics; undefined without `route`. */
  public readonly targetGroupArnSuffix: pulumi.Output<string> | undefined;
  /** Secrets whose change is to start its tasks anew: a `Redeployment` does. One may be among them more than once. */
  public readonly secretArns: readonly pulumi.Output<string>[];
  /** Names the target group that requests move to and from; undefined where they stay with one. */
  public readonly alternateTargetGroupArnSuffix: pulumi.Output<string> | undefined;
  /** Leads a request to new tasks before anybody else's; undefined where all requests are alike. */
  public readonly testHeader: TestHeader | undefined;
  /** Tasks that must run at least. */
  public readonly minimumTasks: number;
  /** Whether tasks of it run on Fargate Spot. */
  public readonly usesSpot: boolean;
  /** Tasks that it begins with, also after a night. */
  public readonly firstTasks: number;
  /** What holds the bounds of its scaling; undefined without. */
  public readonly scalingTargetArn: pulumi.Output<string> | undefined;
  /** Whether its requests leave traces in X-Ray. */
  public readonly isTraced: boolean;
  /** Command that runs before each new image of it, and how long it may take; undefined without `release`. */
  public readonly release: Release | undefined;
  /** What other services need to call it; undefined without `connect`. */
  public readonly connection: Connection | undefined;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: EcsServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, network, connections = {}, fileSystems, vault, ...others } = args;
    const { loadBalancer, awsClients, sleeps = false, ...rest } = others;
    const neighbours = { cluster, network, connections, fileSystems, vault };
    const { value: settings, problems } = parseSettings(ecsServiceSettings, rest, "");
    const neighbourProblems = serviceProblems(name, { neighbours, loadBalancer, awsClients }, rest);
    if (settings === undefined || neighbourProblems.length > 0) {
      throw new SettingsError(`EcsService "${name}"`, [...problems, ...neighbourProblems]);
    }
    super("ecs-platform:index:EcsService", name, {}, opts);
    const child = { parent: this };
    const { connect, deployment, scaling } = settings;

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
          shift: shiftSettingsOf(deployment, settings.route),
        },
        child,
      );

    const gates =
      deployment.gates &&
      createGates(
        name,
        {
          gates: deployment.gates,
          clusterArn: cluster.arn,
          surroundings: route?.shift &&
            loadBalancer && {
              network,
              loadBalancer,
              host: hostOf(settings.route, loadBalancer),
              testHeader: route.shift.testHeader,
              logRetentionDays: settings.logRetentionDays,
            },
        },
        child,
      );
    const release =
      settings.release &&
      awsClients &&
      createRelease(
        name,
        {
          clients: awsClients,
          cluster,
          capacity: settings.capacity,
          image: settings.image,
          release: settings.release,
          task,
          component: this,
        },
        child,
      );

    const minutes = waitMinutes(settings);
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
          loadBalancers: loadBalancersOf(route, {
            containerName: name,
            containerPort: settings.port,
          }),
          healthCheckGracePeriodSeconds: settings.healthCheck.gracePeriodSeconds,
        }),
        ...serviceConnectConfiguration(name, neighbours, {
          connect,
          port: settings.port,
          logGroup: task.logGroup,
        }),
        ...deploymentSettings(deployment, gates?.lifecycleHooks),
        ...(deployment.rollbackAlarms &&
          createRollbackAlarms(name, deployment.rollbackAlarms, route?.requests, child)),
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
        // Scaling and off-hours own the number while they are on; without them, the number in the settings holds.
        ignoreChanges: scaling === undefined && !sleeps ? [] : ["desiredCount"],
        // Tasks need their rights when they start.
        dependsOn: [
          ...(route ? mustStandBefore(route) : []),
          ...task.rights,
          ...(gates ? gates.dependsOn : []),
          // A release that fails leaves the service as it is.
          ...(release ? [release] : []),
        ],
        ...(awsClients && {
          hooks: deploymentHooks(name, {
            clients: awsClients,
            logGroupName: task.logGroup.name,
            minutes,
            component: this,
          }),
        }),
        customTimeouts: { create: `${minutes}m`, update: `${minutes}m`, delete: "20m" },
      },
    );
    const scalingTarget =
      scaling &&
      createScaling(
        name,
        {
          service,
          clusterName: cluster.clusterName,
          requests: route?.requests,
          settings: scaling,
        },
        child,
      );

    this.serviceName = service.name;
    this.serviceArn = service.arn;
    this.securityGroupId = task.securityGroup.id;
    this.logGroupName = task.logGroup.name;
    this.taskRoleName = task.taskRole.name;
    this.taskRoleArn = task.taskRole.arn;
    this.executionRoleArn = task.executionRole.arn;
    this.taskDefinitionFamily = task.taskDefinition.family;
    this.targetGroupArnSuffix = route?.targetGroup.arnSuffix;
    this.alternateTargetGroupArnSuffix = route?.shift?.alternateTargetGroup.arnSuffix;
    this.testHeader = route?.shift?.testHeader;
    this.secretArns = watchedSecrets(task.containers, {
      ignored: settings.secretChanges.ignore,
      hasVault: vault !== undefined,
    });
    this.scalingTargetArn = scalingTarget?.arn;
    this.firstTasks = firstTasks(settings);
    this.minimumTasks = scaling === undefined ? firstTasks(settings) : fewestTasks(scaling);
    this.usesSpot = settings.capacity.FARGATE_SPOT !== undefined;
    this.isTraced = settings.tracing !== undefined;
    this.release = settings.release;
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
      serviceArn: this.serviceArn,
      securityGroupId: this.securityGroupId,
      logGroupName: this.logGroupName,
      taskRoleName: this.taskRoleName,
      targetGroupArnSuffix: this.targetGroupArnSuffix,
    });
  }
}
