import * as pulumi from "@pulumi/pulumi";
import { type Statement, accountOf, partitionOf, regionOf } from "../support/iam";
import type { PipelineNeighbours, PipelineService } from "./neighbours";

/** What starts the names of a pipeline's artifacts: the first 20 characters of its own name, of which the end is random. */
function artifactPrefix(name: string): string {
  return `${name}-pipeline-`.slice(0, 20);
}

function ownArtifacts(
  name: string,
  { bucketArn }: Pick<PipelineNeighbours["artifacts"], "bucketArn">,
): pulumi.Output<string> {
  return pulumi.interpolate`${bucketArn}/${artifactPrefix(name)}*`;
}

/** Reading, and perhaps writing, what this pipeline's stages hand on. */
export function artifactStatements(
  name: string,
  artifacts: PipelineNeighbours["artifacts"],
  access: "read" | "write",
): Statement[] {
  const more = (action: string) => (access === "write" ? [action] : []);
  return [
    {
      actions: ["s3:GetObject", "s3:GetObjectVersion", ...more("s3:PutObject")],
      resources: [ownArtifacts(name, artifacts)],
    },
    {
      actions: ["kms:Decrypt", "kms:DescribeKey", ...more("kms:GenerateDataKey*")],
      resources: [artifacts.keyArn],
    },
  ];
}

/** Pushing an image, and looking whether it is there. */
export function pushStatements(repositoryArn: pulumi.Input<string>): Statement[] {
  return [
    {
      actions: [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:DescribeImages",
        "ecr:GetDownloadUrlForLayer",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
      ],
      resources: [repositoryArn],
    },
    // A token for the registry as a whole: IAM offers no narrower resource.
    { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
  ];
}

/** Looking at what the services run and how that came, and moving a tag to an image that is in the repository. */
export function promoteStatements({ repository, services }: PipelineNeighbours): Statement[] {
  return [
    {
      actions: ["ecs:DescribeServices", "ecs:ListServiceDeployments"],
      resources: Object.values(services).map(({ serviceArn }) => serviceArn),
    },
    // ECS knows no resource for it.
    { actions: ["ecs:DescribeTaskDefinition"], resources: ["*"] },
    {
      actions: ["ecr:BatchGetImage", "ecr:PutImage"],
      resources: [repository.repositoryArn],
    },
  ];
}

/** Running this one service's tasks, and reading what they log. */
export function releaseStatements(
  { cluster }: PipelineNeighbours,
  service: PipelineService,
): Statement[] {
  const inCluster = { ArnEquals: { "ecs:cluster": cluster.arn } };
  return [
    { actions: ["ecs:DescribeServices"], resources: [service.serviceArn] },
    ...taskDefinitionStatements([service]),
    {
      actions: ["ecs:RunTask"],
      resources: [
        pulumi.interpolate`${ecsArn(cluster.arn, "task-definition")}/${service.taskDefinitionFamily}:*`,
      ],
      conditions: inCluster,
    },
    {
      actions: ["ecs:DescribeTasks", "ecs:StopTask"],
      resources: [pulumi.interpolate`${ecsArn(cluster.arn, "task")}/${cluster.clusterName}/*`],
      conditions: inCluster,
    },
    {
      actions: ["logs:GetLogEvents"],
      resources: [pulumi.interpolate`${logGroupArn(cluster.arn, service)}:log-stream:*`],
    },
  ];
}

/** What CodePipeline's action for ECS does to the services (CodePipeline guide, "Amazon ECS deploy action reference"). */
export function deployStatements({ cluster, services }: PipelineNeighbours): Statement[] {
  const all = Object.values(services);
  return [
    {
      actions: ["ecs:DescribeServices", "ecs:UpdateService"],
      resources: all.map(({ serviceArn }) => serviceArn),
    },
    ...taskDefinitionStatements(all),
    {
      actions: ["ecs:TagResource"],
      resources: all.map(
        ({ taskDefinitionFamily }) =>
          pulumi.interpolate`${ecsArn(cluster.arn, "task-definition")}/${taskDefinitionFamily}:*`,
      ),
      conditions: { StringEquals: { "ecs:CreateAction": "RegisterTaskDefinition" } },
    },
  ];
}

/** Reading the code of this repository alone, whatever else the connection may read, and handing it on. */
export function sourceStatements(
  name: string,
  { connectionArn, artifacts }: PipelineNeighbours,
  repository: string,
): Statement[] {
  return [
    {
      actions: ["codeconnections:UseConnection", "codestar-connections:UseConnection"],
      resources: [connectionArn],
      // Both names of the service have a key; a call that is about no repository has neither.
      conditions: {
        StringEqualsIfExists: {
          "codeconnections:FullRepositoryId": repository,
          "codestar-connections:FullRepositoryId": repository,
        },
      },
    },
    // The connection puts the code there with an access control list, and is refused without this right (aws-cdk #13557).
    { actions: ["s3:PutObjectAcl"], resources: [ownArtifacts(name, artifacts)] },
  ];
}

/** Revisions with these services' own roles and no others. */
function taskDefinitionStatements(services: readonly PipelineService[]): Statement[] {
  return [
    // ECS knows no resource for these two; the roles below are what keeps a revision from more rights.
    {
      actions: ["ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition"],
      resources: ["*"],
    },
    {
      actions: ["iam:PassRole"],
      resources: services.flatMap(({ executionRoleArn, taskRoleArn }) => [
        executionRoleArn,
        taskRoleArn,
      ]),
      conditions: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
  ];
}

/** What starts the ARN of every task or task definition beside the cluster. */
function ecsArn(
  clusterArn: pulumi.Input<string>,
  kind: "task" | "task-definition",
): pulumi.Output<string> {
  return pulumi.output(clusterArn).apply((arn) => arn.replace(/:cluster\/.*$/, `:${kind}`));
}

function logGroupArn(
  clusterArn: pulumi.Input<string>,
  { logGroupName }: PipelineService,
): pulumi.Output<string> {
  return pulumi.interpolate`arn:${partitionOf(clusterArn)}:logs:${regionOf(clusterArn)}:${accountOf(clusterArn)}:log-group:${logGroupName}`;
}
