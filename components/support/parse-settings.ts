import leven from "leven";
import { z } from "zod";
import { describeAllowed, partOf, schemaAt, unwrap } from "./describe-schema";
import { type Problem, SettingsError } from "./problem";

/** What a rule adds to the plain message: see `rule` in rules.ts. */
export interface RuleParameters {
  readonly allowed: string;
  readonly fix: string;
  /** Whether a wrong value may be a secret, which must not show in a log. */
  readonly hidesValue?: boolean;
}

/** Stands for a value that must not be shown. */
export const HIDDEN = "(hidden)";

export type ParseResult<Value> =
  | { readonly value: Value; readonly problems: readonly [] }
  | { readonly value: undefined; readonly problems: readonly Problem[] };

/**
 * Checks a component's arguments and fills in the defaults.
 *
 * @throws SettingsError with every problem at once, before anything registers.
 */
export function checkSettings<Schema extends z.ZodType>(
  subject: string,
  schema: Schema,
  settings: unknown,
): z.output<Schema> {
  const result = parseSettings(schema, settings, "");
  if (result.value === undefined) throw new SettingsError(subject, result.problems);
  return result.value;
}

/** As `checkSettings`, but hands the problems back, their keys below `key`. */
export function parseSettings<Schema extends z.ZodType>(
  schema: Schema,
  settings: unknown,
  key: string,
): ParseResult<z.output<Schema>> {
  const parsed = schema.safeParse(settings);
  if (parsed.success) return { value: parsed.data, problems: [] };
  const problems = parsed.error.issues.flatMap((issue) => toProblems(schema, settings, key, issue));
  // Rules across keys run on wrong values too; what they say of a key that is wrong by itself would confuse.
  const firstOfKey = problems.filter(
    ({ key: own }, position) => problems.findIndex((other) => other.key === own) === position,
  );
  return { value: undefined, problems: firstOfKey };
}

/** `services.api.route.paths[0]` from its parts. */
export function joinKey(base: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((key, part) => {
    if (typeof part === "number") return `${key}[${part}]`;
    return key === "" || key.endsWith(":") ? `${key}${String(part)}` : `${key}.${String(part)}`;
  }, base);
}

function toProblems(
  schema: z.ZodType,
  settings: unknown,
  base: string,
  issue: z.core.$ZodIssue,
): Problem[] {
  const key = joinKey(base, issue.path);
  const value = valueAt(settings, issue.path);
  const target = schemaAt(schema, issue.path, settings);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((unknown) => unknownKey(key, unknown, target, value));
    case "invalid_key": {
      const named = issue.path.at(-1);
      const [first] = issue.issues;
      const { rule, allowed, fix } = ruleOf(first ?? issue, undefined);
      return [{ key, value: named, rule, allowed, fix: fix ?? "rename the key" }];
    }
    default: {
      const { rule, allowed, fix, hidesValue } = ruleOf(issue, target);
      return [
        {
          key,
          value: hidesValue === true ? HIDDEN : value,
          rule,
          allowed,
          fix: fix ?? fixFor(key, hidesValue === true ? HIDDEN : value, target, allowed),
        },
      ];
    }
  }
}

/** An unknown key is most often a misspelt one: name the nearest. */
export function unknownKey(
  base: string,
  unknown: string,
  target: z.ZodType | undefined,
  holder: unknown,
): Problem {
  const inner = unwrap(target);
  const known = inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
  const [nearest] = known
    .map((candidate) => ({
      candidate,
      distance: leven(unknown.toLowerCase(), candidate.toLowerCase()),
    }))
    .filter(({ candidate, distance }) => distance <= Math.max(2, candidate.length / 3))
    .sort((a, b) => a.distance - b.distance);
  return {
    key: joinKey(base, [unknown]),
    value: valueAt(holder, [unknown]),
    rule: "is not a known key",
    allowed: known.join(", "),
    fix:
      nearest === undefined
        ? "remove it"
        : `did you mean "${nearest.candidate}"? Rename it, or remove it`,
  };
}

function ruleOf(
  issue: z.core.$ZodRawIssue | z.core.$ZodIssue,
  target: z.ZodType | undefined,
): { rule: string } & Pick<RuleParameters, "allowed" | "hidesValue"> & { fix?: string } {
  const parameters = "params" in issue ? (issue.params as Partial<RuleParameters>) : undefined;
  if (parameters?.allowed !== undefined) {
    return { ...parameters, allowed: parameters.allowed, rule: issue.message ?? "is not allowed" };
  }
  const allowed = describeAllowed(target);
  switch (issue.code) {
    case "invalid_type":
      return { rule: `must be ${kindOf(target)}`, allowed };
    case "invalid_value":
    case "invalid_union":
      return { rule: "must be one of the allowed values", allowed };
    case "too_small":
      return { rule: "is out of bounds", allowed: bounded(allowed, "at least", issue) };
    case "too_big":
      return { rule: "is out of bounds", allowed: bounded(allowed, "at most", issue) };
    default:
      return { rule: issue.message ?? "is not allowed", allowed };
  }
}

function kindOf(schema: z.ZodType | undefined): string {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodString) return "text";
  return inner instanceof z.ZodArray ? "a list" : describeAllowed(inner);
}

/** A number says its bounds by itself; of a list only the issue knows them. */
function bounded(allowed: string, relation: string, issue: { readonly origin?: unknown }): string {
  const { origin, minimum, maximum } = issue as Record<string, unknown>;
  if (origin !== "array") return allowed;
  const count = Number(minimum ?? maximum);
  const entries = `${relation} ${count} ${count === 1 ? "entry" : "entries"}`;
  return allowed.replace(/^a list/, `a list with ${entries}`);
}

function fixFor(
  key: string,
  value: unknown,
  target: z.ZodType | undefined,
  allowed: string,
): string {
  if (value === undefined) return `add the key ${key}`;
  const wanted = unwrap(target);
  // YAML reads 17.10 as 17.1, an account id as a number and a bare "yes" as a boolean.
  const wantsText = wanted instanceof z.ZodString || wanted instanceof z.ZodCustom;
  if (wantsText && (typeof value === "number" || typeof value === "boolean")) {
    return `put the value in quotes: "${value}"`;
  }
  if (wanted instanceof z.ZodNumber && typeof value === "string" && value.trim() !== "") {
    return Number.isNaN(Number(value)) ? `set ${allowed}` : `remove the quotes: ${value}`;
  }
  const isChoice = wanted instanceof z.ZodEnum || wanted instanceof z.ZodLiteral;
  return isChoice ? `set one of ${allowed}` : `set ${allowed}`;
}

function valueAt(settings: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce(partOf, settings);
}
