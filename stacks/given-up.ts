import * as pulumi from "@pulumi/pulumi";
import type { EcsService } from "../components";
import { diagnose, newestDeployment } from "../components/ecs-service/diagnosis";
import { type AwsClients, reasonOf } from "../components/support/aws-clients";
import { createAwsClients } from "./aws-clients";
import type { PlatformConfig } from "./config";
import { isPreview } from "./config-source";

/** What is asked about; a `Region` will do. */
export interface DeployedServices {
  readonly cluster: { readonly arn: pulumi.Output<string> };
  readonly services: Readonly<Record<string, Pick<EcsService, "logGroupName" | "serviceName">>>;
}

type AskedService = Readonly<Record<"name" | "cluster" | "serviceName" | "logGroupName", string>>;

/** How a deployment ends that ECS gives up and cannot take back. */
const GIVEN_UP: readonly unknown[] = ["STOPPED", "ROLLBACK_FAILED"];

/**
 * Fails `up` while ECS has given up a service's newest deployment. Mostly the service's own hooks have failed it already;
 * but when a refresh has read a service whose first deployment failed, the state has no word of the failure, `up` finds
 * nothing to do, and no hook runs. A preview asks nothing.
 */
export function failWhereGivenUp(
  { cluster, services }: DeployedServices,
  { aws }: Pick<PlatformConfig, "aws">,
): void {
  if (isPreview()) return;
  const clients = createAwsClients(aws);
  for (const [name, { serviceName, logGroupName }] of Object.entries(services)) {
    pulumi.all([cluster.arn, serviceName, logGroupName]).apply(([clusterArn, service, logs]) =>
      failIfGivenUp(clients, {
        name,
        cluster: clusterArn,
        serviceName: service,
        logGroupName: logs,
      }),
    );
  }
}

async function failIfGivenUp(clients: AwsClients, service: AskedService): Promise<void> {
  const why = await whyGivenUp(clients, service).catch(async (error: unknown) => {
    const reason = `How the last deployment of ${service.name} ended could not be found out: ${reasonOf(error)}`;
    await pulumi.log.warn(reason);
    return undefined;
  });
  // Of this kind Pulumi shows the message alone, without the places in the code.
  if (why !== undefined) throw new pulumi.RunError(why);
}

/** Why ECS has given up a service's newest deployment; undefined where it has not. */
export async function whyGivenUp(
  clients: AwsClients,
  service: AskedService,
): Promise<string | undefined> {
  const newest = await newestDeployment(await clients.ecs(), service);
  if (newest === undefined || !GIVEN_UP.includes(newest.status)) return undefined;
  // Its tasks are told apart by the deployment's revision, so that the task definition need not be known.
  return diagnose(clients, { ...service, taskDefinition: "" });
}
