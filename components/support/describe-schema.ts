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

/** The schema of the value at a path; undefined where there is none. */
export function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>((current, part) => {
    const inner = unwrap(current);
    if (inner instanceof z.ZodObject) return inner.shape[String(part)] as z.ZodType | undefined;
    if (inner instanceof z.ZodRecord) return inner.valueType as z.ZodType;
    if (inner instanceof z.ZodArray) return inner.element as z.ZodType;
    return undefined;
  }, schema);
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
