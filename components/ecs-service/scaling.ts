import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { ruleAcross } from "../support/rules";

export const scaling = ruleAcross(
  z.strictObject({
    min: z.int().min(1).max(5000).describe("Tasks that always run."),
    max: z.int().min(1).max(5000).describe("Tasks that may run at most; they bound the bill."),
    cpuPercent: z
      .int()
      .min(10)
      .max(95)
      .default(70)
      .describe("Average CPU use that scaling keeps the service at."),
    memoryPercent: z
      .int()
      .min(10)
      .max(95)
      .default(80)
      .describe("Average memory use that scaling keeps the service at."),
    scaleOutCooldownSeconds: z
      .int()
      .min(0)
      .max(3600)
      .default(60)
      .describe("Seconds between two steps up."),
    scaleInCooldownSeconds: z
      .int()
      .min(0)
      .max(3600)
      .default(300)
      .describe("Seconds between two steps down."),
  }),
  ["max"],
  ({ min = 1, max = min }) => !(max < min),
  { rule: "must not be below min", allowed: "min or more", fix: "raise it, or lower min" },
);

/** Keeps a service's average CPU and memory use near their targets, between min and max tasks. */
export function createScaling(
  name: string,
  service: aws.ecs.Service,
  clusterName: pulumi.Input<string>,
  settings: z.output<typeof scaling>,
  child: pulumi.CustomResourceOptions,
): void {
  const target = new aws.appautoscaling.Target(
    `${name}-scaling`,
    {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: pulumi.interpolate`service/${clusterName}/${service.name}`,
      minCapacity: settings.min,
      maxCapacity: settings.max,
    },
    child,
  );
  const tracked = {
    cpu: { metric: "ECSServiceAverageCPUUtilization", percent: settings.cpuPercent },
    memory: { metric: "ECSServiceAverageMemoryUtilization", percent: settings.memoryPercent },
  };
  for (const [key, { metric, percent }] of Object.entries(tracked)) {
    new aws.appautoscaling.Policy(
      `${name}-scaling-${key}`,
      {
        policyType: "TargetTrackingScaling",
        serviceNamespace: target.serviceNamespace,
        scalableDimension: target.scalableDimension,
        resourceId: target.resourceId,
        targetTrackingScalingPolicyConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: metric },
          targetValue: percent,
          scaleOutCooldown: settings.scaleOutCooldownSeconds,
          scaleInCooldown: settings.scaleInCooldownSeconds,
        },
      },
      child,
    );
  }
}
