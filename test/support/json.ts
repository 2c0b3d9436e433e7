/** A value as it appears in a resource's recorded inputs and outputs: plain JSON. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** A JSON object; a key that may be missing reads as `undefined`. */
export interface JsonObject {
  [key: string]: JsonValue | undefined;
}

/** Where a value sits: `"rules.0.port"`, or its segments when a key itself contains a dot. */
export type JsonPath = string | readonly string[];

/** The value at `path`, or undefined when any step of the path is missing. */
export function valueAt(root: JsonValue | undefined, path: JsonPath): JsonValue | undefined {
  let value = root;
  for (const segment of segmentsOf(path)) {
    if (typeof value !== "object" || value === null) {
      return undefined;
    }
    value = Array.isArray(value) ? value[Number(segment)] : value[segment];
  }
  return value;
}

/** The segments of a path: `"a.0.b"` is `["a", "0", "b"]`. */
export function segmentsOf(path: JsonPath): readonly string[] {
  return typeof path === "string" ? path.split(".") : path;
}
