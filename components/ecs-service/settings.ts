import { z } from "zod";
import {
  logRetentionDays,
  patternInput,
  port,
  reason,
  rule,
  ruleAcross,
  textInput,
} from "../support/rules";
import { capacity } from "./capacity";
import { FARGATE_CPU_SIZES, memorySizesFor } from "./fargate-size";
import { permission } from "./roles";
import { healthCheck, route } from "./route";
import { scaling } from "./scaling";

const variableName = rule(z.string(), (name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name), {
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

const environment = z
  .record(plainVariableName, textInput())
  .default({})
  .describe("Plain environment variables.");

export const ecsServiceSettings = ruleAcross(
  ruleAcross(
    ruleAcross(
      z.strictObject({
        image: imageReference.describe("Container image, pinned by tag or digest."),
        port: port.default(8080).describe("Port that the container listens on."),
        cpu: z
          .literal([...FARGATE_CPU_SIZES])
          .default(256)
          .describe("CPU of a task in units of 1/1024 vCPU. 256 costs about 7.40 USD a month."),
        memoryMiB: z
          .int()
          .default(512)
          .describe(
            "Memory of a task in MiB; what goes with which cpu is fixed. 512 costs about 1.60 USD a month.",
          ),
        architecture: z
          .enum(["X86_64", "ARM64"])
          .default("X86_64")
          .describe("Processor the image is built for. ARM64 is 20 % cheaper."),
        command: z
          .array(z.string())
          .min(1)
          .optional()
          .describe("Command in place of the image's own."),
        user: z
          .string()
          .optional()
          .describe(
            "User that the container runs as (name, uid or uid:gid). Default: the image's own.",
          ),
        environment,
        secrets: z
          .record(variableName, secretArn)
          .default({})
          .describe(
            "Environment variables read from Secrets Manager or Parameter Store at start, by ARN.",
          ),
        permissions: z
          .array(permission)
          .default([])
          .describe("What the service's code may do in AWS."),
        writablePaths: z
          .array(
            rule(z.string(), (value) => /^\/\S+$/.test(value), {
              rule: "must be an absolute path",
              allowed: "a path that starts with a slash",
              fix: 'write it like "/tmp"',
            }),
          )
          .default(["/tmp"])
          .describe(
            "Folders that the container may write to. The rest of its file system is read-only.",
          ),
        writableRootBecause: reason
          .optional()
          .describe("Makes the whole file system writable, and says why."),
        route: route
          .optional()
          .describe("Requests it gets from the load balancer. Without it: none."),
        healthCheck: healthCheck
          .prefault({})
          .describe("How the load balancer tells whether a task can serve."),
        deregistrationDelaySeconds: z
          .int()
          .min(0)
          .max(3600)
          .default(30)
          .describe("Seconds that a stopping task gets to finish its requests."),
        desiredCount: z
          .int()
          .min(0)
          .max(5000)
          .optional()
          .describe("Fixed number of tasks. Give either this or scaling."),
        scaling: scaling
          .optional()
          .describe("Number of tasks that follows the load. Give either this or desiredCount."),
        capacity: capacity
          .prefault({ FARGATE: {} })
          .describe("Where tasks run: Fargate, Fargate Spot or a mixture."),
        logRetentionDays: logRetentionDays.default(30).describe("Days that logs are kept."),
        exec: z
          .boolean()
          .default(false)
          .describe(
            "Whether `aws ecs execute-command` may open a shell in its tasks. Sessions are recorded.",
          ),
      }),
      ["memoryMiB"],
      ({ cpu = 256, memoryMiB = 512 }) =>
        memorySizesFor(cpu).length === 0 || memorySizesFor(cpu).includes(memoryMiB),
      {
        rule: "is not offered with this cpu",
        allowed: FARGATE_CPU_SIZES.map((cpu) => `cpu ${cpu}: ${memoryRange(cpu)}`).join("; "),
        fix: "choose a pair from the list",
      },
    ),
    ["desiredCount"],
    ({ desiredCount, scaling: given }) => (desiredCount === undefined) !== (given === undefined),
    {
      rule: "contradicts scaling: exactly one of the two says how many tasks run",
      allowed: "desiredCount without scaling, or scaling without desiredCount",
      fix: "remove one of them, or add one",
    },
  ),
  ["secrets"],
  ({ environment: plain = {}, secrets = {} }) =>
    !Object.keys(secrets ?? {}).some((name) => Object.hasOwn(Object(plain ?? {}) as object, name)),
  {
    rule: "gives a variable that environment gives too",
    allowed: "each name once",
    fix: "remove the variable from environment",
  },
);

/** "2048 to 8192 in steps of 1024", in MiB. */
function memoryRange(cpu: number): string {
  const sizes = memorySizesFor(cpu);
  const [first = 0, second = 0] = sizes;
  if (sizes.length <= 3) return sizes.join(", ");
  return `${first} to ${sizes.at(-1) ?? first} in steps of ${second - first}`;
}

export type EcsServiceSettings = z.input<typeof ecsServiceSettings>;
/** As checked, with the defaults filled in. */
export type CheckedServiceSettings = z.output<typeof ecsServiceSettings>;
