import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { accountOf } from "../support/iam";
import { createNoticeTopic } from "../support/notice-topic";

/** What EC2 says before it takes a Spot host: for certain in two minutes, and that it is likely. */
const WARNINGS = [
  "EC2 Spot Instance Interruption Warning",
  "EC2 Instance Rebalance Recommendation",
];

/**
 * Tells a topic of Spot interruptions. The events name an instance and nothing else, so those of other Spot instances in
 * the account and region come too.
 */
export function createSpotNotices(
  name: string,
  clusterArn: pulumi.Input<string>,
  emails: Readonly<Record<string, string>>,
  child: pulumi.CustomResourceOptions,
): aws.sns.Topic {
  const topic = createNoticeTopic(
    `${name}-spot`,
    {
      accountId: accountOf(clusterArn),
      publisher: "events.amazonaws.com",
      description: "Encrypts notices of Spot interruptions",
      emails,
    },
    child,
  );
  const rule = new aws.cloudwatch.EventRule(
    `${name}-spot`,
    {
      description: "AWS is about to take a Spot instance",
      eventPattern: JSON.stringify({ source: ["aws.ec2"], "detail-type": WARNINGS }),
    },
    child,
  );
  new aws.cloudwatch.EventTarget(`${name}-spot`, { rule: rule.name, arn: topic.arn }, child);
  return topic;
}
