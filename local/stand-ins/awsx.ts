import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { contextDigest } from "../../components/image/context";
import { record } from "./recording";

const IMAGE = "awsx:ecr:Image";

/** What decides what is in an image, but for the files of its context. */
interface ImageInputs {
  readonly repositoryUrl: string;
  readonly context?: string;
  readonly dockerfile?: string;
  readonly target?: string;
  readonly args?: Readonly<Record<string, string>>;
  readonly platform?: string;
}

/** Answers for awsx where an image is to be built and pushed: nothing is, but the digest tells images apart. */
export function awsxStandIn(version: string, recordFile: string): pulumi.provider.Provider {
  return {
    version,
    schema: JSON.stringify({ name: "awsx", version }),
    construct(name, type, inputs, options) {
      if (type !== IMAGE) {
        return Promise.reject(
          new Error(`The stand-in for awsx knows ${IMAGE} alone, not ${type}.`),
        );
      }
      const image = new Image(name, inputs, options, recordFile);
      return Promise.resolve({ urn: image.urn, state: { imageUri: image.imageUri } });
    },
  };
}

class Image extends pulumi.ComponentResource {
  readonly imageUri: pulumi.Output<string>;

  constructor(
    name: string,
    inputs: pulumi.Inputs,
    options: pulumi.ComponentResourceOptions,
    recordFile: string,
  ) {
    super(IMAGE, name, {}, options);
    const all = pulumi.output(inputs);
    this.imageUri = pulumi
      .all([this.urn, all, pulumi.isSecret(all)])
      .apply(([urn, build, isSecret]) => {
        const told = isSecret ? "[secret]" : build;
        record(recordFile, { operation: "construct", urn, inputs: told });
        return imageUri(build as ImageInputs);
      });
    this.registerOutputs({ imageUri: this.imageUri });
  }
}

/** "REPOSITORY@sha256:…", another for other files, arguments, targets and platforms. */
export function imageUri({ repositoryUrl, ...build }: ImageInputs): string {
  const files = contextDigest(build.context ?? ".", build.dockerfile);
  const { target, args, platform } = build;
  const sorted = Object.entries(args ?? {}).sort();
  const digest = createHash("sha256")
    .update(JSON.stringify([files, target ?? null, sorted, platform ?? null]))
    .digest("hex");
  return `${repositoryUrl}@sha256:${digest}`;
}
