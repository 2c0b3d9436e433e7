import * as pulumi from "@pulumi/pulumi";
import type { PlatformConfig } from "./config";
import type { Region } from "./outputs";

/** Commands to copy for deployments that wait at a gate, by service; nothing where none can. */
export function approvalCommands(
  config: PlatformConfig,
  { services, cluster }: Pick<Region, "services" | "cluster">,
): Partial<Record<"approve" | "reject", Record<string, pulumi.Output<string>>>> {
  const waiting = Object.entries(services).filter(([name]) =>
    Object.values(config.services[name]?.deployment.gates ?? {}).some(
      ({ kind }) => kind === "approval",
    ),
  );
  if (waiting.length === 0) return {};
  const commands = (action: "CONTINUE" | "ROLLBACK") =>
    Object.fromEntries(
      waiting.map(([name, { serviceName }]) => [
        name,
        answer(config.aws.region, cluster.clusterName, serviceName, action),
      ]),
    );
  return { approve: commands("CONTINUE"), reject: commands("ROLLBACK") };
}

/** Looks up what waits by itself: the first gate where it waits at several. */
function answer(
  region: string,
  clusterName: pulumi.Output<string>,
  serviceName: pulumi.Output<string>,
  action: "CONTINUE" | "ROLLBACK",
): pulumi.Output<string> {
  const deployment = pulumi.interpolate`DEPLOYMENT=$(aws ecs list-service-deployments --cluster ${clusterName} --service ${serviceName} --status IN_PROGRESS --query 'serviceDeployments[0].serviceDeploymentArn' --output text --region ${region})`;
  const hook = `$(aws ecs describe-service-deployments --service-deployment-arns "$DEPLOYMENT" --query "serviceDeployments[0].lifecycleHookDetails[?status=='AWAITING_ACTION'].hookId | [0]" --output text --region ${region})`;
  return pulumi.interpolate`${deployment}; aws ecs continue-service-deployment --service-deployment-arn "$DEPLOYMENT" --hook-id "${hook}" --action ${action} --region ${region}`;
}
