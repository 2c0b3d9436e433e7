import * as assert from "node:assert/strict";
import { EcsService, type EcsServiceArgs, EcsTask } from "../../components";
import { ecsServiceSettings } from "../../components/ecs-service/settings";
import {
  build,
  cluster,
  itBounds,
  itRefuses,
  itTakes,
  network,
  outOfBounds,
  refusal,
} from "./support";

const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:trace-AbCdEf";

const happy = (): EcsServiceArgs => ({
  cluster,
  network,
  image: "nginx:1.29",
  cpu: 512,
  memoryMiB: 1024,
  tracing: {},
});

interface Definition {
  readonly name: string;
  readonly cpu: number;
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly dependsOn?: readonly unknown[];
}

async function definitionsOf(args: EcsServiceArgs): Promise<Record<string, Definition>> {
  const run = await build(() => new EcsService("api", args));
  const all = run
    .one("aws:ecs/taskDefinition:TaskDefinition")
    .jsonInput("containerDefinitions") as unknown as readonly Definition[];
  return Object.fromEntries(all.map((definition) => [definition.name, definition]));
}

function variables(definition: Definition | undefined): Record<string, string> {
  return Object.fromEntries(definition?.environment.map(({ name, value }) => [name, value]) ?? []);
}

const CONFIG = {
  extensions: {
    health_check: { endpoint: "127.0.0.1:13133" },
    awsproxy: { endpoint: "127.0.0.1:2000", region: "us-east-1" },
  },
  receivers: {
    otlp: {
      protocols: { grpc: { endpoint: "127.0.0.1:4317" }, http: { endpoint: "127.0.0.1:4318" } },
    },
  },
  processors: {
    memory_limiter: { check_interval: "1s", limit_mib: 204, spike_limit_mib: 51 },
    resourcedetection: { detectors: ["env", "ecs"] },
    batch: { timeout: "1s", send_batch_size: 50 },
  },
  exporters: { awsxray: { region: "us-east-1" } },
  service: {
    extensions: ["health_check", "awsproxy"],
    telemetry: { logs: { level: "warn" }, metrics: { level: "none" } },
    pipelines: {
      traces: {
        receivers: ["otlp"],
        processors: ["memory_limiter", "resourcedetection", "batch"],
        exporters: ["awsxray"],
      },
    },
  },
};

const TRACE = {
  Effect: "Allow",
  Action: ["xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTraceSegments"],
  Resource: ["*"],
};

describe("Tracing", () => {
  it("adds one container to the task, which may do nothing but collect", async () => {
    const { "trace-collector": collector, ...others } = await definitionsOf(happy());
    assert.deepEqual(Object.keys(others), ["api"]);
    const { environment, ...rest } = collector ?? { environment: [] };
    assert.deepEqual(rest, {
      name: "trace-collector",
      image: "public.ecr.aws/aws-observability/aws-otel-collector:v0.49.0",
      essential: false,
      user: "65534",
      portMappings: [],
      secrets: [],
      mountPoints: [],
      readonlyRootFilesystem: true,
      healthCheck: {
        command: ["CMD", "/healthcheck"],
        interval: 30,
        timeout: 5,
        retries: 3,
        startPeriod: 10,
      },
      restartPolicy: { enabled: true, restartAttemptPeriod: 60 },
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": "api-logs-1a2b3c4",
          "awslogs-region": "us-east-1",
          "awslogs-stream-prefix": "trace-collector",
          mode: "non-blocking",
          "max-buffer-size": "25m",
        },
      },
      memory: 256,
      cpu: 32,
      volumesFrom: [],
      systemControls: [],
    });
    assert.deepEqual(
      environment.map(({ name }) => name),
      ["AOT_CONFIG_CONTENT"],
    );
  });

  it("listens to the task alone, and hands traces to X-Ray in the stack's region", async () => {
    const { "trace-collector": collector } = await definitionsOf(happy());
    assert.deepEqual(JSON.parse(variables(collector)["AOT_CONFIG_CONTENT"] ?? ""), CONFIG);
  });

  it("tells the task's own container where to send what", async () => {
    const { api } = await definitionsOf({ ...happy(), tracing: { samplePercent: 12.5 } });
    assert.deepEqual(variables(api), {
      OTEL_SERVICE_NAME: "api",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      OTEL_TRACES_EXPORTER: "otlp",
      OTEL_METRICS_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
      OTEL_TRACES_SAMPLER_ARG: "0.125",
    });
  });

  it("traces one request in twenty, unless asked otherwise", async () => {
    const { api } = await definitionsOf(happy());
    assert.equal(variables(api)["OTEL_TRACES_SAMPLER_ARG"], "0.05");
  });

  it("is stopped after the task's own container, which gets the rest of the CPU", async () => {
    const { api } = await definitionsOf(happy());
    assert.deepEqual(api?.dependsOn, [{ containerName: "trace-collector", condition: "START" }]);
    assert.equal(api.cpu, 512 - 32);
  });

  it("leaves what the settings say of a variable, and of its order", async () => {
    const { api } = await definitionsOf({
      ...happy(),
      environment: { OTEL_SERVICE_NAME: "shop" },
      secrets: { OTEL_TRACES_SAMPLER_ARG: SECRET },
      dependsOn: { "trace-collector": "HEALTHY" },
    });
    const { OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER_ARG } = variables(api);
    assert.deepEqual([OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER_ARG], ["shop", undefined]);
    assert.deepEqual(api?.dependsOn, [{ containerName: "trace-collector", condition: "HEALTHY" }]);
  });

  it("gives another sampler than its own no argument", async () => {
    const OTEL_TRACES_SAMPLER = "xray";
    const { api: plain } = await definitionsOf({
      ...happy(),
      environment: { OTEL_TRACES_SAMPLER },
    });
    const { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: argument } = variables(plain);
    assert.deepEqual([sampler, argument], ["xray", undefined]);
    const { api: hidden } = await definitionsOf({
      ...happy(),
      secrets: { OTEL_TRACES_SAMPLER: SECRET },
    });
    assert.ok(!Object.keys(variables(hidden)).some((variable) => /SAMPLER/.test(variable)));
    const ownArgument = "polling_interval=60";
    const environment = { OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG: ownArgument };
    const { api: both } = await definitionsOf({ ...happy(), environment });
    assert.equal(variables(both)["OTEL_TRACES_SAMPLER_ARG"], ownArgument);
  });

  it("takes image and shares from the settings", async () => {
    const tracing = { image: "mirror/collector:1", cpu: 64, memoryMiB: 100 };
    const { "trace-collector": collector } = await definitionsOf({ ...happy(), tracing });
    const { image, cpu, memory } = { image: "", memory: 0, ...collector };
    assert.deepEqual([image, cpu, memory], ["mirror/collector:1", 64, 100]);
    const config = JSON.parse(variables(collector)["AOT_CONFIG_CONTENT"] ?? "") as typeof CONFIG;
    const { limit_mib, spike_limit_mib } = config.processors.memory_limiter;
    assert.deepEqual([limit_mib, spike_limit_mib], [80, 20]);
  });

  it("gives the task's role X-Ray, and nothing else", async () => {
    const run = await build(() => new EcsService("api", happy()));
    const policy = run.one("aws:iam/rolePolicy:RolePolicy", "api-task-policy");
    assert.deepEqual(policy.jsonInput("policy"), { Version: "2012-10-17", Statement: [TRACE] });
  });

  it("is there for tasks that run once, too", async () => {
    const args = { cluster, network, image: "nginx:1.29", tracing: {} };
    const run = await build(() => new EcsTask("report", args));
    const policy = run.one("aws:iam/rolePolicy:RolePolicy", "report-task-policy");
    assert.deepEqual(policy.jsonInput("policy"), { Version: "2012-10-17", Statement: [TRACE] });
  });

  it("adds nothing where nobody asked for it", async () => {
    const { tracing: _, ...untraced } = happy();
    const { api, ...others } = await definitionsOf(untraced);
    assert.deepEqual(others, {});
    assert.deepEqual([variables(api), api?.dependsOn, api?.cpu], [{}, undefined, 0]);
  });

  it("refuses a service that is called like its container", async () => {
    const error = await refusal(() => new EcsService("trace-collector", happy()));
    assert.deepEqual(error.problems, [
      {
        key: "tracing",
        value: "trace-collector",
        rule: "is the name of the task's own container",
        allowed: "any other name than trace-collector",
        fix: "rename it",
      },
    ]);
  });
});

describe("Tracing settings", () => {
  const settings = { image: "nginx:1.29", cpu: 512, memoryMiB: 1024, tracing: {} };

  itTakes(ecsServiceSettings, settings, {
    "no traces but those that others began": { "tracing.samplePercent": 0 },
    "every trace": { "tracing.samplePercent": 100 },
    "a fraction of a percent": { "tracing.samplePercent": 0.1 },
    "the collector's ports without tracing": { tracing: undefined, port: 4317 },
    "the collector's name without tracing": {
      tracing: undefined,
      sidecars: { "trace-collector": { image: "collector:1" } },
    },
  });
  itBounds(
    ecsServiceSettings,
    { ...settings, cpu: 4096, memoryMiB: 8192 },
    {
      "tracing.cpu": [2, 1024],
      "tracing.memoryMiB": [64, 4096],
    },
  );
  const taken = (port: number) => ({
    change: { port },
    problem: {
      key: "port",
      value: port,
      rule: "is a port of the container that tracing adds, and the containers of a task share one address",
      allowed: "any port but 2000, 4317, 4318, 13133",
      fix: "give it another one, or remove tracing",
    },
  });
  itRefuses(ecsServiceSettings, settings, {
    "less than no traces": {
      change: { "tracing.samplePercent": -1 },
      problem: outOfBounds("tracing.samplePercent", -1, "a number from 0 to 100"),
    },
    "more than all traces": {
      change: { "tracing.samplePercent": 101 },
      problem: outOfBounds("tracing.samplePercent", 101, "a number from 0 to 100"),
    },
    "the port of X-Ray's rules": taken(2000),
    "the port of OTLP by gRPC": taken(4317),
    "the port of OTLP by HTTP": taken(4318),
    "the port of its health": taken(13133),
    "a sidecar that is called like the collector": {
      change: { sidecars: { "trace-collector": { image: "collector:1" } } },
      problem: {
        key: "sidecars.trace-collector",
        value: { image: "collector:1" },
        rule: "is the name of the container that tracing adds",
        allowed: "any other name than trace-collector",
        fix: "rename it, or remove tracing",
      },
    },
    "a collector that leaves the task no memory": {
      change: { "tracing.memoryMiB": 1024 },
      problem: {
        key: "tracing.memoryMiB",
        value: 1024,
        rule: "leaves nothing of the task's memoryMiB of 1024 for its own container",
        allowed: "parts that come to less than 1024 together",
        fix: "lower it, or raise the task's memoryMiB",
      },
    },
    "a sidecar that leaves none for the collector of the default size": {
      change: { sidecars: { proxy: { image: "envoy:1", memoryMiB: 768 } } },
      problem: {
        key: "tracing.memoryMiB",
        value: undefined,
        rule: "leaves nothing of the task's memoryMiB of 1024 for its own container",
        allowed: "parts that come to less than 1024 together",
        fix: "lower it, or raise the task's memoryMiB",
      },
    },
  });
});
