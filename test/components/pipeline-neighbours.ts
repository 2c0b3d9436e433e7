import type { PipelineArgs } from "../../components";
import { cluster } from "./support";

/** What a pipeline stands on, as plain values. */
export const connectionArn =
  "arn:aws:codeconnections:us-east-1:123456789012:connection/1a2b3c4d-5e6f";

export const artifacts = {
  bucketName: "artifacts",
  bucketArn: "arn:aws:s3:::artifacts",
  keyArn: "arn:aws:kms:us-east-1:123456789012:key/artifacts",
};

export const repository = {
  repositoryUrl: "123456789012.dkr.ecr.us-east-1.amazonaws.com/server-repository-1a2b3c4",
  repositoryArn: "arn:aws:ecr:us-east-1:123456789012:repository/server-repository-1a2b3c4",
};

/** A service that a pipeline deploys to. */
export function service(name: string) {
  return {
    serviceName: `${name}-service`,
    serviceArn: `arn:aws:ecs:us-east-1:123456789012:service/platform/${name}-service`,
    taskDefinitionFamily: `platform-${name}`,
    taskRoleArn: `arn:aws:iam::123456789012:role/${name}-task`,
    executionRoleArn: `arn:aws:iam::123456789012:role/${name}-execution`,
    logGroupName: `${name}-logs`,
    tag: "live",
  };
}

export const happy = (): PipelineArgs => ({
  connectionArn,
  artifacts,
  repository,
  cluster,
  services: { server: service("server") },
  source: { repository: "example/go-server", branch: "main" },
});

/** The same with everything that may be added, but for privilege. */
export const full = (): PipelineArgs => ({
  ...happy(),
  architecture: "ARM64",
  services: {
    worker: {
      ...service("worker"),
      release: { command: ["/server", "migrate"], timeoutMinutes: 20 },
    },
    server: { ...service("server"), tag: "stable" },
  },
  source: { repository: "example/go-server", branch: "release/2", paths: ["server/**", "go.mod"] },
  build: {
    context: "server",
    dockerfile: "docker/Dockerfile",
    args: { VERSION: "it's 2", BASE: "alpine" },
    computeType: "LARGE",
    timeoutMinutes: 45,
  },
  approval: {
    emails: { lead: "lead@example.com" },
    comment: "look at staging",
    url: "https://staging.example.com",
    timeoutMinutes: 60,
  },
  notifications: { emails: { team: "team@example.com" }, states: ["FAILED"] },
  logRetentionDays: 90,
});
