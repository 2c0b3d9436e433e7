import { type Graph, type PolicyResource, UNKNOWN, type Value } from "./graph";
import { type Mutant, withInput } from "./mutants";
import { inputAt } from "./values";

/** How strict a stack is: some rules are for production alone. */
export type Level = "production" | "development";

/** Why a rule need not hold: everywhere, or for what belongs to one component. */
export interface Exception {
  /** Id of the control. */
  readonly rule: string;
  readonly reason: string;
  /** Type and name of the component it is limited to. */
  readonly component?: { readonly type: string; readonly name: string };
  /** Where the stack file says so: "controls.exceptions.NET-07". */
  readonly key: string;
}

/** What the stack file says about its controls. */
export interface ControlsContext {
  readonly level: Level;
  readonly exceptions: readonly Exception[];
}

/** What is wrong with one resource, and what to do about it. */
export interface Finding {
  readonly resource: PolicyResource;
  readonly message: string;
  readonly fix: string;
}

/** How a control is checked on a graph. */
export interface Rule {
  readonly check: (graph: Graph, context: ControlsContext) => readonly Finding[];
  /** Graphs in which one thing is broken that the rule must find; at least one for each condition. */
  readonly mutants: (graph: Graph) => readonly Mutant[];
}

/** A condition that an input of every resource of a type must meet. */
export interface InputCondition {
  readonly type: string;
  readonly path: string;
  /** Called with known values only; a missing one is undefined. */
  readonly holds: (value: Value | undefined, resource: PolicyResource, graph: Graph) => boolean;
  readonly message: string;
  readonly fix: string;
  /** Values that must be found. */
  readonly wrong: readonly (Value | undefined)[];
  /** Which resources of the type; default: all. */
  readonly of?: (resource: PolicyResource, graph: Graph) => boolean;
}

/** A rule that looks at one input at a time. */
export function inputRule(...conditions: readonly InputCondition[]): Rule {
  return {
    check: (graph) => conditions.flatMap((condition) => brokenInputs(graph, condition)),
    mutants: (graph) => conditions.flatMap((condition) => brokenOnPurpose(graph, condition)),
  };
}

/** A condition on resources as a whole, and on what belongs to them. */
export interface ResourceCondition {
  readonly type: string;
  /** What is wrong with the resource; undefined where nothing is, or nothing is known. */
  readonly problem: (
    resource: PolicyResource,
    graph: Graph,
    context: ControlsContext,
  ) => string | undefined;
  readonly fix: string;
  /** Graphs in which the condition is broken for this resource; `finds` where another one must be blamed. */
  readonly broken: (resource: PolicyResource, graph: Graph) => readonly Break[];
  /** Which resources of the type; default: all. */
  readonly of?: (resource: PolicyResource, graph: Graph) => boolean;
}

/** A mutant at which the resource itself is blamed, unless it says otherwise. */
export type Break = Omit<Mutant, "finds"> & Partial<Pick<Mutant, "finds">>;

/** A rule that looks at one resource at a time. */
export function resourceRule(...conditions: readonly ResourceCondition[]): Rule {
  return {
    check: (graph, context) =>
      conditions.flatMap((condition) =>
        subjects(graph, condition).flatMap((resource) => {
          const message = condition.problem(resource, graph, context);
          return message === undefined ? [] : [{ resource, message, fix: condition.fix }];
        }),
      ),
    mutants: (graph) =>
      conditions.flatMap((condition) =>
        subjects(graph, condition).flatMap((resource) =>
          condition.broken(resource, graph).map(({ title, ...rest }) => ({
            finds: resource.urn,
            ...rest,
            title: `${resource.name}: ${title}`,
          })),
        ),
      ),
  };
}

/** Several rules as one. */
export function allOf(...rules: readonly Rule[]): Rule {
  return {
    check: (graph, context) => rules.flatMap((rule) => rule.check(graph, context)),
    mutants: (graph) => rules.flatMap((rule) => rule.mutants(graph)),
  };
}

function brokenInputs(graph: Graph, condition: InputCondition): Finding[] {
  const { path, holds, message, fix } = condition;
  return subjects(graph, condition).flatMap((resource) => {
    const value = inputAt(resource, path);
    if (value === UNKNOWN || holds(value, resource, graph)) return [];
    return [{ resource, message, fix }];
  });
}

function brokenOnPurpose(graph: Graph, condition: InputCondition): Mutant[] {
  const { path, wrong } = condition;
  return subjects(graph, condition).flatMap((resource) =>
    wrong.map((value) => ({
      title: `${resource.name}: ${path} = ${shown(value)}`,
      graph: withInput(graph, resource, path, value),
      finds: resource.urn,
    })),
  );
}

function subjects(
  graph: Graph,
  { type, of = () => true }: Pick<InputCondition, "type" | "of">,
): readonly PolicyResource[] {
  return graph.ofType(type).filter((resource) => of(resource, graph));
}

function shown(value: Value | undefined): string {
  return value === undefined ? "(missing)" : JSON.stringify(value);
}
