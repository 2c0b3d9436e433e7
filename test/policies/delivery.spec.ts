import * as assert from "node:assert/strict";
import type { ValueMap } from "../../policies/graph";
import { findings, resource } from "./fixtures";

const project = (name: string, inputs: ValueMap = {}) =>
  resource("aws:codebuild/project:Project", name, {
    encryptionKey: "arn:aws:kms:us-east-1:123456789012:key/1",
    logsConfig: { cloudwatchLogs: { groupName: "builds" } },
    ...inputs,
  });

const pipeline = (name: string, inputs: ValueMap) =>
  resource("aws:codepipeline/pipeline:Pipeline", name, {
    pipelineType: "V2",
    artifactStores: [{ encryptionKey: { id: "arn:aws:kms:us-east-1:123456789012:key/1" } }],
    ...inputs,
  });

const stage = (category: string, provider = "AWS"): ValueMap => ({
  actions: [{ category, provider }],
});

describe("policies about delivery", () => {
  it("CI-01: reports a build that rules its machine", () => {
    assert.deepEqual(
      findings("CI-01", [
        project("beside", { environment: {} }),
        project("above", { environment: { privilegedMode: true } }),
      ]),
      ["above: lets what it builds rule the machine"],
    );
  });

  it("CI-02: reports a secret in plain, a log without an end, and a key of everybody's", () => {
    const variable = (name: string, type?: string): ValueMap => ({
      environment: { environmentVariables: [{ name, value: "x", type }] },
    });
    assert.deepEqual(
      findings("CI-02", [
        project("good", variable("REPOSITORY")),
        project("hidden", variable("NPM_TOKEN", "SECRETS_MANAGER")),
        project("shown", variable("NPM_TOKEN")),
        project("unlogged", { logsConfig: undefined }),
        project("unkeyed", { encryptionKey: "" }),
      ]),
      [
        "shown: shows NPM_TOKEN to everybody who may see the project",
        "unlogged: writes its log where nobody set an end to it, or nowhere",
        "unkeyed: encrypts what it makes with a key that the whole account may use",
      ],
    );
  });

  it("CI-03: reports a pipeline that asks nobody or too late, fetches by a token, or is of the old kind", () => {
    const source = stage("Source", "CodeStarSourceConnection");
    const [ask, deploy] = [stage("Approval"), stage("Deploy")];
    assert.deepEqual(
      findings("CI-03", [
        pipeline("good", { stages: [source, ask, deploy] }),
        pipeline("builds-only", { stages: [source] }),
        pipeline("unasked", { stages: [source, deploy] }),
        pipeline("late", { stages: [source, deploy, ask] }),
        pipeline("by-token", { stages: [stage("Source", "GitHub"), ask, deploy] }),
        pipeline("old", { stages: [source, ask, deploy], pipelineType: "V1" }),
        pipeline("unkeyed", { stages: [source, ask, deploy], artifactStores: [{}] }),
      ]),
      [
        "unasked: deploys to production without asking anybody",
        "late: deploys to production without asking anybody",
        "by-token: fetches its code by a token of somebody's",
        "old: is of the old kind, which is paid whether it runs or not",
        "unkeyed: encrypts what stages hand on with a key that the whole account may use",
      ],
    );
  });
});
