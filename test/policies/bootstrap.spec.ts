import * as assert from "node:assert/strict";
import { loadBootstrapConfig } from "../../bootstrap/config";
import { createBootstrap } from "../../bootstrap/program";
import { controls } from "../../policies/catalogue";
import { describeViolation, evaluate } from "../../policies/evaluate";
import { sourceOf } from "../stacks/support";
import { runProgram } from "../support/run-program";
import { graphOfRun } from "./graphs";

const PROJECT = "ecs-platform-bootstrap";

/** The program beside this one, with everything that its stack file can ask for. */
const CONFIG = {
  "aws:region": "us-east-1",
  [`${PROJECT}:state`]: { ledger: {} },
  [`${PROJECT}:ci`]: {
    github: {
      repository: "example/shop",
      deploy: { dev: { branch: "main" }, prod: { environment: "prod" } },
      previewPullRequests: true,
      driftFrom: { branch: "main" },
    },
    gitlab: { project: "example/shop", deploy: { prod: { tag: "v1" } } },
    pulumiCloud: { organization: "example", stacks: ["prod"] },
  },
};

/** What it does not hold, and why: it stands beside all stacks, and what deploys them must be able to do what they need. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "IAM-01":
    "a role that deploys makes everything that a stack has, one that looks for drift sees it",
  "BKP-01": "the ledger lists the versions in the bucket, and can be written again from them",
  "BKP-02": "as BKP-01; the bucket itself keeps all former versions",
  "COST-01": "a few dollars a month, whatever the stacks do",
  "PUL-03": "it belongs to no environment, and to whoever has the account",
};

describe("bootstrap", () => {
  it("keeps to the policies for production, but for what a role that deploys must be able to do", async () => {
    const source = { ...sourceOf(CONFIG, "state"), project: PROJECT };
    const run = await runProgram(() => {
      createBootstrap(loadBootstrapConfig(source));
    });
    const { violations, stale } = evaluate(graphOfRun(run), controls, {
      level: "production",
      exceptions: Object.entries(EXCEPTIONS).map(([rule, reason]) => ({ rule, reason, key: rule })),
    });
    assert.deepEqual(violations.map(describeViolation), []);
    assert.deepEqual(stale, []);
  });
});
