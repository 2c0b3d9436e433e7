import type * as pulumi from "@pulumi/pulumi";

/** What a pipeline stands on, and what it deploys to. */
export interface PipelineNeighbours {
  /** Way to the code; the `arn` of a `SourceConnection`. */
  readonly connectionArn: pulumi.Input<string>;
  /** Where stages put what they hand on; an `ArtifactStore` will do. */
  readonly artifacts: {
    readonly bucketName: pulumi.Input<string>;
    readonly bucketArn: pulumi.Input<string>;
    readonly keyArn: pulumi.Input<string>;
  };
  /** Where the image is pushed; an `ImageRepository` will do. */
  readonly repository: {
    readonly repositoryUrl: pulumi.Input<string>;
    readonly repositoryArn: pulumi.Input<string>;
  };
  /** Cluster of the services; an `EcsCluster` will do. */
  readonly cluster: {
    readonly arn: pulumi.Input<string>;
    readonly clusterName: pulumi.Input<string>;
  };
  /** Processor of the services' tasks, for which the image is built. Default "X86_64". */
  readonly architecture?: Architecture;
  /** What gets the image, in this order, by the name of the container that runs it. */
  readonly services: Readonly<Record<string, PipelineService>>;
}

export type Architecture = "X86_64" | "ARM64";

/** A service of a pipeline; an `EcsService` has all but `tag` and `release`. */
export interface PipelineService {
  readonly serviceName: pulumi.Input<string>;
  readonly serviceArn: pulumi.Input<string>;
  readonly taskDefinitionFamily: pulumi.Input<string>;
  readonly taskRoleArn: pulumi.Input<string>;
  readonly executionRoleArn: pulumi.Input<string>;
  readonly logGroupName: pulumi.Input<string>;
  /** Tag that its task definition names: it follows the image once every service runs it. */
  readonly tag: string;
  /** Command that runs once, as a task of the new image, before any service moves on. */
  readonly release?: {
    readonly command: readonly string[];
    readonly timeoutMinutes: number;
  };
}
