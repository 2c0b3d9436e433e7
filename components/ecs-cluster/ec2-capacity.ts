import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type CheckedEc2Settings, hasSpot } from "./ec2-settings";
import { createHostTemplate } from "./hosts";

export interface Ec2CapacityArgs {
  readonly clusterName: pulumi.Input<string>;
  readonly network: {
    readonly vpcId: pulumi.Input<string>;
    readonly appSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  };
  readonly settings: CheckedEc2Settings;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether an `OffHours` takes the hosts away at night. */
  readonly sleeps: boolean;
}

const SECONDS_A_DAY = 24 * 60 * 60;

/** Container hosts in an Auto Scaling group, whose number follows the tasks that want to run. */
export function createEc2Capacity(
  name: string,
  { clusterName, network, settings, tags, sleeps }: Ec2CapacityArgs,
  child: pulumi.CustomResourceOptions,
): {
  provider: aws.ecs.CapacityProvider;
  group: aws.autoscaling.Group;
  securityGroup: aws.ec2.SecurityGroup;
} {
  const { template, securityGroup, rights } = createHostTemplate(
    `${name}-hosts`,
    { clusterName, vpcId: network.vpcId, settings, tags },
    child,
  );
  const group = new aws.autoscaling.Group(
    `${name}-hosts`,
    {
      vpcZoneIdentifiers: network.appSubnetIds,
      minSize: settings.minSize,
      maxSize: settings.maxSize,
      desiredCapacity: settings.desiredCapacity ?? settings.minSize,
      mixedInstancesPolicy: {
        instancesDistribution: {
          onDemandAllocationStrategy: "prioritized",
          onDemandBaseCapacity: settings.onDemandBase,
          onDemandPercentageAboveBaseCapacity: settings.onDemandPercentageAboveBase,
          spotAllocationStrategy: settings.spotAllocationStrategy,
        },
        launchTemplate: {
          launchTemplateSpecification: {
            launchTemplateId: template.id,
            version: pulumi.interpolate`${template.latestVersion}`,
          },
          overrides: settings.instanceTypes.map((instanceType) => ({ instanceType })),
        },
      },
      capacityRebalance: hasSpot(settings) && settings.capacityRebalancing,
      protectFromScaleIn: settings.terminationProtection,
      healthCheckType: "EC2",
      defaultInstanceWarmup: settings.managedScaling.warmupSeconds,
      maxInstanceLifetime: settings.maxLifetimeDays * SECONDS_A_DAY,
      // A new template replaces the hosts, each after its successor has come; those with tasks too, which move first.
      instanceRefresh: {
        strategy: "Rolling",
        preferences: {
          minHealthyPercentage: 100,
          maxHealthyPercentage: 150,
          scaleInProtectedInstances: "Refresh",
        },
      },
      // Protected hosts would never go by themselves, and a destruction would wait for them for ever.
      forceDelete: true,
      tags: Object.entries({
        Name: `${name}-hosts`,
        ...tags,
        // ECS adds it to every group that it manages; left out, each deployment would take it away.
        AmazonECSManaged: "true",
      }).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
    },
    {
      ...child,
      // Managed scaling owns the number from the first task on; off-hours, where it is on, also how many there are at least.
      ignoreChanges: sleeps ? ["desiredCapacity", "minSize"] : ["desiredCapacity"],
      // Agents register once, when hosts start: without the right they would stay away.
      dependsOn: rights,
    },
  );
  const provider = new aws.ecs.CapacityProvider(
    `${name}-ec2`,
    {
      autoScalingGroupProvider: {
        autoScalingGroupArn: group.arn,
        managedScaling: {
          status: "ENABLED",
          targetCapacity: settings.managedScaling.targetCapacityPercent,
          minimumScalingStepSize: settings.managedScaling.minimumStep,
          maximumScalingStepSize: settings.managedScaling.maximumStep,
          instanceWarmupPeriod: settings.managedScaling.warmupSeconds,
        },
        managedDraining: "ENABLED",
        managedTerminationProtection: settings.terminationProtection ? "ENABLED" : "DISABLED",
      },
    },
    child,
  );
  return { provider, group, securityGroup };
}
