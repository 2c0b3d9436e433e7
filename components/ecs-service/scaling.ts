import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../support/problem";
import { joinKey } from "../support/parse-settings";
import type { Requests } from "./routing";
import { requestMetric } from "./scaling-requests";
import type { Scaling } from "./scaling-settings";
import { createSteps } from "./scaling-steps";

export interface ScalingArgs {
  readonly service: aws.ecs.Service;
  readonly clusterName: pulumi.Input<string>;
  /** Where its requests are counted; undefined without a route. */
  readonly requests: Requests | undefined;
  readonly settings: Scaling;
}

/** What a tracking policy follows, and the value that it keeps it at. */
type Tracking = Pick<
  aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfiguration,
  "predefinedMetricSpecification" | "customizedMetricSpecification" | "targetValue"
>;

/** Lets the number of a service's tasks follow its load, between min and max; returns what holds these two. */
export function createScaling(
  name: string,
  { service, clusterName, requests, settings }: ScalingArgs,
  child: pulumi.CustomResourceOptions,
): aws.appautoscaling.Target {
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
  for (const [key, tracking] of Object.entries(trackings(settings, requests))) {
    new aws.appautoscaling.Policy(
      `${name}-scaling-${key}`,
      {
        policyType: "TargetTrackingScaling",
        serviceNamespace: target.serviceNamespace,
        scalableDimension: target.scalableDimension,
        resourceId: target.resourceId,
        targetTrackingScalingPolicyConfiguration: {
          ...tracking,
          // Steps decide about fewer tasks; tracking would remove them at levels of its own.
          ...(settings.mode !== "targetTracking" && { disableScaleIn: true }),
          scaleOutCooldown: settings.scaleOutCooldownSeconds,
          scaleInCooldown: settings.scaleInCooldownSeconds,
        },
      },
      child,
    );
  }
  if (settings.mode !== "targetTracking") {
    createSteps(
      `${name}-scaling`,
      { target, settings, dimensions: { ClusterName: clusterName, ServiceName: service.name } },
      child,
    );
  }
  for (const [key, { schedule, timezone, min, max }] of Object.entries(settings.schedules)) {
    new aws.appautoscaling.ScheduledAction(
      `${name}-scaling-schedule-${key}`,
      {
        serviceNamespace: target.serviceNamespace,
        scalableDimension: target.scalableDimension,
        resourceId: target.resourceId,
        schedule,
        timezone,
        scalableTargetAction: { minCapacity: min, maxCapacity: max },
      },
      child,
    );
  }
  return target;
}

/** Tasks that must run at least, whatever the schedule says; 0 where nothing says anything. */
export function fewestTasks(settings: Scaling): number {
  return Math.min(settings.min, ...Object.values(settings.schedules).map(({ min }) => min));
}

/** Requests are counted at the load balancer: without a route there are none. */
export function scalingProblems(
  base: string,
  settings: {
    readonly route?: unknown;
    readonly scaling?: { readonly requestsPerTarget?: unknown };
  },
): Problem[] {
  const requestsPerTarget = settings.scaling?.requestsPerTarget;
  return requestsPerTarget === undefined || settings.route !== undefined
    ? []
    : [
        {
          key: joinKey(base, ["scaling", "requestsPerTarget"]),
          value: requestsPerTarget,
          rule: "needs a route: the load balancer counts the requests",
          allowed: "a number in a service with route",
          fix: "add route, or remove it",
        },
      ];
}

/** By the part of the policy's logical name that follows the service's. */
function trackings(settings: Scaling, requests: ScalingArgs["requests"]): Record<string, Tracking> {
  const { follow, mode, requestsPerTarget } = settings;
  const predefined = {
    cpu: { metric: "ECSServiceAverageCPUUtilization", percent: settings.cpuPercent },
    memory: { metric: "ECSServiceAverageMemoryUtilization", percent: settings.memoryPercent },
  };
  const percentages = Object.entries(predefined)
    .filter(([key]) => mode !== "steps" && follow.some((followed) => followed === key))
    .map(([key, { metric, percent }]): [string, Tracking] => [
      key,
      {
        predefinedMetricSpecification: { predefinedMetricType: metric },
        targetValue: percent,
      },
    ]);
  const custom = Object.entries(settings.custom).map(([key, metric]): [string, Tracking] => [
    `custom-${key}`,
    {
      customizedMetricSpecification: {
        namespace: metric.namespace,
        metricName: metric.metricName,
        dimensions: Object.entries(metric.dimensions)
          .sort(([left], [right]) => (left < right ? -1 : 1))
          .map(([dimension, value]) => ({ name: dimension, value })),
        statistic: metric.statistic,
        unit: metric.unit,
      },
      targetValue: metric.target,
    },
  ]);
  return {
    ...Object.fromEntries([...percentages, ...custom]),
    ...(requestsPerTarget !== undefined &&
      requests !== undefined && {
        requests: { ...requestMetric(requests), targetValue: requestsPerTarget },
      }),
  };
}
