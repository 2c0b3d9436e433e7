import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Telling } from "../support/alarm";

export interface AnomaliesArgs {
  readonly aboveUsd: number;
  /** Whose costs are learned. */
  readonly tag: { readonly key: string; readonly value: string };
  readonly telling: Telling;
}

/** Has AWS learn what is usual, and tell at once of costs that are well above it. */
export function watchAnomalies(
  name: string,
  { aboveUsd, tag, telling }: AnomaliesArgs,
  child: pulumi.CustomResourceOptions,
): aws.costexplorer.AnomalyMonitor {
  const monitor = new aws.costexplorer.AnomalyMonitor(
    `${name}-anomalies`,
    {
      monitorType: "CUSTOM",
      // With everything that AWS tells of it afterwards: another text would be another monitor.
      monitorSpecification: JSON.stringify({
        And: null,
        CostCategories: null,
        Dimensions: null,
        Not: null,
        Or: null,
        Tags: { Key: tag.key, MatchOptions: null, Values: [tag.value] },
      }),
    },
    child,
  );
  if (!telling.silenced) {
    new aws.costexplorer.AnomalySubscription(
      `${name}-anomalies`,
      {
        // AWS writes e-mails once a day at most; a topic hears at once.
        frequency: "IMMEDIATE",
        monitorArnLists: [monitor.arn],
        subscribers: [{ type: "SNS", address: telling.topics.warning }],
        thresholdExpression: {
          dimension: {
            key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
            matchOptions: ["GREATER_THAN_OR_EQUAL"],
            values: [String(aboveUsd)],
          },
        },
      },
      child,
    );
  }
  return monitor;
}
