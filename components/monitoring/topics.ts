import type * as pulumi from "@pulumi/pulumi";
import type { Severity } from "../support/alarm";
import { type Publisher, createNoticeKey, createTopic } from "../support/notice-topic";

/** An encrypted topic for each severity, all under one key. */
export function createAlarmTopics(
  name: string,
  args: { readonly accountId: pulumi.Input<string>; readonly publishers: readonly Publisher[] },
  child: pulumi.CustomResourceOptions,
): Record<Severity, pulumi.Output<string>> {
  const { accountId } = args;
  const publishers: readonly Publisher[] = ["cloudwatch.amazonaws.com", ...args.publishers];
  const key = createNoticeKey(
    `${name}-alarms-key`,
    { accountId, publishers, description: "Encrypts alarm notifications" },
    child,
  );
  const topicOf = (severity: Severity) => {
    const names = { topic: `${name}-${severity}`, policy: `${name}-${severity}-policy` };
    // Once there was one topic for all.
    const formerNames =
      severity === "critical"
        ? { topic: `${name}-alarms`, policy: `${name}-alarms-policy` }
        : undefined;
    const { arn } = createTopic(
      names,
      { key, accountId, publishers, ...(formerNames && { formerNames }) },
      child,
    );
    return arn;
  };
  return { critical: topicOf("critical"), warning: topicOf("warning"), info: topicOf("info") };
}
