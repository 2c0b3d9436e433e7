import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { openPassage } from "../support/passage";
import type { RouteLoadBalancer, healthCheck, route } from "./route";
import { createTargetGroup } from "./target-group";
import {
  MOVED_BY_ECS,
  type ShiftSettings,
  type TrafficShift,
  createTrafficShift,
  forwardTo,
} from "./traffic-shift";

export interface RouteArgs {
  readonly vpcId: pulumi.Input<string>;
  readonly loadBalancer: RouteLoadBalancer;
  /** Security group of the service's tasks. */
  readonly securityGroupId: pulumi.Input<string>;
  readonly port: number;
  readonly route: z.output<typeof route>;
  readonly healthCheck: z.output<typeof healthCheck>;
  readonly deregistrationDelaySeconds: number;
  /** How ECS moves requests between two target groups; undefined where it replaces tasks within one. */
  readonly shift: ShiftSettings | undefined;
}

export interface Route {
  readonly targetGroup: aws.lb.TargetGroup;
  readonly listenerRule: aws.lb.ListenerRule;
  /** Undefined where requests stay with one target group. */
  readonly shift: TrafficShift | undefined;
  readonly requests: Requests;
}

/** Where requests to a service are counted: the ends of the ARNs that name load balancer and target groups in metrics. */
export interface Requests {
  readonly loadBalancer: pulumi.Input<string>;
  /** One, or the two that requests move between. */
  readonly targetGroups: readonly pulumi.Input<string>[];
}

/** What brings requests to a service: target group, listener rule, and the way through both security groups. */
export function createRoute(
  name: string,
  args: RouteArgs,
  child: pulumi.CustomResourceOptions,
): Route {
  const { loadBalancer } = args;
  const targetGroup = createTargetGroup(
    `${name}-tg`, // "-target-group" would leave the service's own name eleven characters of the 32
    args,
    child,
  );
  const alternate = args.shift && createTargetGroup(`${name}-tg2`, args, child);
  const conditions = conditionsOf(args);
  const listenerRule = new aws.lb.ListenerRule(
    `${name}-rule`,
    {
      listenerArn: loadBalancer.listenerArn,
      priority: args.route.priority,
      conditions,
      actions: [forwardTo(targetGroup, alternate)],
    },
    { ...child, ...(alternate && { ignoreChanges: MOVED_BY_ECS }) },
  );
  openPassage(
    `${name}-from-load-balancer`,
    {
      from: loadBalancer.securityGroupId,
      to: args.securityGroupId,
      port: args.port,
      description: `Requests from the load balancer to ${name}`,
    },
    child,
  );
  const shift =
    args.shift &&
    alternate &&
    createTrafficShift(
      name,
      {
        listenerArn: loadBalancer.listenerArn,
        settings: args.shift,
        conditions,
        listenerRule,
        targetGroup,
        alternate,
      },
      child,
    );
  return {
    targetGroup,
    listenerRule,
    shift,
    requests: {
      loadBalancer: loadBalancer.arnSuffix,
      targetGroups: [targetGroup, ...(alternate ? [alternate] : [])].map(
        ({ arnSuffix }) => arnSuffix,
      ),
    },
  };
}

/** How ECS registers tasks, and moves requests where it does. */
export function loadBalancersOf(
  { targetGroup, listenerRule, shift }: Route,
  container: { readonly containerName: string; readonly containerPort: number },
): aws.types.input.ecs.ServiceLoadBalancer[] {
  return [
    {
      targetGroupArn: targetGroup.arn,
      ...container,
      ...(shift && {
        advancedConfiguration: {
          alternateTargetGroupArn: shift.alternateTargetGroup.arn,
          productionListenerRule: listenerRule.arn,
          testListenerRule: shift.testRule.arn,
          roleArn: shift.role.arn,
        },
      }),
    },
  ];
}

/** ECS refuses a target group that no listener uses, and must not begin to move requests without its rights. */
export function mustStandBefore({ listenerRule, shift }: Route): pulumi.Resource[] {
  return [listenerRule, ...(shift ? [shift.testRule, shift.policy] : [])];
}

function conditionsOf({ loadBalancer, route: given }: RouteArgs) {
  return [
    // Requests to a bare address or a foreign name are somebody's scan: they get the listener's 404.
    {
      hostHeader: {
        values: given.hosts ?? [...(loadBalancer.defaultHosts ?? [loadBalancer.dnsName])],
      },
    },
    { pathPattern: { values: given.paths } },
    ...(given.allowedCidrs === undefined ? [] : [{ sourceIp: { values: given.allowedCidrs } }]),
  ];
}
