import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AlarmTopics, SEVERITIES } from "../support/alarm";
import { subscribeEmails } from "../support/notice-topic";
import { createSlackChannel } from "./slack-channel";
import type { CheckedMonitoringSettings } from "./settings";

/** Tells people what is said on the topics, each severity by its own ways. */
export function tellPeople(
  name: string,
  args: {
    readonly topics: AlarmTopics;
    readonly accountId: pulumi.Input<string>;
    /** Unique in the account. */
    readonly label: string;
    readonly settings: Pick<CheckedMonitoringSettings, "emails" | "notifications">;
  },
  child: pulumi.CustomResourceOptions,
): void {
  const { topics, settings } = args;
  const channels = new Map<string, { workspaceId: string; topicArns: pulumi.Input<string>[] }>();
  for (const severity of SEVERITIES) {
    const topic = topics[severity];
    // Of the first topic, which was the only one, subscriptions have the shorter names.
    const everybody = severity === "critical" ? `${name}-email` : `${name}-${severity}-everybody`;
    subscribeEmails(everybody, topic, settings.emails, child);
    const { emails = {}, pagerDuty, slack } = settings.notifications[severity] ?? {};
    subscribeEmails(`${name}-${severity}-email`, topic, emails, child);
    if (pagerDuty !== undefined) {
      subscribePagerDuty(`${name}-${severity}-pagerduty`, topic, pagerDuty.integrationUrl, child);
    }
    if (slack !== undefined) {
      const { topicArns = [] } = channels.get(slack.channelId) ?? {};
      const { workspaceId } = slack;
      channels.set(slack.channelId, { workspaceId, topicArns: [...topicArns, topic] });
    }
  }
  for (const [channelId, channel] of channels) {
    createSlackChannel(
      `${name}-slack-${channelId.toLowerCase()}`,
      { ...channel, channelId, accountId: args.accountId, label: args.label },
      child,
    );
  }
}

function subscribePagerDuty(
  name: string,
  topic: pulumi.Input<string>,
  integrationUrl: pulumi.Input<string>,
  child: pulumi.CustomResourceOptions,
): void {
  new aws.sns.TopicSubscription(
    name,
    {
      topic,
      protocol: "https",
      // Whoever knows it can raise incidents; a stack file's secrets come decrypted.
      endpoint: pulumi.secret(integrationUrl),
      // PagerDuty confirms by itself.
      endpointAutoConfirms: true,
    },
    { ...child, additionalSecretOutputs: ["endpoint"] },
  );
}
