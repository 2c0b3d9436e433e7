import type { ServiceDeployment, ServiceDeploymentStatus, Task } from "@aws-sdk/client-ecs";
import type { AwsClients, EcsClient } from "../support/aws-clients";
import { describeStoppedTasks } from "./stopped-tasks";

/** What to do then, in this repository. */
export const RUNBOOK = "docs/runbooks/deployment-failed.md";

/** The newest events of a service that are told. */
const EVENTS = 5;

/** What the status of a deployment means for the service. */
const OUTCOMES: Readonly<Record<ServiceDeploymentStatus, string>> = {
  PENDING: "It has not begun yet.",
  IN_PROGRESS: "It is still under way: `up` waits no longer, and ECS goes on by itself.",
  SUCCESSFUL: "It succeeded.",
  STOP_REQUESTED: "Somebody is stopping it.",
  STOPPED: "It was stopped, and nothing went back: look at the service now.",
  ROLLBACK_REQUESTED: "ECS is going back to the former tasks.",
  ROLLBACK_IN_PROGRESS: "ECS is going back to the former tasks.",
  ROLLBACK_SUCCESSFUL: "ECS went back to the former tasks, which serve as before.",
  ROLLBACK_FAILED: "ECS could not go back to former tasks: look at the service now.",
};

/** A service of which a deployment failed. */
export interface FailedService {
  /** Logical name. */
  readonly name: string;
  readonly cluster: string;
  readonly serviceName: string;
  readonly taskDefinition: string;
  readonly logGroupName: string;
}

/** Why the newest deployment failed; undefined where none did, so that the provider's error says it all. */
export async function diagnose(
  clients: AwsClients,
  failed: FailedService,
): Promise<string | undefined> {
  const ecs = await clients.ecs();
  const { cluster, serviceName } = failed;
  const { services = [] } = await ecs.describeServices({ cluster, services: [serviceName] });
  const [service] = services;
  if (service === undefined) return undefined;
  const deployment = await newestDeployment(ecs, failed);
  if (deployment?.status === "SUCCESSFUL") return undefined;

  const tasks = await tasksOf(ecs, failed, deployment);
  const stopped = tasks.filter(({ lastStatus }) => lastStatus === "STOPPED");
  const events = (service.events ?? []).slice(0, EVENTS);
  return [
    `The deployment of ${failed.name} failed.`,
    ...outcomeOf(deployment),
    ...waiting(tasks),
    ...(stopped.length > 0
      ? await describeStoppedTasks(clients, stopped, failed.logGroupName)
      : ["None of its tasks has stopped, or ECS has forgotten them, as it does within an hour."]),
    ...(events.length > 0 ? ["The service's latest events:"] : []),
    ...events.map(({ createdAt, message }) => `  ${timeOf(createdAt)} ${message ?? ""}`),
    `What to do: ${RUNBOOK}`,
  ].join("\n");
}

/** What is going on with a service, or went on last. */
export async function newestDeployment(
  ecs: EcsClient,
  { cluster, serviceName }: Pick<FailedService, "cluster" | "serviceName">,
): Promise<ServiceDeployment | undefined> {
  const list = await ecs.listServiceDeployments({ cluster, service: serviceName });
  const [newest] = [...(list.serviceDeployments ?? [])].sort(
    (left, right) => Number(right.createdAt ?? 0) - Number(left.createdAt ?? 0),
  );
  if (newest?.serviceDeploymentArn === undefined) return undefined;
  const { serviceDeployments = [] } = await ecs.describeServiceDeployments({
    serviceDeploymentArns: [newest.serviceDeploymentArn],
  });
  return serviceDeployments[0];
}

/** What ECS says of the deployment, and how far it came. */
function outcomeOf(deployment: ServiceDeployment | undefined): string[] {
  if (deployment === undefined) return ["ECS knows of no deployment."];
  const { status, statusReason, rollback, lifecycleStage, alarms } = deployment;
  const said = [...new Set([statusReason, rollback?.reason])].filter((text) => text !== undefined);
  const raised = alarms?.triggeredAlarmNames ?? [];
  return [
    `ECS: ${status ?? "?"}${said.length > 0 ? `, ${said.join(" ")}` : ""}`,
    ...(status === undefined ? [] : [OUTCOMES[status]]),
    ...(lifecycleStage === undefined ? [] : [`It came as far as ${lifecycleStage}.`]),
    ...(raised.length > 0 ? [`Alarms that ended it: ${raised.join(", ")}`] : []),
  ];
}

/** Tasks of this deployment that run, wait or have stopped. */
async function tasksOf(
  ecs: EcsClient,
  { cluster, serviceName, taskDefinition }: FailedService,
  deployment: ServiceDeployment | undefined,
): Promise<Task[]> {
  // The revision is named as the deployment is among the service's, and that is what starts the tasks.
  const revision = deployment?.targetServiceRevision?.arn?.split("/").at(-1);
  const all: Task[] = [];
  for (const desiredStatus of ["STOPPED", "RUNNING"] as const) {
    const { taskArns = [] } = await ecs.listTasks({ cluster, serviceName, desiredStatus });
    if (taskArns.length === 0) continue;
    const { tasks = [] } = await ecs.describeTasks({ cluster, tasks: taskArns });
    all.push(...tasks);
  }
  const own = all.filter(
    ({ startedBy }) => revision !== undefined && startedBy === `ecs-svc/${revision}`,
  );
  return own.length > 0
    ? own
    : all.filter(({ taskDefinitionArn }) => taskDefinitionArn === taskDefinition);
}

/** Tasks that neither stopped nor serve, as when there is no room for them. */
function waiting(tasks: readonly Task[]): string[] {
  const states = tasks
    .filter(({ lastStatus }) => lastStatus !== "STOPPED")
    .map(({ lastStatus, healthStatus }) =>
      healthStatus === "UNHEALTHY" ? "RUNNING but UNHEALTHY" : (lastStatus ?? "?"),
    );
  return [...new Set(states)].map((state) => {
    const count = states.filter((other) => other === state).length;
    return count === 1 ? `One of its tasks is ${state}.` : `${count} of its tasks are ${state}.`;
  });
}

function timeOf(date: Date | undefined): string {
  return date === undefined ? "" : `${date.toISOString().slice(11, 19)} UTC`;
}
