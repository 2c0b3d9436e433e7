import { BUCKET_VARIABLES } from "../../components/bucket/bucket";
import { CACHE_VARIABLES } from "../../components/cache/cache";
import { databaseVariables } from "../../components/database/connection";
import { connectionProblems } from "../../components/ecs-service/connection";
import { vaultProblems } from "../../components/ecs-service/task-problems";
import { variableName } from "../../components/support/connection";
import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import { mapOf } from "../../components/support/rules";
import { TABLE_VARIABLES } from "../../components/table/table";
import type { SoundSections } from "../config";
import { CONNECTED_KINDS } from "../connected";
import { nearest } from "./nearest";

type Kind = keyof typeof CONNECTED_KINDS;
const KINDS = Object.keys(CONNECTED_KINDS) as Kind[];

/** What is wrong between services or tasks and the databases, caches, buckets, tables and vaults that they use. */
export function connectedProblems(base: string, sections: SoundSections): Problem[] {
  const { services = {}, tasks = {} } = sections;
  const workloads = [
    ...Object.entries(services).map(([name, settings]) => ({ path: ["services", name], settings })),
    ...Object.entries(tasks).map(([name, settings]) => ({ path: ["tasks", name], settings })),
  ];
  return [
    ...sharedNames(base, sections),
    ...workloads.flatMap(({ path, settings }) => [
      ...KINDS.flatMap((kind) => unknownNames(base, path, kind, settings[kind], sections[kind])),
      ...connectionProblems(joinKey(base, path), settings, variablesOf(settings, sections)),
      ...sharedVariables(joinKey(base, path), variablesOf(settings, sections)),
    ]),
    ...Object.entries(services).flatMap(([name, settings]) =>
      vaultProblems(joinKey(base, ["services", name]), settings, sections.vaults !== undefined),
    ),
  ];
}

/** What something names, by the last part of the key: a position in a list, or the name itself. */
function namesIn(given: unknown): [string | number, string][] {
  return Array.isArray(given)
    ? given.map((name, position): [number, string] => [position, String(name)])
    : Object.keys(mapOf(given)).map((name): [string, string] => [name, name]);
}

function unknownNames(
  base: string,
  path: readonly string[],
  kind: Kind,
  given: unknown,
  members: Readonly<Record<string, unknown>> = {},
): Problem[] {
  const known = Object.keys(members);
  return namesIn(given).flatMap(([part, name]) => {
    if (known.includes(name)) return [];
    const meant = nearest(name, known);
    return [
      {
        key: joinKey(base, [...path, kind, part]),
        value: name,
        rule: `names no ${CONNECTED_KINDS[kind]} of this stack`,
        allowed: known.length === 0 ? `none: ${kind} is empty` : known.join(", "),
        fix:
          meant === undefined
            ? `add it under ${base}${kind}, or remove it here`
            : `did you mean "${meant}"?`,
      },
    ];
  });
}

/** The rules that let services into them, and the variables that services get, start with their names alone. */
function sharedNames(base: string, sections: SoundSections): Problem[] {
  const owners = new Map<string, Kind>();
  return KINDS.flatMap((kind) =>
    Object.keys(sections[kind] ?? {}).flatMap((name) => {
      const owner = owners.get(name);
      owners.set(name, owner ?? kind);
      return owner === undefined
        ? []
        : [
            {
              key: joinKey(base, [kind, name]),
              value: name,
              rule: `is the name of a ${CONNECTED_KINDS[owner]}, too`,
              allowed: "a name of its own for every database, cache, bucket and table",
              fix: "rename one of the two",
            },
          ];
    }),
  );
}

/** The parts of the names of all variables that a service gets, by what gives them. */
function variablesOf(
  settings: Partial<Record<Kind, unknown>>,
  { databases = {} }: SoundSections,
): Record<string, readonly string[]> {
  const parts: Record<Kind, (name: string) => readonly string[]> = {
    databases: (name) => databaseVariables(databases[name] ?? {}),
    caches: () => CACHE_VARIABLES,
    buckets: () => BUCKET_VARIABLES,
    tables: () => TABLE_VARIABLES,
  };
  return Object.fromEntries(
    KINDS.flatMap((kind) =>
      namesIn(settings[kind]).map(([, name]): [string, readonly string[]] => [
        name,
        parts[kind](name),
      ]),
    ),
  );
}

/** "orders" with READER_HOST and "orders-reader" with HOST give the same variable: one would hide the other. */
function sharedVariables(
  key: string,
  parts: Readonly<Record<string, readonly string[]>>,
): Problem[] {
  const givers = new Map<string, string>();
  return Object.entries(parts).flatMap(([name, own]) =>
    own.flatMap((part) => {
      const variable = variableName(name, part);
      const giver = givers.get(variable);
      givers.set(variable, giver ?? name);
      return giver === undefined
        ? []
        : [
            {
              key,
              value: variable,
              rule: `is a variable that "${giver}" and "${name}" would both give`,
              allowed: "names of which none is another one's variable",
              fix: `rename "${giver}" or "${name}"`,
            },
          ];
    }),
  );
}
