import { setTimeout as delay } from "node:timers/promises";
import type { AwsClients } from "../support/aws-clients";
import { type FailedService, diagnose, newestDeployment } from "./diagnosis";

const POLL_SECONDS = 5;
const UNDER_WAY: readonly string[] = ["PENDING", "IN_PROGRESS"];
/** On the way back: a new deployment would come in between. */
const GOING_BACK: readonly string[] = [
  "STOP_REQUESTED",
  "ROLLBACK_REQUESTED",
  "ROLLBACK_IN_PROGRESS",
];

/** Sees the newest deployment to its end, and begins a new one where it failed; throws, with the reasons, if that fails too. */
export async function finishDeployment(
  clients: AwsClients,
  failed: FailedService,
  {
    minutes,
    tell,
    pause = delay,
  }: {
    readonly minutes: number;
    readonly tell: (message: string) => void;
    readonly pause?: (milliseconds: number) => Promise<unknown>;
  },
): Promise<void> {
  const ecs = await clients.ecs();
  const { name, cluster, serviceName, taskDefinition } = failed;
  const polls = (minutes * 60) / POLL_SECONDS;
  const newestOnceNot = async (statuses: readonly string[]) => {
    let newest = await newestDeployment(ecs, failed);
    for (let poll = 0; statuses.includes(newest?.status ?? "") && poll < polls; poll += 1) {
      await pause(POLL_SECONDS * 1000);
      newest = await newestDeployment(ecs, failed);
    }
    return newest;
  };

  let deployment = await newestOnceNot(GOING_BACK);
  if (deployment === undefined || deployment.status === "SUCCESSFUL") return;

  if (!UNDER_WAY.includes(deployment.status ?? "")) {
    tell(`The last deployment of ${name} failed: trying it again.`);
    const former = deployment.serviceDeploymentArn;
    await ecs.updateService({
      cluster,
      service: serviceName,
      taskDefinition,
      forceNewDeployment: true,
    });
    deployment = await newestDeployment(ecs, failed);
    // ECS lists a deployment a moment after it took it.
    for (let poll = 0; deployment?.serviceDeploymentArn === former && poll < 12; poll += 1) {
      await pause(POLL_SECONDS * 1000);
      deployment = await newestDeployment(ecs, failed);
    }
  }
  deployment = await newestOnceNot(UNDER_WAY);
  if (deployment?.status === "SUCCESSFUL") return;
  throw new Error(await diagnose(clients, failed));
}
