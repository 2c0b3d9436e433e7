import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { policyDocument, serviceTrust } from "../support/iam";

/** Requests with this header, and a value that only the stack knows, meet the rule for tests. */
const TEST_HEADER = "x-ecs-platform-test";

/** Bytes of the value: nobody guesses 128 bits. */
const VALUE_BYTES = 16;

/**
 * A rule's target groups and their weights are ECS's once it moves requests: written back by a deployment of the stack,
 * they would send everybody to tasks of the former version, or to none.
 *
 * Each of the two is named by itself because of the moment when a rule gets its second group: Pulumi ignores an entry of a
 * list only where old and new list have it, so the change from one group to two goes through, and nothing after it does.
 * "actions", or the list as a whole, would keep the second group out for ever.
 */
export const MOVED_BY_ECS = [0, 1].map((entry) => `actions[0].forward.targetGroups[${entry}]`);

/** What of the settings decides about the moving of requests. */
export interface ShiftSettings {
  /** Priority of the rule for test requests. */
  readonly testPriority: number;
}

/** A header that leads a request to the new tasks before anybody else's. */
export interface TestHeader {
  readonly name: string;
  readonly value: pulumi.Output<string>;
}

/** What ECS needs beside target group and rule to move requests from one set of tasks to another. */
export interface TrafficShift {
  readonly alternateTargetGroup: aws.lb.TargetGroup;
  readonly testRule: aws.lb.ListenerRule;
  readonly testHeader: TestHeader;
  readonly role: aws.iam.Role;
  /** ECS must not begin to move anything before it stands. */
  readonly policy: aws.iam.RolePolicy;
}

/** Sends all requests to the first group, until ECS says otherwise. */
export function forwardTo(first: aws.lb.TargetGroup, second: aws.lb.TargetGroup | undefined) {
  if (second === undefined) return { type: "forward", targetGroupArn: first.arn };
  return {
    type: "forward",
    forward: {
      targetGroups: [
        { arn: first.arn, weight: 100 },
        { arn: second.arn, weight: 0 },
      ],
    },
  };
}

export function createTrafficShift(
  name: string,
  args: {
    readonly listenerArn: pulumi.Input<string>;
    readonly settings: ShiftSettings;
    /** What other requests to the service meet. */
    readonly conditions: aws.types.input.lb.ListenerRuleCondition[];
    readonly listenerRule: aws.lb.ListenerRule;
    readonly targetGroup: aws.lb.TargetGroup;
    readonly alternate: aws.lb.TargetGroup;
  },
  child: pulumi.CustomResourceOptions,
): TrafficShift {
  const { listenerRule, targetGroup, alternate } = args;
  const value = new random.RandomId(`${name}-test-header`, { byteLength: VALUE_BYTES }, child).hex;
  const testRule = new aws.lb.ListenerRule(
    `${name}-test-rule`,
    {
      listenerArn: args.listenerArn,
      priority: args.settings.testPriority,
      conditions: [
        ...args.conditions,
        { httpHeader: { httpHeaderName: TEST_HEADER, values: [value] } },
      ],
      actions: [forwardTo(targetGroup, alternate)],
    },
    { ...child, ignoreChanges: MOVED_BY_ECS },
  );
  const role = new aws.iam.Role(
    `${name}-shift-role`,
    // AWS does not say that ECS tells an account here ("Amazon ECS infrastructure IAM role for load balancers" in its
    // guide). Only who may pass the role to a service of this account can have ECS use it.
    { assumeRolePolicy: serviceTrust("ecs.amazonaws.com") },
    child,
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-shift-policy`,
    {
      role: role.name,
      policy: shiftPolicy([listenerRule, testRule], [targetGroup, alternate]),
    },
    child,
  );
  return {
    alternateTargetGroup: alternate,
    testRule,
    testHeader: { name: TEST_HEADER, value },
    role,
    policy,
  };
}

/**
 * What ECS may do while it moves requests. AWS's own AmazonECSInfrastructureRolePolicyForLoadBalancers allows the same,
 * and to change listeners, for every load balancer of the account: here it is this service's two rules and two groups.
 */
function shiftPolicy(
  rules: readonly aws.lb.ListenerRule[],
  targetGroups: readonly aws.lb.TargetGroup[],
): pulumi.Output<string> {
  return policyDocument([
    {
      // AWS knows no narrower resource for these.
      actions: [
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
      ],
      resources: ["*"],
    },
    { actions: ["elasticloadbalancing:ModifyRule"], resources: rules.map(({ arn }) => arn) },
    {
      actions: ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
      resources: targetGroups.map(({ arn }) => arn),
    },
  ]);
}
