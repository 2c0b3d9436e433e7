/** What differs from engine to engine. */
export interface EngineFacts {
  readonly title: string;
  /** Whether it is Aurora: a cluster of instances on one storage, instead of instances with storage of their own. */
  readonly isCluster: boolean;
  /** How RDS Proxy calls it. */
  readonly family: "POSTGRESQL" | "MYSQL";
  readonly port: number;
  /** Majors at the standard price, oldest first. */
  readonly majors: readonly string[];
  /** A version, its major in the first group. */
  readonly version: RegExp;
  /** Logs that it can hand to CloudWatch. */
  readonly logs: readonly string[];
  /** Parameters without which a log lacks what one looks for in it. */
  readonly logParameters: Readonly<Record<string, string>>;
  /** The parameter that forces TLS. */
  readonly tls: { readonly parameter: string; readonly value: string; readonly clients: string };
  /** Users that RDS keeps for itself, and those that every attacker tries first. */
  readonly reservedUsers: readonly string[];
  readonly longestUser: number;
  /** Databases that are there already. */
  readonly reservedDatabases: readonly string[];
}

const POSTGRES = {
  family: "POSTGRESQL",
  port: 5432,
  // "Release calendars for Amazon RDS for PostgreSQL" and "for Aurora PostgreSQL", November 2026.
  majors: ["14", "15", "16", "17", "18"],
  version: /^(\d+)(\.\d+)?$/,
  // Statements that change the schema, and those that take longer than a second: AWS logs neither by default.
  logParameters: { log_min_duration_statement: "1000", log_statement: "ddl" },
  tls: {
    parameter: "rds.force_ssl",
    value: "1",
    clients: "clients need the RDS certificate bundle, or sslmode=require",
  },
  reservedUsers: ["admin", "administrator", "postgres", "rdsadmin", "root", "rds_superuser"],
  longestUser: 63,
  reservedDatabases: ["rdsadmin", "template0", "template1"],
} as const;

const MYSQL = {
  family: "MYSQL",
  port: 3306,
  logs: ["error", "slowquery"],
  // Slow queries go to a table by default, or nowhere.
  logParameters: { log_output: "FILE", slow_query_log: "1" },
  tls: {
    parameter: "require_secure_transport",
    value: "ON",
    clients: "clients need the RDS certificate bundle, or ssl-mode=REQUIRED",
  },
  reservedUsers: ["admin", "administrator", "mysql", "rdsadmin", "rdsrepladmin", "root"],
  longestUser: 16,
  reservedDatabases: ["information_schema", "innodb", "mysql", "performance_schema", "sys"],
} as const;

export const ENGINES = {
  postgres: {
    ...POSTGRES,
    title: "PostgreSQL",
    isCluster: false,
    logs: ["postgresql", "upgrade"],
  },
  mysql: {
    ...MYSQL,
    title: "MySQL",
    isCluster: false,
    // Instances take 0 and 1, clusters OFF and ON (github.com/prowler-cloud/prowler, pull request 4116).
    tls: { ...MYSQL.tls, value: "1" },
    majors: ["8.4"],
    version: /^(\d+\.\d+)(\.\d+)?$/,
  },
  "aurora-postgresql": {
    ...POSTGRES,
    title: "Aurora PostgreSQL",
    isCluster: true,
    logs: ["postgresql"],
  },
  "aurora-mysql": {
    ...MYSQL,
    title: "Aurora MySQL",
    isCluster: true,
    majors: ["8.0", "8.4"],
    version: /^(\d+\.\d+)(\.mysql_aurora\.\d+\.\d+\.\d+)?$/,
  },
} as const satisfies Readonly<Record<string, EngineFacts>>;

export type Engine = keyof typeof ENGINES;

export const ENGINE_NAMES = Object.keys(ENGINES) as [Engine, ...Engine[]];

export function factsOf(engine: Engine): EngineFacts {
  return ENGINES[engine];
}

/** "17" of "17.4", "8.0" of "8.0.mysql_aurora.3.10.0"; undefined for what is no version of the engine. */
export function majorVersion(engine: Engine, version: string): string | undefined {
  return factsOf(engine).version.exec(version)?.[1];
}

/** Family of parameter groups, e.g. "postgres17". */
export function parameterFamily(engine: Engine, version: string): string {
  return `${engine}${majorVersion(engine, version) ?? ""}`;
}

/**
 * Whether RDS offers Performance Insights ("Amazon RDS DB engine, Region, and instance class support for Performance
 * Insights"): not for MySQL on the smallest classes.
 */
export function hasPerformanceInsights(engine: Engine, instanceClass: string): boolean {
  if (factsOf(engine).family === "POSTGRESQL") return true;
  const withoutIt = engine === "mysql" ? /^db\.t\w+\.(micro|small)$/ : /^db\.t[23]\./;
  return !withoutIt.test(instanceClass);
}
