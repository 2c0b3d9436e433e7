import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { RunTaskCommandInput, Task } from "@aws-sdk/client-ecs";
import type { AwsClients, EcsClient } from "../support/aws-clients";
import { taskId } from "./last-lines";
import { explain } from "./stop-reasons";
import { describeStoppedTask } from "./stopped-tasks";

const POLL_SECONDS = 3;
/** How often a person reads that it still runs. */
const TELL_SECONDS = 30;

/** A release that is to be run. */
export interface ReleaseRun {
  /** Logical name of the service, and of the container that the command runs in. */
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly timeoutMinutes: number;
  readonly logGroupName: string;
  /** Cluster, task definition, network and capacity: those of the service. */
  readonly where: Pick<
    RunTaskCommandInput,
    "capacityProviderStrategy" | "networkConfiguration" | "placementStrategy"
  > & { readonly cluster: string; readonly taskDefinition: string };
}

/** How it tells what it does, and how it waits. */
export interface Surroundings {
  readonly tell: (message: string) => void;
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/** Runs the command of a release once, as a task, and throws, with all that is known, unless it ends well. */
export async function runRelease(
  clients: AwsClients,
  release: ReleaseRun,
  { tell, pause = delay }: Surroundings,
): Promise<void> {
  const ecs = await clients.ecs();
  const { name, timeoutMinutes, logGroupName, where } = release;
  const arn = (await runningTask(ecs, release)) ?? (await startTask(ecs, release));
  tell(`The release of ${name} runs as task ${taskId(arn)}.`);

  const polls = (timeoutMinutes * 60) / POLL_SECONDS;
  for (let poll = 0; poll < polls; poll += 1) {
    const { tasks = [] } = await ecs.describeTasks({ cluster: where.cluster, tasks: [arn] });
    const [task] = tasks;
    if (task?.lastStatus === "STOPPED") {
      if (exitCodeOf(task, name) === 0) return;
      const why = await describeStoppedTask(clients, task, logGroupName);
      throw new Error(failure(name, `Task ${taskId(arn)}: ${why.join("\n  ")}`));
    }
    const seconds = poll * POLL_SECONDS;
    if (seconds > 0 && seconds % TELL_SECONDS === 0) {
      tell(`The release of ${name} is ${task?.lastStatus ?? "unknown"} after ${seconds} seconds.`);
    }
    await pause(POLL_SECONDS * 1000);
  }

  const reason = `The release took longer than ${timeoutMinutes} min`;
  const { task } = await ecs.stopTask({ cluster: where.cluster, task: arn, reason });
  const containers = task?.containers?.filter((container) => container.name === name);
  const stopped = { ...task, taskArn: arn, stoppedReason: reason, stopCode: undefined };
  const seen = containers?.map((container) => ({
    ...container,
    exitCode: container.exitCode ?? 137,
  }));
  const why = await describeStoppedTask(clients, { ...stopped, containers: seen }, logGroupName);
  throw new Error(failure(name, `Task ${taskId(arn)}: ${why.join("\n  ")}`));
}

/** A task that an `up` which was killed in between has left: it does the same work. */
async function runningTask(ecs: EcsClient, release: ReleaseRun): Promise<string | undefined> {
  // ECS takes no other filter beside this one, and lists what is to run.
  const { taskArns = [] } = await ecs.listTasks({
    cluster: release.where.cluster,
    startedBy: startedBy(release),
  });
  return taskArns[0];
}

async function startTask(ecs: EcsClient, release: ReleaseRun): Promise<string> {
  const { name, command, where } = release;
  const { tasks = [], failures = [] } = await ecs.runTask({
    ...where,
    count: 1,
    startedBy: startedBy(release),
    overrides: { containerOverrides: [{ name, command: [...command] }] },
    enableECSManagedTags: true,
    propagateTags: "TASK_DEFINITION",
  });
  const arn = tasks[0]?.taskArn;
  if (arn !== undefined) return arn;
  const said = failures.map(({ reason, detail }) => [reason, detail].filter(Boolean).join(": "));
  const reason = said.join("; ") || "it gave no reason";
  throw new Error(failure(name, [`ECS did not start it: ${reason}`, explain(reason)].join("\n  ")));
}

/** The same for the same work, and short enough for ECS. */
function startedBy({ image, command, where }: ReleaseRun): string {
  const family = where.taskDefinition.replace(/:\d+$/, "");
  const work = JSON.stringify([family, image, command]);
  return `release/${createHash("sha256").update(work).digest("hex").slice(0, 16)}`;
}

function exitCodeOf({ containers = [] }: Task, name: string): number | undefined {
  return containers.find((container) => container.name === name)?.exitCode;
}

function failure(name: string, why: string): string {
  return `The release of ${name} failed, so its tasks stay as they are.\n  ${why}`;
}
