import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Statement, policyDocument } from "./iam";

/** A service of AWS that may publish: alarms, events, budgets, what Cost Explorer finds odd, or what happens to databases. */
export type Publisher =
  | "cloudwatch.amazonaws.com"
  | "events.amazonaws.com"
  | "budgets.amazonaws.com"
  | "costalerts.amazonaws.com"
  | "events.rds.amazonaws.com";

export interface NoticeKeyArgs {
  readonly accountId: pulumi.Input<string>;
  readonly publishers: readonly Publisher[];
  readonly description: string;
}

/** A key for topics: no service can publish to one under the key of SNS itself, whose policy nobody may change. */
export function createNoticeKey(
  name: string,
  { accountId, publishers, description }: NoticeKeyArgs,
  child: pulumi.CustomResourceOptions,
): aws.kms.Key {
  return new aws.kms.Key(
    name,
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
        ...publishers.map((publisher) => ({
          principal: { Service: publisher },
          actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
          resources: ["*"],
          conditions: tellsAccount(publisher)
            ? fromAccount(accountId)
            : // SNS tells the key the topic (SNS guide, "Key management").
              {
                ArnLike: {
                  "kms:EncryptionContext:aws:sns:topicArn": pulumi.interpolate`arn:*:sns:*:${accountId}:*`,
                },
              },
        })),
      ]),
    },
    child,
  );
}

export interface TopicNames {
  readonly topic: string;
  readonly policy: string;
}

/** A topic under such a key. Its ARN is known once the publishers may publish. */
export function createTopic(
  names: TopicNames,
  args: {
    readonly key: aws.kms.Key;
    readonly accountId: pulumi.Input<string>;
    readonly publishers: readonly Publisher[];
    /** Logical names that topic and policy had once. */
    readonly formerNames?: TopicNames;
  },
  child: pulumi.CustomResourceOptions,
): { readonly topic: aws.sns.Topic; readonly arn: pulumi.Output<string> } {
  const { key, accountId, publishers, formerNames } = args;
  const topic = new aws.sns.Topic(
    names.topic,
    { kmsMasterKeyId: key.arn },
    { ...child, ...(formerNames && { aliases: [{ name: formerNames.topic }] }) },
  );
  const policy = new aws.sns.TopicPolicy(
    names.policy,
    {
      arn: topic.arn,
      policy: policyDocument([
        ...publishers.map((publisher) => ({
          principal: { Service: publisher },
          actions: ["sns:Publish"],
          resources: [topic.arn],
          ...(tellsAccount(publisher) && { conditions: fromAccount(accountId) }),
        })),
        ...encryptedOnly(topic.arn, publishers),
      ]),
    },
    { ...child, ...(formerNames && { aliases: [{ name: formerNames.policy }] }) },
  );
  return { topic, arn: policy.arn };
}

export interface NoticeTopicArgs extends Omit<NoticeKeyArgs, "publishers"> {
  readonly publisher: Publisher;
  /** Who gets the notices, by a name that becomes part of the subscription's. */
  readonly emails: Readonly<Record<string, string>>;
}

/** An encrypted SNS topic with a key of its own, that one AWS service, such as EventBridge, publishes to. */
export function createNoticeTopic(
  name: string,
  { accountId, publisher, description, emails }: NoticeTopicArgs,
  child: pulumi.CustomResourceOptions,
): aws.sns.Topic {
  const publishers = [publisher];
  const key = createNoticeKey(`${name}-key`, { accountId, publishers, description }, child);
  const { topic } = createTopic(
    { topic: name, policy: `${name}-policy` },
    { key, accountId, publishers },
    child,
  );
  subscribeEmails(`${name}-email`, topic.arn, emails, child);
  return topic;
}

/** Everybody has to confirm once, by mail. */
export function subscribeEmails(
  name: string,
  topic: pulumi.Input<string>,
  emails: Readonly<Record<string, string>>,
  child: pulumi.CustomResourceOptions,
): void {
  for (const [person, endpoint] of Object.entries(emails)) {
    new aws.sns.TopicSubscription(
      `${name}-${person}`,
      { topic, protocol: "email", endpoint },
      child,
    );
  }
}

/** EventBridge tells neither key nor topic for which account it speaks (its guide, "Amazon SNS permissions"). */
function tellsAccount(publisher: Publisher): boolean {
  return publisher !== "events.amazonaws.com";
}

function fromAccount(accountId: pulumi.Input<string>): NonNullable<Statement["conditions"]> {
  return { StringEquals: { "aws:SourceAccount": accountId } };
}

/**
 * Lets nobody publish in plain text. Left out where EventBridge publishes: its guide says that it bears no condition in the
 * policy of a topic, and it calls SNS by TLS alone.
 */
function encryptedOnly(
  topicArn: pulumi.Input<string>,
  publishers: readonly Publisher[],
): Statement[] {
  if (!publishers.every(tellsAccount)) return [];
  return [
    {
      effect: "Deny",
      principal: { AWS: "*" },
      actions: ["sns:Publish"],
      resources: [topicArn],
      conditions: { Bool: { "aws:SecureTransport": "false" } },
    },
  ];
}
