import * as assert from "node:assert/strict";
import { UNKNOWN, type Value } from "../../policies/graph";
import { findings, resource } from "./fixtures";

const INSTANCE = "aws:rds/instance:Instance";
const CLUSTER = "aws:rds/cluster:Cluster";
const GROUP = "aws:rds/subnetGroup:SubnetGroup";

describe("policies about access to databases", () => {
  it("RDS-13: reports a first user whose name attackers try", () => {
    assert.deepEqual(
      findings("RDS-13", [
        resource(INSTANCE, "own", { username: "platform" }),
        resource(INSTANCE, "usual", { username: "postgres" }),
        resource(CLUSTER, "usual-cluster", { masterUsername: "admin" }),
        resource(INSTANCE, "copy", { replicateSourceDb: "usual", username: "postgres" }),
      ]),
      ["usual", "usual-cluster"].map(
        (name) => `${name}: has a first user whose name attackers try`,
      ),
    );
  });

  it("RDS-14: reports a password that is no secret to Pulumi", () => {
    const secret = { ...resource(INSTANCE, "secret", { password: "x" }), isSecret: () => true };
    assert.deepEqual(
      findings("RDS-14", [
        resource(INSTANCE, "managed", { manageMasterUserPassword: true }),
        secret,
        resource(INSTANCE, "plain", { password: "hunter2" }),
        resource(CLUSTER, "plain-cluster", { masterPassword: "hunter2" }),
      ]),
      ["plain", "plain-cluster"].map(
        (name) => `${name}: has a password that anybody reads who sees the state or a preview`,
      ),
    );
  });

  it("RDS-15: reports parameters that are missing or turned off, by the family of the engine", () => {
    const set = (parameters: Readonly<Record<string, string>>): Value =>
      Object.entries(parameters).map(([name, value]) => ({ name, value }));
    const good = { "rds.force_ssl": "1", log_statement: "ddl", log_min_duration_statement: "500" };
    const group = (name: string, family: string, parameters: Value) =>
      resource("aws:rds/parameterGroup:ParameterGroup", name, { family, parameters });
    assert.deepEqual(
      findings("RDS-15", [
        group("good", "postgres17", set(good)),
        group("open", "postgres17", set({ ...good, "rds.force_ssl": "0" })),
        group("quiet", "aurora-postgresql17", set({ ...good, log_min_duration_statement: "-1" })),
        group("mysql", "mysql8.4", set({ require_secure_transport: "1", slow_query_log: "1" })),
        group("bare", "aurora-mysql8.0", []),
        group("other", "oracle-ee-19", []),
      ]),
      [
        "open: lacks rds.force_ssl, or turns it off",
        "quiet: lacks log_min_duration_statement, or turns it off",
        "bare: lacks require_secure_transport, slow_query_log, or turns it off",
      ],
    );
  });

  it("RDS-16: reports subnets of one zone or of another tier, and says nothing of ids it was given", () => {
    const subnet = (name: string, Tier: string, availabilityZone: string) =>
      resource("aws:ec2/subnet:Subnet", name, { tags: { Tier }, availabilityZone });
    const [a, b, open] = [
      subnet("data-a", "data", "us-east-1a"),
      subnet("data-b", "data", "us-east-1b"),
      subnet("public-b", "public", "us-east-1b"),
    ];
    const group = (name: string, ...subnetIds: (typeof a)[]) =>
      resource(GROUP, name, {}, { subnetIds });
    assert.deepEqual(
      findings("RDS-16", [
        a,
        b,
        open,
        group("good", a, b),
        group("one-zone", a),
        group("outside", a, open),
        resource(GROUP, "adopted", { subnetIds: ["subnet-1", UNKNOWN] }),
      ]),
      ["one-zone: lies in one zone", "outside: has public-b, not of the data tier"],
    );
  });

  it("RDS-18: reports a proxy that bears plain connections", () => {
    const proxy = (name: string, requireTls: Value) =>
      resource("aws:rds/proxy:Proxy", name, { requireTls });
    assert.deepEqual(
      findings("RDS-18", [proxy("strict", true), proxy("lax", false), proxy("later", UNKNOWN)]),
      ["lax: takes connections that anybody on the way can read"],
    );
  });
});
