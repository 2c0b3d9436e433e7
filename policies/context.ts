import type { Value, ValueMap } from "./graph";
import { optOuts } from "./opt-outs";
import type { ControlsContext, Exception } from "./rule";
import { isMap, valueAt } from "./values";

/**
 * What a stack file says about its controls. Takes the sections as they stand there, by name ("network", "services"):
 * the engine hands policies no more than that. What is wrong in them, the program refuses.
 */
export function contextOf(sections: ValueMap): ControlsContext {
  const level = valueAt(sections, "controls.level");
  const fallback = sections["unprotectedBecause"] === undefined ? "production" : "development";
  return {
    level: level === "production" || level === "development" ? level : fallback,
    exceptions: [...written(valueAt(sections, "controls.exceptions")), ...optOuts(sections)],
  };
}

function written(exceptions: Value | undefined): Exception[] {
  if (!isMap(exceptions)) return [];
  return Object.entries(exceptions).flatMap(([rule, reason]) =>
    typeof reason === "string" ? [{ rule, reason, key: `controls.exceptions.${rule}` }] : [],
  );
}
