import type { EventAlarm } from "./event-alarms";
import type { WatchedService } from "./watched";

/**
 * An alarm for each service, on deployments that fail. ECS tells EventBridge of one, whoever began it, where its circuit
 * breaker is on.
 */
export function deploymentAlarms(
  services: Readonly<Record<string, WatchedService>>,
): readonly EventAlarm[] {
  return Object.entries(services).flatMap(([name, { serviceArn }]) => {
    if (serviceArn === undefined) return [];
    const key = `service-${name}-deployment`;
    return {
      key,
      events: [
        {
          key,
          description: `Deployments of ${name} that failed`,
          pattern: {
            source: ["aws.ecs"],
            "detail-type": ["ECS Deployment State Change"],
            resources: [serviceArn],
            detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
          },
        },
      ],
      severity: "warning",
      runbook: "deployment-failed",
      description: `A deployment of ${name} failed. ECS goes back to the former tasks where it can, so users may have noticed nothing.`,
    };
  });
}
