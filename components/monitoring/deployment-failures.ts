import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Alarm } from "./alarms";
import { createEventLog } from "./event-log";
import type { WatchedService } from "./watched";

/** Long enough for somebody who was away to see what happened. */
const RETENTION_DAYS = 30;

/**
 * Keeps what ECS says of deployments that fail, and counts them: one alarm for each service. ECS tells EventBridge of a
 * failed deployment, whoever began it, where its circuit breaker is on.
 */
export function watchDeployments(
  name: string,
  args: {
    readonly services: Readonly<Record<string, WatchedService>>;
    readonly accountId: pulumi.Input<string>;
    /** Unique in the account. */
    readonly label: string;
    /** Where the runbooks are. */
    readonly runbooksUrl: string;
  },
  child: pulumi.CustomResourceOptions,
): Record<string, Alarm> {
  const watched = Object.entries(args.services).flatMap(([key, { serviceArn }]) =>
    serviceArn === undefined ? [] : [{ key, serviceArn }],
  );
  if (watched.length === 0) return {};
  const { logGroup, policy } = createEventLog(
    `${name}-failed-deployments`,
    {
      accountId: args.accountId,
      label: `${args.label}-failed-deployments`,
      retentionDays: RETENTION_DAYS,
    },
    child,
  );
  return Object.fromEntries(
    watched.map(({ key, serviceArn }) => {
      const rule = new aws.cloudwatch.EventRule(
        `${name}-service-${key}-deployment`,
        {
          description: `Deployments of ${key} that failed`,
          eventPattern: pulumi.jsonStringify({
            source: ["aws.ecs"],
            "detail-type": ["ECS Deployment State Change"],
            resources: [serviceArn],
            detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
          }),
        },
        child,
      );
      new aws.cloudwatch.EventTarget(
        `${name}-service-${key}-deployment`,
        { rule: rule.name, arn: logGroup.arn },
        { ...child, dependsOn: [policy] },
      );
      return [`service-${key}-deployment`, deploymentAlarm(key, rule.name, args.runbooksUrl)];
    }),
  );
}

function deploymentAlarm(name: string, ruleName: pulumi.Output<string>, runbooks: string): Alarm {
  return {
    metric: {
      namespace: "AWS/Events",
      metricName: "Invocations",
      dimensions: { RuleName: ruleName },
      statistic: "Sum",
    },
    above: 0,
    minutes: 5,
    periods: 1,
    // EventBridge counts nothing but what there is.
    silence: "notBreaching",
    description: `A deployment of ${name} failed. ECS goes back to the former tasks where it can, so users may have noticed nothing. What to do: ${runbooks}/deployment-failed.md`,
  };
}
