import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "./iam";

export interface NoticeTopicArgs {
  readonly accountId: pulumi.Input<string>;
  /** The AWS service that may publish, e.g. "events.amazonaws.com". */
  readonly publisher: string;
  readonly description: string;
  /** Who gets the notices, by a name that becomes part of the subscription's. */
  readonly emails: Readonly<Record<string, string>>;
}

/** An encrypted SNS topic that one AWS service, such as EventBridge, publishes to. */
export function createNoticeTopic(
  name: string,
  { accountId, publisher, description, emails }: NoticeTopicArgs,
  child: pulumi.CustomResourceOptions,
): aws.sns.Topic {
  // No service can publish to a topic under the key of SNS itself, whose policy nobody may change.
  const key = new aws.kms.Key(
    `${name}-key`,
    {
      description,
      enableKeyRotation: true,
      deletionWindowInDays: 7,
      policy: policyDocument([
        {
          // Without it nobody could ever change the key again; IAM decides who of the account may.
          principal: { AWS: accountId },
          actions: ["kms:*"],
          resources: ["*"],
        },
        {
          principal: { Service: publisher },
          actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
          resources: ["*"],
          // EventBridge tells a key no account (SNS guide, "Key management"); SNS tells it the topic.
          conditions: {
            ArnLike: {
              "kms:EncryptionContext:aws:sns:topicArn": pulumi.interpolate`arn:*:sns:*:${accountId}:*`,
            },
          },
        },
      ]),
    },
    child,
  );
  const topic = new aws.sns.Topic(name, { kmsMasterKeyId: key.arn }, child);
  new aws.sns.TopicPolicy(
    `${name}-policy`,
    {
      arn: topic.arn,
      policy: policyDocument([
        {
          principal: { Service: publisher },
          actions: ["sns:Publish"],
          resources: [topic.arn],
          // No condition: with one, EventBridge could not publish (its guide, "Amazon SNS permissions").
        },
      ]),
    },
    child,
  );
  for (const [person, endpoint] of Object.entries(emails)) {
    new aws.sns.TopicSubscription(
      `${name}-email-${person}`,
      { topic: topic.arn, protocol: "email", endpoint },
      child,
    );
  }
  return topic;
}
