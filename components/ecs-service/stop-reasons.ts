/** What ECS or an application says when a task ends, and what it means for whoever deploys. The first that fits is told. */
const EXPLANATIONS: readonly (readonly [says: RegExp, means: string])[] = [
  [
    /exec format error|does not contain descriptor matching platform/i,
    "The image was built for another processor: build it for the service's architecture, or change architecture.",
  ],
  [
    /CannotPullContainerError.*(not found|does not exist|manifest unknown)/is,
    "There is no such image: look at its name and tag, and whether the build pushed it.",
  ],
  [
    /CannotPullContainerError.*(denied|forbidden|unauthorized|no basic auth|403|401)/is,
    "The registry refused: the execution role may pull from ECR in its own account only, and other registries must be public.",
  ],
  [
    /CannotPullContainerError.*(too ?many ?requests|rate limit|429)/is,
    "The registry limits pulls: copy the image to ECR, or take it from public.ecr.aws.",
  ],
  [
    /CannotPullContainerError/i,
    "The image could not be pulled: without NAT, tasks need the endpoints ecr.api, ecr.dkr and s3, and reach no public registry.",
  ],
  [
    /ResourceInitializationError.*(secret|ssm|parameter)/is,
    "A secret could not be read: look whether it exists, has a value and the JSON key that is asked for, and whether the subnets reach Secrets Manager (NAT, or the endpoint secretsmanager).",
  ],
  [
    /ResourceInitializationError.*(log|cloudwatch)/is,
    "The log group could not be reached: look whether it exists, and whether the subnets reach CloudWatch Logs (NAT, or the endpoint logs).",
  ],
  [
    /ResourceInitializationError.*(efs|mount|file ?system)/is,
    "The file system could not be mounted: look at its mount targets, and at the security group in front of it.",
  ],
  [
    /ResourceInitializationError/i,
    "Something that the task needs before its containers start was missing: the reason names it.",
  ],
  [
    /OutOfMemory/i,
    "The container needed more memory than it has, and was killed: raise memoryMiB, or look for a leak.",
  ],
  [
    /failed (ELB|container) health checks|is unhealthy in/i,
    "The task ran but did not answer its health check: look at healthCheck (path, statusCodes, gracePeriodSeconds), at port, and whether the application listens on 0.0.0.0.",
  ],
  [
    /capacity is unavailable|RESOURCE:|unable to place|insufficient capacity|no container instances/i,
    "There was no room for the task: try again, allow more kinds of capacity (FARGATE beside FARGATE_SPOT), or give the cluster more hosts.",
  ],
  [
    /SpotInterruption|spot/i,
    "AWS took the Spot capacity back: deploy again, or give FARGATE a base.",
  ],
  [
    /CannotStartContainerError|CannotCreateContainerError/i,
    "The container could not be started: look at command, entryPoint, user and writablePaths.",
  ],
];

/** What the commonest exit codes mean. */
const EXIT_CODES: Readonly<Record<number, string>> = {
  0: "The application ended by itself without an error, and a service's must not end: look at command.",
  1: "The application ended by itself with an error: its last log lines say why.",
  126: "The command cannot be run: it is not executable, or its user may not.",
  127: "The command was not found in the image: look at command and entryPoint.",
  137: "The container was killed: it needed more memory than it has (raise memoryMiB), or did not stop in time when it was asked to (stopTimeoutSeconds).",
  139: "The application crashed (segmentation fault): often an image for another processor or C library.",
  143: "The application ended because it was asked to (SIGTERM), as when a health check fails or a rollback begins.",
};

/** A plain sentence on why a task ended, from all that was said about it; undefined where there is none to give. */
export function explain(said: string, exitCode?: number): string | undefined {
  const known = EXPLANATIONS.find(([says]) => says.test(said));
  return known?.[1] ?? (exitCode === undefined ? undefined : EXIT_CODES[exitCode]);
}
