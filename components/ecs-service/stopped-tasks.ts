import type { Container, Task } from "@aws-sdk/client-ecs";
import type { AwsClients } from "../support/aws-clients";
import { lastLines, logCommand, taskId } from "./last-lines";
import { explain } from "./stop-reasons";

/** Different ways to fail that are told: the others are seldom the cause. */
const GROUPS = 3;

/** Tasks that stopped for the same reason are told once: how many, why, what it means, and the end of one's log. */
export async function describeStoppedTasks(
  clients: AwsClients,
  tasks: readonly Task[],
  logGroupName: string,
): Promise<string[]> {
  const lines: string[] = [];
  for (const [first, ...others] of sameReason(tasks).slice(0, GROUPS)) {
    if (first === undefined) continue;
    const count = others.length + 1;
    const [title, ...rest] = await describeStoppedTask(clients, first, logGroupName);
    lines.push(
      `${count === 1 ? `Task ${taskId(first.taskArn ?? "")}` : `${count} tasks`}: ${title ?? ""}`,
      ...rest.map((line) => `  ${line}`),
    );
  }
  return lines;
}

/** Why one task stopped. The first line is what ECS says. */
export async function describeStoppedTask(
  clients: AwsClients,
  task: Task,
  logGroupName: string,
): Promise<string[]> {
  const failed = failedContainer(task);
  const log = {
    groupName: logGroupName,
    container: failed?.name ?? "",
    taskArn: task.taskArn ?? "",
  };
  const lines = failed === undefined ? [] : await lastLines(clients, log);
  const said = [task.stopCode, task.stoppedReason, failed?.reason, ...lines].join("\n");
  const meaning = explain(said, wasTakenAway(task) ? undefined : failed?.exitCode);
  return [
    `${task.stoppedReason ?? `it is ${task.lastStatus ?? "gone"}`}${task.stopCode === undefined ? "" : ` (${task.stopCode})`}`,
    ...(task.containers ?? []).flatMap((container) => outcomeOf(container) ?? []),
    ...(meaning === undefined ? [] : [meaning]),
    ...lines,
    ...(failed === undefined ? [] : [`All of it: ${logCommand(clients, log)}`]),
  ];
}

/** Each beside its like. Those that were taken away because of the others say nothing where there are others. */
function sameReason(tasks: readonly Task[]): Task[][] {
  const causes = tasks.filter((task) => !wasTakenAway(task));
  const groups = new Map<string, Task[]>();
  for (const task of causes.length > 0 ? causes : tasks) {
    const key = reasonKey(task);
    groups.set(key, [...(groups.get(key) ?? []), task]);
  }
  return [...groups.values()];
}

/** Stopped by a rollback, or by somebody. */
function wasTakenAway({ stoppedReason = "", stopCode }: Task): boolean {
  return stopCode === "UserInitiated" || stoppedReason.startsWith("Scaling activity");
}

/** What tells reasons apart, without what differs from task to task. */
function reasonKey({ stoppedReason, containers = [] }: Task): string {
  const outcomes = containers.flatMap(({ exitCode, reason }) => [exitCode, reason]);
  return [stoppedReason, ...outcomes]
    .join("\n")
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}/g, "");
}

/** The container that ended the task: one that failed, or else one that ended at all. */
function failedContainer({ containers = [] }: Task): Container | undefined {
  return (
    containers.find(({ exitCode = 0, reason }) => exitCode !== 0 || reason !== undefined) ??
    containers.find(({ exitCode }) => exitCode !== undefined)
  );
}

function outcomeOf({ name, exitCode, reason }: Container): string | undefined {
  if (exitCode === undefined && reason === undefined) return undefined;
  const code = exitCode === undefined ? "never ran" : `exit code ${exitCode}`;
  return `Container ${name ?? "?"}: ${[code, reason].filter((part) => part !== undefined).join(", ")}`;
}
