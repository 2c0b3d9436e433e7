import { relative } from "node:path";
import type { OutputMap } from "@pulumi/pulumi/automation";
import { stringify } from "yaml";
import type { Gap } from "./emulators/gaps";
import { describeDiagnostics, type Diagnostic } from "./diagnostics";
import { groupBy } from "./group";
import type { Change, ChangedResource, Outcome } from "./operation-events";
import { labelOf } from "./resources";
import type { Served } from "./stand-ins/stand-ins";

/** How far the changes in a report have got. */
export type Tense = keyof typeof WORDS;

const WORDS = {
  done: {
    nothing: "Nothing changed",
    created: "created",
    updated: "updated",
    replaced: "replaced",
    deleted: "deleted",
    same: "unchanged",
  },
  planned: {
    nothing: "A deployment would change nothing",
    created: "to create",
    updated: "to update",
    replaced: "to replace",
    deleted: "to delete",
    same: "unchanged",
  },
  drifted: {
    nothing: "The emulated AWS has what the state says",
    created: "new",
    updated: "different",
    replaced: "replaced",
    deleted: "gone",
    same: "as in the state",
  },
} as const satisfies Record<string, Record<Change | "nothing", string>>;

const SIGNS = { created: "+", updated: "~", replaced: "±", deleted: "-", same: " " } as const;

/** A component that creates or deletes more than this many resources is one line. */
const LISTED_SINGLY = 6;
const WIDTH = 110;

const SECRET = "[secret]";

/** The stack's outputs as a tree, without secrets. */
export function describeOutputs(outputs: OutputMap): string {
  if (Object.keys(outputs).length === 0) return "Outputs: none";
  const tree = stringify(plainOutputs(outputs), { lineWidth: 0 }).replaceAll(`"${SECRET}"`, SECRET);
  return `Outputs\n${indent(tree.trimEnd())}`;
}

/** The values of the outputs; a secret is only said to be one. */
export function plainOutputs(outputs: OutputMap): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { value, secret }]) => [
      name,
      secret ? SECRET : (value as unknown),
    ]),
  );
}

/** How many resources each component has. */
export function describeComponents(counts: ReadonlyMap<string, number>): string {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const rows = [...counts, ["total", total] as const];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(
    ([name, count]) => `  ${name.padEnd(width)}  ${String(count).padStart(4)}`,
  );
  return ["Resources by component", ...lines].join("\n");
}

/** What an operation did, would do or found, resource by resource where that is not too much to read. */
export function describeChanges({ changed, counts }: Outcome, tense: Tense): string {
  const words = WORDS[tense];
  if (changed.length === 0) return `${words.nothing}: ${counts.same} resources.`;
  const parts = Object.entries(words).flatMap(([change, word]) => {
    const count = change === "nothing" ? 0 : counts[change as Change];
    return count > 0 ? `${count} ${word}` : [];
  });
  const isAllAlike = counts.created === changed.length || counts.deleted === changed.length;
  if (isAllAlike && counts.same === 0) return `All ${parts.join(", ")}.`;
  const lines = [...groupBy(changed, ({ component }) => component)].flatMap(([component, some]) =>
    [...groupBy(some, ({ change }) => change).values()].flatMap((group) =>
      describeGroup(component, group),
    ),
  );
  return [`${parts.join(", ")}:`, ...lines].join("\n");
}

/** Warnings and notes of program and providers; errors are told where the operation fails. */
export function describeRemarks(diagnostics: readonly Diagnostic[]): string {
  const remarks = diagnostics.filter(({ severity }) => severity !== "error");
  return remarks.length === 0 ? "" : `Remarks\n${indent(describeDiagnostics(remarks))}`;
}

/** What the emulated AWS lacks, and what comes of it. */
export function describeGaps(gaps: readonly Gap[]): string {
  if (gaps.length === 0) return "";
  const items = gaps.map(({ service, lacks, effect }) => `- ${service}: ${lacks} → ${effect}`);
  return ["The emulated AWS lacks, or does otherwise than AWS", ...items.flatMap(wrap)].join("\n");
}

/** Which packages something else answered for, and where to see what it was asked. */
export function describeStandIns(served: readonly Served[]): string {
  const lines = served.map(
    ({ name, requests, record }) =>
      `  - ${name}: ${requests} ${requests === 1 ? "request" : "requests"}, recorded in ${relative(process.cwd(), record)}`,
  );
  return lines.length === 0 ? "" : ["A stand-in answered in place of", ...lines].join("\n");
}

function describeGroup(component: string, group: readonly ChangedResource[]): string[] {
  const { change } = group[0] ?? { change: "same" };
  const isListed = change === "updated" || change === "replaced" || group.length <= LISTED_SINGLY;
  if (!isListed) return [`  ${SIGNS[change]} ${component}: ${group.length} resources`];
  return group.map(({ urn, keys }) => {
    const what = keys.length > 0 ? `: ${keys.join(", ")}` : "";
    return `  ${SIGNS[change]} ${component}: ${labelOf(urn)}${what}`;
  });
}

/** An item of a list, in lines that are not too long to read. */
function wrap(item: string): string[] {
  const lines: string[] = [];
  for (const word of item.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(last === undefined ? `  ${word}` : `    ${word}`);
    }
  }
  return lines;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
