import type { Control } from "./control";
import type { Graph, PolicyResource } from "./graph";
import type { ControlsContext, Exception, Finding } from "./rule";

/** A finding and the control it breaks. */
export interface Violation extends Finding {
  readonly control: Control;
}

/** What the rules say about a graph. */
export interface Verdict {
  /** Most severe first. */
  readonly violations: readonly Violation[];
  /** What is broken, but for a reason that the stack file gives. */
  readonly excepted: readonly (Violation & { readonly exception: Exception })[];
  /** Exceptions written for a control by hand that nothing needs any more. */
  readonly stale: readonly Exception[];
}

/** Where exceptions are written by hand; those that come with a setting of their own may have nothing to except. */
const WRITTEN = "controls.exceptions.";
const SEVERITIES = ["critical", "high", "medium", "low"] as const;

/** Checks a graph against the controls that concern its level. */
export function evaluate(
  graph: Graph,
  controls: readonly Control[],
  context: ControlsContext,
): Verdict {
  const found = controls
    .filter((control) => concerns(control, context))
    .flatMap((control) =>
      (control.rule?.check(graph, context) ?? []).map((finding) => ({ ...finding, control })),
    );
  const judged = found.map((violation) => ({
    violation,
    exception: context.exceptions.find((exception) => covers(exception, violation, graph)),
  }));
  const excepted = judged.flatMap(({ violation, exception }) =>
    exception === undefined ? [] : [{ ...violation, exception }],
  );
  const used = new Set(excepted.map(({ exception }) => exception));
  return {
    violations: judged
      .filter(({ exception }) => exception === undefined)
      .map(({ violation }) => violation)
      .sort((a, b) => rank(a) - rank(b)),
    excepted,
    stale: context.exceptions.filter(
      (exception) => exception.key.startsWith(WRITTEN) && !used.has(exception),
    ),
  };
}

/** A violation as people read it. */
export function describeViolation({ control, resource, message, fix }: Violation): string {
  return `${control.id} (${control.severity}) ${resource.type} ${resource.name}: ${message}. Fix: ${fix}.`;
}

function concerns({ appliesTo }: Control, { level }: ControlsContext): boolean {
  return appliesTo === "every-stack" || level === "production";
}

function covers(exception: Exception, { control, resource }: Violation, graph: Graph): boolean {
  if (exception.rule !== control.id) return false;
  return exception.component === undefined || isWithin(resource, exception.component, graph);
}

function isWithin(
  resource: PolicyResource,
  { type, name }: { readonly type: string; readonly name: string },
  graph: Graph,
): boolean {
  if (resource.type === type && resource.name === name) return true;
  const parent = graph.parentOf(resource);
  return parent !== undefined && isWithin(parent, { type, name }, graph);
}

function rank({ control }: Violation): number {
  return SEVERITIES.indexOf(control.severity);
}
