import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expressionOf, partName } from "../support/metric-math";
import type { Requests } from "./routing";

type Specification = Pick<
  aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfiguration,
  "predefinedMetricSpecification" | "customizedMetricSpecification"
>;

/**
 * Requests in a minute for each task. AWS's own metric for it knows one target group. Where requests move between two, each
 * has as many tasks as the service wants, so the sum is what each task of one group would get if all went there.
 */
export function requestMetric({ loadBalancer, targetGroups }: Requests): Specification {
  const [first, second] = targetGroups;
  if (second === undefined) {
    return {
      predefinedMetricSpecification: {
        predefinedMetricType: "ALBRequestCountPerTarget",
        resourceLabel: pulumi.interpolate`${loadBalancer}/${first}`,
      },
    };
  }
  return {
    customizedMetricSpecification: {
      metrics: [
        ...targetGroups.map((targetGroup, index) => ({
          id: partName(index),
          metricStat: {
            metric: {
              namespace: "AWS/ApplicationELB",
              metricName: "RequestCountPerTarget",
              // This metric is published by target group alone.
              dimensions: [{ name: "TargetGroup", value: targetGroup }],
            },
            stat: "Sum",
          },
          returnData: false,
        })),
        {
          id: "whole",
          label: "Requests for each task",
          expression: expressionOf(targetGroups.length, "SUM"),
          returnData: true,
        },
      ],
    },
  };
}
