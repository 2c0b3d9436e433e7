import * as pulumi from "@pulumi/pulumi";
import { ContainerImage, type ContainerImageArgs, type ImageRepository } from "../components";

/**
 * The image of a service or task: the one that its configuration names, the one that is built for it, or whichever a
 * repository's tag names at the time.
 */
export function imageOf(
  name: string,
  {
    image,
    build,
    repository,
    repositories,
    ...args
  }: ImageSource & Pick<Rest, "deletionProtection"> & { readonly repositories: Repositories },
  opts: pulumi.ComponentResourceOptions,
): pulumi.Input<string> {
  if (build !== undefined) return new ContainerImage(name, { ...build, ...args }, opts).imageUri;
  const followed = repository && repositories[repository.name];
  if (followed !== undefined) {
    return pulumi.interpolate`${followed.repositoryUrl}:${repository?.tag}`;
  }
  // The configuration has one of the three: imageSource in components/image/image-source.ts sees to it.
  return image as pulumi.Input<string>;
}

/** Where an image comes from, as the configuration of a service or task says, and the processor that it is for. */
export interface ImageSource extends Pick<Rest, "architecture"> {
  readonly image?: pulumi.Input<string>;
  readonly build?: Build;
  readonly repository?: FollowedTag;
}

type Rest = Required<Pick<ContainerImageArgs, "architecture" | "deletionProtection">>;
type Build = Omit<ContainerImageArgs, keyof Rest>;
type FollowedTag = { readonly name: string; readonly tag: string };
export type Repositories = Readonly<Record<string, ImageRepository>>;
