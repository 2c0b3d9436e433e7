import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, serviceTrust } from "../support/iam";
import { createApprovalNotices } from "./approval";
import { type Approval, type Gates, gatesOfKind, sortedGates } from "./gate-settings";
import { isPattern } from "./gate-problems";
import type { RouteLoadBalancer } from "./route";
import type { CheckedServiceSettings } from "./settings";
import { type SmokeTestSurroundings, createSmokeTest } from "./smoke-test";

/** A gate as ECS takes it. */
export type Hook = aws.types.input.ecs.ServiceDeploymentConfigurationLifecycleHook;

/** The function of a gate, by the gate's name. */
type FunctionArn = [string, pulumi.Input<string>];

export interface GateArgs {
  readonly gates: Gates;
  readonly clusterArn: pulumi.Input<string>;
  /** Undefined where requests are not moved: there are no smoke tests then. */
  readonly surroundings: SmokeTestSurroundings | undefined;
}

/** What may stop deployments of a service on their way, as ECS knows it. */
export function createGates(
  name: string,
  { gates, clusterArn, surroundings }: GateArgs,
  child: pulumi.CustomResourceOptions,
): {
  readonly lifecycleHooks: Hook[];
  /** What must stand before the service does: its first deployment goes through the gates as well. */
  readonly dependsOn: pulumi.Resource[];
} {
  const notices = gatesOfKind(gates, "approval")
    .filter(([, { emails }]) => Object.keys(emails).length > 0)
    .map(([key, gate]) =>
      createApprovalNotices(gateName(name, key), gate, { service: name, clusterArn }, child),
    );
  const functionArns: Readonly<Record<string, pulumi.Input<string>>> = Object.fromEntries([
    ...(surroundings === undefined
      ? []
      : gatesOfKind(gates, "smoke-test").map(([key, gate]): FunctionArn => {
          return [key, createSmokeTest(gateName(name, key), gate, surroundings, child).arn];
        })),
    ...gatesOfKind(gates, "function").map(([key, gate]): FunctionArn => [key, gate.functionArn]),
  ]);
  const caller = createCaller(name, functionArns, child);
  return {
    lifecycleHooks: sortedGates(gates).map(([key, gate]) =>
      gate.kind === "approval"
        ? pauseHook(gate)
        : {
            hookTargetArn: functionArns[key],
            roleArn: caller?.role.arn,
            lifecycleStages: [gate.stage],
            ...(gate.kind === "function" &&
              Object.keys(gate.details).length > 0 && {
                hookDetails: pulumi.jsonStringify(gate.details),
              }),
          },
    ),
    dependsOn: [...notices, ...(caller === undefined ? [] : [caller.policy])],
  };
}

/** A host that leads to the service: the first without a wildcard, of its own or of the load balancer's. */
export function hostOf(
  route: CheckedServiceSettings["route"],
  { defaultHosts = [], dnsName }: RouteLoadBalancer,
): pulumi.Input<string> {
  const own = route?.hosts?.find((host) => !isPattern(host));
  return own ?? defaultHosts[0] ?? dnsName;
}

/**
 * The parts of a gate begin with it, so that none has the name of another part of the service. With the longest names, what
 * follows and a random suffix, a function's has 63 of the 64 characters that AWS takes.
 */
function gateName(service: string, key: string): string {
  return `${service}-gate-${key}`;
}

function pauseHook({ stage, timeoutMinutes, onTimeout }: Approval): Hook {
  return {
    targetType: "PAUSE",
    lifecycleStages: [stage],
    // The provider takes minutes as text.
    timeoutConfiguration: { timeoutInMinutes: String(timeoutMinutes), action: onTimeout },
  };
}

/** The role by which ECS calls the functions of the gates, and nothing else. */
function createCaller(
  name: string,
  functionArns: Readonly<Record<string, pulumi.Input<string>>>,
  child: pulumi.CustomResourceOptions,
): { readonly role: aws.iam.Role; readonly policy: aws.iam.RolePolicy } | undefined {
  const keys = Object.keys(functionArns).sort();
  if (keys.length === 0) return undefined;
  const role = new aws.iam.Role(
    `${name}-gates-role`,
    // AWS does not say that ECS tells an account here ("Permissions required for Lambda functions" in its guide). Only
    // who may pass the role to a service of this account can have ECS use it.
    { assumeRolePolicy: serviceTrust("ecs.amazonaws.com") },
    child,
  );
  const resources = pulumi
    .all(keys.flatMap((key) => functionArns[key] ?? []))
    .apply((arns) => [...new Set(arns)]);
  const policy = new aws.iam.RolePolicy(
    `${name}-gates-policy`,
    {
      role: role.name,
      policy: resources.apply((arns) =>
        policyDocument([{ actions: ["lambda:InvokeFunction"], resources: arns }]),
      ),
    },
    child,
  );
  return { role, policy };
}
