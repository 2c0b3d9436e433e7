import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../support/iam";
import type { z } from "zod";
import type { logRetentionDays } from "../support/rules";

/** A log group that EventBridge alone writes to, and whoever may send events there waits for. */
export interface EventLog {
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly policy: aws.cloudwatch.LogResourcePolicy;
}

export function createEventLog(
  name: string,
  args: {
    readonly accountId: pulumi.Input<string>;
    /** Unique in the account. */
    readonly label: string;
    readonly retentionDays: z.output<typeof logRetentionDays>;
  },
  child: pulumi.CustomResourceOptions,
): EventLog {
  const logGroup = new aws.cloudwatch.LogGroup(
    name,
    {
      // EventBridge writes to groups of this prefix alone.
      name: `/aws/events/${args.label}`,
      retentionInDays: args.retentionDays,
    },
    { ...child, deleteBeforeReplace: true },
  );
  const policy = new aws.cloudwatch.LogResourcePolicy(
    `${name}-policy`,
    {
      policyName: args.label,
      policyDocument: policyDocument(
        ["events.amazonaws.com", "delivery.logs.amazonaws.com"].flatMap((service) => [
          // AWS tells the account with the events only (EventBridge guide, "CloudWatch Logs permissions").
          {
            principal: { Service: service },
            actions: ["logs:CreateLogStream"],
            resources: [pulumi.interpolate`${logGroup.arn}:*`],
          },
          {
            principal: { Service: service },
            actions: ["logs:PutLogEvents"],
            resources: [pulumi.interpolate`${logGroup.arn}:*`],
            conditions: { StringEquals: { "aws:SourceAccount": args.accountId } },
          },
        ]),
      ),
    },
    { ...child, deleteBeforeReplace: true },
  );
  return { logGroup, policy };
}
