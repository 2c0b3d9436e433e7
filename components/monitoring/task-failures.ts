import * as pulumi from "@pulumi/pulumi";
import type { EventAlarm } from "./event-alarms";
import type { Watched, WatchedService } from "./watched";

/** What a process ends with that the kernel has killed. */
const KILLED = 137;

/** Two alarms for each service: on tasks that are killed for want of memory, and on those that end with an error. */
export function taskFailureAlarms({ cluster, services }: Watched): readonly EventAlarm[] {
  const { arn } = cluster;
  if (arn === undefined) return [];
  return Object.entries(services).flatMap(([name, service]) => [
    outOfMemoryAlarm(arn, service, name),
    exitAlarm(arn, service, name),
  ]);
}

function outOfMemoryAlarm(
  clusterArn: pulumi.Input<string>,
  service: WatchedService,
  name: string,
): EventAlarm {
  const key = `service-${name}-out-of-memory`;
  return {
    key,
    events: [
      {
        key,
        description: `Tasks of ${name} that were killed for want of memory`,
        pattern: stopped(clusterArn, service, {
          $or: [
            { containers: { reason: [{ prefix: "OutOfMemoryError" }] } },
            // The kernel may kill a process without ECS's knowing why. Of a sidecar ECS itself kills what does not end in time.
            {
              stopCode: ["EssentialContainerExited"],
              containers: { name: [name], exitCode: [KILLED] },
            },
          ],
        }),
      },
    ],
    severity: "critical",
    runbook: "service-out-of-memory",
    description: `A task of ${name} was killed because it ran out of memory. Look for a leak, or raise memoryMiB.`,
  };
}

/** ECS stops tasks itself in a deployment and when it scales in, and takes Spot capacity back, with other stop codes. */
function exitAlarm(
  clusterArn: pulumi.Input<string>,
  service: WatchedService,
  name: string,
): EventAlarm {
  const key = `service-${name}-exits`;
  return {
    key,
    events: [
      {
        key,
        description: `Tasks of ${name} that did not start, or ended with an error`,
        pattern: stopped(clusterArn, service, {
          $or: [
            { stopCode: ["TaskFailedToStart"] },
            {
              stopCode: ["EssentialContainerExited"],
              containers: { exitCode: [{ "anything-but": [0] }] },
            },
          ],
        }),
      },
    ],
    severity: "warning",
    runbook: "service-exits",
    description: `A task of ${name} did not start, or ended with an error by itself; ECS starts another. Look at the last lines of its log, and at the reason that it stopped for.`,
  };
}

function stopped(
  clusterArn: pulumi.Input<string>,
  { serviceName }: WatchedService,
  how: Readonly<Record<string, unknown>>,
): EventAlarm["events"][0]["pattern"] {
  return {
    source: ["aws.ecs"],
    "detail-type": ["ECS Task State Change"],
    detail: {
      clusterArn: [clusterArn],
      group: [pulumi.interpolate`service:${serviceName}`],
      lastStatus: ["STOPPED"],
      ...how,
    },
  };
}
