import { ENGINES, ENGINE_NAMES, type Engine, factsOf, majorVersion } from "./engines";
import type { GivenSettings, SettingsRule } from "./settings";

/** What must hold of versions, names and parameters, engine by engine. */
export const engineRules: readonly SettingsRule[] = ENGINE_NAMES.flatMap((engine) => [
  ...endedVersions(engine),
  versionRule(engine),
  userRule(engine),
  databaseRule(engine),
  tlsRule(engine),
]);

function versionRule(engine: Engine): SettingsRule {
  const { title, majors } = factsOf(engine);
  const example = majors.at(-2) ?? majors.at(-1) ?? "";
  return {
    at: ["engineVersion"],
    holds: only(
      engine,
      ({ engineVersion = "" }) =>
        typeof engineVersion !== "string" ||
        majors.includes(majorVersion(engine, engineVersion) ?? "none"),
    ),
    rule: `must be a ${title} version that RDS offers`,
    allowed: `${majors.join(", ")}, alone or with a minor version`,
    fix: `give the major version in quotes, like "${example}": minor versions are installed in the maintenance window`,
  };
}

/** Versions that people still ask for, with the reason why they cannot be had. */
function endedVersions(engine: Engine): SettingsRule[] {
  if (engine !== "mysql") return [];
  return [
    {
      at: ["engineVersion"],
      holds: only(engine, ({ engineVersion }) => !/^8\.0(\.|$)/.test(String(engineVersion))),
      rule: "is MySQL 8.0, whose standard support ended on 31 July 2026: RDS charges it by the vCPU and hour since",
      allowed: `${ENGINES.mysql.majors.join(", ")}, alone or with a minor version`,
      fix: 'set "8.4"; or engine aurora-mysql, which has 8.0',
    },
  ];
}

function userRule(engine: Engine): SettingsRule {
  const { reservedUsers, longestUser } = factsOf(engine);
  return {
    at: ["username"],
    holds: only(
      engine,
      ({ username = "platform" }) =>
        typeof username !== "string" ||
        (/^[a-z][a-z0-9_]*$/.test(username) &&
          username.length <= longestUser &&
          !reservedUsers.includes(username)),
    ),
    rule: "must be a user name that can be had",
    allowed: `lower-case letters, digits and underscores, starting with a letter, at most ${longestUser}, not ${reservedUsers.join(", ")}`,
    fix: "rename it",
  };
}

function databaseRule(engine: Engine): SettingsRule {
  const { title, reservedDatabases } = factsOf(engine);
  return {
    at: ["databaseName"],
    holds: only(engine, ({ databaseName = "" }) => !reservedDatabases.includes(databaseName)),
    rule: `is a database that ${title} keeps for itself`,
    allowed: `a name other than ${reservedDatabases.join(", ")}`,
    fix: "rename it",
  };
}

function tlsRule(engine: Engine): SettingsRule {
  const { parameter, clients } = factsOf(engine).tls;
  return {
    at: ["parameters"],
    holds: only(
      engine,
      ({ parameters }) => !Object.hasOwn(Object(parameters) as object, parameter),
    ),
    rule: `must not touch ${parameter}, which forces TLS`,
    allowed: "any other parameter of the engine",
    fix: `remove ${parameter}; ${clients}`,
  };
}

/** A rule that says nothing about other engines. */
function only(
  engine: Engine,
  holds: (given: GivenSettings) => boolean,
): (given: GivenSettings) => boolean {
  return (given) => (given.engine ?? "postgres") !== engine || holds(given);
}
