/** What the function asks and tells AWS, by the SDK that Lambda brings along. */
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";

const autoScaling = new AutoScalingClient({});
const cloudWatch = new CloudWatchClient({});
const ecs = new ECSClient({});

/** Where a service runs and since when; undefined where there is no such service any more. */
export async function serviceState(serviceArn) {
  const { services } = await ecs.send(
    new DescribeServicesCommand({ cluster: clusterOf(serviceArn), services: [serviceArn] }),
  );
  const [service] = services;
  if (service?.status !== "ACTIVE") return undefined;
  return {
    strategy: service.capacityProviderStrategy ?? [],
    deployedAt: Math.max(...service.deployments.map(({ createdAt }) => +createdAt)),
    isUnderWay:
      service.deployments.length > 1 ||
      service.deployments.some(({ rolloutState }) => rolloutState === "IN_PROGRESS"),
  };
}

/** ECS moves no task that runs: it starts new ones elsewhere, in the way of the service's strategy. */
export async function useStrategy(serviceArn, capacityProviderStrategy) {
  await ecs.send(
    new UpdateServiceCommand({
      cluster: clusterOf(serviceArn),
      service: serviceArn,
      capacityProviderStrategy,
      forceNewDeployment: true,
    }),
  );
}

/** Undefined where there is no such group any more. */
export async function onDemandPercentage(groupName) {
  const { AutoScalingGroups } = await autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [groupName] }),
  );
  return AutoScalingGroups[0]?.MixedInstancesPolicy?.InstancesDistribution
    ?.OnDemandPercentageAboveBaseCapacity;
}

/** When the group last got no Spot host; 0 where its record of six weeks has no such lack among the newest. */
export async function lastLackOfSpot(groupName, pattern) {
  const { Activities } = await autoScaling.send(
    new DescribeScalingActivitiesCommand({ AutoScalingGroupName: groupName, MaxRecords: 100 }),
  );
  const lacks = Activities.filter(({ StatusMessage = "" }) => pattern.test(StatusMessage));
  return Math.max(0, ...lacks.map(({ StartTime }) => +StartTime));
}

/** All of it: what is left out might go back to a default. */
export async function useDistribution(groupName, distribution) {
  await autoScaling.send(
    new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: groupName,
      MixedInstancesPolicy: {
        InstancesDistribution: {
          OnDemandAllocationStrategy: "prioritized",
          OnDemandBaseCapacity: distribution.onDemandBase,
          OnDemandPercentageAboveBaseCapacity: distribution.onDemandPercentageAboveBase,
          SpotAllocationStrategy: distribution.spotAllocationStrategy,
        },
      },
    }),
  );
}

/** How many services and groups of hosts are on demand although they are meant to be on Spot. */
export async function count({ namespace, clusterName }, number) {
  await cloudWatch.send(
    new PutMetricDataCommand({
      Namespace: namespace,
      MetricData: [
        {
          MetricName: "OnDemandInPlaceOfSpot",
          Dimensions: [{ Name: "ClusterName", Value: clusterName }],
          Value: number,
          Unit: "Count",
        },
      ],
    }),
  );
}

/** arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/SERVICE */
function clusterOf(serviceArn) {
  return serviceArn.split("/")[1];
}
