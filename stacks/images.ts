import type * as pulumi from "@pulumi/pulumi";
import { ContainerImage, type ContainerImageArgs } from "../components";

/** The image of a service or task: the one that its configuration names, or the one that is built for it. */
export function imageOf(
  name: string,
  {
    image,
    build,
    ...args
  }: { readonly image?: pulumi.Input<string>; readonly build?: Build } & Rest,
  opts: pulumi.ComponentResourceOptions,
): pulumi.Input<string> {
  if (build !== undefined) return new ContainerImage(name, { ...build, ...args }, opts).imageUri;
  // The configuration has one of the two: imageOrBuild in components/image/settings.ts sees to it.
  return image as pulumi.Input<string>;
}

type Rest = Required<Pick<ContainerImageArgs, "architecture" | "deletionProtection">>;
type Build = Omit<ContainerImageArgs, keyof Rest>;
