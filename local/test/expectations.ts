import assert from "node:assert/strict";
import { type Change, type ChangedResource, describeCounts } from "../operation-events";
import { labelOf } from "../resources";
import type { Summary } from "../summary";

/** What a run changed, or found changed. */
export function changed(summary: Summary): readonly ChangedResource[] {
  assert.ok(summary.changed, "the run did not say what it changed");
  return summary.changed;
}

/** Fails if a run changed, or found changed, anything in another way. */
export function expectOnly(summary: Summary, expected?: Change): void {
  const others = changed(summary).filter(({ change }) => change !== expected);
  assert.ok(others.length === 0, others.map(describeChange).join(", "));
}

/** "Database database: Instance database-instance updated (multiAz)". */
export function describeChange({ change, component, urn, keys }: ChangedResource): string {
  const what = keys.length > 0 ? ` (${keys.join(", ")})` : "";
  return `${component}: ${labelOf(urn)} ${change}${what}`;
}

/** "1 updated, 96 unchanged". */
export function counts(summary: Summary): string {
  return describeCounts(summary.counts ?? {});
}
