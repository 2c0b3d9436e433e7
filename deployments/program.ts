import * as pulumiservice from "@pulumi/pulumiservice";
import type { DeploymentsConfig } from "./config";
import { type DeployedStack, momentOf } from "./settings";

/** What Pulumi Deployments does with each stack: a stack cannot say so of itself, as it would take two deployments to hear it. */
export function createDeployments(config: DeploymentsConfig): void {
  const provider = new pulumiservice.Provider("pulumi-cloud", config.cloud);
  for (const [name, stack] of Object.entries(config.stacks)) {
    const where = { organization: config.organization, project: config.project, stack: name };
    const settings = new pulumiservice.DeploymentSettings(
      `${name}-settings`,
      { ...where, ...settingsOf(name, stack, config) },
      { provider },
    );
    // Pulumi Cloud takes no schedule for a stack that it cannot deploy.
    const schedule = { provider, dependsOn: [settings] };
    if (stack.drift) {
      const { schedule: scheduleCron, autoRemediate } = stack.drift;
      new pulumiservice.DriftSchedule(
        `${name}-drift`,
        { ...where, scheduleCron, autoRemediate },
        schedule,
      );
    }
    if (stack.expiresAt !== undefined) {
      new pulumiservice.TtlSchedule(
        `${name}-expiry`,
        { ...where, timestamp: momentOf(stack.expiresAt), deleteAfterDestroy: true },
        schedule,
      );
    }
  }
}

function settingsOf(
  name: string,
  stack: DeployedStack,
  { source, executorImage }: DeploymentsConfig,
): Omit<pulumiservice.DeploymentSettingsArgs, "organization" | "project" | "stack"> {
  return {
    sourceContext: { git: { branch: `refs/heads/${source.branch}`, repoDir: source.folder } },
    vcs: {
      provider: source.provider,
      repository: source.repository,
      deployCommits: stack.deployCommits,
      previewPullRequests: stack.previewPullRequests,
      pullRequestTemplate: stack.reviewStacks,
      paths: source.paths,
    },
    operationContext: {
      oidc: {
        aws: {
          roleARN: stack.roleArn,
          // Names the login in CloudTrail.
          sessionName: `pulumi-deployments-${name}`,
          duration: `${stack.sessionHours}h0m0s`,
        },
      },
      options: {
        // Of several pushes in a row only the last is deployed.
        skipIntermediateDeployments: true,
        // A review stack has this from its pattern, and is forgotten once its pull request ends.
        ...(stack.reviewStacks && { deleteAfterDestroy: true }),
      },
    },
    executorContext: { executorImage },
    cacheOptions: { enable: true },
  };
}
