import * as assert from "node:assert/strict";
import { Pipeline } from "../../components";
import { type Answers, type Outcome, runBuildspec } from "./pipeline-commands";
import { full } from "./pipeline-neighbours";
import { build } from "./support";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const TASK = "arn:aws:ecs:us-east-1:123456789012:task/platform/0123abcd";
const NEXT = "arn:aws:ecs:us-east-1:123456789012:task-definition/platform-worker:8";

const NETWORK = {
  awsvpcConfiguration: {
    subnets: ["subnet-a"],
    securityGroups: ["sg-1"],
    assignPublicIp: "DISABLED",
  },
};
const STRATEGY = [{ capacityProvider: "FARGATE", weight: 1, base: 0 }];

const CONTAINERS = [
  {
    name: "worker",
    image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/worker:live",
    logConfiguration: {
      logDriver: "awslogs",
      options: { "awslogs-group": "worker-logs", "awslogs-stream-prefix": "worker" },
    },
  },
  { name: "proxy", image: "proxy:1" },
];

const running = (lastStatus: string) => ({ tasks: [{ taskArn: TASK, lastStatus }] });
const stopped = (container: object, stoppedReason = "Essential container in task exited") => ({
  tasks: [
    {
      taskArn: TASK,
      lastStatus: "STOPPED",
      stoppedReason,
      containers: [
        { name: "proxy", exitCode: 0 },
        { name: "worker", ...container },
      ],
    },
  ],
});

const WELL: Answers = {
  "aws ecs describe-services": {
    out: {
      services: [
        {
          taskDefinition: "platform-worker:7",
          networkConfiguration: NETWORK,
          capacityProviderStrategy: STRATEGY,
        },
      ],
    },
  },
  "aws ecs describe-task-definition": {
    out: {
      taskDefinition: {
        taskDefinitionArn: "platform-worker:7",
        revision: 7,
        status: "ACTIVE",
        family: "platform-worker",
        taskRoleArn: "task-role",
        executionRoleArn: "execution-role",
        networkMode: "awsvpc",
        cpu: "256",
        memory: "512",
        containerDefinitions: CONTAINERS,
        registeredBy: "somebody",
      },
    },
  },
  "aws ecs register-task-definition": {
    out: { taskDefinition: { taskDefinitionArn: NEXT, containerDefinitions: CONTAINERS } },
  },
  "aws ecs run-task": { out: { tasks: [{ taskArn: TASK }], failures: [] } },
  "aws ecs describe-tasks": {
    out: [running("PENDING"), running("RUNNING"), stopped({ exitCode: 0 })],
  },
  "aws ecs stop-task": { out: {} },
  "aws logs get-log-events": {
    out: { events: [{ message: "applied 0001" }, { message: "applied 0002" }] },
  },
};

describe("The release of a Pipeline", () => {
  let buildspec: string;
  before(async () => {
    const run = await build(() => new Pipeline("server", full()));
    const project = run.one("aws:codebuild/project:Project", "server-release-worker-project");
    buildspec = project.input("source.buildspec") as string;
  });

  const release = (answers: Answers, minutes = "15"): Outcome =>
    runBuildspec(
      buildspec,
      {
        COMMIT,
        REPOSITORY_URL: "123456789012.dkr.ecr.us-east-1.amazonaws.com/worker",
        CLUSTER: "platform",
        SERVICE: "worker-service",
        CONTAINER: "worker",
        COMMAND: '["/server","migrate"]',
        TIMEOUT_MINUTES: minutes,
        PAUSE_SECONDS: "0",
      },
      { ...WELL, ...answers },
    );
  const callOf = ({ calls }: Outcome, action: string) =>
    calls.find(([, , called]) => called === action) ?? [];
  const optionOf = (call: readonly string[], option: string): unknown =>
    JSON.parse(call[call.indexOf(option) + 1] ?? "null");

  it("registers the service's own revision with the new image in its own container alone", () => {
    const outcome = release({});
    assert.equal(outcome.code, 0, outcome.output);
    assert.deepEqual(optionOf(callOf(outcome, "register-task-definition"), "--cli-input-json"), {
      family: "platform-worker",
      taskRoleArn: "task-role",
      executionRoleArn: "execution-role",
      networkMode: "awsvpc",
      containerDefinitions: [
        {
          ...CONTAINERS[0],
          image: `123456789012.dkr.ecr.us-east-1.amazonaws.com/worker:${COMMIT}`,
        },
        CONTAINERS[1],
      ],
      cpu: "256",
      memory: "512",
    });
  });

  it("runs it once with the command, where the service's tasks run", () => {
    const run = callOf(release({}), "run-task");
    assert.equal(run[run.indexOf("--task-definition") + 1], NEXT);
    assert.deepEqual(optionOf(run, "--network-configuration"), NETWORK);
    assert.deepEqual(optionOf(run, "--capacity-provider-strategy"), STRATEGY);
    assert.deepEqual(optionOf(run, "--overrides"), {
      containerOverrides: [{ name: "worker", command: ["/server", "migrate"] }],
    });
    assert.equal(run[run.indexOf("--started-by") + 1], `release-${COMMIT.slice(0, 28)}`);
  });

  it("runs nothing for an image that the service has already, and says so", () => {
    const image = `123456789012.dkr.ecr.us-east-1.amazonaws.com/worker:${COMMIT}`;
    const deployed = [{ ...CONTAINERS[0], image }, CONTAINERS[1]];
    const outcome = release({
      "aws ecs describe-task-definition": {
        out: { taskDefinition: { family: "platform-worker", containerDefinitions: deployed } },
      },
    });
    assert.equal(outcome.code, 0, outcome.output);
    const told = `The service has ${image} already, and so it was released: nothing is run\n`;
    assert.ok(outcome.output.startsWith(told), outcome.output);
    assert.deepEqual(
      outcome.calls.map(([, , action]) => action),
      ["describe-services", "describe-task-definition"],
    );
  });

  it("waits for a task that ECS does not know yet", () => {
    const unknown = { tasks: [], failures: [{ arn: TASK, reason: "MISSING" }] };
    const outcome = release({
      "aws ecs describe-tasks": { out: [unknown, stopped({ exitCode: 0 })] },
    });
    assert.equal(outcome.code, 0, outcome.output);
    assert.match(outcome.output, /The release command ended with 0/);
  });

  it("waits for the end, and shows what the command wrote last", () => {
    const outcome = release({});
    const looks = outcome.calls.filter(([, , action]) => action === "describe-tasks");
    assert.equal(looks.length, 3);
    const logs = callOf(outcome, "get-log-events");
    assert.equal(logs[logs.indexOf("--log-group-name") + 1], "worker-logs");
    assert.equal(logs[logs.indexOf("--log-stream-name") + 1], "worker/worker/0123abcd");
    assert.match(
      outcome.output,
      /applied 0001\n {2}applied 0002\nThe release command ended with 0/,
    );
  });

  it("fails with the command, and says why", () => {
    const { code, output } = release({
      "aws ecs describe-tasks": { out: [stopped({ exitCode: 3, reason: "Error" })] },
    });
    assert.equal(code, 1);
    assert.match(output, /applied 0002/);
    assert.match(
      output,
      /The release command ended with 3: Error; Essential container in task exited/,
    );
  });

  it("fails where the command never ran, although there is no log", () => {
    const { code, output } = release({
      "aws ecs describe-tasks": { out: [stopped({ reason: "CannotPullContainerError" }, "")] },
      "aws logs get-log-events": { code: 254, error: "ResourceNotFoundException" },
    });
    assert.equal(code, 1);
    assert.match(output, /\(no log stream worker\/worker\/0123abcd\)/);
    assert.match(output, /ended with no exit code: CannotPullContainerError/);
  });

  it("fails where ECS starts no task", () => {
    const failures = [{ reason: "RESOURCE:MEMORY" }];
    const { code, output } = release({ "aws ecs run-task": { out: { tasks: [], failures } } });
    assert.equal(code, 1);
    assert.match(output, /ECS did not start the task: \[\{"reason":"RESOURCE:MEMORY"\}\]/);
  });

  it("stops a task that takes too long, and fails", () => {
    const outcome = release({ "aws ecs describe-tasks": { out: [running("RUNNING")] } }, "0");
    assert.equal(outcome.code, 1);
    assert.match(outcome.output, /took more than 0 minutes/);
    const stop = callOf(outcome, "stop-task");
    assert.equal(stop[stop.indexOf("--task") + 1], TASK);
  });

  it("runs on the launch type where the service has no capacity providers", () => {
    const service = {
      taskDefinition: "platform-worker:7",
      networkConfiguration: NETWORK,
      launchType: "FARGATE",
    };
    const run = callOf(
      release({ "aws ecs describe-services": { out: { services: [service] } } }),
      "run-task",
    );
    assert.equal(run[run.indexOf("--launch-type") + 1], "FARGATE");
    assert.ok(!run.includes("--capacity-provider-strategy"));
  });
});
