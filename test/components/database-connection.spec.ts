import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Database, type DatabaseArgs } from "../../components";
import { databaseVariables } from "../../components/database/connection";
import { network } from "./support";
import { runProgram } from "../support/run-program";

const instance = { network, engineVersion: "17", instanceClass: "db.t4g.micro", multiAz: false };
const aurora = {
  network,
  engine: "aurora-postgresql",
  engineVersion: "17",
  instanceClass: "db.r8g.large",
} as const;

/** A stack whose output is what the database offers to services. */
async function connectionOf(args: DatabaseArgs): Promise<unknown> {
  const run = await runProgram(() => {
    const { connection } = new Database("orders", args);
    return { connection: pulumi.output(connection) };
  });
  return run.outputs["connection"];
}

const suffix = "c1a2b3c4d5e6.us-east-1.rds.amazonaws.com";
const SECRET_ARN =
  "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-orders-1a2b3c4d-AbCdEf";
const secrets = {
  USERNAME: `${SECRET_ARN}:username::`,
  PASSWORD: `${SECRET_ARN}:password::`,
};

describe("Database, connection", () => {
  it("says where an instance is, who may log in, and where it listens", async () => {
    assert.deepEqual(await connectionOf(instance), {
      environment: { HOST: `orders-1a2b3c4d.${suffix}`, PORT: "5432", NAME: "app" },
      secrets,
      listener: { securityGroupId: "orders-security-group-id", port: 5432 },
      permissions: [],
    });
  });

  it("has an address for reading where Aurora has replicas", async () => {
    assert.deepEqual(await connectionOf({ ...aurora, replicas: { a: {}, b: {} } }), {
      environment: {
        HOST: `orders-1a2b3c4d.cluster-${suffix}`,
        PORT: "5432",
        NAME: "app",
        READER_HOST: `orders-1a2b3c4d.cluster-ro-${suffix}`,
      },
      secrets,
      listener: { securityGroupId: "orders-security-group-id", port: 5432 },
      permissions: [],
    });
  });

  it("leads to the proxy in the database's place", async () => {
    assert.deepEqual(await connectionOf({ ...aurora, replicas: { a: {} }, proxy: {} }), {
      environment: {
        HOST: `orders-1a2b3c4d.proxy-${suffix}`,
        PORT: "5432",
        NAME: "app",
        READER_HOST: `orders-1a2b3c4d-reader.endpoint.proxy-${suffix}`,
      },
      secrets,
      listener: { securityGroupId: "orders-proxy-security-group-id", port: 5432 },
      permissions: [],
    });
  });

  for (const [title, args] of [
    ["an instance", instance],
    [
      "replicas",
      { ...instance, password: "generated", replicas: { reports: {}, "all-reports": {} } },
    ],
    ["a cluster", aurora],
    ["a cluster with replicas", { ...aurora, replicas: { a: {}, b: {} } }],
    ["a proxy", { ...aurora, replicas: { a: {} }, proxy: {} }],
  ] as const) {
    it(`gives the variables of ${title} that are known beforehand`, async () => {
      const { environment, secrets: read } = (await connectionOf(args)) as Record<string, object>;
      const given = [...Object.keys(environment ?? {}), ...Object.keys(read ?? {})];
      assert.deepEqual(databaseVariables(args as DatabaseArgs).sort(), given.sort());
    });
  }

  it("knows the variables of a database whose settings say nothing", () => {
    assert.deepEqual(databaseVariables({}), ["HOST", "PORT", "NAME", "USERNAME", "PASSWORD"]);
  });
});
