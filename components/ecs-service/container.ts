import { z } from "zod";
import {
  mapOf,
  nameKey,
  patternInput,
  port,
  reason,
  rule,
  ruleAcross,
  textInput,
} from "../support/rules";

/** The name that a service's or task's own container goes by among its sidecars. */
export const MAIN_CONTAINER = "main";

export const variableName = rule(z.string(), (name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name), {
  rule: "is not a name for an environment variable",
  allowed: "letters, digits and underscores, not starting with a digit",
  fix: "rename it",
});

/** Everybody who may describe a task definition reads its plain environment, so what looks like a secret is refused. */
const plainVariableName = rule(
  variableName,
  (name) => !/(PASS(WORD|WD)?|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)(_|$)/i.test(name),
  {
    rule: "looks like a secret, and environment variables are readable in the console",
    allowed: "names without PASSWORD, SECRET, TOKEN, API_KEY, PRIVATE_KEY, CREDENTIALS",
    fix: "put the value into Secrets Manager and name its ARN under secrets",
  },
);

const secretArn = patternInput(
  /^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:\d{12}:secret:|ssm:[a-z0-9-]+:\d{12}:parameter\/)\S+$/,
  {
    rule: "must name where the secret is, not the secret",
    allowed:
      "the ARN of a Secrets Manager secret (with :KEY:: for one key of its JSON) or SSM parameter",
    fix: "create it by `aws secretsmanager create-secret` and give its ARN",
    hidesValue: true,
  },
);

export const imageReference = patternInput(/^[a-z0-9]([\w./:-]*[\w])?(@sha256:[0-9a-f]{64})?$/, {
  rule: "must be a container image",
  allowed: "REGISTRY/REPOSITORY:TAG or REGISTRY/REPOSITORY@sha256:DIGEST",
  fix: "write it as `docker pull` takes it",
});

export const absolutePath = rule(z.string(), (value) => /^\/\S+$/.test(value), {
  rule: "must be an absolute path",
  allowed: "a path that starts with a slash",
  fix: 'write it like "/tmp"',
});

/** Name of a sidecar or init container: the other containers and the logs know it by this. */
export const containerName = rule(nameKey, (name) => name !== MAIN_CONTAINER, {
  rule: "is what the task's own container goes by",
  allowed: `any other name than ${MAIN_CONTAINER}`,
  fix: "rename it",
});

const containerHealthCheck = z.strictObject({
  command: rule(
    z.array(z.string()),
    ([kind, ...words]) =>
      (kind === "CMD" && words.length > 0) || (kind === "CMD-SHELL" && words.length === 1),
    {
      rule: "must be a command as Docker takes it",
      allowed: "CMD and its words, or CMD-SHELL and one line for the shell",
      fix: 'write it like ["CMD-SHELL", "curl --fail http://localhost/health"]',
    },
  ).describe(
    "Command that is run in the container; it must end with 0 while the container is healthy.",
  ),
  intervalSeconds: z.int().min(5).max(300).default(30).describe("Seconds between two checks."),
  timeoutSeconds: z.int().min(2).max(60).default(5).describe("Seconds a check may take."),
  retries: z.int().min(1).max(10).default(3).describe("Failures in a row that make it unhealthy."),
  startPeriodSeconds: z
    .int()
    .min(0)
    .max(300)
    .default(0)
    .describe("Seconds after its start in which failures do not count."),
});

/** What every container of a task may be given. */
export const containerShape = {
  image: imageReference.describe("Container image, pinned by tag or digest."),
  entryPoint: z
    .array(z.string())
    .min(1)
    .optional()
    .describe("Program in place of the image's own entry point."),
  command: z.array(z.string()).min(1).optional().describe("Command in place of the image's own."),
  user: z
    .string()
    .optional()
    .describe("User that the container runs as (name, uid or uid:gid). Default: the image's own."),
  environment: z
    .record(plainVariableName, textInput())
    .default({})
    .describe("Plain environment variables."),
  secrets: z
    .record(variableName, secretArn)
    .default({})
    .describe(
      "Environment variables read from Secrets Manager or Parameter Store at start, by ARN.",
    ),
  writablePaths: z
    .array(absolutePath)
    .default(["/tmp"])
    .describe(
      "Folders that the container may write to; on Fargate they are root's, unless the image declares them as a VOLUME. The rest of its file system is read-only.",
    ),
  writableRootBecause: reason
    .optional()
    .describe("Makes the whole file system writable, and says why."),
  dependsOn: z
    .record(nameKey, z.enum(["START", "COMPLETE", "SUCCESS", "HEALTHY"]))
    .default({})
    .describe(
      `Containers of the task that must have got that far before this one starts; ${MAIN_CONTAINER} is the task's own.`,
    ),
  stopTimeoutSeconds: z
    .int()
    .min(2)
    .max(120)
    .optional()
    .describe(
      "Seconds between being asked to stop and being killed; not below deregistrationDelaySeconds, so that requests under way end. Default: 30, as AWS has it.",
    ),
  openFiles: z
    .int()
    .min(1024)
    .max(1048576)
    .optional()
    .describe("Files and connections that it may have open at once. Default: 65535 on Fargate."),
};

const checkedByItself = {
  containerHealthCheck: containerHealthCheck
    .optional()
    .describe("How the container itself tells whether it is healthy. Default: it does not."),
};

/** What a container has that keeps running: the task's own, and sidecars. */
export const runningContainerShape = { ...containerShape, ...checkedByItself };

/** Beside others a container may be held to a share of the task's size. */
const share = {
  cpu: z
    .int()
    .min(2)
    .max(32768)
    .optional()
    .describe("Units of the task's cpu kept for it. Default: what the others leave."),
  memoryMiB: z
    .int()
    .min(6)
    .max(249856)
    .optional()
    .describe("Part of the task's memory, in MiB, beyond which it is killed. Default: all of it."),
};

export const sidecar = distinctVariables(
  z.strictObject({
    ...runningContainerShape,
    ...share,
    port: port
      .optional()
      .describe("Port that it listens on, for the other containers. Default: none."),
    essential: z
      .boolean()
      .default(true)
      .describe("Whether the whole task stops with it and is replaced."),
    restarts: z
      .boolean()
      .default(false)
      .describe("Whether ECS starts it again when it ends, and leaves the rest of the task alone."),
  }),
);

export const initContainer = distinctVariables(z.strictObject({ ...containerShape, ...share }));

/** Adds the rule that no variable is given both in plain and from a secret. */
export function distinctVariables<Schema extends z.ZodType>(schema: Schema): Schema {
  return ruleAcross(
    schema,
    ["secrets"],
    (container) => {
      const { environment, secrets } = container as Record<string, unknown>;
      return !Object.keys(mapOf(secrets)).some((name) => Object.hasOwn(mapOf(environment), name));
    },
    {
      rule: "gives a variable that environment gives too",
      allowed: "each name once",
      fix: "remove the variable from environment",
    },
  );
}

/** Settings that all containers of a task share. */
export type ContainerSettings = z.output<typeof initContainer> &
  Partial<Pick<z.output<typeof sidecar>, "containerHealthCheck" | "port" | "restarts">>;
