import * as assert from "node:assert/strict";
import { Pipeline } from "../../components";
import type { JsonObject } from "../support/json";
import { artifacts, connectionArn, full, happy, repository } from "./pipeline-neighbours";
import { build, cluster, dependsOn, refusal } from "./support";

const PIPELINE = "aws:codepipeline/pipeline:Pipeline";
const PROJECT = "aws:codebuild/project:Project";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

interface Action {
  readonly name: string;
  readonly runOrder?: number;
  readonly configuration: JsonObject;
  readonly timeoutInMinutes?: number;
}

/** The stages of the pipeline that the arguments make. */
async function stagesOf(make: typeof happy) {
  const run = await build(() => new Pipeline("server", make()));
  return run.one(PIPELINE).input("stages") as unknown as { name: string; actions: Action[] }[];
}

describe("Pipeline", () => {
  it("creates this and nothing else", async () => {
    const { component, children } = await build(() => new Pipeline("server", happy()));
    assert.equal(component.type, "ecs-platform:index:Pipeline");
    assert.deepEqual(children, [
      "aws:cloudwatch/logGroup:LogGroup server-build-logs",
      "aws:cloudwatch/logGroup:LogGroup server-promote-logs",
      "aws:codebuild/project:Project server-build-project",
      "aws:codebuild/project:Project server-promote-project",
      "aws:codepipeline/pipeline:Pipeline server-pipeline",
      "aws:iam/role:Role server-build-role",
      "aws:iam/role:Role server-pipeline-role",
      "aws:iam/role:Role server-promote-role",
      "aws:iam/rolePolicy:RolePolicy server-build-policy",
      "aws:iam/rolePolicy:RolePolicy server-pipeline-policy",
      "aws:iam/rolePolicy:RolePolicy server-promote-policy",
    ]);
  });

  it("adds what a release, an approval and notifications need", async () => {
    const least = await build(() => new Pipeline("server", happy()));
    const { children } = await build(() => new Pipeline("server", full()));
    const topic = (purpose: string) => [
      `aws:cloudwatch/eventRule:EventRule server-${purpose}`,
      `aws:cloudwatch/eventTarget:EventTarget server-${purpose}`,
      `aws:kms/key:Key server-${purpose}-key`,
      `aws:sns/topic:Topic server-${purpose}`,
      `aws:sns/topicPolicy:TopicPolicy server-${purpose}-policy`,
    ];
    assert.deepEqual(
      children.filter((child) => !least.children.includes(child)),
      [
        "aws:cloudwatch/logGroup:LogGroup server-release-worker-logs",
        "aws:codebuild/project:Project server-release-worker-project",
        "aws:iam/role:Role server-release-worker-role",
        "aws:iam/rolePolicy:RolePolicy server-release-worker-policy",
        "aws:sns/topicSubscription:TopicSubscription server-approvals-email-lead",
        "aws:sns/topicSubscription:TopicSubscription server-runs-email-team",
        ...topic("approvals"),
        ...topic("runs"),
      ].sort(),
    );
  });

  it("is started by a push to the branch, and goes on by itself to the tag", async () => {
    const run = await build(() => new Pipeline("server", happy()));
    const { stages, ...others } = run.one(PIPELINE).inputs;
    assert.deepEqual(others, {
      pipelineType: "V2",
      executionMode: "SUPERSEDED",
      roleArn: "arn:aws:iam::123456789012:role/server-pipeline-role-1a2b3c4",
      artifactStores: [
        {
          type: "S3",
          location: "artifacts",
          encryptionKey: { type: "KMS", id: artifacts.keyArn },
        },
      ],
      triggers: [
        {
          providerType: "CodeStarSourceConnection",
          gitConfiguration: {
            sourceActionName: "Source",
            pushes: [{ branches: { includes: ["main"] } }],
          },
        },
      ],
    });
    const commit = '[{"name":"COMMIT","value":"#{Source.CommitId}","type":"PLAINTEXT"}]';
    const codeBuild = (name: string, project: string, input: string) => ({
      category: "Build",
      name,
      provider: "CodeBuild",
      owner: "AWS",
      version: "1",
      configuration: { ProjectName: project, EnvironmentVariables: commit },
      inputArtifacts: [input],
    });
    assert.deepEqual(stages, [
      {
        name: "Source",
        actions: [
          {
            category: "Source",
            name: "Source",
            provider: "CodeStarSourceConnection",
            owner: "AWS",
            version: "1",
            namespace: "Source",
            configuration: {
              ConnectionArn: connectionArn,
              FullRepositoryId: "example/go-server",
              BranchName: "main",
              OutputArtifactFormat: "CODE_ZIP",
              DetectChanges: "false",
            },
            outputArtifacts: ["Source"],
          },
        ],
      },
      {
        name: "Build",
        actions: [
          {
            ...codeBuild("Build", "server-build-project-1a2b3c4", "Source"),
            outputArtifacts: ["Built"],
          },
        ],
      },
      {
        name: "Deploy",
        actions: [
          {
            category: "Deploy",
            name: "server",
            provider: "ECS",
            owner: "AWS",
            version: "1",
            runOrder: 1,
            configuration: {
              ClusterName: "platform",
              ServiceName: "server-service",
              FileName: "imagedefinitions-server.json",
              DeploymentTimeout: "60",
            },
            inputArtifacts: ["Built"],
          },
          { ...codeBuild("Promote", "server-promote-project-1a2b3c4", "Built"), runOrder: 2 },
        ],
      },
    ]);
  });

  it("waits for its roles' rights, since AWS starts it at once", async () => {
    const run = await build(() => new Pipeline("server", full()));
    assert.deepEqual(dependsOn(run, run.one(PIPELINE)), [
      "aws:iam/rolePolicy:RolePolicy server-build-policy",
      "aws:iam/rolePolicy:RolePolicy server-pipeline-policy",
      "aws:iam/rolePolicy:RolePolicy server-promote-policy",
      "aws:iam/rolePolicy:RolePolicy server-release-worker-policy",
    ]);
  });

  it("is started by the files that are named alone", async () => {
    const run = await build(() => new Pipeline("server", full()));
    assert.deepEqual(run.one(PIPELINE).input("triggers.0.gitConfiguration.pushes"), [
      {
        branches: { includes: ["release/2"] },
        filePaths: { includes: ["server/**", "go.mod"] },
      },
    ]);
  });

  it("asks a person, runs release commands, deploys one service after the other, and lets no other run in between before the tag has moved", async () => {
    const stages = await stagesOf(full);
    assert.deepEqual(
      stages.map(({ name, actions }) => [
        name,
        ...actions.map((action) => `${action.runOrder ?? 1} ${action.name}`),
      ]),
      [
        ["Source", "1 Source"],
        ["Build", "1 Build"],
        ["Approve", "1 Approve"],
        ["Release", "1 worker"],
        ["Deploy", "1 worker", "2 server", "3 Promote"],
      ],
    );
    assert.deepEqual(stages[2]?.actions, [
      {
        category: "Approval",
        name: "Approve",
        provider: "Manual",
        owner: "AWS",
        version: "1",
        configuration: {
          CustomData: "Commit #{Source.CommitId}: look at staging",
          ExternalEntityLink: "https://staging.example.com",
        },
        timeoutInMinutes: 60,
      },
    ]);
  });

  it("asks with nothing but the commit, for a week, where nothing is said", async () => {
    const stages = await stagesOf(() => ({ ...happy(), approval: {} }));
    const [approval] = stages[2]?.actions ?? [];
    assert.deepEqual(approval?.configuration, { CustomData: "Commit #{Source.CommitId}" });
    assert.equal(approval.timeoutInMinutes, 10080);
  });

  it("builds on a machine without privilege, beside a Docker server", async () => {
    const run = await build(() => new Pipeline("server", happy()));
    const { source, ...project } = run.one(PROJECT, "server-build-project").inputs;
    assert.equal((source as JsonObject)["type"], "CODEPIPELINE");
    assert.deepEqual(project, {
      description: "Builds the image of server and pushes it under its commit",
      serviceRole: "arn:aws:iam::123456789012:role/server-build-role-1a2b3c4",
      buildTimeout: 30,
      encryptionKey: artifacts.keyArn,
      artifacts: { type: "CODEPIPELINE" },
      environment: {
        type: "LINUX_CONTAINER",
        image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
        computeType: "BUILD_GENERAL1_SMALL",
        dockerServer: { computeType: "BUILD_GENERAL1_SMALL" },
        environmentVariables: [
          { name: "REPOSITORY", value: "server-repository-1a2b3c4" },
          { name: "REPOSITORY_URL", value: repository.repositoryUrl },
        ],
      },
      logsConfig: { cloudwatchLogs: { groupName: "server-build-logs-1a2b3c4" } },
    });
  });

  it("builds on the services' processor, in the size and time that are asked for", async () => {
    const run = await build(() => new Pipeline("server", full()));
    const project = run.one(PROJECT, "server-build-project");
    assert.equal(project.input("environment.type"), "ARM_CONTAINER");
    assert.equal(
      project.input("environment.image"),
      "aws/codebuild/amazonlinux-aarch64-standard:3.0",
    );
    assert.equal(project.input("environment.dockerServer.computeType"), "BUILD_GENERAL1_LARGE");
    assert.equal(project.input("buildTimeout"), 45);
  });

  it("builds with privilege for a reason alone, and then on one machine", async () => {
    const privilegedBecause = "the region has no Docker server";
    const args = { ...happy(), build: { computeType: "MEDIUM" as const, privilegedBecause } };
    const run = await build(() => new Pipeline("server", args));
    const project = run.one(PROJECT, "server-build-project");
    assert.equal(project.input("environment.privilegedMode"), true);
    assert.equal(project.input("environment.computeType"), "BUILD_GENERAL1_MEDIUM");
    assert.equal(project.input("environment.dockerServer"), undefined);
    const others = run.all(PROJECT).filter(({ name }) => name !== "server-build-project");
    assert.deepEqual(
      others.map((other) => other.input("environment.privilegedMode")),
      [undefined],
    );
  });

  it("tells release and promotion what they are about", async () => {
    const run = await build(() => new Pipeline("server", full()));
    const variables = (name: string) => {
      const given = run.one(PROJECT, name).input("environment.environmentVariables");
      return Object.fromEntries(
        (given as { name: string; value: string }[]).map(({ name: key, value }) => [key, value]),
      );
    };
    const image = {
      REPOSITORY: "server-repository-1a2b3c4",
      REPOSITORY_URL: repository.repositoryUrl,
      CLUSTER: cluster.arn,
    };
    assert.deepEqual(variables("server-release-worker-project"), {
      ...image,
      SERVICE: "worker-service",
      CONTAINER: "worker",
      COMMAND: '["/server","migrate"]',
      TIMEOUT_MINUTES: "20",
    });
    assert.deepEqual(variables("server-promote-project"), {
      ...image,
      SERVICES: '{"worker":"worker-service","server":"server-service"}',
      TAGS: '["live","stable"]',
    });
    const timeouts = run.all(PROJECT).map(({ name, inputs }) => [name, inputs["buildTimeout"]]);
    assert.deepEqual(Object.fromEntries(timeouts), {
      "server-build-project": 45,
      // The command's own twenty minutes, and ten to start the task and to say how it went.
      "server-release-worker-project": 30,
      // As long as CodePipeline may wait for a rollout, and ten to move the tags.
      "server-promote-project": 70,
    });
  });

  it("keeps build logs for a time", async () => {
    const retention = async (make: typeof happy) => {
      const run = await build(() => new Pipeline("server", make()));
      return [...new Set(run.all(LOG_GROUP).map((group) => group.input("retentionInDays")))];
    };
    assert.deepEqual(await retention(happy), [30]);
    assert.deepEqual(await retention(full), [90]);
  });

  it("tells its name and its page", async () => {
    const { component } = await build(() => new Pipeline("server", happy()));
    assert.deepEqual(component.outputs, {
      pipelineName: "server-pipeline-1a2b3c4",
      consoleUrl:
        "https://us-east-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/server-pipeline-1a2b3c4/view?region=us-east-1",
    });
  });

  it("refuses to deploy to nothing, beside all that is wrong with its settings", async () => {
    const { problems } = await refusal(
      () =>
        new Pipeline("server", {
          ...happy(),
          services: {},
          source: { repository: "example/go-server", branch: "refs/heads/main" },
        }),
    );
    assert.deepEqual(
      problems.map(({ key, rule }) => [key, rule]),
      [
        ["source.branch", "is not the name of a branch"],
        ["services", "names nothing to deploy to"],
      ],
    );
  });
});
