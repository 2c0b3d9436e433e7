import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import {
  ERRORS_OVER_TIME,
  FAILURES,
  LATEST_ERRORS,
  ONE_REQUEST,
  REJECTED_TRAFFIC,
  SHELL_SESSIONS,
  SLOWEST_REQUESTS,
  STOP_REASONS,
} from "./log-queries";

type LogGroupName = pulumi.Input<string> | undefined;

/** Log groups that the queries search; what there is none of has no query. */
export interface SearchedLogs {
  /** Of the services, as many as one query takes. */
  readonly services: readonly pulumi.Input<string>[];
  readonly stoppedTasks: LogGroupName;
  /** Of the events that raise alarms. */
  readonly events: LogGroupName;
  /** Of shells that were opened in tasks. */
  readonly sessions: LogGroupName;
  /** Of the VPC's traffic. */
  readonly traffic: LogGroupName;
}

/** Saves the queries that somebody needs who was woken, under the stack's name in the console's list. */
export function saveQueries(
  name: string,
  folder: string,
  { services, stoppedTasks, events, sessions, traffic }: SearchedLogs,
  child: pulumi.CustomResourceOptions,
): void {
  const queries: Record<string, readonly [query: string, groups: readonly LogGroupName[]]> = {
    "newest-errors": [LATEST_ERRORS, services],
    "errors-over-time": [ERRORS_OVER_TIME, services],
    "slowest-requests": [SLOWEST_REQUESTS, services],
    "one-request": [ONE_REQUEST, services],
    "stop-reasons": [STOP_REASONS, [stoppedTasks]],
    failures: [FAILURES, [events]],
    "shell-sessions": [SHELL_SESSIONS, [sessions]],
    "rejected-traffic": [REJECTED_TRAFFIC, [traffic]],
  };
  for (const [key, [queryString, groups]] of Object.entries(queries)) {
    const logGroupNames = groups.filter((group) => group !== undefined);
    // Without a group it would search whatever was chosen last.
    if (logGroupNames.length === 0) continue;
    new aws.cloudwatch.QueryDefinition(
      `${name}-query-${key}`,
      { name: `${folder}/${key}`, queryString, logGroupNames },
      child,
    );
  }
}
