import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import type { Run } from "../support/run";
import {
  actionsOf,
  arn,
  containerOf,
  environmentOf,
  may,
  rulesInto,
  secretsOf,
  statementsOf,
} from "./reading";
import { exampleFile, runExample } from "./support";

const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
const READ = "secretsmanager:GetSecretValue";

const KEYS = ["nginx", "api"];

/** What keys and tokens look like that must never be committed. */
const COMMITTED_SECRETS = [
  "(AKIA|ASIA)[0-9A-Z]{16}",
  "BEGIN [A-Z ]*PRIVATE KEY",
  "gh[pousr]_[0-9A-Za-z]{36}",
  "glpat-[0-9A-Za-z_-]{20}",
  "pul-[0-9a-f]{40}",
].join("|");

describe("seed 004, vaults, rights and encryption", () => {
  let run: Run;
  before(async () => {
    run = await runExample("ec2-production");
  });

  const vaultOf = (key: string, of = run) => of.one(SECRET, `${key}-vault`);
  const arnOf = (key: string) => vaultOf(key).outputs["arn"] as string;

  it("S004-04: each service has a secret, and nothing secret is in the plain environment", () => {
    for (const key of KEYS) {
      const container = containerOf(run, key);
      assert.deepEqual(environmentOf(container), {});
      for (const source of Object.values(secretsOf(container))) {
        assert.ok(source.startsWith(`${arnOf(key)}:`));
      }
    }
  });

  it("S004-17, S004-70: one vault for each service, named exactly like it, without a word in the service", async () => {
    assert.deepEqual(
      run.all(SECRET).map((secret) => secret.input("name")),
      ["api", "nginx"],
    );
    const prefixed = await runExample("ec2-production", { "vaults.namePrefix": undefined });
    assert.equal(vaultOf("api", prefixed).input("name"), "ecs-platform/ec2-production/api");
    const without = await runExample("ec2-production", { vaults: undefined });
    assert.deepEqual(without.all(SECRET), []);
  });

  it("S004-18: no key, token or password is in any file of the repository", () => {
    const found = (text: string) => new RegExp(COMMITTED_SECRETS).test(text);
    assert.ok(found(`AKIA${"0A".repeat(8)}`) && found(`-----BEGIN RSA ${"PRIVATE"} KEY-----`));
    assert.deepEqual(linesWith(COMMITTED_SECRETS), []);
    assert.doesNotMatch(
      exampleFile("ec2-production", "Pulumi.ec2-production.yaml"),
      /password|token/i,
    );
  });

  it("S004-19: the program knows no value of a vault but the port", async () => {
    const withKeys = await runExample("ec2-production", {
      "services.api.vaultKeys": ["API_TOKEN"],
    });
    assert.deepEqual(
      withKeys.all(VERSION).map((version) => version.input("secretString")),
      ['{"PORT":"80"}', '{"PORT":"80"}'],
    );
    const secrets = secretsOf(containerOf(withKeys, "api"));
    assert.deepEqual(secrets, {
      PORT: `${arnOf("api")}:PORT::`,
      API_TOKEN: `${arnOf("api")}:API_TOKEN::`,
    });
    // Nothing is looked up either, which would bring a value into the state.
    assert.deepEqual(
      withKeys.resources.filter(({ kind }) => kind === "read"),
      [],
    );
  });

  it("S004-71: a vault begins with PORT, the container's port, and the container gets it from there", async () => {
    for (const key of KEYS) {
      const version = run.one(VERSION, `${key}-vault-version`);
      assert.deepEqual(version.jsonInput("secretString"), { PORT: "80" });
      assert.equal(version.input("secretId"), vaultOf(key).outputs["id"] ?? `${key}-vault-id`);
      assert.deepEqual(secretsOf(containerOf(run, key)), { PORT: `${arnOf(key)}:PORT::` });
    }
    const other = await runExample("ec2-production", { "services.api.port": 8080 });
    assert.deepEqual(other.one(VERSION, "api-vault-version").jsonInput("secretString"), {
      PORT: "8080",
    });
  });

  it("S004-74: the execution role reads the vault when a task starts, and the program never does", () => {
    for (const key of KEYS) {
      assert.equal(
        run.one("aws:ecs/taskDefinition:TaskDefinition", `${key}-task`).input("executionRoleArn"),
        run.one("aws:iam/role:Role", `${key}-execution-role`).outputs["arn"],
      );
      assert.ok(may(run, `${key}-execution-role`, READ, arnOf(key)));
    }
    assert.deepEqual(
      run.resources.filter(({ kind }) => kind === "read"),
      [],
    );
  });

  it("S004-75: no role but a service's own execution role can read its vault", () => {
    const roles = run.all("aws:iam/role:Role").map(({ name }) => name);
    for (const key of KEYS) {
      const readers = roles.filter((role) => may(run, role, READ, arnOf(key)));
      assert.deepEqual(readers, [`${key}-execution-role`]);
    }
  });

  it("S004-76: what people enter is not overwritten", () => {
    assert.equal(run.all(VERSION).length, 2);
    for (const version of run.all(VERSION)) {
      assert.ok(version.ignoreChanges.includes("secretString"));
    }
  });

  it("S004-104: into tasks only from the load balancer, into hosts from nowhere, and from the bastion while it is there", async () => {
    const fromLoadBalancer = ["tcp 80 from load-balancer-security-group"];
    const withBastion = await runExample("ec2-production", { bastion: {} });
    for (const of of [run, withBastion]) {
      for (const key of KEYS) {
        assert.deepEqual(rulesInto(of, `${key}-security-group`), fromLoadBalancer);
      }
    }
    assert.deepEqual(rulesInto(run, "platform-hosts-security-group"), []);
    assert.deepEqual(rulesInto(withBastion, "platform-hosts-security-group"), [
      "tcp 22 from bastion-security-group",
    ]);
  });

  it("S004-105: an execution role for each service, for its own log group, vault and image alone", async () => {
    for (const key of KEYS) {
      assert.deepEqual(
        statementsOf(run, `${key}-execution-role`).map(({ Action, Resource }) => [
          Action,
          Resource,
        ]),
        [
          [
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            [`${arn("logs", `log-group:${key}-logs-1a2b3c4`)}:*`],
          ],
          [[READ], [arnOf(key)]],
        ],
      );
      assert.deepEqual(actionsOf(run, `${key}-task-role`), []);
    }
    const repository = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/api";
    const own = await runExample("ec2-production", { "services.api.image": `${repository}:1.2.3` });
    const pull = "ecr:BatchGetImage";
    assert.ok(may(own, "api-execution-role", pull, arn("ecr", "repository/shop/api")));
    assert.ok(!may(own, "api-execution-role", pull, arn("ecr", "repository/shop/nginx")));
    assert.ok(!may(own, "nginx-execution-role", pull, arn("ecr", "repository/shop/api")));
  });

  it("S004-106: vaults are encrypted by the account's key, or each by a key of its own", async () => {
    assert.equal(vaultOf("api").input("kmsKeyId"), undefined);
    const own = await runExample("ec2-production", { "vaults.kms": true });
    for (const key of KEYS) {
      const kmsKey = own.one("aws:kms/key:Key", `${key}-key`);
      assert.equal(vaultOf(key, own).input("kmsKeyId"), kmsKey.outputs["arn"]);
      assert.equal(kmsKey.input("enableKeyRotation"), true);
    }
  });

  it("S004-107, S004-138: a database's credentials rotate, and free-form vaults do not", async () => {
    const ROTATION = "aws:secretsmanager/secretRotation:SecretRotation";
    assert.deepEqual(run.all(ROTATION), []);
    const withDatabase = await runExample("ec2-production", {
      databases: {
        orders: {
          engineVersion: "17",
          instanceClass: "db.t4g.micro",
          multiAz: true,
          rotationDays: 30,
        },
      },
      "services.api.databases": ["orders"],
    });
    const rotation = withDatabase.one(ROTATION);
    assert.equal(rotation.name, "orders-rotation");
    assert.deepEqual(rotation.input("rotationRules"), { automaticallyAfterDays: 30 });
  });

  it("S004-122, S004-123, S004-139, S004-140, S004-141: certificate, HTTPS on 443, and 80 leads there", async () => {
    const https = run.one("aws:lb/listener:Listener", "load-balancer-https");
    assert.equal(https.input("port"), 443);
    assert.equal(https.input("protocol"), "HTTPS");
    assert.equal(
      https.input("certificateArn"),
      run.one("aws:acm/certificateValidation:CertificateValidation").outputs["certificateArn"],
    );
    assert.equal(run.one("aws:acm/certificate:Certificate").input("domainName"), "www.example.com");
    const http = run.one("aws:lb/listener:Listener", "load-balancer-http");
    assert.equal(http.input("port"), 80);
    assert.deepEqual(http.input("defaultActions.0.redirect"), {
      port: "443",
      protocol: "HTTPS",
      statusCode: "HTTP_301",
    });
    // As the seed was shipped: plain, and only with a reason.
    const shipped = await runExample("ec2-production", {
      domains: undefined,
      loadBalancer: { plainHttpBecause: "the seed was shipped without TLS" },
    });
    assert.deepEqual(shipped.all("aws:acm/certificate:Certificate"), []);
    assert.equal(shipped.one("aws:lb/listener:Listener").input("port"), 80);
  });
});

/** Lines that match in all files that git would track. */
function linesWith(pattern: string): string[] {
  const options = ["--no-index", "--exclude-standard", "-nIE", pattern];
  try {
    return execFileSync("git", ["grep", ...options], { encoding: "utf8" }).split("\n");
  } catch (error) {
    // git's way to say that there is none.
    if ((error as { status?: number }).status === 1) return [];
    throw error;
  }
}
