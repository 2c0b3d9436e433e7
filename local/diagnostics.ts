import { relative } from "node:path";
import type { DiagnosticEvent, PolicyEvent } from "@pulumi/pulumi/automation";
import { groupBy } from "./group";
import { labelOf } from "./resources";

/** What the engine, a provider or the program has to say. */
export interface Diagnostic {
  readonly severity: "error" | "warning" | "info";
  /** The resource, if it is about one. */
  readonly urn: string | undefined;
  readonly message: string;
}

/** Says that there were errors, after the errors. */
const SUMMARIES =
  /^(update|preview|refresh|destroy|.*operation) (failed|canceled)$|^One or more errors occurred/;

/** Collects diagnostics, each once: providers and the program's runtime tell most errors twice. */
export function collectDiagnostics(): {
  readonly record: (event: DiagnosticEvent) => void;
  readonly all: () => readonly Diagnostic[];
} {
  const collected: Diagnostic[] = [];
  return {
    record({ severity, urn, message: raw, ephemeral }) {
      if (ephemeral || !["error", "warning", "info"].includes(severity)) return;
      const message = readable(raw);
      if (message === "") return;
      const same = collected.findIndex(
        (other) => other.urn === urn && sameMatter(other.message, message),
      );
      const diagnostic = { severity: severity as Diagnostic["severity"], urn, message };
      if (same === -1) collected.push(diagnostic);
      else if (message.length > (collected[same]?.message.length ?? 0))
        collected[same] = diagnostic;
    },
    all() {
      const telling = collected.filter(({ message }) => !SUMMARIES.test(message));
      const hasError = telling.some(({ severity }) => severity === "error");
      return hasError ? telling : collected;
    },
  };
}

/** What a policy finds, as a diagnostic of the resource. */
export function asDiagnostic(event: PolicyEvent): DiagnosticEvent {
  const { resourceUrn, policyName, message, color, enforcementLevel } = event;
  return {
    urn: resourceUrn,
    prefix: "",
    message: `${policyName}: ${message}`,
    color,
    severity: enforcementLevel === "mandatory" ? "error" : "warning",
  };
}

/** Diagnostics as a person reads them: a heading for each resource, its messages below. */
export function describeDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const bySubject = groupBy(diagnostics, ({ urn }) => urn);
  return [...bySubject]
    .map(([urn, about]) => {
      const messages = about.map(({ message }) => message).join("\n");
      return urn === undefined ? messages : `${labelOf(urn)}\n${indent(messages)}`;
    })
    .join("\n\n");
}

/** Without colour marks, the provider's code positions and the frames of other people's code. */
function readable(raw: string): string {
  const message = raw
    .replace(/<\{%.*?%\}>/g, "")
    .replace(/^\s*sdk-v2\/\S+ sdk\.\w+: (.*): provider=\S+\s*$/s, "$1")
    .replace(/^\s*\d+ errors? occurred:\s*\n/, "")
    .replace(/^Unhandled exception: /, "")
    .trim();
  return message
    .replace(/^\* /, "")
    .split("\n")
    .flatMap((line) => ownFrame(line) ?? [])
    .join("\n");
}

/** A line as it is, or with the path of a stack frame made short; nothing for frames of no interest. */
function ownFrame(line: string): string | undefined {
  const frame = /^\s+at (?:.*\()?(\/.*?):(\d+):\d+\)?$/.exec(line);
  if (frame === null) return /^\s+at .*(node:|<anonymous>)/.test(line) ? undefined : line;
  const [, file = "", row = ""] = frame;
  if (file.includes("/node_modules/")) return undefined;
  return `    at ${relative(process.cwd(), file)}:${row}`;
}

function sameMatter(one: string, other: string): boolean {
  const [first, second] = [one, other].map((message) => message.replace(/^\w*Error: /, ""));
  return first === second || one.includes(second ?? "") || other.includes(first ?? "");
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}
