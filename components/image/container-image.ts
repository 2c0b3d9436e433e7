import { createHash } from "node:crypto";
// Of all of awsx this alone: the whole takes 0.2 seconds to load.
import { Image } from "@pulumi/awsx/ecr/image";
import * as pulumi from "@pulumi/pulumi";
import { checkSettings } from "../support/parse-settings";
import { contextDigest, dockerfilePath } from "./context";
import { createRepository } from "./repository";
import { type ContainerImageSettings, containerImageSettings } from "./settings";

const PLATFORMS = { X86_64: "linux/amd64", ARM64: "linux/arm64" } as const;

export interface ContainerImageArgs extends ContainerImageSettings {
  /** Processor the image is built for. Default "X86_64". */
  readonly architecture?: keyof typeof PLATFORMS;
  /** Whether AWS refuses to delete the repository while it holds images. Default true. */
  readonly deletionProtection?: boolean;
}

/**
 * An image that is built from a folder of this project and pushed to a private repository of its own. The repository
 * never takes a tag twice, scans what is pushed, and forgets old images.
 *
 * ```ts
 * const image = new ContainerImage("api", { context: "services/api" });
 * new EcsService("api", { image: image.imageUri, … });
 * ```
 *
 * The tag follows from the files, so that nothing is built, and no task restarted, unless one of them changes. Whoever
 * deploys needs Docker with buildx. (docs/images.md)
 *
 * Cost: 0.10 USD a month for each GB. (AWS price pages for us-east-1, read in November 2026.)
 */
export class ContainerImage extends pulumi.ComponentResource {
  /** The image by its digest, for a container definition. */
  public readonly imageUri: pulumi.Output<string>;
  public readonly repositoryUrl: pulumi.Output<string>;
  public readonly repositoryArn: pulumi.Output<string>;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: ContainerImageArgs, opts?: pulumi.ComponentResourceOptions) {
    const { architecture = "X86_64", deletionProtection = true, ...rest } = args;
    const settings = checkSettings(`ContainerImage "${name}"`, containerImageSettings, rest);
    const { context, target } = settings;
    const build = {
      dockerfile: dockerfilePath(context, settings.dockerfile),
      target,
      args: settings.args,
      platform: PLATFORMS[architecture],
    };
    // Reads the files, which may fail: before anything registers.
    const imageTag = tagOf(contextDigest(context, build.dockerfile), build);
    super("ecs-platform:index:ContainerImage", name, {}, opts);
    const child = { parent: this };

    const repository = createRepository(
      name,
      { ...settings, movingTags: [], deletionProtection },
      child,
    );
    const image = new Image(
      `${name}-image`,
      {
        ...build,
        context,
        repositoryUrl: repository.repositoryUrl,
        // awsx would push every build under the same tag, which the repository refuses.
        imageTag,
      },
      child,
    );

    this.imageUri = image.imageUri;
    this.repositoryUrl = repository.repositoryUrl;
    this.repositoryArn = repository.arn;
    this.registerOutputs({
      imageUri: this.imageUri,
      repositoryUrl: this.repositoryUrl,
      repositoryArn: this.repositoryArn,
    });
  }
}

/** Another one for other files, arguments, targets and platforms. */
function tagOf(
  files: string,
  build: { target: string | undefined; args: Readonly<Record<string, string>>; platform: string },
): string {
  const { target = null, args, platform } = build;
  const ingredients = JSON.stringify([files, target, Object.entries(args).sort(), platform]);
  return createHash("sha256").update(ingredients).digest("hex").slice(0, 16);
}
