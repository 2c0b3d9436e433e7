import * as assert from "node:assert/strict";
import type { RecordedResource } from "../support/recorded-resource";
import type { Run } from "../support/run";
import { actionsOf, may, routing, textOf } from "./reading";
import { exampleFile, problemsOf, repositoryFile, runExample } from "./support";

const PIPELINE = "aws:codepipeline/pipeline:Pipeline";
const SERVICE = "aws:ecs/service:Service";
const REPOSITORY = "aws:ecr/repository:Repository";

interface Action {
  readonly category: string;
  readonly provider: string;
  readonly configuration: Readonly<Record<string, string>>;
}

/** An action of a pipeline's stage: the first, or the one that comes so many behind it. */
function stage(run: Run, name: string, position = 0): Action {
  const stages = run.one(PIPELINE).input("stages") as unknown as {
    readonly name: string;
    readonly actions: readonly Action[];
  }[];
  const action = stages.find((one) => one.name === name)?.actions[position];
  return action ?? assert.fail(`there is no such action in a stage ${name}`);
}

/** An output that must be text. */
function outputOf({ name, outputs }: RecordedResource, output: string): string {
  const value = outputs[output];
  assert.ok(typeof value === "string", `${name} has no text as ${output}`);
  return value;
}

/** The commands that CodeBuild runs in a project. */
function commandsOf(run: Run, project: string): string[] {
  const { phases } = JSON.parse(
    textOf(run.one("aws:codebuild/project:Project", project), "source.buildspec"),
  ) as { phases: Record<string, { commands: string[] }> };
  return Object.values(phases).flatMap(({ commands }) => commands);
}

describe("seed 003, from a push to a rollout", () => {
  let run: Run;
  before(async () => {
    run = await runExample("go-server");
  });

  it("S003-10, S003-18: the pipeline ends with a rollout of the service in its cluster, and may do that", () => {
    const service = run.one(SERVICE);
    const { provider, configuration } = stage(run, "Deploy");
    assert.equal(provider, "ECS");
    assert.equal(configuration["ServiceName"], service.outputs["name"]);
    assert.equal(configuration["ClusterName"], run.one("aws:ecs/cluster:Cluster").outputs["name"]);
    assert.ok(may(run, "server-pipeline-role", "ecs:UpdateService", outputOf(service, "arn")));
    assert.match(repositoryFile("docs/delivery.md"), /^### Push code into production$/m);
  });

  it("S003-11: CodePipeline, with what its stages hand on encrypted by a key of the stack", () => {
    const pipeline = run.one(PIPELINE);
    assert.equal(pipeline.input("pipelineType"), "V2");
    assert.equal(
      pipeline.input("artifactStores.0.encryptionKey.id"),
      run.one("aws:kms/key:Key", "pipeline-artifacts-key").outputs["arn"],
    );
  });

  it("S003-12: the code comes through a connection that a person confirms once", () => {
    const connection = run.one("aws:codeconnections/connection:Connection");
    assert.equal(connection.input("providerType"), "GitHub");
    const { provider, configuration } = stage(run, "Source");
    assert.equal(provider, "CodeStarSourceConnection");
    assert.equal(configuration["ConnectionArn"], connection.outputs["arn"]);
    assert.match(repositoryFile("docs/delivery.md"), /PENDING/);
  });

  it("S003-13: a push to the branch starts it, and there is none without a branch", () => {
    const { FullRepositoryId, BranchName } = stage(run, "Source").configuration;
    assert.deepEqual([FullRepositoryId, BranchName], ["example/go-server", "main"]);
    assert.deepEqual(run.one(PIPELINE).input("triggers.0.gitConfiguration.pushes"), [
      { branches: { includes: ["main"] } },
    ]);
    assert.deepEqual(
      problemsOf("go-server", { "pipelines.server.source.branch": undefined }).map(
        ({ key }) => key,
      ),
      ["ecs-platform:pipelines.server.source.branch"],
    );
  });

  it("S003-14: CodeBuild builds the image, by a Docker server in place of a privileged container", () => {
    const project = run.one("aws:codebuild/project:Project", "server-build-project");
    assert.equal(stage(run, "Build").configuration["ProjectName"], project.outputs["name"]);
    assert.ok(project.input("environment.dockerServer") !== undefined);
    assert.notEqual(project.input("environment.privilegedMode"), true);
    assert.ok(commandsOf(run, "server-build-project").some((line) => / docker build /.test(line)));
  });

  it("S003-15: it pushes to that repository alone, under the commit", () => {
    const repository = outputOf(run.one(REPOSITORY), "arn");
    const push = "ecr:PutImage";
    assert.ok(may(run, "server-build-role", push, repository));
    assert.ok(!may(run, "server-build-role", push, `${repository}-of-another-service`));
    const lines = commandsOf(run, "server-build-project");
    assert.ok(lines.includes('IMAGE="$REPOSITORY_URL:$COMMIT"'));
    assert.ok(lines.some((line) => line.includes('docker push "$IMAGE"')));
  });

  it("S003-16: an ECR repository whose tags stay, but for the one that the service follows", () => {
    const repository = run.one(REPOSITORY);
    assert.equal(repository.input("imageTagMutability"), "IMMUTABLE_WITH_EXCLUSION");
    assert.deepEqual(repository.input("imageTagMutabilityExclusionFilters"), [
      { filter: "live", filterType: "WILDCARD" },
    ]);
  });

  it("S003-17: the rollout has a task definition with the new image, and pulumi up means the same image", () => {
    assert.equal(stage(run, "Deploy").configuration["FileName"], "imagedefinitions-server.json");
    assert.ok(
      commandsOf(run, "server-build-project").some(
        (line) => line.includes('"imageUri"') && line.endsWith("> imagedefinitions-server.json"),
      ),
    );
    assert.ok(actionsOf(run, "server-pipeline-role").includes("ecs:RegisterTaskDefinition"));
    for (const role of ["server-task-role", "server-execution-role"]) {
      const roleArn = outputOf(run.one("aws:iam/role:Role", role), "arn");
      assert.ok(may(run, "server-pipeline-role", "iam:PassRole", roleArn), role);
    }
    // The task definition of the stack names the tag, which moves to the image once it is deployed.
    const [container] = run
      .one("aws:ecs/taskDefinition:TaskDefinition")
      .jsonInput("containerDefinitions") as unknown as { image: string }[];
    assert.equal(container?.image, `${outputOf(run.one(REPOSITORY), "repositoryUrl")}:live`);
    const promote = run.one("aws:codebuild/project:Project", "server-promote-project");
    assert.equal(stage(run, "Deploy", 1).configuration["ProjectName"], promote.outputs["name"]);
  });

  it("S003-19: the picture of the example has the pipeline, the repository and CloudWatch beside the rest", () => {
    const picture = /<!-- diagram -->\n([^]*)<!-- \/diagram -->/.exec(
      exampleFile("go-server", "README.md"),
    );
    for (const part of [
      "Application Load Balancer",
      "eu-west-1a",
      "eu-west-1b",
      "2 to 10 tasks",
      "CodePipeline",
      "ECR",
      "CloudWatch",
    ]) {
      assert.ok(picture?.[1]?.includes(part), `the picture lacks ${part}`);
    }
  });

  it("S003-35: requests move between two target groups, by ECS itself, and not by another strategy's keys", () => {
    const service = run.one(SERVICE);
    assert.equal(service.input("deploymentConfiguration.strategy"), "CANARY");
    const groups = run.all("aws:lb/targetGroup:TargetGroup").map(({ outputs }) => outputs["arn"]);
    assert.deepEqual(
      [
        service.input("loadBalancers.0.targetGroupArn"),
        service.input("loadBalancers.0.advancedConfiguration.alternateTargetGroupArn"),
      ],
      groups,
    );
    assert.equal(
      routing(run).filter(({ hosts }) => hosts.includes("server.example.com")).length,
      2,
    );
    assert.deepEqual(run.all("aws:codedeploy/deploymentGroup:DeploymentGroup"), []);
    assert.deepEqual(
      problemsOf("go-server", { "services.server.deployment.maximumPercent": 150 }).map(
        ({ key }) => key,
      ),
      ["ecs-platform:services.server.deployment.maximumPercent"],
    );
  });

  it("S003-36: old tasks wait while alarms are watched, and a way back is described", () => {
    const service = run.one(SERVICE);
    assert.ok(Number(service.input("deploymentConfiguration.bakeTimeInMinutes")) > 0);
    const { alarmNames, ...alarms } = service.input("alarms") as unknown as {
      alarmNames: readonly string[];
      enable: boolean;
      rollback: boolean;
    };
    assert.deepEqual(alarms, { enable: true, rollback: true });
    assert.ok(alarmNames.length > 0);
    assert.match(repositoryFile("docs/delivery.md"), /^## Going back$/m);
  });
});
