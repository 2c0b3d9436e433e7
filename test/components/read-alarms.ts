import type { JsonPath } from "../support/json";
import type { RecordedResource } from "../support/recorded-resource";

/** What an alarm says of itself, beside what it watches. */
export interface SaidOfAlarm {
  /** Of the topic that it tells. */
  readonly severity: string;
  readonly runbook: string;
}

export function readAlarm(alarm: RecordedResource): SaidOfAlarm {
  const [, severity = ""] = /monitoring-(\w+)-1a2b3c4$/.exec(textOf(alarm, "alarmActions.0")) ?? [];
  const [, runbook = ""] =
    / What to do: docs\/runbooks\/([\w-]+)\.md$/.exec(textOf(alarm, "alarmDescription")) ?? [];
  return { severity, runbook };
}

/** Text among the inputs; empty where there is none. */
export function textOf(alarm: RecordedResource, input: JsonPath): string {
  const value = alarm.input(input);
  return typeof value === "string" ? value : "";
}
