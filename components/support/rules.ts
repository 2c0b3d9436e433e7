import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { parseCidr } from "./cidr";
import type { RuleParameters } from "./parse-settings";

/** Adds one rule to a schema, with the words a person gets when it does not hold. */
export function rule<Schema extends z.ZodType>(
  schema: Schema,
  holds: (value: z.output<Schema>) => boolean,
  problem: RuleParameters & { readonly rule: string },
): Schema {
  const { rule: error, ...params } = problem;
  return schema.refine(holds, { error, params }).meta({ allowed: problem.allowed });
}

/**
 * Adds a rule between several keys of one map; the problem is reported at `at`.
 * It runs although other keys are wrong, so that all problems show at once: `holds` must bear any value.
 */
export function ruleAcross<Schema extends z.ZodType>(
  schema: Schema,
  at: readonly string[],
  holds: (value: Partial<z.output<Schema>>) => boolean,
  problem: RuleParameters & { readonly rule: string },
): Schema {
  const { rule: error, ...params } = problem;
  return schema.refine(
    (value) =>
      typeof value !== "object" || value === null || holds(value as Partial<z.output<Schema>>),
    { error, params, path: [...at], when: () => true },
  );
}

/** One of a map's values that breaks a rule, and what to say of it. */
export interface Finding extends RuleParameters {
  /** Where the value is, below the map. */
  readonly path: readonly PropertyKey[];
  readonly rule: string;
}

/**
 * Adds a rule that finds by itself which of a map's values break it.
 * It runs although other keys are wrong, so that all problems show at once: `find` must bear any value.
 */
export function ruleWithin<Schema extends z.ZodType>(
  schema: Schema,
  find: (value: Readonly<Record<string, unknown>>) => readonly Finding[],
): Schema {
  return schema.superRefine(
    (value, context) => {
      for (const { path, rule: message, ...params } of find(mapOf(value))) {
        context.addIssue({ code: "custom", message, params, path: [...path] });
      }
    },
    { when: () => true },
  );
}

/** A map as it is, and anything else as an empty one: for rules that must bear any value. */
export function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return isMap(value) ? value : {};
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Text that a program may also compute; a stack file always gives it plain.
 * `hidesValue` where what stands in its place may be a secret.
 */
export function textInput(
  hidesValue = false,
): z.ZodCustom<pulumi.Input<string>, pulumi.Input<string>> {
  return z
    .custom<pulumi.Input<string>>(
      (value) => typeof value === "string" || pulumi.Output.isInstance(value),
      {
        error: "must be text",
        params: { allowed: "text", hidesValue },
      },
    )
    .meta({ type: "string" });
}

/** As `textInput`, with a pattern that plain text must match. */
export function patternInput(
  pattern: RegExp,
  problem: RuleParameters & { readonly rule: string },
): z.ZodCustom<pulumi.Input<string>, pulumi.Input<string>> {
  return rule(
    textInput(problem.hidesValue),
    (value) => typeof value !== "string" || pattern.test(value),
    problem,
  ).meta({ type: "string", pattern: pattern.source, allowed: problem.allowed });
}

/**
 * Key of a service or a database. It starts the names of its AWS resources, the shortest of which (a target group, 32
 * characters with the random suffix) leaves 20. AWS refuses double and edge hyphens in RDS identifiers, and security
 * group names that start with "sg-".
 */
export const nameKey = rule(
  z.string(),
  (name) =>
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) && name.length <= 20 && !/^sg(-|$)/.test(name),
  {
    rule: "is not a usable name",
    allowed:
      'lower-case letters, digits and single hyphens, starting with a letter, at most 20 characters, not starting with "sg-"',
    fix: "rename it",
  },
);

/** A list whose entries name resources: the same one twice would be the same resource twice. */
export function different<Entry extends z.ZodType>(
  list: z.ZodArray<Entry>,
  entries: string,
): z.ZodArray<Entry> {
  return rule(list, (given) => new Set(given).size === given.length, {
    rule: "has an entry twice",
    allowed: `different ${entries}`,
    fix: "remove the repeated entry",
  });
}

export const email = rule(z.string(), (value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value), {
  rule: "must be an email address",
  allowed: "NAME@DOMAIN",
  fix: "correct the address",
});

/** TCP port. */
export const port = z.int().min(1).max(65535);

/** Why a safeguard is off. It stays in the stack file for the next reader. */
export const reason = rule(z.string(), (text) => text.trim().length >= 10, {
  rule: "must say why the safeguard is off",
  allowed: "a reason in 10 characters or more",
  fix: "write the reason, or remove the key to keep the safeguard",
});

/** Retention periods CloudWatch Logs takes, in days (API reference, PutRetentionPolicy); "never expire" is left out. */
export const logRetentionDays = z.literal([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
]);

/** IPv4 block in CIDR notation, e.g. "203.0.113.0/24". */
export const cidrBlock = rule(z.string(), (value) => parseCidr(value) !== undefined, {
  rule: "must be an IPv4 block in CIDR notation",
  allowed: "four numbers from 0 to 255, a slash, and 0 to 32, with no bit set behind the prefix",
  fix: "write it like 203.0.113.0/24",
});
