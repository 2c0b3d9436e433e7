import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf, policyDocument, regionOf, serviceTrust } from "../support/iam";
import { parseSettings } from "../support/parse-settings";
import { type Problem, SettingsError } from "../support/problem";
import type { PipelineNeighbours } from "./neighbours";
import { createNotices } from "./notices";
import { createProjects } from "./projects";
import { artifactStatements, deployStatements, sourceStatements } from "./rights";
import { type PipelineSettings, pipelineSettings } from "./settings";
import { pushTrigger, stagesOf } from "./stages";

const SERVICES_MISSING: Problem = {
  key: "services",
  value: {},
  rule: "names nothing to deploy to",
  allowed: "one service or more",
  fix: "add the service that runs the image",
};

export interface PipelineArgs extends PipelineSettings, PipelineNeighbours {}

/**
 * From a push to the services that run it: CodePipeline fetches the code, CodeBuild builds the image and pushes it under
 * its commit, a person approves if that is asked for, release commands run, ECS replaces the tasks of one service after
 * the other, and at last the tag that their task definitions name moves to the image.
 *
 * ```ts
 * const pipeline = new Pipeline("server", {
 *   connectionArn: github.arn, artifacts, repository, cluster,
 *   services: { server: { ...server, tag: "live" } },
 *   source: { repository: "example/go-server", branch: "main" },
 * });
 * ```
 *
 * A commit that comes while another waits takes its place (execution mode SUPERSEDED); no two deploy at once.
 *
 * Cost: 0.002 USD for each minute that an action runs, 100 a month free; builds 0.0034 (ARM64) or 0.005 USD a minute for
 * the machine and as much for its Docker server; 1 USD a month for each of the topics that tell people. (AWS price pages
 * for us-east-1, read in November 2026.)
 *
 * The image comes from here alone: `pulumi up` changes the services' shape, and goes on with the image of the tag.
 */
export class Pipeline extends pulumi.ComponentResource {
  public readonly pipelineName: pulumi.Output<string>;
  /** Page that shows its runs. */
  public readonly consoleUrl: pulumi.Output<string>;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: PipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    const { connectionArn, artifacts, repository, cluster, architecture, services, ...rest } = args;
    const neighbours = { connectionArn, artifacts, repository, cluster, architecture, services };
    const { value: settings, problems } = parseSettings(pipelineSettings, rest, "");
    const servicesMissing = Object.keys(services).length === 0;
    if (settings === undefined || servicesMissing) {
      throw new SettingsError(`Pipeline "${name}"`, [
        ...problems,
        ...(servicesMissing ? [SERVICES_MISSING] : []),
      ]);
    }
    super("ecs-platform:index:Pipeline", name, {}, opts);
    const child = { parent: this };
    const accountId = accountOf(cluster.arn);

    const projects = createProjects(name, neighbours, settings, child);
    const role = new aws.iam.Role(
      `${name}-pipeline-role`,
      { assumeRolePolicy: serviceTrust("codepipeline.amazonaws.com", accountId) },
      child,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-pipeline-policy`,
      {
        role: role.name,
        policy: policyDocument([
          ...sourceStatements(name, neighbours, settings.source.repository),
          {
            actions: ["s3:GetBucketLocation", "s3:GetBucketVersioning"],
            resources: [artifacts.bucketArn],
          },
          ...artifactStatements(name, artifacts, "write"),
          {
            actions: ["codebuild:BatchGetBuilds", "codebuild:StartBuild"],
            resources: [projects.build, ...Object.values(projects.releases), projects.promote].map(
              ({ arn }) => arn,
            ),
          },
          ...deployStatements(neighbours),
        ]),
      },
      child,
    );
    const pipeline = new aws.codepipeline.Pipeline(
      `${name}-pipeline`,
      {
        pipelineType: "V2",
        executionMode: "SUPERSEDED",
        roleArn: role.arn,
        artifactStores: [
          {
            type: "S3",
            location: artifacts.bucketName,
            encryptionKey: { type: "KMS", id: artifacts.keyArn },
          },
        ],
        triggers: [pushTrigger(settings.source)],
        stages: stagesOf(neighbours, settings, projects),
      },
      // AWS starts a new pipeline at once.
      { ...child, dependsOn: [policy, ...projects.rights] },
    );

    const region = regionOf(cluster.arn);
    this.pipelineName = pipeline.name;
    this.consoleUrl = pulumi.interpolate`https://${region}.console.aws.amazon.com/codesuite/codepipeline/pipelines/${this.pipelineName}/view?region=${region}`;
    createNotices(
      name,
      { pipelineName: this.pipelineName, consoleUrl: this.consoleUrl, accountId, settings },
      child,
    );
    this.registerOutputs({ pipelineName: this.pipelineName, consoleUrl: this.consoleUrl });
  }
}
