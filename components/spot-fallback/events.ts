import type * as pulumi from "@pulumi/pulumi";
import type { SpotUsers } from "./spot-users";

/** What EventBridge calls the function for, by what follows the component's name. */
export function eventPatterns(
  { services = {}, hosts }: SpotUsers,
  clusterArn: pulumi.Input<string>,
): Record<string, { description: string; pattern: object }> {
  return {
    ...(Object.keys(services).length > 0 && {
      tasks: {
        description: "Services that find no capacity for a task",
        pattern: {
          source: ["aws.ecs"],
          "detail-type": ["ECS Service Action"],
          // Of all services, since a pattern has no room for many ARNs: the function knows which of them matter.
          detail: { clusterArn: [clusterArn], eventName: ["SERVICE_TASK_PLACEMENT_FAILURE"] },
        },
      },
    }),
    ...(hosts && {
      hosts: {
        description: "Hosts that cannot be started",
        pattern: {
          source: ["aws.autoscaling"],
          "detail-type": ["EC2 Instance Launch Unsuccessful"],
          detail: { AutoScalingGroupName: [hosts.groupName] },
        },
      },
    }),
  };
}
