import type * as pulumi from "@pulumi/pulumi";
import { type Connectable, variableName } from "../support/connection";
import { joinKey } from "../support/parse-settings";
import type { Problem } from "../support/problem";

/** The plain variables of all connections, or those that are read from secrets when a task starts. */
export function connectionVariables(
  connections: Readonly<Record<string, Connectable>>,
  kind: "environment" | "secrets",
): Record<string, pulumi.Input<string>> {
  return Object.fromEntries(
    Object.entries(connections).flatMap(([key, { connection }]) =>
      Object.entries(connection[kind]).map(([part, value]) => [variableName(key, part), value]),
    ),
  );
}

/** The parts of the names of all variables that each connection gives, e.g. HOST and PORT. */
export function connectionParts(
  connections: Readonly<Record<string, Connectable>>,
): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(connections).map(([key, { connection }]) => [
      key,
      [...Object.keys(connection.environment), ...Object.keys(connection.secrets)],
    ]),
  );
}

/**
 * A variable that the settings give and a connection gives too would hide one of the two.
 * `parts` as `connectionParts` gives them.
 */
export function connectionProblems(
  base: string,
  settings: {
    readonly environment?: Readonly<Record<string, unknown>>;
    readonly secrets?: Readonly<Record<string, unknown>>;
  },
  parts: Readonly<Record<string, readonly string[]>>,
): Problem[] {
  const maps = { environment: settings.environment ?? {}, secrets: settings.secrets ?? {} };
  return Object.entries(parts).flatMap(([key, ownParts]) => {
    const variables = ownParts.map((part) => variableName(key, part));
    return variables.flatMap((variable) =>
      Object.entries(maps)
        .filter(([, map]) => Object.hasOwn(Object(map) as object, variable))
        .map(([kind, map]) => ({
          key: joinKey(base, [kind, variable]),
          value: map[variable],
          rule: `is a variable that the connection to "${key}" gives`,
          allowed: `any other name than ${variables.join(", ")}`,
          fix: "remove it, or rename it",
        })),
    );
  });
}
