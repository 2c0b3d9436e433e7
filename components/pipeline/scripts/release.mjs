/**
 * Runs a service's release command, as a task of the new image, and fails where the command does. It leaves an image alone
 * that the service has already: an earlier run released it before that.
 */
import { execFileSync } from "node:child_process";

const { CLUSTER, SERVICE, CONTAINER, COMMAND, REPOSITORY_URL, COMMIT, TIMEOUT_MINUTES } =
  process.env;
const IMAGE = `${REPOSITORY_URL}:${COMMIT}`;
/** Seconds from one look at the task to the next. */
const PAUSE_SECONDS = Number(process.env.PAUSE_SECONDS ?? 6);

/** What of a revision one may register again; the rest AWS fills in itself. */
const REGISTERED = [
  "family",
  "taskRoleArn",
  "executionRoleArn",
  "networkMode",
  "containerDefinitions",
  "volumes",
  "placementConstraints",
  "requiresCompatibilities",
  "cpu",
  "memory",
  "ephemeralStorage",
  "runtimePlatform",
];

function aws(...args) {
  const output = execFileSync("aws", [...args, "--output", "json"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 64 * 1024 * 1024,
  });
  return output.trim() === "" ? {} : JSON.parse(output);
}

/** The revision that the service has, with the new image in its own container. */
function register(taskDefinition) {
  const next = Object.fromEntries(
    REGISTERED.filter((key) => taskDefinition[key] !== undefined).map((key) => [
      key,
      taskDefinition[key],
    ]),
  );
  next.containerDefinitions = next.containerDefinitions.map((container) =>
    container.name === CONTAINER ? { ...container, image: IMAGE } : container,
  );
  return aws("ecs", "register-task-definition", "--cli-input-json", JSON.stringify(next))
    .taskDefinition;
}

/** Where the service's own tasks run, and on what. */
function start(service, revision) {
  const strategy = service.capacityProviderStrategy ?? [];
  const { tasks = [], failures = [] } = aws(
    ...["ecs", "run-task", "--cluster", CLUSTER, "--task-definition", revision.taskDefinitionArn],
    ...["--network-configuration", JSON.stringify(service.networkConfiguration)],
    ...(strategy.length > 0
      ? ["--capacity-provider-strategy", JSON.stringify(strategy)]
      : ["--launch-type", service.launchType]),
    ...["--started-by", `release-${COMMIT}`.slice(0, 36)],
    "--overrides",
    JSON.stringify({ containerOverrides: [{ name: CONTAINER, command: JSON.parse(COMMAND) }] }),
  );
  if (tasks.length === 0)
    throw new Error(`ECS did not start the task: ${JSON.stringify(failures)}`);
  return tasks[0].taskArn;
}

async function untilStopped(taskArn) {
  const deadline = Date.now() + Number(TIMEOUT_MINUTES) * 60_000;
  for (;;) {
    const [task] = aws("ecs", "describe-tasks", "--cluster", CLUSTER, "--tasks", taskArn).tasks;
    // For a moment ECS may not know a task yet that it has just started.
    if (task?.lastStatus === "STOPPED") return task;
    if (Date.now() > deadline) {
      aws("ecs", "stop-task", "--cluster", CLUSTER, "--task", taskArn, "--reason", "took too long");
      throw new Error(`The release command took more than ${TIMEOUT_MINUTES} minutes`);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_SECONDS * 1000));
  }
}

/** What the command wrote last. The task may never have come so far as to write. */
function lastLines(revision, taskArn) {
  const { logConfiguration } = revision.containerDefinitions.find(({ name }) => name === CONTAINER);
  const options = logConfiguration?.options ?? {};
  const stream = [options["awslogs-stream-prefix"], CONTAINER, taskArn.split("/").at(-1)].join("/");
  try {
    return aws(
      ...["logs", "get-log-events", "--log-group-name", options["awslogs-group"]],
      ...["--log-stream-name", stream, "--limit", "50"],
    ).events.map(({ message }) => message);
  } catch {
    return [`(no log stream ${stream})`];
  }
}

/** Runs the command to its end. */
async function release(service, taskDefinition) {
  const revision = register(taskDefinition);
  const taskArn = start(service, revision);
  console.log(`Runs ${COMMAND} of ${IMAGE} as ${taskArn}`);
  const task = await untilStopped(taskArn);
  const { exitCode, reason } = task.containers.find(({ name }) => name === CONTAINER) ?? {};
  for (const line of lastLines(revision, taskArn)) console.log(`  ${line}`);
  if (exitCode === 0) {
    console.log("The release command ended with 0");
  } else {
    const why = [reason, task.stoppedReason].filter(Boolean).join("; ");
    console.error(`The release command ended with ${exitCode ?? "no exit code"}: ${why}`);
    process.exitCode = 1;
  }
}

const [service] = aws(
  ...["ecs", "describe-services", "--cluster", CLUSTER, "--services", SERVICE],
).services;
const { taskDefinition } = aws(
  ...["ecs", "describe-task-definition", "--task-definition", service.taskDefinition],
);
const { image } = taskDefinition.containerDefinitions.find(({ name }) => name === CONTAINER);
if (image === IMAGE) {
  console.log(`The service has ${IMAGE} already, and so it was released: nothing is run`);
} else {
  await release(service, taskDefinition);
}
