import type { AwsClients } from "../support/aws-clients";
import type { Problem } from "../support/problem";
import { connectionVariables } from "./connection";
import { smokeTestProblems } from "./gate-problems";
import type { RouteLoadBalancer } from "./route";
import { scalingProblems } from "./scaling";
import { secretChangeProblems } from "./secret-changes";
import type { EcsServiceSettings } from "./settings";
import type { TaskNeighbours } from "./task";
import { namespaceProblems, taskProblems } from "./task-problems";

const LOAD_BALANCER_MISSING: Problem = {
  key: "loadBalancer",
  value: undefined,
  rule: "is required with route",
  allowed: "a LoadBalancer, or an object with its outputs",
  fix: "pass the load balancer, or remove route",
};

const CLIENTS_MISSING: Problem = {
  key: "awsClients",
  value: undefined,
  rule: "is required with release",
  allowed: "clients of ECS and CloudWatch Logs, which run the release while the stack is deployed",
  fix: "pass them, or remove release",
};

/** What is wrong between the settings of a service and what it is given to stand on and talk to. */
export function serviceProblems(
  name: string,
  given: {
    readonly neighbours: TaskNeighbours;
    readonly loadBalancer: RouteLoadBalancer | undefined;
    readonly awsClients: AwsClients | undefined;
  },
  settings: EcsServiceSettings,
): Problem[] {
  const { neighbours, loadBalancer, awsClients } = given;
  const { connections = {} } = neighbours;
  const secrets = Object.keys(connectionVariables(connections, "secrets"));
  return [
    ...taskProblems(name, neighbours, { ...settings }),
    ...namespaceProblems(neighbours, settings.connect !== undefined),
    ...scalingProblems("", settings),
    ...secretChangeProblems("", { ...settings }, secrets),
    ...smokeTestProblems("", settings, loadBalancer ?? {}),
    ...(settings.route !== undefined && loadBalancer === undefined ? [LOAD_BALANCER_MISSING] : []),
    ...(settings.release !== undefined && awsClients === undefined ? [CLIENTS_MISSING] : []),
  ];
}
