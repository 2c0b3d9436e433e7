import { databaseSettings } from "../../components/database/settings";
import { itRefuses, itTakes } from "./support";

const mysql = {
  engine: "mysql",
  engineVersion: "8.4",
  instanceClass: "db.t4g.micro",
  multiAz: false,
};
const auroraPostgres = {
  engine: "aurora-postgresql",
  engineVersion: "17",
  instanceClass: "db.r8g.large",
};
const auroraMysql = { ...auroraPostgres, engine: "aurora-mysql", engineVersion: "8.4" };

const noVersion = (title: string, value: string, allowed: string, example: string) => ({
  change: { engineVersion: value },
  problem: {
    key: "engineVersion",
    value,
    rule: `must be a ${title} version that RDS offers`,
    allowed: `${allowed}, alone or with a minor version`,
    fix: `give the major version in quotes, like "${example}": minor versions are installed in the maintenance window`,
  },
});

const noMysql80 = (value: string) => ({
  change: { engineVersion: value },
  problem: {
    key: "engineVersion",
    value,
    rule: "is MySQL 8.0, whose standard support ended on 31 July 2026: RDS charges it by the vCPU and hour since",
    allowed: "8.4, alone or with a minor version",
    fix: 'set "8.4"; or engine aurora-mysql, which has 8.0',
  },
});

const noUser = (value: string) => ({
  change: { username: value },
  problem: {
    key: "username",
    value,
    rule: "must be a user name that can be had",
    allowed:
      "lower-case letters, digits and underscores, starting with a letter, at most 16, not admin, administrator, mysql, rdsadmin, rdsrepladmin, root",
    fix: "rename it",
  },
});

describe("Database settings of MySQL", () => {
  itTakes(databaseSettings, mysql, {
    "the major version": {},
    "a minor version": { engineVersion: "8.4.6" },
    "the longest user name": { username: "x".repeat(16) },
    "what only PostgreSQL keeps for itself": { username: "postgres", databaseName: "template1" },
    "PostgreSQL's parameter": { parameters: { "rds.force_ssl": "0" } },
  });
  itRefuses(databaseSettings, mysql, {
    "what is out of standard support": noMysql80("8.0"),
    "a minor version of that": noMysql80("8.0.42"),
    "an older version": noVersion("MySQL", "5.7", "8.4", "8.4"),
    "half a version": noVersion("MySQL", "8", "8.4", "8.4"),
    "a user name that is too long": noUser("x".repeat(17)),
    "the name of a superuser": noUser("root"),
    "a database of its own": {
      change: { databaseName: "mysql" },
      problem: {
        key: "databaseName",
        value: "mysql",
        rule: "is a database that MySQL keeps for itself",
        allowed: "a name other than information_schema, innodb, mysql, performance_schema, sys",
        fix: "rename it",
      },
    },
    "TLS turned off": {
      change: { parameters: { require_secure_transport: "OFF" } },
      problem: {
        key: "parameters",
        value: { require_secure_transport: "OFF" },
        rule: "must not touch require_secure_transport, which forces TLS",
        allowed: "any other parameter of the engine",
        fix: "remove require_secure_transport; clients need the RDS certificate bundle, or ssl-mode=REQUIRED",
      },
    },
  });
});

describe("Database settings of Aurora PostgreSQL", () => {
  itTakes(databaseSettings, auroraPostgres, {
    "the major version": {},
    "a minor version": { engineVersion: "17.5" },
    "a burstable class": { instanceClass: "db.t4g.medium" },
  });
  itRefuses(databaseSettings, auroraPostgres, {
    "an older version": noVersion("Aurora PostgreSQL", "13", "14, 15, 16, 17, 18", "17"),
    "TLS turned off": {
      change: { parameters: { "rds.force_ssl": "0" } },
      problem: {
        key: "parameters",
        value: { "rds.force_ssl": "0" },
        rule: "must not touch rds.force_ssl, which forces TLS",
        allowed: "any other parameter of the engine",
        fix: "remove rds.force_ssl; clients need the RDS certificate bundle, or sslmode=require",
      },
    },
  });
});

describe("Database settings of Aurora MySQL", () => {
  itTakes(databaseSettings, auroraMysql, {
    "the older major version": { engineVersion: "8.0" },
    "a minor version": { engineVersion: "8.0.mysql_aurora.3.10.0" },
  });
  itRefuses(databaseSettings, auroraMysql, {
    "a minor version of MySQL": noVersion("Aurora MySQL", "8.0.42", "8.0, 8.4", "8.0"),
    "an older version": noVersion("Aurora MySQL", "5.7.mysql_aurora.2.12.0", "8.0, 8.4", "8.0"),
  });
});
