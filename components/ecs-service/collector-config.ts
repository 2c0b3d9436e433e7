import * as pulumi from "@pulumi/pulumi";

/**
 * Ports that the collector of traces listens on, all on the task's own loopback: X-Ray's sampling rules, OTLP by gRPC, OTLP
 * by HTTP, its health.
 */
export const COLLECTOR_PORTS = {
  samplingRules: 2000,
  grpc: 4317,
  http: 4318,
  health: 13133,
} as const;

/** Shares of its memory at which it begins to refuse traces, and that one second may bring. */
const MEMORY_LIMIT = 0.8;
const MEMORY_SPIKE = 0.2;

/** The collector's configuration; JSON is YAML, too. */
export function collectorConfig(
  memoryMiB: number,
  region: pulumi.Input<string>,
): pulumi.Output<string> {
  const local = (port: number) => `127.0.0.1:${port}`;
  return pulumi.jsonStringify({
    extensions: {
      health_check: { endpoint: local(COLLECTOR_PORTS.health) },
      // Hands X-Ray's own sampling rules to applications that ask for them.
      awsproxy: { endpoint: local(COLLECTOR_PORTS.samplingRules), region },
    },
    receivers: {
      otlp: {
        protocols: {
          grpc: { endpoint: local(COLLECTOR_PORTS.grpc) },
          http: { endpoint: local(COLLECTOR_PORTS.http) },
        },
      },
    },
    processors: {
      memory_limiter: {
        check_interval: "1s",
        limit_mib: Math.floor(memoryMiB * MEMORY_LIMIT),
        spike_limit_mib: Math.floor(memoryMiB * MEMORY_SPIKE),
      },
      // Says of each trace which task and log group it comes from.
      resourcedetection: { detectors: ["env", "ecs"] },
      batch: { timeout: "1s", send_batch_size: 50 },
    },
    exporters: { awsxray: { region } },
    service: {
      extensions: ["health_check", "awsproxy"],
      // It would serve metrics of its own at a port that the application may want.
      telemetry: { logs: { level: "warn" }, metrics: { level: "none" } },
      pipelines: {
        traces: {
          receivers: ["otlp"],
          processors: ["memory_limiter", "resourcedetection", "batch"],
          exporters: ["awsxray"],
        },
      },
    },
  });
}
