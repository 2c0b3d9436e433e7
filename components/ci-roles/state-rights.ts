import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../support/iam";

/** The bucket that keeps states, as `StateBackend` has it. */
export interface StateNeighbour {
  readonly bucketArn: pulumi.Input<string>;
  readonly bucketKeyArn: pulumi.Input<string>;
  readonly secretsKeyArn: pulumi.Input<string>;
}

/** One stack's place in the bucket. */
export interface KeptStack {
  readonly project: string;
  readonly stack: string;
}

/** To read one state, with its secrets. A preview writes nothing, and takes no lock. */
export function readingRights(state: StateNeighbour, kept: KeptStack): Statement[] {
  return [
    // Whether a file is there: without it S3 refuses to say that there is none.
    { actions: ["s3:ListBucket"], resources: [state.bucketArn] },
    { actions: ["s3:GetObject"], resources: readObjects(state, kept) },
    { actions: ["kms:Decrypt"], resources: [state.bucketKeyArn, state.secretsKeyArn] },
  ];
}

/** To save one state, its history and its lock. */
export function savingRights(state: StateNeighbour, kept: KeptStack): Statement[] {
  const at = objectsOf(state);
  const { project, stack } = kept;
  return [
    ...readingRights(state, kept),
    {
      actions: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      resources: [
        at(`backups/${project}/${stack}/*`),
        at(`history/${project}/${stack}/*`),
        at(`locks/organization/${project}/${stack}/*`),
        at(`stacks/${project}/${stack}.json`),
        at(`stacks/${project}/${stack}.json.bak`),
        at(`stacks/${project}/${stack}.pulumi-tags`),
      ],
    },
    { actions: ["kms:GenerateDataKey"], resources: [state.bucketKeyArn] },
  ];
}

/** What a preview reads. */
export function readObjects(
  state: StateNeighbour,
  { project, stack }: KeptStack,
): pulumi.Output<string>[] {
  const at = objectsOf(state);
  return [
    at("meta.yaml"),
    at(`stacks/${project}/${stack}.json`),
    at(`stacks/${project}/${stack}.pulumi-tags`),
  ];
}

function objectsOf({ bucketArn }: StateNeighbour) {
  return (path: string): pulumi.Output<string> => pulumi.interpolate`${bucketArn}/.pulumi/${path}`;
}
