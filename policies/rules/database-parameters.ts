import type { Control } from "../control";
import type { PolicyResource, Value } from "../graph";
import { withInput } from "../mutants";
import type { Rule } from "../rule";
import { inputAt, mapsOf } from "../values";
import { familyOf } from "./database-types";

const PARAMETER_GROUPS = [
  "aws:rds/parameterGroup:ParameterGroup",
  "aws:rds/clusterParameterGroup:ClusterParameterGroup",
];

/** What a parameter group must say, by the family of its engine; without values: a number of milliseconds. */
const PARAMETERS: Readonly<
  Record<"mysql" | "postgres", Readonly<Record<string, readonly string[]>>>
> = {
  postgres: {
    "rds.force_ssl": ["1"],
    log_statement: ["ddl", "mod", "all"],
    log_min_duration_statement: [],
  },
  mysql: { require_secure_transport: ["1", "ON"], slow_query_log: ["1", "ON"] },
};

/** RDS-15: no connection without TLS, and a log of statements that change the schema or take long. */
const setsParameters: Rule = {
  check: (graph) =>
    graph.ofType(...PARAMETER_GROUPS).flatMap((resource) => {
      const wrong = Object.entries(expectedOf(resource)).filter(
        ([name, allowed]) => !isSet(parameterOf(resource, name), allowed),
      );
      return wrong.length === 0
        ? []
        : [
            {
              resource,
              message: `lacks ${wrong.map(([name]) => name).join(", ")}, or turns it off`,
              fix: "remove it from databases.NAME.parameters",
            },
          ];
    }),
  mutants: (graph) =>
    graph.ofType(...PARAMETER_GROUPS).flatMap((group) =>
      Object.keys(expectedOf(group)).flatMap((name) =>
        [undefined, "0", "none", "-1"]
          .filter((value) => value !== "0" || name !== "log_min_duration_statement")
          .map((value) => ({
            title: `${group.name}: ${name} = ${value ?? "(missing)"}`,
            graph: withInput(graph, group, "parameters", [
              ...mapsOf(inputAt(group, "parameters")).filter((given) => given["name"] !== name),
              ...(value === undefined ? [] : [{ name, value }]),
            ]),
            finds: group.urn,
          })),
      ),
    ),
};

export const databaseParameterControls: readonly Control[] = [
  {
    id: "RDS-15",
    title: "Databases speak TLS alone, and log what changes them and what takes long",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["RDS.38", "RDS.39", "CKV2_AWS_30", "CKV2_AWS_69"],
    status: { kind: "held", setting: "databases.NAME.parameters" },
    rule: setsParameters,
  },
];

function expectedOf(group: PolicyResource): Readonly<Record<string, readonly string[]>> {
  const family = familyOf(inputAt(group, "family"));
  return family === undefined ? {} : PARAMETERS[family];
}

function parameterOf(group: PolicyResource, name: string): Value | undefined {
  return mapsOf(inputAt(group, "parameters")).find((given) => given["name"] === name)?.["value"];
}

/** One of the allowed values; where none are listed, a number of milliseconds. */
function isSet(value: Value | undefined, allowed: readonly string[]): boolean {
  if (typeof value !== "string") return false;
  return allowed.length === 0 ? /^\d+$/.test(value) : allowed.includes(value);
}
