import * as assert from "node:assert/strict";
import fc from "fast-check";
import { EcsService, type EcsServiceArgs } from "../../components";
import { build, cluster, database, fileSystem, network, refusal } from "./support";

const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:stripe-AbCdEf";
const AGENT_SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:agent-AbCdEf";
const ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";

/** A task with every kind of container, and everything that a container may be given. */
const full = (): EcsServiceArgs => ({
  cluster,
  network,
  image: `${ECR}/shop/api:1`,
  cpu: 1024,
  memoryMiB: 2048,
  port: 8080,
  containerHealthCheck: { command: ["CMD", "/healthy"] },
  dependsOn: { proxy: "START" },
  stopTimeoutSeconds: 60,
  openFiles: 65536,
  environment: { LEVEL: "info", ZONE: "a" },
  secrets: { STRIPE: SECRET, OTHER: `${SECRET}:other::` },
  sidecars: {
    proxy: {
      image: "envoy:1",
      port: 9901,
      cpu: 128,
      memoryMiB: 256,
      environment: { B: "2", A: "1" },
      containerHealthCheck: {
        command: ["CMD-SHELL", "test -e /ok"],
        intervalSeconds: 10,
        timeoutSeconds: 4,
        retries: 5,
        startPeriodSeconds: 30,
      },
      writablePaths: ["/run", "/tmp"],
      stopTimeoutSeconds: 90,
    },
    agent: {
      image: `${ECR}/agent:2`,
      essential: false,
      user: "1000",
      secrets: { KEY: AGENT_SECRET },
      dependsOn: { proxy: "HEALTHY", main: "HEALTHY" },
      writableRootBecause: "the vendor's image needs it",
    },
  },
  initContainers: {
    migrate: { image: `${ECR}/shop/api:1`, command: ["migrate"], dependsOn: { config: "SUCCESS" } },
    config: { image: "busybox:1", entryPoint: ["sh", "-c"], command: ["true"], writablePaths: [] },
  },
  sharedVolumes: {
    pages: { config: { path: "/out" }, main: { path: "/www", readOnly: true } },
    socket: { proxy: { path: "/sock" }, main: { path: "/sock" } },
  },
  volumes: { uploads: { fileSystem: "files", path: "/data" } },
  fileSystems: { files: fileSystem },
  connections: { "orders-db": database },
  permissions: [
    { actions: ["sqs:SendMessage"], resources: ["arn:aws:sqs:us-east-1:123456789012:jobs"] },
  ],
});

type Definition = Record<string, unknown> & { readonly name: string };

async function definitionsOf(args: EcsServiceArgs): Promise<Record<string, Definition>> {
  const run = await build(() => new EcsService("api", args));
  const all = run.one(TASK).jsonInput("containerDefinitions") as unknown as Definition[];
  return Object.fromEntries(all.map((definition) => [definition.name, definition]));
}

const logs = (name: string) => ({
  logDriver: "awslogs",
  options: {
    "awslogs-group": "api-logs-1a2b3c4",
    "awslogs-region": "us-east-1",
    "awslogs-stream-prefix": name,
    mode: "non-blocking",
    "max-buffer-size": "25m",
  },
});

describe("Containers of a task", () => {
  it("are its own first, and the others by name", async () => {
    assert.deepEqual(Object.keys(await definitionsOf(full())), [
      "api",
      "agent",
      "config",
      "migrate",
      "proxy",
    ]);
  });

  it("write all their logs to the one group of the service, each by its own name", async () => {
    const definitions = await definitionsOf(full());
    assert.deepEqual(
      Object.values(definitions).map(({ logConfiguration }) => logConfiguration),
      Object.keys(definitions).map(logs),
    );
  });

  it("stop the task with them if they are its own or essential sidecars", async () => {
    const definitions = await definitionsOf(full());
    const essential = Object.values(definitions).filter((definition) => definition["essential"]);
    assert.deepEqual(
      essential.map(({ name }) => name),
      ["api", "proxy"],
    );
  });

  it("start again by themselves where the settings say so", async () => {
    const { sidecars, ...args } = full();
    const agent = { ...sidecars?.["agent"], image: "agent:2", restarts: true };
    const definitions = await definitionsOf({ ...args, sidecars: { ...sidecars, agent } });
    const policies = Object.values(definitions).flatMap(({ name, restartPolicy }) =>
      restartPolicy === undefined ? [] : [[name, restartPolicy]],
    );
    assert.deepEqual(policies, [["agent", { enabled: true, restartAttemptPeriod: 60 }]]);
  });

  it("start in the order of the settings, the task's own after all init containers", async () => {
    const definitions = await definitionsOf(full());
    const order = Object.entries(definitions).map(([name, { dependsOn }]) => [name, dependsOn]);
    assert.deepEqual(Object.fromEntries(order), {
      api: [
        { containerName: "config", condition: "SUCCESS" },
        { containerName: "migrate", condition: "SUCCESS" },
        { containerName: "proxy", condition: "START" },
      ],
      agent: [
        { containerName: "api", condition: "HEALTHY" },
        { containerName: "proxy", condition: "HEALTHY" },
      ],
      config: undefined,
      migrate: [{ containerName: "config", condition: "SUCCESS" }],
      proxy: undefined,
    });
  });

  it("have everything that a sidecar is given, and nothing of the others", async () => {
    const { proxy } = await definitionsOf(full());
    assert.deepEqual(proxy, {
      name: "proxy",
      image: "envoy:1",
      essential: true,
      portMappings: [{ containerPort: 9901, hostPort: 9901, protocol: "tcp" }],
      environment: [
        { name: "A", value: "1" },
        { name: "B", value: "2" },
      ],
      secrets: [],
      mountPoints: [
        { sourceVolume: "proxy_own-run", containerPath: "/run", readOnly: false },
        { sourceVolume: "proxy_own-tmp", containerPath: "/tmp", readOnly: false },
        { sourceVolume: "socket_shared", containerPath: "/sock", readOnly: false },
      ],
      readonlyRootFilesystem: true,
      healthCheck: {
        command: ["CMD-SHELL", "test -e /ok"],
        interval: 10,
        timeout: 4,
        retries: 5,
        startPeriod: 30,
      },
      stopTimeout: 90,
      logConfiguration: logs("proxy"),
      memory: 256,
      cpu: 128,
      volumesFrom: [],
      systemControls: [],
    });
  });

  it("may be started in another way, as another user, on a writable root", async () => {
    const { config, agent } = await definitionsOf(full());
    assert.deepEqual(config?.["entryPoint"], ["sh", "-c"]);
    assert.deepEqual(config["command"], ["true"]);
    assert.deepEqual(config["portMappings"], []);
    assert.equal(agent?.["user"], "1000");
    assert.equal(agent["readonlyRootFilesystem"], false);
    assert.deepEqual(agent["mountPoints"], []);
  });

  it("have limits and a time to stop where the settings give them", async () => {
    const { api, agent } = await definitionsOf(full());
    assert.equal(api?.["stopTimeout"], 60);
    assert.deepEqual(api["ulimits"], [{ name: "nofile", softLimit: 65536, hardLimit: 65536 }]);
    assert.deepEqual(api["healthCheck"], {
      command: ["CMD", "/healthy"],
      interval: 30,
      timeout: 5,
      retries: 3,
      startPeriod: 0,
    });
    for (const key of ["stopTimeout", "ulimits", "healthCheck", "memory"]) {
      assert.equal(agent?.[key], undefined, key);
    }
  });

  it("leave the task's own what the others do not take of the CPU", async () => {
    const { api, proxy } = await definitionsOf({ ...full(), cpu: 512, memoryMiB: 1024 });
    assert.deepEqual([api?.["cpu"], proxy?.["cpu"]], [384, 128]);
  });

  it("pull only their own images and read only their own secrets, all by the one role", async () => {
    const run = await build(() => new EcsService("api", full()));
    const { Statement: statements } = run
      .one("aws:iam/rolePolicy:RolePolicy", "api-execution-policy")
      .jsonInput("policy") as { Statement: { Action: string[]; Resource: string[] }[] };
    const resources = Object.fromEntries(
      statements.map(({ Action: [action = ""], Resource }) => [action, Resource]),
    );
    assert.deepEqual(resources, {
      "logs:CreateLogStream": ["arn:aws:logs:us-east-1:123456789012:log-group:api-logs-1a2b3c4:*"],
      "ecr:BatchCheckLayerAvailability": [
        "arn:aws:ecr:us-east-1:123456789012:repository/agent",
        "arn:aws:ecr:us-east-1:123456789012:repository/shop/api",
      ],
      "ecr:GetAuthorizationToken": ["*"],
      "secretsmanager:GetSecretValue": [AGENT_SECRET, database.secretArn, SECRET],
    });
  });

  for (const section of ["sidecars", "initContainers"] as const) {
    it(`refuse one of the ${section} with the name of the task`, async () => {
      const args = { ...full(), [section]: { ...full()[section], api: { image: "x:1" } } };
      const error = await refusal(() => new EcsService("api", args));
      assert.deepEqual(error.problems, [
        {
          key: `${section}.api`,
          value: "api",
          rule: "is the name of the task's own container",
          allowed: "any other name than api",
          fix: "rename it",
        },
      ]);
    });
  }
});

describe("Task definition, canonical", () => {
  /** The same settings with the keys of every map in another order. */
  function shuffledKeys(value: unknown, pick: (count: number) => number): unknown {
    if (Array.isArray(value)) return value.map((entry) => shuffledKeys(entry, pick));
    if (typeof value !== "object" || value === null) return value;
    const left = Object.entries(value);
    const shuffled: [string, unknown][] = [];
    while (left.length > 0) {
      const [entry] = left.splice(pick(left.length), 1);
      if (entry !== undefined) shuffled.push([entry[0], shuffledKeys(entry[1], pick)]);
    }
    return Object.fromEntries(shuffled);
  }

  /** What decides about a new revision: the inputs of the task definition, byte by byte. */
  async function revisionOf(args: EcsServiceArgs): Promise<string> {
    const run = await build(() => new EcsService("api", args));
    return JSON.stringify(run.one(TASK).inputs);
  }

  it("is the same bytes whatever the order of any map in the settings", async () => {
    const expected = await revisionOf(full());
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat(1000)), async (numbers) => {
        const pick = (count: number) => Number(numbers.next().value) % count;
        const args = shuffledKeys(full(), pick) as EcsServiceArgs;
        assert.equal(await revisionOf(args), expected);
      }),
      { numRuns: 20 },
    );
  });

  it("is the same bytes whether defaults are spelled out or left out", async () => {
    const bare: EcsServiceArgs = {
      cluster,
      network,
      image: "nginx:1.29",
      containerHealthCheck: { command: ["CMD", "/healthy"] },
      sidecars: { agent: { image: "agent:1" } },
      volumes: { uploads: { fileSystem: "files", path: "/data" } },
      fileSystems: { files: fileSystem },
    };
    const common = {
      environment: {},
      secrets: {},
      writablePaths: ["/tmp"],
      dependsOn: {},
    };
    const spelled: EcsServiceArgs = {
      ...bare,
      ...common,
      port: 3000,
      cpu: 256,
      memoryMiB: 512,
      architecture: "X86_64",
      containerHealthCheck: {
        command: ["CMD", "/healthy"],
        intervalSeconds: 30,
        timeoutSeconds: 5,
        retries: 3,
        startPeriodSeconds: 0,
      },
      sidecars: { agent: { image: "agent:1", essential: true, restarts: false, ...common } },
      initContainers: {},
      sharedVolumes: {},
      volumes: {
        uploads: { fileSystem: "files", path: "/data", readOnly: false, container: "main" },
      },
      vaultKeys: [],
      permissions: [],
      capacity: { FARGATE: { base: 0, weight: 1 } },
      exec: false,
    };
    assert.equal(await revisionOf(spelled), await revisionOf(bare));
  });

  it("is the same bytes whatever the order of writable paths, and however often they are named", async () => {
    const paths = (writablePaths: string[]): EcsServiceArgs => ({ ...full(), writablePaths });
    assert.equal(
      await revisionOf(paths(["/tmp", "/var/run", "/tmp"])),
      await revisionOf(paths(["/var/run", "/tmp"])),
    );
  });
});
