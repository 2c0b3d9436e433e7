import type { EngineEvent, OpType } from "@pulumi/pulumi/automation";
import { asDiagnostic, collectDiagnostics, type Diagnostic } from "./diagnostics";
import { groupBy } from "./group";
import { elapsed } from "./progress";
import { componentOf, isCounted, labelOf, NO_COMPONENT } from "./resources";

/** What became of a resource. Internal steps of a replacement are none of these. */
export type Change = "created" | "updated" | "replaced" | "deleted" | "same";

/** One resource that an operation changes. */
export interface ChangedResource {
  readonly change: Change;
  readonly urn: string;
  readonly component: string;
  /** The inputs that differ, where the engine names them. */
  readonly keys: readonly string[];
}

/** What an operation did, or in a preview would do. Components and the stack itself are not counted. */
export interface Outcome {
  readonly counts: Readonly<Record<Change, number>>;
  readonly changed: readonly ChangedResource[];
  readonly diagnostics: readonly Diagnostic[];
  /** The engine came to its end in order, successfully or not: nothing is in flight that it does not know. */
  readonly complete: boolean;
}

/** Follows the events of one operation. */
export interface Tracker {
  record(event: EngineEvent): void;
  /** One line for whoever waits. */
  status(): string;
  /** Components all of whose resources are done since the last call, with what was done. */
  finishedComponents(): string[];
  outcome(): Outcome;
}

interface Step {
  op: OpType;
  readonly urn: string;
  readonly startedAt: number;
  keys: readonly string[];
  state: "running" | "done" | "failed";
}

const CHANGES: Readonly<Partial<Record<OpType, Change>>> = {
  same: "same",
  read: "same",
  refresh: "same",
  create: "created",
  import: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  discard: "deleted",
};

const WAITED_FOR_SHOWN = 3;

/** `expected` says how many resources each component has, as far as that is known. */
export function trackOperation(
  expected: () => ReadonlyMap<string, number>,
  knownParents: ReadonlyMap<string, string | undefined> = new Map(),
): Tracker {
  const steps: Step[] = [];
  const parents = new Map(knownParents);
  const diagnostics = collectDiagnostics();
  const reported = new Map<string, number>();
  let complete = false;

  const component = (urn: string) => componentOf(urn, (child) => parents.get(child));
  const finished = () => steps.filter((step) => step.state === "done" && CHANGES[step.op]);
  const running = () => steps.filter((step) => step.state === "running");
  const runningStep = (urn: string, op: OpType) => {
    const candidates = running().filter((step) => step.urn === urn);
    return candidates.find((step) => step.op === op) ?? candidates[0];
  };

  return {
    record(event) {
      if (event.diagnosticEvent) diagnostics.record(event.diagnosticEvent);
      if (event.policyEvent) diagnostics.record(asDiagnostic(event.policyEvent));
      if (event.cancelEvent) complete = true; // the last event of every operation
      const { metadata } =
        event.resourcePreEvent ?? event.resOutputsEvent ?? event.resOpFailedEvent ?? {};
      if (metadata === undefined) return;
      const { urn, op } = metadata;
      const resource = metadata.new ?? metadata.old;
      if (resource?.parent) parents.set(urn, resource.parent);
      if (!isCounted(urn, resource?.custom === true)) return;

      const step = event.resourcePreEvent ? undefined : runningStep(urn, op);
      if (step === undefined) {
        const state = event.resourcePreEvent
          ? "running"
          : event.resOutputsEvent
            ? "done"
            : "failed";
        steps.push({ op, urn, startedAt: Date.now(), keys: metadata.diffs ?? [], state });
      } else {
        step.op = op; // a refresh knows only now
        step.keys = metadata.diffs ?? step.keys;
        step.state = event.resOutputsEvent ? "done" : "failed";
      }
    },

    status() {
      const total = [...expected().values()].reduce((sum, count) => sum + count, 0);
      const done = `${finished().length} of ${Math.max(total, finished().length)} resources`;
      const slowest = running().sort((one, other) => one.startedAt - other.startedAt);
      if (steps.length === 0) return "starting";
      if (slowest.length === 0) return done;
      const names = slowest
        .slice(0, WAITED_FOR_SHOWN)
        .map((step) => `${labelOf(step.urn)} (${elapsed(step.startedAt)})`);
      const more = slowest.length - names.length;
      return `${done}, waiting for ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
    },

    finishedComponents() {
      const lines: string[] = [];
      const byComponent = groupBy(finished(), (step) => component(step.urn));
      for (const [name, done] of byComponent) {
        const isFinished = done.length >= (expected().get(name) ?? Infinity);
        if (name === NO_COMPONENT || !isFinished || reported.get(name) === done.length) continue;
        reported.set(name, done.length);
        const changes = countChanges(done);
        if (changes.same < done.length) lines.push(`${name}: ${describeCounts(changes)}`);
      }
      return lines;
    },

    outcome: () => ({
      counts: countChanges(finished()),
      changed: finished()
        .filter((step) => CHANGES[step.op] !== "same")
        .map(({ op, urn, keys }) => ({
          change: CHANGES[op] ?? "same",
          urn,
          component: component(urn),
          keys,
        })),
      diagnostics: diagnostics.all(),
      complete,
    }),
  };
}

/** "34 created, 2 updated, 7 unchanged". */
export function describeCounts(counts: Readonly<Partial<Record<Change, number>>>): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return parts
    .map(([change, count]) => `${count} ${change === "same" ? "unchanged" : change}`)
    .join(", ");
}

function countChanges(steps: readonly Step[]): Record<Change, number> {
  const counts = { created: 0, updated: 0, replaced: 0, deleted: 0, same: 0 };
  for (const { op } of steps) counts[CHANGES[op] ?? "same"] += 1;
  return counts;
}
