import type * as pulumi from "@pulumi/pulumi";
import type { PlatformConfig } from "./config";
import type { Repositories } from "./images";

const PLATFORMS = { X86_64: "linux/amd64", ARM64: "linux/arm64" } as const;

/**
 * Commands that build the image of the current folder and push it, by repository: under the commit, which names it for
 * ever, and under the first tag that moves.
 */
export function pushCommands(
  config: PlatformConfig,
  repositories: Repositories,
): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    Object.entries(repositories).map(([name, { repositoryUrl }]) => {
      const movingTags = config.repositories[name]?.movingTags ?? [];
      const tags = ["$(git rev-parse HEAD)", ...movingTags.slice(0, 1)];
      const command = repositoryUrl.apply((url) =>
        [
          loginCommand(config.aws.region, url),
          `docker buildx build --platform ${platformsOf(config, name)}`,
          ...tags.map((tag) => `--tag ${url}:${tag}`),
          "--push .",
        ].join(" "),
      );
      return [name, command];
    }),
  );
}

function loginCommand(region: string, repositoryUrl: string): string {
  const [registry = ""] = repositoryUrl.split("/");
  return `aws ecr get-login-password --region ${region} | docker login --username AWS --password-stdin ${registry} &&`;
}

/** Processors of all that run images of the repository; the usual one where nothing does yet. */
function platformsOf({ services, tasks }: PlatformConfig, repository: string): string {
  const users = [...Object.values(services), ...Object.values(tasks)].filter(
    (user) => user.repository?.name === repository,
  );
  const platforms = users.map(({ architecture }) => PLATFORMS[architecture]);
  return [...new Set(platforms)].sort().join(",") || PLATFORMS.X86_64;
}
