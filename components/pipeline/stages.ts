import type * as aws from "@pulumi/aws";
import { definitionsFile } from "./buildspec";
import type { PipelineNeighbours } from "./neighbours";
import type { PipelineProjects } from "./projects";
import type { CheckedPipelineSettings } from "./settings";

type Stage = aws.types.input.codepipeline.PipelineStage;
type Action = aws.types.input.codepipeline.PipelineStageAction;

/** Names of the source action and of what stages hand on; the first also starts the names of its variables. */
const SOURCE = "Source";
const BUILT = "Built";

/** Longest that CodePipeline's action for ECS waits for a deployment, in minutes. */
export const LONGEST_DEPLOYMENT_MINUTES = 60;

/** Starts the pipeline on a push to the branch. */
export function pushTrigger({
  branch,
  paths,
}: CheckedPipelineSettings["source"]): aws.types.input.codepipeline.PipelineTrigger {
  return {
    providerType: "CodeStarSourceConnection",
    gitConfiguration: {
      sourceActionName: SOURCE,
      pushes: [
        {
          branches: { includes: [branch] },
          ...(paths !== undefined && { filePaths: { includes: paths } }),
        },
      ],
    },
  };
}

/** From the code to the tag that the services' task definitions name. */
export function stagesOf(
  { connectionArn, cluster, services }: PipelineNeighbours,
  settings: CheckedPipelineSettings,
  projects: PipelineProjects,
): Stage[] {
  const { source, approval } = settings;
  const releases = Object.entries(projects.releases);
  return [
    {
      name: SOURCE,
      actions: [
        {
          ...action("Source", SOURCE, "CodeStarSourceConnection"),
          namespace: SOURCE,
          configuration: {
            ConnectionArn: connectionArn,
            FullRepositoryId: source.repository,
            BranchName: source.branch,
            OutputArtifactFormat: "CODE_ZIP",
            // The trigger does, which knows paths, too.
            DetectChanges: "false",
          },
          outputArtifacts: [SOURCE],
        },
      ],
    },
    {
      name: "Build",
      actions: [{ ...codeBuild("Build", projects.build, SOURCE), outputArtifacts: [BUILT] }],
    },
    ...(approval === undefined ? [] : [{ name: "Approve", actions: [approvalOf(approval)] }]),
    ...(releases.length === 0
      ? []
      : [
          {
            name: "Release",
            actions: inOrder(releases.map(([key, project]) => codeBuild(key, project, BUILT))),
          },
        ]),
    {
      name: "Deploy",
      actions: inOrder([
        ...Object.entries(services).map(([key, { serviceName }]) => ({
          ...action("Deploy", key, "ECS"),
          configuration: {
            ClusterName: cluster.clusterName,
            ServiceName: serviceName,
            FileName: definitionsFile(key),
            DeploymentTimeout: String(LONGEST_DEPLOYMENT_MINUTES),
          },
          inputArtifacts: [BUILT],
        })),
        // In the same stage: the next run would deploy as soon as this one left it, and the tag would not find its image.
        codeBuild("Promote", projects.promote, BUILT),
      ]),
    },
  ];
}

function action(category: string, name: string, provider: string): Action {
  return { category, name, provider, owner: "AWS", version: "1" };
}

function codeBuild(name: string, project: aws.codebuild.Project, input: string): Action {
  return {
    ...action("Build", name, "CodeBuild"),
    configuration: {
      ProjectName: project.name,
      EnvironmentVariables: JSON.stringify([
        { name: "COMMIT", value: `#{${SOURCE}.CommitId}`, type: "PLAINTEXT" },
      ]),
    },
    inputArtifacts: [input],
  };
}

function approvalOf({
  comment,
  url,
  timeoutMinutes,
}: NonNullable<CheckedPipelineSettings["approval"]>): Action {
  return {
    ...action("Approval", "Approve", "Manual"),
    configuration: {
      CustomData: `Commit #{${SOURCE}.CommitId}${comment === undefined ? "" : `: ${comment}`}`,
      ...(url !== undefined && { ExternalEntityLink: url }),
    },
    timeoutInMinutes: timeoutMinutes,
  };
}

/** One after the other; without it, all actions of a stage run at once. */
function inOrder(actions: readonly Action[]): Action[] {
  return actions.map((one, position) => ({ ...one, runOrder: position + 1 }));
}
