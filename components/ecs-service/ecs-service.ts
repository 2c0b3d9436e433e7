import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { parseSettings } from "../support/parse-settings";
import { allowHttpsOut, openPassage } from "../support/passage";
import { type Problem, SettingsError } from "../support/problem";
import { capacityProviderStrategies } from "./capacity";
import {
  type DatabaseConnection,
  connectionEnvironment,
  connectionProblems,
  connectionSecrets,
} from "./connection";
import { createExecutionRole, createTaskRole } from "./roles";
import { type RouteLoadBalancer, createRoute } from "./route";
import { createScaling } from "./scaling";
import { type EcsServiceSettings, ecsServiceSettings } from "./settings";
import { createTaskDefinition } from "./task-definition";

const LOAD_BALANCER_MISSING: Problem = {
  key: "loadBalancer",
  value: undefined,
  rule: "is required with route",
  allowed: "a LoadBalancer, or an object with its outputs",
  fix: "pass the load balancer, or remove route",
};

export interface EcsServiceArgs extends EcsServiceSettings {
  /** Where its tasks are run; an `EcsCluster` will do. */
  readonly cluster: {
    readonly arn: pulumi.Input<string>;
    readonly clusterName: pulumi.Input<string>;
    readonly execLogGroupArn: pulumi.Input<string>;
  };
  /** Where its tasks live; a `Network` will do. */
  readonly network: {
    readonly vpcId: pulumi.Input<string>;
    readonly appSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  };
  /** Required with `route`. */
  readonly loadBalancer?: RouteLoadBalancer;
  /** Databases it talks to, by the name that starts its variables: see `connectionVariables`. */
  readonly connections?: Readonly<Record<string, DatabaseConnection>>;
}

/**
 * A service on Fargate: tasks in the app subnets, with a log group, an execution role and a task role of their own, and
 * nothing open but the port that the load balancer needs. A deployment that does not get healthy rolls back by itself,
 * and the deployment of the stack fails with it.
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
 * It runs one container a task, and does not build the image.
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

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: EcsServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, network, loadBalancer, connections = {}, ...rest } = args;
    const { value: settings, problems } = parseSettings(ecsServiceSettings, rest, "");
    const neighbourProblems = [
      ...connectionProblems("", rest, Object.keys(connections)),
      ...(rest.route !== undefined && loadBalancer === undefined ? [LOAD_BALANCER_MISSING] : []),
    ];
    if (settings === undefined || neighbourProblems.length > 0) {
      throw new SettingsError(`EcsService "${name}"`, [...problems, ...neighbourProblems]);
    }
    super("ecs-platform:index:EcsService", name, {}, opts);
    const child = { parent: this };

    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      { retentionInDays: settings.logRetentionDays },
      child,
    );
    const secrets = { ...settings.secrets, ...connectionSecrets(connections) };
    const execution = createExecutionRole(
      name,
      {
        clusterArn: cluster.arn,
        logGroupArn: logGroup.arn,
        image: settings.image,
        secretArns: Object.values(secrets),
      },
      child,
    );
    const task = createTaskRole(
      name,
      {
        clusterArn: cluster.arn,
        permissions: settings.permissions,
        execLogGroupArn: settings.exec ? cluster.execLogGroupArn : undefined,
      },
      child,
    );
    const taskDefinition = createTaskDefinition(
      name,
      {
        clusterName: cluster.clusterName,
        settings,
        environment: { ...settings.environment, ...connectionEnvironment(connections) },
        secrets,
        logGroup,
        executionRoleArn: execution.role.arn,
        taskRoleArn: task.role.arn,
      },
      child,
    );

    const securityGroup = createSecurityGroup(name, network.vpcId, child);
    for (const [key, { securityGroupId, port }] of Object.entries(connections)) {
      openPassage(
        `${name}-to-${key}`,
        {
          from: securityGroup.id,
          to: securityGroupId,
          port,
          description: `Queries from ${name} to ${key}`,
        },
        child,
      );
    }
    const route =
      settings.route &&
      loadBalancer &&
      createRoute(
        name,
        {
          vpcId: network.vpcId,
          loadBalancer,
          securityGroupId: securityGroup.id,
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
        taskDefinition: taskDefinition.arn,
        desiredCount: settings.scaling?.min ?? settings.desiredCount ?? 0,
        capacityProviderStrategies: capacityProviderStrategies(settings.capacity),
        networkConfiguration: {
          subnets: network.appSubnetIds,
          securityGroups: [securityGroup.id],
          assignPublicIp: false,
        },
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
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        availabilityZoneRebalancing: "ENABLED",
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
        ignoreChanges: settings.scaling === undefined ? [] : ["desiredCount"],
        // ECS refuses a target group that no listener uses, and tasks need their rights when they start.
        dependsOn: [route?.listenerRule, execution.policy, task.policy].filter(
          (resource) => resource !== undefined,
        ),
        customTimeouts: { create: "20m", update: "20m", delete: "20m" },
      },
    );
    if (settings.scaling !== undefined) {
      createScaling(name, service, cluster.clusterName, settings.scaling, child);
    }

    this.serviceName = service.name;
    this.securityGroupId = securityGroup.id;
    this.logGroupName = logGroup.name;
    this.taskRoleName = task.role.name;
    this.targetGroupArnSuffix = route?.targetGroup.arnSuffix;
    this.minimumTasks = settings.scaling?.min ?? settings.desiredCount ?? 0;
    this.registerOutputs({
      serviceName: this.serviceName,
      securityGroupId: this.securityGroupId,
      logGroupName: this.logGroupName,
      taskRoleName: this.taskRoleName,
      targetGroupArnSuffix: this.targetGroupArnSuffix,
    });
  }
}

/** Closed to everybody; out go HTTPS calls, for images, logs, secrets and other people's interfaces. */
function createSecurityGroup(
  name: string,
  vpcId: pulumi.Input<string>,
  child: pulumi.CustomResourceOptions,
): aws.ec2.SecurityGroup {
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-security-group`,
    { vpcId, description: `Tasks of ${name}`, tags: { Name: name } },
    child,
  );
  allowHttpsOut(name, securityGroup.id, "HTTPS to AWS and the internet", child);
  return securityGroup;
}
