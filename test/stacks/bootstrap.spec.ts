import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { loadBootstrapConfig } from "../../bootstrap/config";
import { createBootstrap } from "../../bootstrap/program";
import { SettingsError } from "../../components/support/problem";
import { runProgram } from "../support/run-program";
import { type StackConfig, sourceOf } from "./support";

const PROJECT = "ecs-platform-bootstrap";

/** The configuration that is shipped. */
function shipped(): StackConfig {
  const file = join(__dirname, "..", "..", "bootstrap", "Pulumi.state.yaml");
  return (parse(readFileSync(file, "utf8")) as { config: StackConfig }).config;
}

const load = (config: StackConfig) =>
  loadBootstrapConfig({ ...sourceOf(config, "state"), project: PROJECT });

const run = (config: StackConfig) =>
  runProgram(() => {
    createBootstrap(load(config));
  });

describe("bootstrap", () => {
  it("makes a protected bucket for states, by the stack's own provider", async () => {
    const made = await run(shipped());
    const bucket = made.one("aws:s3/bucket:Bucket");
    const provider = made.one("pulumi:providers:aws");
    assert.equal(bucket.name, "state-bucket");
    assert.equal(bucket.protect, true);
    assert.ok(bucket.provider?.startsWith(provider.urn));
    assert.equal(provider.input("region"), "us-east-1");
  });

  it("makes no ledger until it is asked to", async () => {
    const without = await run(shipped());
    assert.deepEqual(without.all("aws:dynamodb/table:Table"), []);
    const withLedger = await run({ ...shipped(), [`${PROJECT}:state`]: { ledger: {} } });
    assert.equal(withLedger.all("aws:dynamodb/table:Table").length, 1);
  });

  it("makes no roles for pipelines until it is told whose", async () => {
    const without = await run(shipped());
    assert.deepEqual(without.all("aws:iam/role:Role"), []);
    const github = { repository: "example/shop", deploy: { dev: { branch: "main" } } };
    const made = await run({ ...shipped(), [`${PROJECT}:ci`]: { github } });
    assert.deepEqual(
      made.all("aws:iam/role:Role").map(({ name }) => name),
      ["ci-dev-deploy", "ci-dev-preview"],
    );
  });

  it("lets pipelines at the states of the bucket that it makes", async () => {
    const github = { repository: "example/shop", deploy: { dev: { branch: "main" } } };
    const made = await run({ ...shipped(), [`${PROJECT}:ci`]: { github } });
    const policy = made.one("aws:iam/rolePolicy:RolePolicy", "ci-dev-preview-state");
    const { Statement } = policy.jsonInput("policy") as { Statement: { Resource: string[] }[] };
    assert.deepEqual(
      [Statement[0]?.Resource, Statement[2]?.Resource],
      [
        ["arn:aws:s3:::state-bucket-1a2b3c4"],
        [
          "arn:aws:kms:us-east-1:123456789012:key/state-bucket-key-id",
          "arn:aws:kms:us-east-1:123456789012:key/state-secrets-key-id",
        ],
      ],
    );
  });

  it("gives up protection for a reason alone", async () => {
    const reason = { [`${PROJECT}:unprotectedBecause`]: "the account is given back" };
    const made = await run({ ...shipped(), ...reason });
    assert.equal(made.one("aws:s3/bucket:Bucket").protect, false);
  });

  it("takes the shortest file", () => {
    const { state } = load({ "aws:region": "eu-central-1" });
    assert.deepEqual(state, { versionRetentionDays: 90 });
  });

  it("lists every problem, by key", () => {
    const config = {
      "aws:region": "nowhere",
      [`${PROJECT}:state`]: { versionRetentionDays: 0 },
      [`${PROJECT}:ci`]: { github: { repository: "example/*", deploy: { dev: { branch: "*" } } } },
      [`${PROJECT}:unprotected`]: true,
    };
    assert.throws(
      () => load(config),
      (error) => {
        assert.ok(error instanceof SettingsError);
        assert.match(error.message, /^Pulumi\.state\.yaml: 5 problems; nothing was created\./);
        assert.deepEqual(
          error.problems.map(({ key }) => key),
          [
            "aws:region",
            `${PROJECT}:state.versionRetentionDays`,
            `${PROJECT}:ci.github.repository`,
            `${PROJECT}:ci.github.deploy.dev.branch`,
            `${PROJECT}:unprotected`,
          ],
        );
        return true;
      },
    );
  });
});
