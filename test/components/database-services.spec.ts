import * as assert from "node:assert/strict";
import { Database, type DatabaseArgs, EcsService } from "../../components";
import type { Run } from "../support/run";
import { runProgram } from "../support/run-program";
import { cluster, network } from "./support";

const postgres = (): DatabaseArgs => ({
  network,
  engineVersion: "17",
  instanceClass: "db.t4g.micro",
  multiAz: false,
  password: "generated",
});
const mysql = (): DatabaseArgs => ({ ...postgres(), engine: "mysql", engineVersion: "8.4" });
const service = { cluster, network, image: "nginx:1.29", desiredCount: 1 };

/** Names of all variables of a service's container, and the secrets that they are read from. */
function variablesOf(run: Run, name: string) {
  const [container] = run
    .one("aws:ecs/taskDefinition:TaskDefinition", `${name}-task`)
    .jsonInput("containerDefinitions") as {
    environment: { name: string }[];
    secrets: { name: string; valueFrom: string }[];
  }[];
  const read = container?.secrets ?? [];
  return {
    names: [...(container?.environment ?? []), ...read].map((variable) => variable.name).sort(),
    secrets: [...new Set(read.map(({ valueFrom }) => valueFrom.split(":")[6]))].sort(),
  };
}

/** Every way into a security group: its port, the group, and from which other. */
function waysIn(run: Run) {
  return run
    .all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    .map(({ inputs }) => [
      inputs["fromPort"],
      inputs["securityGroupId"],
      inputs["referencedSecurityGroupId"],
    ])
    .sort();
}

describe("Databases of services", () => {
  it("let in the one service each that names it, at the engine's port, with its secret alone", async () => {
    const run = await runProgram(() => {
      const orders = new Database("orders", postgres());
      const shop = new Database("shop", mysql());
      new EcsService("java", { ...service, connections: { orders } });
      new EcsService("dotnet", { ...service, connections: { shop } });
    });
    assert.deepEqual(waysIn(run), [
      [3306, "shop-security-group-id", "dotnet-security-group-id"],
      [5432, "orders-security-group-id", "java-security-group-id"],
    ]);
    assert.deepEqual(variablesOf(run, "java").secrets, ["orders-secret-1a2b3c4-AbCdEf"]);
    assert.deepEqual(variablesOf(run, "dotnet").secrets, ["shop-secret-1a2b3c4-AbCdEf"]);
  });

  it("may be two of one service, as shards: two instances, two secrets, both handed to it", async () => {
    const run = await runProgram(() => {
      const connections = {
        "shard-a": new Database("shard-a", postgres()),
        "shard-b": new Database("shard-b", postgres()),
      };
      new EcsService("api", { ...service, connections });
    });
    assert.equal(run.all("aws:rds/instance:Instance").length, 2);
    assert.equal(run.all("aws:secretsmanager/secret:Secret").length, 2);
    const variables = variablesOf(run, "api");
    const parts = ["HOST", "NAME", "PASSWORD", "PORT", "USERNAME"];
    assert.deepEqual(variables.names, [
      ...parts.map((part) => `SHARD_A_${part}`),
      ...parts.map((part) => `SHARD_B_${part}`),
    ]);
    assert.deepEqual(variables.secrets, [
      "shard-a-secret-1a2b3c4-AbCdEf",
      "shard-b-secret-1a2b3c4-AbCdEf",
    ]);
  });

  it("lead services through a proxy by its group, and the proxy alone into the database", async () => {
    const run = await runProgram(() => {
      const shop = new Database("shop", { ...mysql(), proxy: {} });
      new EcsService("dotnet", { ...service, connections: { shop } });
    });
    assert.deepEqual(waysIn(run), [
      [3306, "shop-proxy-security-group-id", "dotnet-security-group-id"],
      [3306, "shop-security-group-id", "shop-proxy-security-group-id"],
    ]);
  });
});
