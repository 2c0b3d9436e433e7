import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { loadBootstrapConfig } from "../../bootstrap/config";
import { createStateBackend } from "../../bootstrap/program";
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

const run = (config: StackConfig) => runProgram(() => createStateBackend(load(config)));

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
      [`${PROJECT}:unprotected`]: true,
    };
    assert.throws(
      () => load(config),
      (error) => {
        assert.ok(error instanceof SettingsError);
        assert.match(error.message, /^Pulumi\.state\.yaml: 3 problems; nothing was created\./);
        assert.deepEqual(
          error.problems.map(({ key }) => key),
          ["aws:region", `${PROJECT}:state.versionRetentionDays`, `${PROJECT}:unprotected`],
        );
        return true;
      },
    );
  });
});
