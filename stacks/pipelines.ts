import * as pulumi from "@pulumi/pulumi";
import { ArtifactStore, Pipeline, SourceConnection } from "../components";
import type { PipelineConfig } from "./pipeline-settings";
import type { PlatformConfig } from "./config";
import type { Region } from "./outputs";

export type Pipelines = Pick<Region, "sourceConnections" | "pipelines">;

/** The ways to the code, and from there to the services. All pipelines hand on through one store, made with the first. */
export function createPipelines(
  config: PlatformConfig,
  region: Pick<Region, "cluster" | "services" | "repositories">,
  opts: pulumi.ComponentResourceOptions,
): Pipelines {
  const sourceConnections = Object.fromEntries(
    Object.entries(config.sourceConnections).map(([name, settings]) => [
      name,
      new SourceConnection(name, settings, opts),
    ]),
  );
  const entries = Object.entries(config.pipelines);
  if (entries.length === 0) return { sourceConnections, pipelines: {} };

  const retentionDays = artifactDays(config);
  const artifacts = new ArtifactStore("pipeline-artifacts", { retentionDays }, opts);
  const pipelines = entries.map(([name, { repository: key, services, ...settings }]) => {
    const { connection: connectionKey, ...source } = settings.source;
    const connection = sourceConnections[connectionKey];
    const repository = region.repositories[key];
    // contradictions/pipelines.ts sees to it that both are there.
    if (connection === undefined || repository === undefined) throw new Error(`pipeline ${name}`);
    const pipeline = new Pipeline(
      name,
      {
        ...settings,
        source,
        connectionArn: connection.arn,
        artifacts,
        repository,
        cluster: region.cluster,
        ...servicesOf(config, services, region.services),
      },
      opts,
    );
    return [name, pipeline] as const;
  });
  return { sourceConnections, pipelines: Object.fromEntries(pipelines) };
}

const MINUTES_OF_A_DAY = 24 * 60;

/** Two weeks, or longer where an approval may wait longer: what was built must still be there to be deployed then. */
function artifactDays({ pipelines }: PlatformConfig): number {
  const waits = Object.values(pipelines).map(({ approval }) => approval?.timeoutMinutes ?? 0);
  return Math.max(14, Math.ceil(Math.max(...waits) / MINUTES_OF_A_DAY) + 7);
}

/** The services of a pipeline, in its order, and the processor that all of them run on. */
function servicesOf(
  config: PlatformConfig,
  names: PipelineConfig["services"],
  services: Region["services"],
) {
  const members = names.flatMap((name) => {
    const settings = config.services[name];
    const service = services[name];
    return settings?.repository === undefined || service === undefined
      ? []
      : [{ name, service, tag: settings.repository.tag, architecture: settings.architecture }];
  });
  return {
    architecture: members[0]?.architecture,
    services: Object.fromEntries(
      members.map(({ name, service, tag }) => [name, { ...fieldsOf(service), tag }]),
    ),
  };
}

function fieldsOf(service: Region["services"][string]) {
  const { serviceName, serviceArn, taskDefinitionFamily, taskRoleArn, executionRoleArn } = service;
  const { logGroupName, release } = service;
  return {
    serviceName,
    serviceArn,
    taskDefinitionFamily,
    taskRoleArn,
    executionRoleArn,
    logGroupName,
    ...(release && { release }),
  };
}

/** Commands to copy, for each pipeline: run it now, show how it stands, agree to what waits. */
export function pipelineCommands(
  { aws: { region }, pipelines: settings }: PlatformConfig,
  { pipelines }: Pipelines,
): Record<"start" | "show" | "approve", Record<string, pulumi.Output<string>>> {
  const forEach = (command: (name: pulumi.Output<string>) => pulumi.Output<string>) =>
    Object.fromEntries(
      Object.entries(pipelines).map(([key, { pipelineName }]) => [key, command(pipelineName)]),
    );
  const state = (name: pulumi.Output<string>) =>
    pulumi.interpolate`aws codepipeline get-pipeline-state --name ${name} --region ${region}`;
  const approvals = forEach(
    (name) =>
      pulumi.interpolate`aws codepipeline put-approval-result --pipeline-name ${name} --stage-name Approve --action-name Approve --result summary=approved,status=Approved --token "$(${state(name)} --query "stageStates[?stageName=='Approve'].actionStates[0].latestExecution.token" --output text)" --region ${region}`,
  );
  return {
    start: forEach(
      (name) =>
        pulumi.interpolate`aws codepipeline start-pipeline-execution --name ${name} --region ${region}`,
    ),
    show: forEach(
      (name) =>
        pulumi.interpolate`${state(name)} --query 'stageStates[].[stageName,latestExecution.status]' --output table`,
    ),
    approve: Object.fromEntries(
      Object.entries(approvals).filter(([key]) => settings[key]?.approval !== undefined),
    ),
  };
}
