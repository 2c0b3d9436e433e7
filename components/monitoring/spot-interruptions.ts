import type { EventAlarm, PickedEvents } from "./event-alarms";
import type { Watched } from "./watched";

/** An alarm when AWS takes Spot capacity back, where there is any: tasks on Fargate Spot, and hosts. */
export function spotAlarms(watched: Watched): readonly EventAlarm[] {
  const [first, second] = [...spotTasks(watched), ...spotHosts(watched)];
  if (first === undefined) return [];
  return [
    {
      key: "spot-interruptions",
      events: [first, second],
      severity: "info",
      runbook: "spot-interruption",
      description:
        "AWS took Spot capacity back. ECS starts the tasks anew where there is some; nothing is wrong unless it happens often.",
    },
  ];
}

function spotTasks({ cluster: { arn }, services }: Watched): PickedEvents[] {
  const isUsed = Object.values(services).some(({ usesSpot = false }) => usesSpot);
  if (!isUsed || arn === undefined) return [];
  return [
    {
      key: "spot-tasks",
      description: "Tasks on Fargate Spot that AWS stopped",
      pattern: {
        source: ["aws.ecs"],
        "detail-type": ["ECS Task State Change"],
        detail: {
          clusterArn: [arn],
          capacityProviderName: ["FARGATE_SPOT"],
          // The event two minutes before has the code, too.
          lastStatus: ["STOPPED"],
          stopCode: ["SpotInterruption", "TerminationNotice"],
        },
      },
    },
  ];
}

/** EC2 names an instance and nothing else, so other Spot instances in the account and region count, too. */
function spotHosts({ cluster: { spotTopicArn } }: Watched): PickedEvents[] {
  if (spotTopicArn === undefined) return [];
  return [
    {
      key: "spot-hosts",
      description: "Spot instances that AWS is about to take",
      pattern: {
        source: ["aws.ec2"],
        "detail-type": ["EC2 Spot Instance Interruption Warning"],
      },
    },
  ];
}
