import { ecsServiceSettings } from "../../components/ecs-service/settings";
import { itBounds, itRefuses, itTakes, outOfBounds } from "./support";

const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:stripe-AbCdEf";

const check = { command: ["CMD", "/healthy"] };

const happy = {
  image: "nginx:1.29",
  cpu: 1024,
  memoryMiB: 2048,
  sidecars: { proxy: { image: "envoy:1", port: 9901 }, agent: { image: "agent:1" } },
  initContainers: { config: { image: "busybox:1" }, migrate: { image: "migrate:1" } },
};

const refused = (key: string, value: unknown, rule: string, allowed: string, fix: string) => ({
  key,
  value,
  rule,
  allowed,
  fix,
});

const noCommand = (command: string[]) => ({
  change: { "containerHealthCheck.command": command },
  problem: refused(
    "containerHealthCheck.command",
    command,
    "must be a command as Docker takes it",
    "CMD and its words, or CMD-SHELL and one line for the shell",
    'write it like ["CMD-SHELL", "curl --fail http://localhost/health"]',
  ),
});

const ended = (key: string, target: string, condition: string) => ({
  change: { [key]: condition },
  problem: refused(
    key,
    condition,
    `waits for the end of ${target}, and with an essential container the whole task ends`,
    "START, HEALTHY",
    "choose one of them, or wait for an init container",
  ),
});

const circle = (change: Record<string, unknown>, key: string, value: unknown, way: string) => ({
  change,
  problem: refused(
    key,
    value,
    `goes round in a circle: ${way}`,
    "an order in which one container starts first",
    "remove one of these, and mind that the task's own container waits for all init containers",
  ),
});

const portTaken = (port: number, owner: string) => ({
  change: { "sidecars.agent.port": port },
  problem: refused(
    "sidecars.agent.port",
    port,
    `is the port of ${owner} too, and the containers of a task share one address`,
    "a port of its own",
    "give it another one",
  ),
});

describe("Container settings", () => {
  itTakes(ecsServiceSettings, happy, {
    "an order of containers": {
      containerHealthCheck: check,
      "dependsOn.proxy": "START",
      "sidecars.agent.dependsOn": { main: "HEALTHY", proxy: "START", config: "COMPLETE" },
      "initContainers.migrate.dependsOn.config": "SUCCESS",
    },
    "an init container that waits for a sidecar": {
      "sidecars.proxy.containerHealthCheck": check,
      "initContainers.migrate.dependsOn.proxy": "HEALTHY",
    },
    "the end of a sidecar that is not essential": {
      "sidecars.agent.essential": false,
      "dependsOn.agent": "SUCCESS",
    },
    "a line for the shell": { containerHealthCheck: { command: ["CMD-SHELL", "test -e /ok"] } },
    "shares that leave something": {
      "sidecars.proxy.cpu": 512,
      "sidecars.proxy.memoryMiB": 1024,
      "initContainers.config.cpu": 511,
      "initContainers.config.memoryMiB": 1023,
    },
    "the same variable in two containers": {
      "environment.LEVEL": "info",
      "sidecars.proxy.environment.LEVEL": "debug",
      "initContainers.config.secrets.LEVEL": SECRET,
    },
  });

  itBounds(
    ecsServiceSettings,
    { ...happy, containerHealthCheck: check },
    {
      "containerHealthCheck.intervalSeconds": [5, 300],
      "containerHealthCheck.timeoutSeconds": [2, 60],
      "containerHealthCheck.retries": [1, 10],
      "containerHealthCheck.startPeriodSeconds": [0, 300],
      stopTimeoutSeconds: [2, 120],
      "sidecars.proxy.stopTimeoutSeconds": [2, 120],
      openFiles: [1024, 1048576],
      "sidecars.proxy.port": [1, 65535],
    },
  );

  itRefuses(ecsServiceSettings, happy, {
    "a health check without its kind": noCommand(["curl", "localhost"]),
    "a health check without a command": noCommand(["CMD"]),
    "two lines for the shell": noCommand(["CMD-SHELL", "true", "false"]),
    "a sidecar without an image": {
      change: { "sidecars.agent.image": undefined },
      problem: refused(
        "sidecars.agent.image",
        undefined,
        "must be text",
        "text",
        "add the key sidecars.agent.image",
      ),
    },
    "a sidecar that is named like the task's own container": {
      change: { "sidecars.main": { image: "agent:1" } },
      problem: refused(
        "sidecars.main",
        "main",
        "is what the task's own container goes by",
        "any other name than main",
        "rename it",
      ),
    },
    "an init container with a name that ECS would take, and a file would not": {
      change: { "initContainers.Config_1": { image: "busybox:1" } },
      problem: refused(
        "initContainers.Config_1",
        "Config_1",
        "is not a usable name",
        'lower-case letters, digits and single hyphens, starting with a letter, at most 20 characters, not starting with "sg-"',
        "rename it",
      ),
    },
    "an init container with the name of a sidecar": {
      change: { "initContainers.proxy": { image: "busybox:1" } },
      problem: refused(
        "initContainers.proxy",
        { image: "busybox:1" },
        "has the name of a sidecar",
        "a name of its own",
        "rename one of the two",
      ),
    },
    "an init container with a port": {
      change: { "initContainers.config.port": 80 },
      problem: refused(
        "initContainers.config.port",
        80,
        "is not a known key",
        "image, entryPoint, command, user, environment, secrets, writablePaths, writableRootBecause, dependsOn, stopTimeoutSeconds, openFiles, cpu, memoryMiB",
        "remove it",
      ),
    },
    "a sidecar that waits for nobody there": {
      change: { "sidecars.agent.dependsOn.envoy": "START" },
      problem: refused(
        "sidecars.agent.dependsOn.envoy",
        "START",
        "names no container of this task",
        "main, proxy, agent, config, migrate",
        "correct the name, or remove it",
      ),
    },
    "health of a container that has no check": {
      change: { "dependsOn.proxy": "HEALTHY" },
      problem: refused(
        "dependsOn.proxy",
        "HEALTHY",
        "waits for the health of proxy, which has no containerHealthCheck",
        "START; HEALTHY with a containerHealthCheck",
        "give proxy a containerHealthCheck",
      ),
    },
    "an end of the task's own container": ended(
      "sidecars.agent.dependsOn.main",
      "main",
      "COMPLETE",
    ),
    "an end of an essential sidecar": ended("dependsOn.proxy", "proxy", "SUCCESS"),
    "another condition": {
      change: { "dependsOn.proxy": "RUNNING" },
      problem: refused(
        "dependsOn.proxy",
        "RUNNING",
        "must be one of the allowed values",
        "START, COMPLETE, SUCCESS, HEALTHY",
        "set one of START, COMPLETE, SUCCESS, HEALTHY",
      ),
    },
    "a container that waits for itself": circle(
      { "sidecars.agent.dependsOn": { agent: "START" } },
      "sidecars.agent.dependsOn",
      { agent: "START" },
      "agent waits for agent",
    ),
    "sidecars that wait for each other": circle(
      {
        "sidecars.agent.dependsOn": { proxy: "START" },
        "sidecars.proxy.dependsOn": { agent: "START" },
      },
      "sidecars.agent.dependsOn",
      { proxy: "START" },
      "agent waits for proxy waits for agent",
    ),
    "an init container that waits for the task's own": circle(
      { "initContainers.config.dependsOn": { main: "START" } },
      "dependsOn",
      undefined,
      "main waits for config waits for main",
    ),
    "two sidecars on one port": portTaken(9901, "proxy"),
    "a sidecar on the port of the task's own container": {
      change: { port: 8080, "sidecars.agent.port": 8080 },
      problem: portTaken(8080, "main").problem,
    },
    "sidecars that take all CPU": {
      change: { "sidecars.proxy.cpu": 512, "initContainers.config.cpu": 512 },
      problem: refused(
        "initContainers.config.cpu",
        512,
        "leaves nothing of the task's cpu of 1024 for its own container",
        "parts that come to less than 1024 together",
        "lower it, or raise the task's cpu",
      ),
    },
    "a sidecar that takes all memory": {
      change: { "sidecars.agent.memoryMiB": 2048 },
      problem: refused(
        "sidecars.agent.memoryMiB",
        2048,
        "leaves nothing of the task's memoryMiB of 2048 for its own container",
        "parts that come to less than 2048 together",
        "lower it, or raise the task's memoryMiB",
      ),
    },
    "a variable that a sidecar has twice": {
      change: { "sidecars.proxy.environment.A": "x", "sidecars.proxy.secrets.A": SECRET },
      problem: refused(
        "sidecars.proxy.secrets",
        { A: SECRET },
        "gives a variable that environment gives too",
        "each name once",
        "remove the variable from environment",
      ),
    },
    "less time to stop than ECS takes": {
      change: { stopTimeoutSeconds: 1 },
      problem: outOfBounds("stopTimeoutSeconds", 1, "a whole number from 2 to 120"),
    },
  });
});
