import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Statement } from "../support/iam";
import { type Finding, mapOf } from "../support/rules";
import { COLLECTOR_PORTS, collectorConfig } from "./collector-config";
import { imageReference } from "./container";
import type { TaskSettings } from "./task-settings";

/** Container that takes the traces of the others; the logs know it by this name. */
export const TRACE_COLLECTOR = "trace-collector";

const DEFAULT_CPU = 32;
const DEFAULT_MEMORY_MIB = 256;

/** Traces of a task's requests, collected beside it and sent to X-Ray. */
export const tracing = z.strictObject({
  samplePercent: z
    .number()
    .min(0)
    .max(100)
    .default(5)
    .describe(
      "Share of the requests that are traced, where nobody before it has decided. 5 USD for a million traces; the first 100000 a month are free.",
    ),
  image: imageReference
    .default("public.ecr.aws/aws-observability/aws-otel-collector:v0.49.0")
    .describe("AWS's distribution of the OpenTelemetry Collector, or a copy of it."),
  cpu: z
    .int()
    .min(2)
    .max(1024)
    .default(DEFAULT_CPU)
    .describe("Units of the task's cpu kept for the collector."),
  memoryMiB: z
    .int()
    .min(64)
    .max(4096)
    .default(DEFAULT_MEMORY_MIB)
    .describe(
      "Part of the task's memory, in MiB, beyond which the collector is killed and starts again. It drops traces before.",
    ),
});

export type Tracing = z.output<typeof tracing>;

const HEALTH_CHECK = {
  command: ["CMD", "/healthcheck"],
  intervalSeconds: 30,
  timeoutSeconds: 5,
  retries: 3,
  startPeriodSeconds: 10,
};

/** A task's settings with the collector among its sidecars, where it has `tracing`. */
export function withCollector(
  name: string,
  settings: TaskSettings,
  region: pulumi.Input<string>,
): TaskSettings {
  const { tracing: given, environment, secrets, dependsOn, sidecars } = settings;
  if (given === undefined) return settings;
  const isSaid = (variable: string) =>
    Object.hasOwn(environment, variable) || Object.hasOwn(secrets, variable);
  const variables = Object.entries(tracingVariables(name, given)).filter(
    // What the stack file says of a variable holds, and another sampler would choke on the argument of this one.
    ([variable]) =>
      !isSaid(variable) &&
      !(variable === "OTEL_TRACES_SAMPLER_ARG" && isSaid("OTEL_TRACES_SAMPLER")),
  );
  return {
    ...settings,
    environment: { ...Object.fromEntries(variables), ...environment },
    // ECS stops containers in the reverse order: the last traces still find somebody to take them.
    dependsOn: { [TRACE_COLLECTOR]: "START", ...dependsOn },
    sidecars: { ...sidecars, [TRACE_COLLECTOR]: collector(given, region) },
  };
}

function collector(
  { image, cpu, memoryMiB }: Tracing,
  region: pulumi.Input<string>,
): TaskSettings["sidecars"][string] {
  return {
    image,
    // The image has no user of this number, and none of its files need one.
    user: "65534",
    environment: { AOT_CONFIG_CONTENT: collectorConfig(memoryMiB, region) },
    secrets: {},
    writablePaths: [],
    dependsOn: {},
    containerHealthCheck: HEALTH_CHECK,
    cpu,
    memoryMiB,
    // Users get their answers, traced or not.
    essential: false,
    restarts: true,
  };
}

/** Variables that every SDK of OpenTelemetry reads. Only traces have a receiver, so nothing else is sent. */
function tracingVariables(name: string, { samplePercent }: Tracing): Record<string, string> {
  return {
    OTEL_SERVICE_NAME: name,
    // By its number: localhost may be ::1 first, where the collector does not listen.
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${COLLECTOR_PORTS.http}`,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    OTEL_TRACES_EXPORTER: "otlp",
    OTEL_METRICS_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
    // Whoever calls decides for the whole way, so that no trace has holes.
    OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
    OTEL_TRACES_SAMPLER_ARG: String(samplePercent / 100),
  };
}

/** What the collector does in X-Ray, which knows no narrower resource than all. */
export const TRACING_STATEMENT: Statement = {
  actions: ["xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTraceSegments"],
  resources: ["*"],
};

/** The collector as the rules between a task's containers know it, where it has `tracing`. */
export function givenCollector({ tracing: given }: Readonly<Record<string, unknown>>) {
  if (given === undefined) return [];
  const { cpu = DEFAULT_CPU, memoryMiB = DEFAULT_MEMORY_MIB } = mapOf(given);
  return [
    {
      name: TRACE_COLLECTOR,
      path: ["tracing"],
      settings: { cpu, memoryMiB, containerHealthCheck: HEALTH_CHECK },
      isEssential: false,
      dependsOn: {},
    },
  ];
}

/** Names and ports of the task's other containers that are the collector's. */
export function tracingFindings(
  { tracing: given }: Readonly<Record<string, unknown>>,
  containers: readonly {
    readonly name: string;
    readonly path: readonly string[];
    readonly settings: Readonly<Record<string, unknown>>;
  }[],
): Finding[] {
  if (given === undefined) return [];
  const ports: readonly unknown[] = Object.values(COLLECTOR_PORTS);
  return containers.flatMap(({ name, path, settings: { port } }) => [
    ...(name === TRACE_COLLECTOR && path[0] !== "tracing"
      ? [
          {
            path,
            rule: "is the name of the container that tracing adds",
            allowed: `any other name than ${TRACE_COLLECTOR}`,
            fix: "rename it, or remove tracing",
          },
        ]
      : []),
    ...(ports.includes(port)
      ? [
          {
            path: [...path, "port"],
            rule: "is a port of the container that tracing adds, and the containers of a task share one address",
            allowed: `any port but ${ports.join(", ")}`,
            fix: "give it another one, or remove tracing",
          },
        ]
      : []),
  ]);
}
