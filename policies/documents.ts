import type { Graph, PolicyResource, Value, ValueMap } from "./graph";
import { withInput } from "./mutants";
import { inputAt, isList, isMap, parsed } from "./values";

/** One statement of an IAM policy, in one form: lists where IAM also takes a single text. */
export interface Statement {
  readonly allows: boolean;
  /** "*" for everybody, else kind and who: "Service:ecs-tasks.amazonaws.com", "AWS:123456789012". */
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Whether it speaks of all resources, or of all actions, but some. */
  readonly isInverse: boolean;
  readonly conditions: readonly Condition[];
}

/** "StringEquals" of "aws:SourceAccount" with its values. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** The statements of a policy that an input holds; none where the input is missing or not known yet. */
export function statementsOf(resource: PolicyResource, input: string): readonly Statement[] {
  return rawStatements(inputAt(resource, input)).map((statement) => ({
    allows: statement["Effect"] !== "Deny",
    principals: principalsOf(statement["Principal"]),
    actions: textsOf(statement["Action"]),
    resources: textsOf(statement["Resource"]),
    isInverse: statement["NotAction"] !== undefined || statement["NotResource"] !== undefined,
    conditions: conditionsOf(statement["Condition"]),
  }));
}

/** Whether requests that the statement is about must meet one of these conditions. */
export function isLimitedBy({ conditions }: Statement, ...keys: readonly string[]): boolean {
  return conditions.some(({ key }) => keys.some((wanted) => same(wanted, key)));
}

/** The graph with other statements in a resource's policy, to break a rule on purpose. */
export function withStatements(
  graph: Graph,
  resource: PolicyResource,
  input: string,
  change: (statements: readonly ValueMap[]) => readonly ValueMap[],
): Graph {
  const Statement = change(rawStatements(inputAt(resource, input)));
  return withInput(graph, resource, input, JSON.stringify({ Version: "2012-10-17", Statement }));
}

/** IAM takes the keys of conditions in any case. */
function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function rawStatements(policy: Value | undefined): readonly ValueMap[] {
  const document = parsed(policy);
  const statements = isMap(document) ? document["Statement"] : undefined;
  return (isList(statements) ? statements : [statements]).filter(isMap);
}

function principalsOf(principal: Value | undefined): string[] {
  if (!isMap(principal)) return textsOf(principal);
  return Object.entries(principal).flatMap(([kind, who]) =>
    textsOf(who).map((one) => (kind === "AWS" && one === "*" ? "*" : `${kind}:${one}`)),
  );
}

function conditionsOf(conditions: Value | undefined): Condition[] {
  if (!isMap(conditions)) return [];
  return Object.entries(conditions).flatMap(([operator, keys]) =>
    isMap(keys)
      ? Object.entries(keys).map(([key, values]) => ({ operator, key, values: textsOf(values) }))
      : [],
  );
}

function textsOf(value: Value | undefined): string[] {
  return (isList(value) ? value : [value]).filter((one) => typeof one === "string");
}
