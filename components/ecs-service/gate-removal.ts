import type { ResourceHookArgs } from "@pulumi/pulumi";
import type { AwsClients } from "../support/aws-clients";
import { mapOf } from "../support/rules";

/**
 * Takes the gates away from a service that is to have none. ECS keeps its hooks unless it is sent an empty list, and the
 * provider sends none (hashicorp/terraform-provider-aws, pull request 47096): every later deployment would call a function
 * that is gone, and be taken back.
 */
export async function removeGates(
  clients: AwsClients,
  { oldOutputs, newInputs }: Pick<ResourceHookArgs, "oldOutputs" | "newInputs">,
): Promise<void> {
  if (!hasHooks(oldOutputs) || hasHooks(newInputs)) return;
  const { cluster, name } = mapOf(oldOutputs);
  const ecs = await clients.ecs();
  await ecs.updateService({
    cluster: String(cluster),
    service: String(name),
    deploymentConfiguration: { lifecycleHooks: [] },
  });
}

function hasHooks(service: unknown): boolean {
  const { lifecycleHooks } = mapOf(mapOf(service)["deploymentConfiguration"]);
  return Array.isArray(lifecycleHooks) && lifecycleHooks.length > 0;
}
