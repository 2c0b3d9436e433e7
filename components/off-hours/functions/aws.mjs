/** What the function asks and tells AWS, by the SDK that Lambda brings along. */
import {
  ApplicationAutoScalingClient,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { AutoScalingClient, UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
} from "@aws-sdk/client-cloudwatch";
import { EC2Client, StartInstancesCommand, StopInstancesCommand } from "@aws-sdk/client-ec2";
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import {
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
  StartDBClusterCommand,
  StartDBInstanceCommand,
  StopDBClusterCommand,
  StopDBInstanceCommand,
} from "@aws-sdk/client-rds";

const autoScaling = new AutoScalingClient({});
const cloudWatch = new CloudWatchClient({});
const ec2 = new EC2Client({});
const ecs = new ECSClient({});
const rds = new RDSClient({});
const scaling = new ApplicationAutoScalingClient({});

/** CloudWatch takes so many alarms in one call. */
const ALARMS_A_CALL = 100;

/** How many tasks a service wants and has; undefined where there is no such service any more. */
export async function serviceState(serviceArn) {
  const { services } = await ecs.send(
    new DescribeServicesCommand({ cluster: clusterOf(serviceArn), services: [serviceArn] }),
  );
  const [service] = services;
  if (service?.status !== "ACTIVE") return undefined;
  return { desired: service.desiredCount, running: service.runningCount };
}

export async function setTasks(serviceArn, desiredCount) {
  const cluster = clusterOf(serviceArn);
  await ecs.send(new UpdateServiceCommand({ cluster, service: serviceArn, desiredCount }));
}

/** Minimum and maximum stay as they are. */
export async function suspendScaling(serviceArn, isSuspended) {
  await scaling.send(
    new RegisterScalableTargetCommand({
      ServiceNamespace: "ecs",
      ScalableDimension: "ecs:service:DesiredCount",
      ResourceId: `service/${serviceArn.split(":service/")[1]}`,
      SuspendedState: {
        DynamicScalingInSuspended: isSuspended,
        DynamicScalingOutSuspended: isSuspended,
        ScheduledScalingSuspended: isSuspended,
      },
    }),
  );
}

/** "available", "stopped" and many more; undefined where there is no such database any more. */
export async function databaseStatus({ identifier, isCluster }) {
  try {
    if (isCluster) {
      const { DBClusters } = await rds.send(
        new DescribeDBClustersCommand({ DBClusterIdentifier: identifier }),
      );
      return DBClusters[0].Status;
    }
    const { DBInstances } = await rds.send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier }),
    );
    return DBInstances[0].DBInstanceStatus;
  } catch (error) {
    if (["DBInstanceNotFoundFault", "DBClusterNotFoundFault"].includes(error.name)) {
      return undefined;
    }
    throw error;
  }
}

export async function startDatabase({ identifier, isCluster }) {
  await rds.send(
    isCluster
      ? new StartDBClusterCommand({ DBClusterIdentifier: identifier })
      : new StartDBInstanceCommand({ DBInstanceIdentifier: identifier }),
  );
}

export async function stopDatabase({ identifier, isCluster }) {
  await rds.send(
    isCluster
      ? new StopDBClusterCommand({ DBClusterIdentifier: identifier })
      : new StopDBInstanceCommand({ DBInstanceIdentifier: identifier }),
  );
}

/** Managed scaling takes away what has no tasks, and brings what tasks wait for. */
export async function setLeastHosts(groupName, MinSize) {
  await autoScaling.send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: groupName, MinSize }),
  );
}

export async function startInstance(id) {
  await ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
}

export async function stopInstance(id) {
  await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
}

export async function ringingAlarms(names) {
  const answers = await inParts(names, (AlarmNames) =>
    cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNames, StateValue: "ALARM", MaxRecords: ALARMS_A_CALL }),
    ),
  );
  return answers.flatMap(({ MetricAlarms = [] }) => MetricAlarms.map(({ AlarmName }) => AlarmName));
}

export async function muteAlarms(names) {
  await inParts(names, (AlarmNames) =>
    cloudWatch.send(new DisableAlarmActionsCommand({ AlarmNames })),
  );
}

export async function unmuteAlarms(names) {
  await inParts(names, (AlarmNames) =>
    cloudWatch.send(new EnableAlarmActionsCommand({ AlarmNames })),
  );
}

export function pause(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

async function inParts(names, send) {
  const answers = [];
  for (let start = 0; start < names.length; start += ALARMS_A_CALL) {
    answers.push(await send(names.slice(start, start + ALARMS_A_CALL)));
  }
  return answers;
}

/** arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/SERVICE */
function clusterOf(serviceArn) {
  return serviceArn.split("/")[1];
}
