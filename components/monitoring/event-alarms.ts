import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Alarm, type Telling, isWanted } from "../support/alarm";
import { createEventLog } from "./event-log";
import { sentEvents } from "./watched";

/** Long enough for somebody who was away to see what happened. */
const RETENTION_DAYS = 30;

/** Events of AWS that a rule picks out. */
export interface PickedEvents {
  /** The rule's logical name, behind the component's. */
  readonly key: string;
  readonly description: string;
  readonly pattern: pulumi.Input<Readonly<Record<string, pulumi.Input<unknown>>>>;
}

/** An alarm that any event raises; of two rules, an event of either. */
export interface EventAlarm extends Pick<Alarm, "severity" | "runbook" | "description"> {
  /** The alarm's logical name, behind the component's. */
  readonly key: string;
  readonly events: readonly [PickedEvents, PickedEvents?];
}

/**
 * Keeps events in one log group, and counts them: EventBridge tells CloudWatch how often it has sent one on. It tries again
 * for a day where the log group does not take one, so a queue for what is lost would hold nothing. Hands back the name of
 * the log group, where there is one.
 */
export function createEventAlarms(
  name: string,
  alarms: readonly EventAlarm[],
  args: {
    readonly accountId: pulumi.Input<string>;
    /** Unique in the account. */
    readonly label: string;
    readonly telling: Telling;
  },
  child: pulumi.CustomResourceOptions,
): { readonly alarms: Record<string, Alarm>; readonly logGroupName?: pulumi.Output<string> } {
  const wanted = alarms.filter(({ runbook }) => isWanted(runbook, args.telling));
  if (wanted.length === 0) return { alarms: {} };
  // The first events that were kept here were of failed deployments; another name would delete what is kept.
  const { logGroup, policy } = createEventLog(
    `${name}-failed-deployments`,
    {
      accountId: args.accountId,
      label: `${args.label}-failed-deployments`,
      retentionDays: RETENTION_DAYS,
    },
    child,
  );
  const count = ({ key, description, pattern }: PickedEvents): pulumi.Output<string> => {
    const rule = new aws.cloudwatch.EventRule(
      `${name}-${key}`,
      { description, eventPattern: pulumi.jsonStringify(pattern) },
      child,
    );
    new aws.cloudwatch.EventTarget(
      `${name}-${key}`,
      { rule: rule.name, arn: logGroup.arn },
      { ...child, dependsOn: [policy] },
    );
    return rule.name;
  };
  const counted = wanted.map(({ key, events: [first, second], ...said }): [string, Alarm] => [
    key,
    {
      ...said,
      metric: sentEvents(count(first), second && count(second)),
      above: 0,
      minutes: 5,
      periods: 1,
      // EventBridge counts nothing but what there is.
      silence: "notBreaching",
    },
  ]);
  return { alarms: Object.fromEntries(counted), logGroupName: logGroup.name };
}
