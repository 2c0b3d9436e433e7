import * as pulumi from "@pulumi/pulumi";
import { type AwsClients, reasonOf } from "../support/aws-clients";
import { ofThisProgram, resolved } from "../support/hooks";
import { type FailedService, diagnose } from "./diagnosis";
import { removeGates } from "./gate-removal";
import { finishDeployment } from "./retry";

export interface DeploymentHookArgs {
  readonly clients: AwsClients;
  readonly logGroupName: pulumi.Output<string>;
  /** Minutes after which a deployment counts as failed. */
  readonly minutes: number;
  /** What messages are shown at: it is known before the service is. */
  readonly component: pulumi.ComponentResource;
}

/** What runs around a deployment of a service, so that `up` neither succeeds where ECS failed nor hides why. */
export function deploymentHooks(
  name: string,
  args: DeploymentHookArgs,
): Required<Pick<pulumi.ResourceHookBinding, "beforeUpdate" | "onError">> {
  // Names of hooks are unique in a program, which may have the same service in two regions.
  const { region } = args.clients;
  return {
    beforeUpdate: [
      new pulumi.ResourceHook(
        `${name}-retry-${region}`,
        ofThisProgram(async (update) => {
          await removeGates(args.clients, update);
          await retry(name, args, update);
        }),
      ),
    ],
    onError: [
      new pulumi.ErrorHook(
        `${name}-diagnosis-${region}`,
        ofThisProgram((failure) => tellWhy(name, args, failure)),
      ),
    ],
  };
}

/**
 * Tries a deployment again that failed in the last `up`. The provider keeps a failed update as if it had been made: this
 * `up` would find nothing to do, and succeed, while the old tasks still run.
 */
async function retry(
  name: string,
  { clients, logGroupName, minutes, component }: DeploymentHookArgs,
  { oldOutputs, newInputs }: pulumi.ResourceHookArgs,
): Promise<void> {
  const former = mapOf(oldOutputs);
  const wanted = mapOf(newInputs);
  // What differs from the state, the provider itself deploys.
  if (former["taskDefinition"] !== wanted["taskDefinition"]) return;
  const failed = failedService(name, { ...wanted, ...former }, await resolved(logGroupName));
  const tell = (message: string) => void pulumi.log.info(message, component);
  await finishDeployment(clients, failed, { minutes, tell });
}

/** Tells why a deployment failed, beside the provider's error, which stays as it is. */
async function tellWhy(
  name: string,
  { clients, logGroupName, component }: DeploymentHookArgs,
  { oldInputs, newInputs }: pulumi.ErrorHookArgs,
): Promise<false> {
  try {
    const inputs = { ...mapOf(oldInputs), ...mapOf(newInputs) };
    const failed = failedService(name, inputs, await resolved(logGroupName));
    const message = await diagnose(clients, failed);
    if (message !== undefined) await pulumi.log.error(message, component);
  } catch (error) {
    const message = `Why the deployment of ${name} failed could not be found out: ${reasonOf(error)}`;
    await pulumi.log.warn(message, component);
  }
  return false;
}

function failedService(
  name: string,
  properties: Readonly<Record<string, unknown>>,
  logGroupName: string,
): FailedService {
  const { cluster, name: serviceName, taskDefinition } = properties;
  return {
    name,
    cluster: String(cluster),
    serviceName: String(serviceName),
    taskDefinition: String(taskDefinition),
    logGroupName,
  };
}

function mapOf(properties: unknown): Readonly<Record<string, unknown>> {
  return { ...(properties as Record<string, unknown> | undefined) };
}
