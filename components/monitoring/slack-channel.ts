import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { policyDocument, serviceTrust } from "../support/iam";

/**
 * Has Amazon Q Developer in chat applications, formerly AWS Chatbot, write to a channel of Slack what is said on topics. It
 * may show the graphs of alarms, and nothing else; people in the channel cannot have it do more.
 */
export function createSlackChannel(
  name: string,
  args: {
    readonly workspaceId: string;
    readonly channelId: string;
    readonly topicArns: readonly pulumi.Input<string>[];
    readonly accountId: pulumi.Input<string>;
    /** Unique in the account. */
    readonly label: string;
  },
  child: pulumi.CustomResourceOptions,
): void {
  const role = new aws.iam.Role(
    `${name}-role`,
    { assumeRolePolicy: serviceTrust("chatbot.amazonaws.com") },
    child,
  );
  const policy = new aws.iam.Policy(
    `${name}-policy`,
    {
      description: `What may be shown in the channel ${args.channelId}`,
      policy: policyDocument([
        {
          // For the graph beside an alarm. CloudWatch knows no resources for them.
          actions: [
            "cloudwatch:DescribeAlarms",
            "cloudwatch:GetMetricData",
            "cloudwatch:GetMetricStatistics",
            "cloudwatch:GetMetricWidgetImage",
            "cloudwatch:ListMetrics",
          ],
          resources: ["*"],
        },
      ]),
    },
    child,
  );
  const attachment = new aws.iam.RolePolicyAttachment(
    `${name}-rights`,
    { role: role.name, policyArn: policy.arn },
    child,
  );
  new aws.chatbot.SlackChannelConfiguration(
    name,
    {
      configurationName: `${args.label}-${args.channelId}`,
      slackTeamId: args.workspaceId,
      slackChannelId: args.channelId,
      snsTopicArns: [...args.topicArns],
      iamRoleArn: role.arn,
      // Without any, AWS takes AdministratorAccess.
      guardrailPolicyArns: [policy.arn],
      loggingLevel: "ERROR",
    },
    {
      ...child,
      deleteBeforeReplace: true,
      // AWS cannot change it, and the provider would try.
      replaceOnChanges: ["slackTeamId"],
      dependsOn: [attachment],
    },
  );
}
