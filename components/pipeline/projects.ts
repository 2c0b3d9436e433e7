import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Statement, accountOf, policyDocument, serviceTrust } from "../support/iam";
import { buildImage, runScript } from "./buildspec";
import type { Architecture, PipelineNeighbours, PipelineService } from "./neighbours";
import { artifactStatements, promoteStatements, pushStatements, releaseStatements } from "./rights";
import type { CheckedPipelineSettings } from "./settings";
import { LONGEST_DEPLOYMENT_MINUTES } from "./stages";

/** CodeBuild's own images of Amazon Linux 2023: with Docker's client, the AWS command line and Node. */
const MACHINES: Record<Architecture, { readonly type: string; readonly image: string }> = {
  X86_64: { type: "LINUX_CONTAINER", image: "aws/codebuild/amazonlinux-x86_64-standard:5.0" },
  ARM64: { type: "ARM_CONTAINER", image: "aws/codebuild/amazonlinux-aarch64-standard:3.0" },
};

export interface PipelineProjects {
  readonly build: aws.codebuild.Project;
  /** By service, for those that have a release command. */
  readonly releases: Readonly<Record<string, aws.codebuild.Project>>;
  readonly promote: aws.codebuild.Project;
  /** What must stand before the pipeline runs. */
  readonly rights: readonly aws.iam.RolePolicy[];
}

/** What a pipeline has CodeBuild do, each with a role that may do this alone. */
export function createProjects(
  name: string,
  neighbours: PipelineNeighbours,
  settings: CheckedPipelineSettings,
  child: pulumi.CustomResourceOptions,
): PipelineProjects {
  const { cluster, repository, services, architecture = "X86_64" } = neighbours;
  const common = { neighbours, architecture, settings };
  const repositoryName = pulumi
    .output(repository.repositoryUrl)
    .apply((url) => url.split("/").slice(1).join("/"));
  const image = { REPOSITORY: repositoryName, REPOSITORY_URL: repository.repositoryUrl };

  const build = createProject(
    name,
    {
      ...common,
      purpose: "build",
      description: `Builds the image of ${name} and pushes it under its commit`,
      buildspec: buildImage(settings.build, architecture, Object.keys(services)),
      environment: image,
      machine: dockerMachine(settings.build),
      timeoutMinutes: settings.build.timeoutMinutes,
      access: "write",
      statements: pushStatements(repository.repositoryArn),
    },
    child,
  );
  const releases = Object.entries(services).flatMap(([key, service]) =>
    service.release === undefined
      ? []
      : [
          {
            key,
            ...createProject(
              name,
              {
                ...common,
                ...releaseOf(key, service, service.release, neighbours),
                environment: {
                  ...image,
                  CLUSTER: cluster.arn,
                  SERVICE: service.serviceName,
                  CONTAINER: key,
                  COMMAND: JSON.stringify(service.release.command),
                  TIMEOUT_MINUTES: String(service.release.timeoutMinutes),
                },
              },
              child,
            ),
          },
        ],
  );
  const promote = createProject(
    name,
    {
      ...common,
      purpose: "promote",
      description: `Moves the tags of ${name} to the image that was deployed`,
      buildspec: runScript("promote"),
      environment: {
        ...image,
        CLUSTER: cluster.arn,
        SERVICES: pulumi.jsonStringify(
          Object.fromEntries(
            Object.entries(services).map(([key, { serviceName }]) => [key, serviceName]),
          ),
        ),
        TAGS: JSON.stringify([...new Set(Object.values(services).map(({ tag }) => tag))]),
      },
      // It waits for the end of each deployment, where CodePipeline's action has not.
      timeoutMinutes: LONGEST_DEPLOYMENT_MINUTES + 10,
      access: "read",
      statements: promoteStatements(neighbours),
    },
    child,
  );
  return {
    build: build.project,
    releases: Object.fromEntries(releases.map(({ key, project }) => [key, project])),
    promote: promote.project,
    rights: [build, ...releases, promote].map(({ policy }) => policy),
  };
}

/** A Docker server of its own builds, so that no container has rights over its machine; or else, with a reason, one has. */
function dockerMachine({ computeType, privilegedBecause }: CheckedPipelineSettings["build"]) {
  const size = `BUILD_GENERAL1_${computeType}`;
  return privilegedBecause === undefined
    ? { dockerServer: { computeType: size } }
    : { computeType: size, privilegedMode: true };
}

function releaseOf(
  key: string,
  service: PipelineService,
  { timeoutMinutes }: NonNullable<PipelineService["release"]>,
  neighbours: PipelineNeighbours,
) {
  return {
    purpose: `release-${key}`,
    description: `Runs the release command of ${key} once, as a task of the new image`,
    buildspec: runScript("release"),
    // Time to start the task, and to say that it took too long.
    timeoutMinutes: timeoutMinutes + 10,
    access: "read" as const,
    statements: releaseStatements(neighbours, service),
  };
}

function createProject(
  name: string,
  args: {
    readonly purpose: string;
    readonly description: string;
    readonly buildspec: string;
    readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
    readonly machine?: ReturnType<typeof dockerMachine>;
    readonly timeoutMinutes: number;
    readonly access: "read" | "write";
    readonly statements: readonly Statement[];
    readonly neighbours: PipelineNeighbours;
    readonly architecture: Architecture;
    readonly settings: CheckedPipelineSettings;
  },
  child: pulumi.CustomResourceOptions,
): { project: aws.codebuild.Project; policy: aws.iam.RolePolicy } {
  const own = `${name}-${args.purpose}`;
  const { artifacts, cluster } = args.neighbours;
  const logGroup = new aws.cloudwatch.LogGroup(
    `${own}-logs`,
    { retentionInDays: args.settings.logRetentionDays },
    child,
  );
  const role = new aws.iam.Role(
    `${own}-role`,
    { assumeRolePolicy: serviceTrust("codebuild.amazonaws.com", accountOf(cluster.arn)) },
    child,
  );
  const policy = new aws.iam.RolePolicy(
    `${own}-policy`,
    {
      role: role.name,
      policy: policyDocument([
        {
          actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
          resources: [pulumi.interpolate`${logGroup.arn}:*`],
        },
        ...artifactStatements(name, artifacts, args.access),
        ...args.statements,
      ]),
    },
    child,
  );
  const project = new aws.codebuild.Project(
    `${own}-project`,
    {
      description: args.description,
      serviceRole: role.arn,
      buildTimeout: args.timeoutMinutes,
      encryptionKey: artifacts.keyArn,
      source: { type: "CODEPIPELINE", buildspec: args.buildspec },
      artifacts: { type: "CODEPIPELINE" },
      environment: {
        ...MACHINES[args.architecture],
        computeType: "BUILD_GENERAL1_SMALL",
        ...args.machine,
        environmentVariables: Object.entries(args.environment).map(([variable, value]) => ({
          name: variable,
          value,
        })),
      },
      logsConfig: { cloudwatchLogs: { groupName: logGroup.name } },
    },
    child,
  );
  return { project, policy };
}
