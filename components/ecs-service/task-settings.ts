import { z } from "zod";
import {
  type Finding,
  different,
  logRetentionDays,
  mapOf,
  port,
  reason,
  rule,
  ruleWithin,
} from "../support/rules";
import { type Capacity, capacity, runsOnEc2 } from "./capacity";
import {
  containerName,
  distinctVariables,
  initContainer,
  runningContainerShape,
  sidecar,
  variableName,
} from "./container";
import { containerFindings } from "./container-rules";
import { FARGATE_CPU_SIZES, FARGATE_SIZES_IN_WORDS, memorySizesFor } from "./fargate-size";
import { permission } from "./roles";
import { tracing } from "./tracing";
import { fileSystemVolumes, sharedVolumes, volumeFindings } from "./volumes";

/** What a task may be given, whether a service keeps it running or it is run once. */
export const taskShape = {
  ...runningContainerShape,
  cpu: z
    .int()
    .min(128)
    .max(196608)
    .default(256)
    .describe(
      "CPU of a task in units of 1/1024 vCPU. 256 costs about 7.40 USD a month on Fargate.",
    ),
  memoryMiB: z
    .int()
    .min(6)
    .default(512)
    .describe(
      "Memory of a task in MiB; on Fargate it is fixed what goes with which cpu. 512 costs about 1.60 USD a month there.",
    ),
  architecture: z
    .enum(["X86_64", "ARM64"])
    .default("X86_64")
    .describe("Processor the images are built for. ARM64 is 20 % cheaper."),
  ephemeralStorageGiB: z
    .int()
    .min(21)
    .max(200)
    .optional()
    .describe(
      "Disk of a Fargate task. Default: 20, which is free; beyond that about 0.08 USD a month for each GiB and task.",
    ),
  sidecars: z
    .record(containerName, sidecar)
    .default({})
    .describe("Containers that run beside the task's own, by name."),
  initContainers: z
    .record(containerName, initContainer)
    .default({})
    .describe(
      "Containers that must succeed before the task's own starts, by name. They run side by side unless dependsOn says otherwise.",
    ),
  sharedVolumes: sharedVolumes
    .default({})
    .describe(
      "Folders that containers of a task share while it runs: by name, and then by container. Empty at first, and root's unless an image declares the folder as a volume.",
    ),
  volumes: fileSystemVolumes
    .default({})
    .describe("Folders on file systems that outlive the task, by name."),
  tracing: tracing
    .optional()
    .describe(
      "Traces of its requests in X-Ray: a container beside its own takes what OpenTelemetry's SDKs send to localhost. Without it: none.",
    ),
  permissions: z.array(permission).default([]).describe("What the code may do in AWS."),
  vaultKeys: different(z.array(variableName), "keys")
    .default([])
    .describe("Keys of its vault that become environment variables, beside PORT."),
  egress: different(
    z.array(
      rule(port, (value) => value !== 443, {
        rule: "is open anyway",
        allowed: "1 to 65535, but for 443",
        fix: "remove it",
      }),
    ),
    "ports",
  )
    .default([])
    .describe("TCP ports that tasks may call anywhere, beside 443. Port 80 is plain text."),
  publicIpBecause: reason
    .optional()
    .describe(
      "Puts its tasks into the public subnets with public addresses, and says why (about 3.65 USD a month for each task). Its security group lets nobody in by that.",
    ),
  capacity: capacity
    .prefault({ FARGATE: {} })
    .describe("Where tasks run: Fargate, Fargate Spot or a mixture, or the cluster's own hosts."),
  logRetentionDays: logRetentionDays.default(30).describe("Days that logs are kept."),
  exec: z
    .boolean()
    .default(false)
    .describe(
      "Whether `aws ecs execute-command` may open a shell in its tasks. Sessions are recorded.",
    ),
} as const;

/** Adds the rules between the keys of `taskShape`. */
export function taskRules<Schema extends z.ZodType>(schema: Schema): Schema {
  return ruleWithin(distinctVariables(schema), (task) => [
    ...(runsOnEc2(mapOf(task["capacity"]) as Partial<Capacity>)
      ? fargateOnly(task)
      : fargateSize(task)),
    ...containerFindings(task),
    ...volumeFindings(task),
  ]);
}

/** On the cluster's own hosts a task may be of any size that a host has room for. */
function fargateSize({ cpu = 256, memoryMiB = 512 }: Readonly<Record<string, unknown>>): Finding[] {
  const offered = memorySizesFor(Number(cpu));
  if (offered.length === 0) {
    const sizes = FARGATE_CPU_SIZES.join(", ");
    return [
      {
        path: ["cpu"],
        rule: "must be one of the allowed values",
        allowed: sizes,
        fix: `set one of ${sizes}`,
      },
    ];
  }
  return offered.includes(Number(memoryMiB))
    ? []
    : [
        {
          path: ["memoryMiB"],
          rule: "is not offered with this cpu",
          allowed: FARGATE_SIZES_IN_WORDS,
          fix: "choose a pair from the list",
        },
      ];
}

/** What ECS refuses on hosts of one's own. */
function fargateOnly(task: Readonly<Record<string, unknown>>): Finding[] {
  const fixes = {
    ephemeralStorageGiB: "remove it: the hosts' own disks decide",
    publicIpBecause: "remove it, or run the tasks on Fargate",
  };
  return Object.entries(fixes)
    .filter(([key]) => task[key] !== undefined)
    .map(([key, fix]) => ({
      path: [key],
      rule: "is for tasks on Fargate, and these run on the cluster's own hosts",
      allowed: "nothing with capacity: EC2",
      fix,
    }));
}

/** As checked, with the defaults filled in. */
export type TaskSettings = z.output<z.ZodObject<typeof taskShape>> & { readonly port?: number };
