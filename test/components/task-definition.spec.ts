import * as assert from "node:assert/strict";
import fc from "fast-check";
import { EcsService, type EcsServiceArgs } from "../../components";
import type { RecordedResource } from "../support/recorded-resource";
import { build, cluster, network } from "./support";

const happy = (): EcsServiceArgs => ({ cluster, network, image: "nginx:1.29", desiredCount: 1 });

const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:stripe-AbCdEf";

const inRegion = {
  resources: { "aws:cloudwatch/logGroup:LogGroup": () => ({ region: "eu-central-1" }) },
};

async function taskOf(args: EcsServiceArgs): Promise<RecordedResource> {
  const run = await build(() => new EcsService("api", args), inRegion);
  return run.one("aws:ecs/taskDefinition:TaskDefinition");
}

async function containerOf(args: EcsServiceArgs): Promise<Record<string, unknown>> {
  const containers = (await taskOf(args)).jsonInput("containerDefinitions");
  assert.ok(Array.isArray(containers) && containers.length === 1, "one container");
  return containers[0] as Record<string, unknown>;
}

const mount = (sourceVolume: string, containerPath: string) => ({
  sourceVolume,
  containerPath,
  readOnly: false,
});

describe("Task definition", () => {
  it("is a Fargate task of the smallest size", async () => {
    const { containerDefinitions: _, ...inputs } = (await taskOf(happy())).inputs;
    assert.deepEqual(inputs, {
      family: "platform-api",
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "256",
      memory: "512",
      runtimePlatform: { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" },
      executionRoleArn: "arn:aws:iam::123456789012:role/api-execution-role-1a2b3c4",
      taskRoleArn: "arn:aws:iam::123456789012:role/api-task-role-1a2b3c4",
      volumes: [{ name: "tmp" }],
    });
  });

  it("runs one container, read-only but for /tmp, with its own logs", async () => {
    assert.deepEqual(await containerOf(happy()), {
      name: "api",
      image: "nginx:1.29",
      essential: true,
      portMappings: [{ containerPort: 3000, hostPort: 3000, protocol: "tcp" }],
      environment: [],
      secrets: [],
      mountPoints: [mount("tmp", "/tmp")],
      readonlyRootFilesystem: true,
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": "api-logs-1a2b3c4",
          "awslogs-region": "eu-central-1",
          "awslogs-stream-prefix": "api",
          mode: "non-blocking",
          "max-buffer-size": "25m",
        },
      },
      cpu: 0,
      volumesFrom: [],
      systemControls: [],
    });
  });

  it("has the size and processor of the settings", async () => {
    const args = { ...happy(), cpu: 1024, memoryMiB: 4096, architecture: "ARM64" } as const;
    const { cpu, memory, runtimePlatform } = (await taskOf(args)).inputs;
    assert.deepEqual(
      { cpu, memory, runtimePlatform },
      {
        cpu: "1024",
        memory: "4096",
        runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
      },
    );
  });

  it("starts the container as the settings say", async () => {
    const args = { ...happy(), command: ["serve", "--all"], user: "1000:1000", port: 8080 };
    const { command, user, portMappings } = await containerOf(args);
    assert.deepEqual(command, ["serve", "--all"]);
    assert.equal(user, "1000:1000");
    assert.deepEqual(portMappings, [{ containerPort: 8080, hostPort: 8080, protocol: "tcp" }]);
  });

  it("gives the container sorted variables, secrets by ARN", async () => {
    const args = {
      ...happy(),
      environment: { B: "2", a: "3", A: "1" },
      secrets: { Z: SECRET, Y: SECRET },
    };
    const { environment, secrets } = await containerOf(args);
    assert.deepEqual(environment, [
      { name: "A", value: "1" },
      { name: "B", value: "2" },
      { name: "a", value: "3" },
    ]);
    assert.deepEqual(secrets, [
      { name: "Y", valueFrom: SECRET },
      { name: "Z", valueFrom: SECRET },
    ]);
  });

  it("mounts a volume for each writable path, once", async () => {
    const task = await taskOf({ ...happy(), writablePaths: ["/var/cache/nginx", "/tmp", "/tmp"] });
    const [container] = task.jsonInput("containerDefinitions") as [Record<string, unknown>];
    assert.deepEqual(task.input("volumes"), [{ name: "tmp" }, { name: "var-cache-nginx" }]);
    assert.deepEqual(container["mountPoints"], [
      mount("tmp", "/tmp"),
      mount("var-cache-nginx", "/var/cache/nginx"),
    ]);
  });

  it("names volumes with the characters that ECS takes, each by another name", async () => {
    const task = await taskOf({ ...happy(), writablePaths: ["/a.b", "/a/b", "/a-b", "/a_b"] });
    assert.deepEqual(task.input("volumes"), [
      { name: "a_2db" },
      { name: "a_2eb" },
      { name: "a-b" },
      { name: "a_5fb" },
    ]);
  });

  it("may have no writable path", async () => {
    const task = await taskOf({ ...happy(), writablePaths: [] });
    assert.deepEqual(task.input("volumes"), []);
  });

  it("is writable, without volumes, where somebody says why", async () => {
    const task = await taskOf({ ...happy(), writableRootBecause: "the vendor's image needs it" });
    const [container] = task.jsonInput("containerDefinitions") as [Record<string, unknown>];
    assert.deepEqual(task.input("volumes"), []);
    assert.deepEqual(container["mountPoints"], []);
    assert.equal(container["readonlyRootFilesystem"], false);
  });

  it("lets the agent of ECS Exec write where it must, and reaps what it leaves", async () => {
    const { mountPoints, linuxParameters } = await containerOf({ ...happy(), exec: true });
    assert.deepEqual(mountPoints, [
      mount("managed_2dagents", "/managed-agents"),
      mount("tmp", "/tmp"),
      mount("var-lib-amazon-ssm", "/var/lib/amazon/ssm"),
      mount("var-log-amazon-ssm", "/var/log/amazon/ssm"),
    ]);
    assert.deepEqual(linuxParameters, { initProcessEnabled: true });
  });

  it("is the same whatever the order of the settings", async () => {
    const names = ["A", "B", "C", "a_b", "AB", "_"];
    const anyOrder: fc.Arbitrary<EcsServiceArgs> = fc
      .record({
        environment: shuffled(names.map((name) => [name, `value of ${name}`] as const)),
        secrets: shuffled(names.map((name) => [`S_${name}`, `${SECRET}:${name}::`] as const)),
        writablePaths: shuffled(["/tmp", "/var/run", "/var/cache", "/srv"]),
      })
      .map(({ environment, secrets, writablePaths }) => ({
        ...happy(),
        environment: Object.fromEntries(environment),
        secrets: Object.fromEntries(secrets),
        writablePaths,
      }));
    await fc.assert(
      fc.asyncProperty(anyOrder, anyOrder, async (one, other) => {
        assert.deepEqual((await taskOf(one)).inputs, (await taskOf(other)).inputs);
      }),
      { numRuns: 25 },
    );
  });
});

function shuffled<Value>(values: readonly Value[]): fc.Arbitrary<Value[]> {
  return fc.shuffledSubarray([...values], { minLength: values.length });
}
