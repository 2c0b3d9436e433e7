import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { RouteArgs } from "./routing";

/** The tasks that requests go to, by their addresses, and how the load balancer tells whether each can serve. */
export function createTargetGroup(
  name: string,
  args: Pick<RouteArgs, "vpcId" | "port" | "route" | "healthCheck" | "deregistrationDelaySeconds">,
  child: pulumi.CustomResourceOptions,
): aws.lb.TargetGroup {
  const { healthCheck: check } = args;
  return new aws.lb.TargetGroup(
    name,
    {
      vpcId: args.vpcId,
      port: args.port,
      protocol: args.route.protocol,
      targetType: "ip",
      deregistrationDelay: args.deregistrationDelaySeconds,
      healthCheck: {
        ...(args.route.protocol === "HTTPS" && { protocol: "HTTPS" }),
        path: check.path,
        matcher: check.statusCodes,
        interval: check.intervalSeconds,
        timeout: check.timeoutSeconds,
        healthyThreshold: check.healthyThreshold,
        unhealthyThreshold: check.unhealthyThreshold,
      },
    },
    child,
  );
}
