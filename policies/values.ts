import { type PolicyResource, UNKNOWN, type Value, type ValueMap } from "./graph";

/** The input at a path ("metadataOptions.httpTokens", "rules.0.port"); undefined where a step is missing, UNKNOWN where one is unknown. */
export function inputAt(resource: PolicyResource, path: string): Value | undefined {
  return valueAt(resource.inputs, path);
}

/** The same below any value. */
export function valueAt(root: Value | undefined, path: string): Value | undefined {
  let value = root;
  for (const step of path.split(".")) {
    if (value === UNKNOWN) return UNKNOWN;
    if (isList(value)) value = value[Number(step)];
    else if (isMap(value)) value = value[step];
    else return undefined;
  }
  return value;
}

/** A text; of anything else, the empty one. */
export function textOf(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}

/** A list; of a value that is missing or unknown, one without entries. */
export function listOf(value: Value | undefined): readonly Value[] {
  return isList(value) ? value : [];
}

/** The entries of a list that are maps. */
export function mapsOf(value: Value | undefined): readonly ValueMap[] {
  return listOf(value).filter(isMap);
}

/** Whether a value, or any part of it, is unknown. */
export function hasUnknown(value: Value | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (isList(value)) return value.some(hasUnknown);
  return isMap(value) && Object.values(value).some(hasUnknown);
}

/** A text that holds JSON, or the value as it is: policies are given as either. UNKNOWN where nothing can be said. */
export function parsed(value: Value | undefined): Value | undefined {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as Value;
  } catch {
    return UNKNOWN;
  }
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function isMap(value: Value | undefined): value is ValueMap {
  return typeof value === "object" && value !== null && value !== UNKNOWN && !isList(value);
}

/** Providers write an input that is not given as "", so the two are the same. */
export function isAbsent(value: Value | undefined): boolean {
  return value === undefined || value === null || value === "";
}
