import { setTimeout as delay } from "node:timers/promises";
import type { AwsClients } from "../support/aws-clients";
import { type FailedService, diagnose, newestDeployment } from "./diagnosis";

const POLL_SECONDS = 5;
const UNDER_WAY: readonly string[] = ["PENDING", "IN_PROGRESS"];

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
  let deployment = await newestDeployment(ecs, failed);
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
  const polls = (minutes * 60) / POLL_SECONDS;
  for (let poll = 0; UNDER_WAY.includes(deployment?.status ?? "") && poll < polls; poll += 1) {
    await pause(POLL_SECONDS * 1000);
    deployment = await newestDeployment(ecs, failed);
  }
  if (deployment?.status === "SUCCESSFUL") return;
  throw new Error(await diagnose(clients, failed));
}
