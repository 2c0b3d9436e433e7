import type { Control } from "../control";
import type { PolicyResource } from "../graph";
import { withInput } from "../mutants";
import { inputRule, type Rule } from "../rule";
import { inputAt, isAbsent, listOf, textOf } from "../values";
import {
  databasesOf,
  familyOf,
  INSTANCE,
  MEMBER,
  ofDatabases,
  ofInstances,
} from "./database-types";

/** Lengths of a reading that RDS offers; 0 is none. */
const READING_SECONDS: readonly unknown[] = [1, 5, 10, 15, 30, 60];

/** Logs that each engine hands to CloudWatch without an option group. */
const LOGS: Readonly<Record<string, readonly string[]>> = {
  postgres: ["postgresql", "upgrade"],
  // Aurora writes no log of upgrades.
  "aurora-postgresql": ["postgresql"],
  mysql: ["error", "slowquery"],
  "aurora-mysql": ["error", "slowquery"],
};

/** RDS-08: every log that the engine has. */
const exportsLogs: Rule = {
  check: (graph) =>
    databasesOf(graph).flatMap((resource) => {
      const exported = listOf(inputAt(resource, "enabledCloudwatchLogsExports"));
      const missing = (LOGS[textOf(inputAt(resource, "engine"))] ?? []).filter(
        (log) => !exported.includes(log),
      );
      return missing.length === 0
        ? []
        : [
            {
              resource,
              message: `hands no ${missing.join(" and no ")} log to CloudWatch`,
              fix: "add it to enabledCloudwatchLogsExports",
            },
          ];
    }),
  mutants: (graph) =>
    databasesOf(graph).flatMap((database) =>
      [undefined, ...(LOGS[textOf(inputAt(database, "engine"))] ?? [])].map((gone) => ({
        title: `${database.name}: without the log ${gone ?? "of any kind"}`,
        graph: withInput(
          graph,
          database,
          "enabledCloudwatchLogsExports",
          gone === undefined
            ? undefined
            : listOf(inputAt(database, "enabledCloudwatchLogsExports")).filter(
                (log) => log !== gone,
              ),
        ),
        finds: database.urn,
      })),
    ),
};

/** What is seen of databases, and what keeps them up to date. */
export const databaseOperationControls: readonly Control[] = [
  {
    id: "RDS-04",
    title: "The operating system below a database is read once a minute or more often",
    severity: "low",
    appliesTo: "production",
    sources: ["RDS.6", "CKV_AWS_118"],
    status: { kind: "held", setting: "databases.NAME.monitoringIntervalSeconds" },
    rule: inputRule(
      ...ofInstances({
        path: "monitoringInterval",
        holds: (value) => READING_SECONDS.includes(value),
        message: "does not read its operating system",
        fix: "set databases.NAME.monitoringIntervalSeconds to 60 or less",
        wrong: [0, undefined],
      }),
      ...ofInstances({
        path: "monitoringRoleArn",
        holds: (value) => !isAbsent(value),
        message: "has no role that may write the readings",
        fix: "set monitoringRoleArn",
        wrong: [undefined],
      }),
    ),
  },
  {
    id: "RDS-08",
    title: "Databases hand their logs to CloudWatch",
    severity: "medium",
    appliesTo: "production",
    sources: ["RDS.9", "RDS.36", "RDS.42", "CKV_AWS_129"],
    status: { kind: "held" },
    rule: exportsLogs,
  },
  {
    id: "RDS-09",
    title: "People can log in to databases by IAM",
    severity: "medium",
    appliesTo: "production",
    sources: ["RDS.10", "CKV_AWS_161"],
    status: { kind: "held" },
    rule: inputRule(
      ...ofDatabases({
        path: "iamDatabaseAuthenticationEnabled",
        holds: (value) => value === true,
        message: "knows users with passwords alone",
        fix: "set iamDatabaseAuthenticationEnabled to true",
        wrong: [false, undefined],
      }),
    ),
  },
  {
    id: "RDS-10",
    title: "Minor versions of databases install by themselves",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["RDS.13", "CIS 3.2.2", "CKV_AWS_226"],
    status: { kind: "held" },
    rule: inputRule(
      ...ofInstances({
        path: "autoMinorVersionUpgrade",
        // AWS's own default.
        holds: (value) => value !== false,
        message: "gets no fixes of its engine",
        fix: "set autoMinorVersionUpgrade to true",
        wrong: [false],
      }),
    ),
  },
  {
    id: "RDS-17",
    title: "Performance Insights shows what a database is busy with",
    severity: "low",
    appliesTo: "production",
    sources: ["CKV_AWS_353", "CKV_AWS_354"],
    status: { kind: "held" },
    rule: inputRule(
      ...[INSTANCE, MEMBER].map((type) => ({
        type,
        of: hasInsights,
        path: "performanceInsightsEnabled",
        holds: (value: unknown) => value === true,
        message: "keeps to itself which statements it is busy with",
        fix: "set performanceInsightsEnabled to true",
        wrong: [false, undefined],
      })),
    ),
  },
];

/** Not the smallest classes of MySQL (RDS user guide, "Amazon RDS DB engine, Region, and instance class support"). */
function hasInsights(instance: PolicyResource): boolean {
  const engine = inputAt(instance, "engine");
  if (familyOf(engine) !== "mysql") return true;
  const without = engine === "mysql" ? /^db\.t\w+\.(micro|small)$/ : /^db\.t[23]\./;
  return !without.test(textOf(inputAt(instance, "instanceClass")));
}
