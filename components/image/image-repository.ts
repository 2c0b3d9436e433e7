import * as pulumi from "@pulumi/pulumi";
import { checkSettings } from "../support/parse-settings";
import { createRepository } from "./repository";
import { type ImageRepositorySettings, imageRepositorySettings } from "./repository-settings";

export interface ImageRepositoryArgs extends ImageRepositorySettings {
  /** Whether AWS refuses to delete the repository while it holds images. Default true. */
  readonly deletionProtection?: boolean;
}

/**
 * A private repository for images that somebody else builds: a pipeline, or a person. It takes no tag twice but those of
 * `movingTags`, which services follow; it scans what is pushed, and forgets old images, never one that a moving tag names.
 *
 * ```ts
 * const repository = new ImageRepository("api", { movingTags: ["live"] });
 * new EcsService("api", { image: pulumi.interpolate`${repository.repositoryUrl}:live`, … });
 * ```
 *
 * Push an image under a tag of its own, too, such as its commit: one that only ever had a moving tag is without any when
 * the tag has moved on, and goes after `untaggedDays`, although a service that rolled back may need it.
 *
 * Cost: 0.10 USD a month for each GB. (AWS price pages for us-east-1, read in November 2026.)
 */
export class ImageRepository extends pulumi.ComponentResource {
  public readonly repositoryUrl: pulumi.Output<string>;
  public readonly repositoryArn: pulumi.Output<string>;
  public readonly repositoryName: pulumi.Output<string>;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(
    name: string,
    args: ImageRepositoryArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { deletionProtection = true, ...rest } = args;
    const settings = checkSettings(`ImageRepository "${name}"`, imageRepositorySettings, rest);
    super("ecs-platform:index:ImageRepository", name, {}, opts);
    const child = { parent: this };

    const repository = createRepository(name, { ...settings, deletionProtection }, child);

    this.repositoryUrl = repository.repositoryUrl;
    this.repositoryArn = repository.arn;
    this.repositoryName = repository.name;
    this.registerOutputs({
      repositoryUrl: this.repositoryUrl,
      repositoryArn: this.repositoryArn,
      repositoryName: this.repositoryName,
    });
  }
}
