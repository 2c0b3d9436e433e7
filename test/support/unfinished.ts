import type { Stage } from "./execution";
import type { RecordingMonitor } from "./monitor";
import type { LeakedPromises } from "./pulumi-internals";
import { describe } from "./recorded-resource";
import type { Settled } from "./settle";

/** The message for a program that did not come to its end: what it waits for, by name. */
export function explainUnfinished(
  settled: Exclude<Settled, { kind: "done" }>,
  stage: Stage,
  monitor: RecordingMonitor,
  leaked: LeakedPromises,
): string {
  const headline =
    settled.kind === "stuck"
      ? "the program never settles: it waits for something that nothing can bring about any more"
      : `the program did not settle within ${settled.milliseconds} ms: ` +
        `${settled.with.join(", ")} still keeps it going`;
  const reasons = [
    ...(leaked.registrations === undefined ? [] : [leaked.registrations]),
    ...monitor.resources
      .filter(({ kind, urn }) => kind === "component" && !monitor.hasOutputs(urn))
      .map((component) => `- ${describe(component)} waits for what it gave to registerOutputs`),
    ...(stage === "running" ? ["- the program itself has not returned: it awaits a promise"] : []),
    ...(stage === "resolving outputs" ? ["- the stack waits for the outputs it returned"] : []),
  ];
  return [headline, ...(reasons.length > 0 ? reasons : describeContexts(leaked))].join("\n");
}

// Only lookups and the like get here: whatever belongs to a resource has been named by then.
function describeContexts(leaked: LeakedPromises): string[] {
  const contexts = new Set(leaked.contexts.filter((context) => context !== "rpcKeepAlive"));
  return [...contexts].slice(0, 5).map((context) => `- waiting: ${context}`);
}
