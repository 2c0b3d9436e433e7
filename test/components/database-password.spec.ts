import * as assert from "node:assert/strict";
import { Database, type DatabaseArgs } from "../../components";
import { build, network } from "./support";

const happy = (): DatabaseArgs => ({
  network,
  engineVersion: "17",
  instanceClass: "db.t4g.micro",
  multiAz: false,
});
const generated = (): DatabaseArgs => ({ ...happy(), password: "generated" });

const INSTANCE = "aws:rds/instance:Instance";
const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
const ROTATION = "aws:secretsmanager/secretRotation:SecretRotation";
const HOST = "orders-1a2b3c4d.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com";

describe("Database, generated password", () => {
  it("is 40 letters and digits, which every engine takes", async () => {
    const run = await build(() => new Database("orders", generated()));
    const { inputs } = run.one("random:index/randomPassword:RandomPassword");
    assert.deepEqual(inputs, { length: 40, special: false });
  });

  it("goes to the database and its secret, and is a secret all the way", async () => {
    const run = await build(() => new Database("orders", generated()));
    const instance = run.one(INSTANCE);
    assert.equal(instance.inputs["password"], "orders-password!");
    assert.equal(instance.isSecret("password"), true);
    assert.equal(instance.inputs["manageMasterUserPassword"], undefined);
    const version = run.one(VERSION);
    assert.equal(version.inputs["secretId"], run.one(SECRET).outputs["arn"]);
    assert.equal(version.isSecret("secretString"), true);
    assert.deepEqual(version.jsonInput("secretString"), {
      engine: "postgres",
      host: HOST,
      port: 5432,
      dbname: "app",
      username: "platform",
      password: "orders-password!",
    });
  });

  it("shows nowhere else", async () => {
    const run = await build(() => new Database("orders", generated()));
    const holders = run.resources.filter(({ inputs, outputs, kind }) =>
      JSON.stringify([inputs, kind === "component" ? outputs : {}]).includes("orders-password!"),
    );
    assert.deepEqual(holders.map(({ type }) => type).sort(), [INSTANCE, VERSION]);
  });

  for (const [title, deletionProtection, recoveryWindowInDays] of [
    ["can be had back for 30 days after its database", true, 30],
    ["goes at once with a database that nothing protects", false, 0],
  ] as const) {
    it(`lies in a secret that ${title}`, async () => {
      const args = { ...generated(), deletionProtection };
      const run = await build(() => new Database("orders", args));
      assert.deepEqual(run.one(SECRET).inputs, {
        description: "User platform of the database orders",
        recoveryWindowInDays,
        tags: { Name: "orders" },
      });
    });
  }

  it("is read by services from its secret, once the value is there", async () => {
    let database: Database | undefined;
    const run = await build(() => (database = new Database("orders", generated())));
    const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:orders-secret-1a2b3c4-AbCdEf";
    assert.equal(run.component.outputs["secretArn"], run.one(VERSION).outputs["arn"]);
    assert.equal(run.one(SECRET).outputs["arn"], arn);
    assert.deepEqual(Object.keys(database?.connection.secrets ?? {}), ["USERNAME", "PASSWORD"]);
  });
});

describe("Database, password that RDS manages", () => {
  it("leaves rotation to RDS unless told", async () => {
    const run = await build(() => new Database("orders", happy()));
    assert.deepEqual(run.all(ROTATION), []);
    assert.deepEqual(run.all(SECRET), []);
  });

  it("rotates after the days of the settings, not at once", async () => {
    const args = { ...happy(), rotationDays: 30 };
    const run = await build(() => new Database("orders", args));
    assert.deepEqual(run.one(ROTATION).inputs, {
      secretId:
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-orders-1a2b3c4d-AbCdEf",
      rotateImmediately: false,
      rotationRules: { automaticallyAfterDays: 30 },
    });
  });

  it("goes on rotating when the days are no longer set", async () => {
    const args = { ...happy(), rotationDays: 30 };
    const run = await build(() => new Database("orders", args));
    assert.equal(run.one(ROTATION).retainOnDelete, true);
  });
});
