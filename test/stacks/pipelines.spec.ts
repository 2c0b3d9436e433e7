import * as assert from "node:assert/strict";
import { type Problem, SettingsError } from "../../components/support/problem";
import { loadConfig } from "../../stacks/config";
import { type StackConfig, runPlatform, smallConfig, sourceOf } from "./support";

type Sections = Record<string, Record<string, Record<string, unknown>>>;

const PIPELINE = "aws:codepipeline/pipeline:Pipeline";

const SECOND_REGION = {
  region: "us-west-2",
  network: {
    cidr: "10.9.0.0/16",
    availabilityZones: ["us-west-2a", "us-west-2b"],
    nat: "single",
  },
};

/** The small configuration with a pipeline for two services of one image. */
function pipelineConfig(): StackConfig & Sections {
  const followed = { name: "server", tag: "stable", rollOnPush: false };
  return {
    ...smallConfig(),
    "ecs-platform:services": {
      api: { repository: followed, route: { priority: 100 }, architecture: "ARM64" },
      worker: {
        repository: { ...followed, tag: "live" },
        architecture: "ARM64",
        release: { command: ["migrate"], timeoutMinutes: 5 },
      },
      other: { image: "public.ecr.aws/nginx/nginx:1.29" },
    },
    "ecs-platform:databases": {},
    "ecs-platform:repositories": { server: { movingTags: ["live", "stable"] }, second: {} },
    "ecs-platform:sourceConnections": { github: { provider: "GitHub" } },
    "ecs-platform:pipelines": {
      delivery: {
        source: { connection: "github", repository: "example/server", branch: "main" },
        repository: "server",
        services: ["worker", "api"],
      },
    },
  };
}

/** The members of a section, to be changed. */
function members(config: Sections, section: string): Record<string, Record<string, unknown>> {
  return (config[`ecs-platform:${section}`] ??= {});
}

function problemsOf(change: (config: StackConfig & Sections) => void): readonly Problem[] {
  const config = pipelineConfig();
  change(config);
  try {
    loadConfig(sourceOf(config));
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    return error.problems;
  }
  return [];
}

describe("the pipelines of a stack", () => {
  it("stand between a connection, a repository and services, which all stay as they are", async () => {
    const run = await runPlatform(pipelineConfig());
    const pipeline = run.one(PIPELINE);
    const stages = pipeline.input("stages") as unknown as {
      name: string;
      actions: { name: string; configuration: Record<string, string> }[];
    }[];
    const actions = (stage: string) => stages.find(({ name }) => name === stage)?.actions ?? [];
    assert.equal(
      actions("Source")[0]?.configuration["ConnectionArn"],
      run.one("aws:codeconnections/connection:Connection").outputs["arn"],
    );
    assert.deepEqual(
      actions("Release").map(({ name }) => name),
      ["worker"],
    );
    assert.deepEqual(
      actions("Deploy").map(({ name, configuration }) => [name, configuration["ServiceName"]]),
      [
        ...["worker", "api"].map((name) => [
          name,
          run.one("aws:ecs/service:Service", `${name}-service`).outputs["name"],
        ]),
        ["Promote", undefined],
      ],
    );
    assert.deepEqual(
      pipeline.input("artifactStores.0.location"),
      "pipeline-artifacts-bucket-1a2b3c4",
    );
    assert.deepEqual(pipeline.input("artifactStores.0.encryptionKey"), {
      type: "KMS",
      id: run.one("aws:kms/key:Key", "pipeline-artifacts-key").outputs["arn"] as string,
    });
  });

  it("build for the services' processor, push to the repository, and move the tags that services follow", async () => {
    const run = await runPlatform(pipelineConfig());
    const project = (name: string) => run.one("aws:codebuild/project:Project", name);
    const variable = (name: string, key: string) =>
      (
        project(name).input("environment.environmentVariables") as unknown as {
          name: string;
          value: string;
        }[]
      ).find((one) => one.name === key)?.value;
    assert.equal(project("delivery-build-project").input("environment.type"), "ARM_CONTAINER");
    assert.equal(
      variable("delivery-build-project", "REPOSITORY_URL"),
      run.one("aws:ecr/repository:Repository", "server-repository").outputs["repositoryUrl"],
    );
    assert.equal(variable("delivery-promote-project", "TAGS"), '["live","stable"]');
    assert.equal(variable("delivery-release-worker-project", "COMMAND"), '["migrate"]');
  });

  it("tell how to start, watch and approve them, and where to confirm a connection", async () => {
    const config = pipelineConfig();
    Object.assign(members(config, "pipelines")["delivery"] ?? {}, { approval: {} });
    const run = await runPlatform(config);
    const { pipelines } = run.outputs["commands"] as { pipelines: Record<string, object> };
    const state =
      "aws codepipeline get-pipeline-state --name delivery-pipeline-1a2b3c4 --region us-east-1";
    assert.deepEqual(pipelines, {
      start: {
        delivery:
          "aws codepipeline start-pipeline-execution --name delivery-pipeline-1a2b3c4 --region us-east-1",
      },
      show: {
        delivery: `${state} --query 'stageStates[].[stageName,latestExecution.status]' --output table`,
      },
      approve: {
        delivery: `aws codepipeline put-approval-result --pipeline-name delivery-pipeline-1a2b3c4 --stage-name Approve --action-name Approve --result summary=approved,status=Approved --token "$(${state} --query "stageStates[?stageName=='Approve'].actionStates[0].latestExecution.token" --output text)" --region us-east-1`,
      },
    });
    const { sourceConnectionArns, sourceConnectionPages, pipelineNames, pipelinePages } = run
      .outputs["ids"] as Record<string, unknown>;
    assert.deepEqual(
      { sourceConnectionArns, sourceConnectionPages, pipelineNames, pipelinePages },
      {
        sourceConnectionArns: {
          github: "arn:aws:codeconnections:us-east-1:123456789012:connection/github-git-1a2b3c4",
        },
        sourceConnectionPages: {
          github:
            "https://us-east-1.console.aws.amazon.com/codesuite/settings/connections?region=us-east-1",
        },
        pipelineNames: { delivery: "delivery-pipeline-1a2b3c4" },
        pipelinePages: {
          delivery:
            "https://us-east-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/delivery-pipeline-1a2b3c4/view?region=us-east-1",
        },
      },
    );
  });

  it("keep what they have built for as long as an approval may wait, and a week more", async () => {
    const days = async (approval?: object) => {
      const config = pipelineConfig();
      Object.assign(members(config, "pipelines")["delivery"] ?? {}, { approval });
      const rules = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
      return (await runPlatform(config))
        .one(rules, "pipeline-artifacts-lifecycle")
        .input("rules.0.expiration.days");
    };
    assert.equal(await days(), 14);
    assert.equal(await days({}), 14);
    assert.equal(await days({ timeoutMinutes: 86400 }), 67);
  });

  it("can be approved by a command only where they ask", async () => {
    const run = await runPlatform(pipelineConfig());
    const { pipelines } = run.outputs["commands"] as { pipelines: Record<string, object> };
    assert.deepEqual(pipelines["approve"], {});
  });

  it("leave the connection to the first region alone", async () => {
    const run = await runPlatform({
      ...smallConfig(),
      "ecs-platform:sourceConnections": { github: { provider: "GitHub" } },
      "ecs-platform:secondRegion": SECOND_REGION,
    });
    assert.deepEqual(
      run
        .all("aws:codeconnections/connection:Connection")
        .map(({ urn }) => /SecondRegion/.test(urn)),
      [false],
    );
  });

  it("are not there, nor anything for them, where the file names none", async () => {
    const run = await runPlatform(smallConfig());
    assert.deepEqual(run.all(PIPELINE), []);
    assert.deepEqual(
      run.resources.filter(({ name }) => name.startsWith("pipeline-artifacts")),
      [],
    );
    assert.ok(!("pipelines" in (run.outputs["commands"] as object)));
    assert.ok(!("pipelineNames" in (run.outputs["ids"] as object)));
  });
});

const delivery = "ecs-platform:pipelines.delivery";

describe("the pipelines of a stack file are refused", () => {
  const change =
    (section: string, member: string, values: Record<string, unknown>) =>
    (config: StackConfig & Sections) => {
      Object.assign((members(config, section)[member] ??= {}), values);
    };
  const source = { connection: "github", repository: "example/server", branch: "main" };

  const CASES: Record<
    string,
    { change: (config: StackConfig & Sections) => void; problem: Problem }
  > = {
    "with a connection that is misspelt": {
      change: change("pipelines", "delivery", { source: { ...source, connection: "githab" } }),
      problem: {
        key: `${delivery}.source.connection`,
        value: "githab",
        rule: "is not a key of sourceConnections",
        allowed: "github",
        fix: 'did you mean "github"?',
      },
    },
    "with a connection where there is none": {
      change: (config) => delete (config as StackConfig)["ecs-platform:sourceConnections"],
      problem: {
        key: `${delivery}.source.connection`,
        value: "github",
        rule: "is not a key of sourceConnections",
        allowed: "none: sourceConnections is empty",
        fix: "add it under sourceConnections, or correct it",
      },
    },
    "without a branch": {
      change: change("pipelines", "delivery", { source: { ...source, branch: undefined } }),
      problem: {
        key: `${delivery}.source.branch`,
        value: undefined,
        rule: "must be text",
        allowed: "one branch by its bare name, such as main: no refs/heads/, no wildcard",
        fix: `add the key ${delivery}.source.branch`,
      },
    },
    "with a service that is misspelt": {
      change: change("pipelines", "delivery", { services: ["wroker"] }),
      problem: {
        key: `${delivery}.services[0]`,
        value: "wroker",
        rule: "is not a key of services",
        allowed: "api, other, worker",
        fix: 'did you mean "worker"?',
      },
    },
    "with services of two processors": {
      change: change("services", "api", { architecture: "X86_64" }),
      problem: {
        key: `${delivery}.services`,
        value: ["worker", "api"],
        rule: "run on different processors: worker on ARM64, api on X86_64",
        allowed: "services of one architecture",
        fix: "give them the same architecture, or each a pipeline of its own",
      },
    },
    "with a service of another image": {
      change: change("pipelines", "delivery", { services: ["other"] }),
      problem: {
        key: "ecs-platform:services.other.repository.name",
        value: undefined,
        rule: "is not the repository that the pipeline delivery pushes to",
        allowed: "server",
        fix: "set repository: { name: server, rollOnPush: false } in place of image, build or another repository",
      },
    },
    "with a service that follows another repository": {
      change: change("services", "api", { repository: { name: "second", rollOnPush: false } }),
      problem: {
        key: "ecs-platform:services.api.repository.name",
        value: "second",
        rule: "is not the repository that the pipeline delivery pushes to",
        allowed: "server",
        fix: "set repository: { name: server, rollOnPush: false } in place of image, build or another repository",
      },
    },
    "with a service that a push rolls": {
      change: change("services", "api", { repository: { name: "server" } }),
      problem: {
        key: "ecs-platform:services.api.repository.rollOnPush",
        value: true,
        rule: "would roll the service once more when the pipeline delivery moves the tag",
        allowed: "false",
        fix: "set it to false: the pipeline rolls the service",
      },
    },
    "beside a second region": {
      change: (config) => {
        (config as StackConfig)["ecs-platform:secondRegion"] = SECOND_REGION;
      },
      problem: {
        key: "ecs-platform:pipelines",
        value: ["delivery"],
        rule: "would deploy to the first region alone, and leave the second with the image before",
        allowed: "pipelines, or secondRegion",
        fix: "let a push roll the services of both (services.NAME.repository), or make each region a stack",
      },
    },
    "with a gate that waits longer than CodePipeline": {
      change: change("services", "api", {
        deployment: {
          strategy: "BLUE_GREEN",
          gates: {
            approve: { kind: "approval", stage: "POST_TEST_TRAFFIC_SHIFT", timeoutMinutes: 61 },
          },
        },
      }),
      problem: {
        key: "ecs-platform:services.api.deployment.gates.approve.timeoutMinutes",
        value: 61,
        rule: "is longer than the pipeline delivery waits for a deployment",
        allowed: "1 to 60",
        fix: "lower it, or let the pipeline ask: pipelines.NAME.approval",
      },
    },
  };
  for (const [title, { change: make, problem }] of Object.entries(CASES)) {
    it(title, () => assert.deepEqual(problemsOf(make), [problem]));
  }

  it("with a repository that is not there", () => {
    const problems = problemsOf(change("pipelines", "delivery", { repository: "sever" }));
    assert.deepEqual(problems, [
      {
        key: `${delivery}.repository`,
        value: "sever",
        rule: "is not a key of repositories",
        allowed: "second, server",
        fix: 'did you mean "server"?',
      },
    ]);
  });

  it("with a service and a repository of another pipeline", () => {
    assert.deepEqual(
      problemsOf(
        change("pipelines", "second", { source, repository: "server", services: ["api"] }),
      ),
      [
        {
          key: "ecs-platform:pipelines.second.services[0]",
          value: "api",
          rule: "is deployed by the pipeline delivery, too",
          allowed: "a service of no other pipeline",
          fix: "take it out of one of the two",
        },
        {
          key: "ecs-platform:pipelines.second.repository",
          value: "server",
          rule: "is filled by the pipeline delivery, too",
          allowed: "a repository of no other pipeline",
          fix: "give each a repository of its own, or make one pipeline of the two if they build the same image",
        },
      ],
    );
  });

  it("not with a pipeline for another service and another repository", () => {
    assert.deepEqual(
      problemsOf((config) => {
        const repository = { name: "second", rollOnPush: false };
        members(config, "services")["other"] = { repository };
        members(config, "pipelines")["second"] = {
          source,
          repository: "second",
          services: ["other"],
        };
      }),
      [],
    );
  });

  it("with a rollout that takes longer than CodePipeline waits, and not with one that may", () => {
    const bake = (bakeTimeMinutes: number) =>
      problemsOf(
        change("services", "api", { deployment: { strategy: "BLUE_GREEN", bakeTimeMinutes } }),
      );
    assert.deepEqual(bake(50), []);
    const [problem, ...others] = bake(60);
    assert.deepEqual(others, []);
    assert.equal(problem?.key, "ecs-platform:services.api.deployment");
    assert.match(
      problem.rule,
      /^takes at least 6\d minutes, and the pipeline delivery waits for 60$/,
    );
  });

  it("not in their usual form", () => {
    assert.deepEqual(
      problemsOf(() => undefined),
      [],
    );
  });
});
