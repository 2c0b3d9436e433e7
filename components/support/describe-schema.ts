import { z } from "zod";

/** Says in words what a schema takes. */
export function describeAllowed(schema: z.ZodType | undefined): string {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodEnum) return inner.options.join(", ");
  if (inner instanceof z.ZodLiteral) return [...inner.values].join(", ");
  if (inner instanceof z.ZodBoolean) return "true or false";
  if (inner instanceof z.ZodNumber) {
    const kind = inner.format?.includes("int") === true ? "a whole number" : "a number";
    const [least, most] = [bound(inner.minValue), bound(inner.maxValue)];
    if (least !== undefined && most !== undefined) return `${kind} from ${least} to ${most}`;
    return least === undefined ? kind : `${kind}, at least ${least}`;
  }
  if (inner instanceof z.ZodArray) {
    return `a list; each entry: ${describeAllowed(inner.element as z.ZodType)}`;
  }
  if (inner instanceof z.ZodRecord) return "a map of names to values";
  if (inner instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = inner.def;
    return `a map with the key ${discriminator}: ${kindsOf(inner).join(", ")}`;
  }
  if (inner instanceof z.ZodObject)
    return `a map with the keys ${Object.keys(inner.shape).join(", ")}`;
  // Text with a rule says by itself what it takes: see `rule` in rules.ts.
  const allowed = inner?.meta()?.["allowed"];
  return typeof allowed === "string" ? allowed : "text";
}

/** zod bounds every whole number by what JavaScript can count to, which tells nobody anything. */
function bound(value: number | null): number | undefined {
  if (value === null || !Number.isFinite(value)) return undefined;
  return Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;
}

/**
 * The schema of the value at a path; undefined where there is none. Of a map that is one of several kinds the value says
 * which.
 */
export function schemaAt(
  schema: z.ZodType,
  path: readonly PropertyKey[],
  value?: unknown,
): z.ZodType | undefined {
  let current = optionFor(schema, value);
  let held = value;
  for (const part of path) {
    held = partOf(held, part);
    current = optionFor(schemaOfPart(unwrap(current), part), held);
  }
  return current;
}

function schemaOfPart(inner: z.ZodType | undefined, part: PropertyKey): z.ZodType | undefined {
  if (inner instanceof z.ZodObject) return inner.shape[String(part)] as z.ZodType | undefined;
  if (inner instanceof z.ZodRecord) return inner.valueType as z.ZodType;
  if (inner instanceof z.ZodArray) return inner.element as z.ZodType;
  if (inner instanceof z.ZodDiscriminatedUnion && part === inner.def.discriminator) {
    return z.enum(kindsOf(inner));
  }
  return undefined;
}

function optionFor(schema: z.ZodType | undefined, value: unknown): z.ZodType | undefined {
  const inner = unwrap(schema);
  if (!(inner instanceof z.ZodDiscriminatedUnion)) return schema;
  const kind = partOf(value, inner.def.discriminator);
  return optionsOf(inner).find((option) => kindOfOption(inner, option) === kind) ?? schema;
}

/** The kinds of map that a union takes. */
export function optionsOf(union: z.ZodDiscriminatedUnion): z.ZodObject[] {
  return union.options.filter((option) => option instanceof z.ZodObject);
}

/** What an option calls itself, under the key that tells them apart. */
export function kindOfOption(union: z.ZodDiscriminatedUnion, option: z.ZodObject): string {
  const literal: unknown = option.shape[union.def.discriminator];
  return literal instanceof z.ZodLiteral ? String(literal.value) : "";
}

function kindsOf(union: z.ZodDiscriminatedUnion): string[] {
  return optionsOf(union).map((option) => kindOfOption(union, option));
}

/** What lies under a key of anything. */
export function partOf(value: unknown, part: PropertyKey): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<PropertyKey, unknown>)[part]
    : undefined;
}

/** The schema behind default, prefault and optional. */
export function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional
  ) {
    return unwrap(schema.unwrap() as z.ZodType);
  }
  return schema;
}
