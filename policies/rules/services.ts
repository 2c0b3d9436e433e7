import { containersOf, TASK } from "../containers";
import type { Control } from "../control";
import type { Graph, PolicyResource, ValueMap } from "../graph";
import { referringTo, withInput } from "../mutants";
import { allOf, inputRule, resourceRule } from "../rule";
import { inputAt, isAbsent, mapsOf, valueAt } from "../values";
import { SUBNET, tierOf, zoneOf } from "./subnets";

export const SERVICE = "aws:ecs/service:Service";

const privateTasks = allOf(
  inputRule({
    type: SERVICE,
    path: "networkConfiguration.assignPublicIp",
    // AWS's own default is none.
    holds: (value) => value !== true,
    message: "gives its tasks public addresses",
    fix: "remove publicIpBecause, or keep the reason there",
    wrong: [true],
  }),
  resourceRule({
    type: SERVICE,
    problem: (service, graph) =>
      subnetsOf(service, graph).some((subnet) => tierOf(subnet) === "public")
        ? "runs its tasks in public subnets"
        : undefined,
    fix: "remove publicIpBecause, or keep the reason there",
    broken: (service, graph) => {
      const open = graph.ofType(SUBNET).filter((subnet) => tierOf(subnet) === "public");
      return open.length === 0
        ? []
        : [
            {
              title: "in a public subnet",
              graph: referringTo(graph, service, "networkConfiguration", open),
            },
          ];
    },
  }),
);

const newestPlatform = inputRule({
  type: SERVICE,
  path: "platformVersion",
  holds: (value) => isAbsent(value) || value === "LATEST",
  message: "stays on a version of Fargate that gets old",
  fix: "remove platformVersion",
  wrong: ["1.4.0", "1.3.0"],
});

/** A deployment that fails must take itself back; one that moves requests may do so by alarms alone. */
const wayBack = resourceRule({
  type: SERVICE,
  problem: (service) => {
    const takesBack = (by: string) =>
      ["enable", "rollback"].every((key) => inputAt(service, `${by}.${key}`) === true);
    const isRight =
      takesBack("deploymentCircuitBreaker") || (!isRolling(service) && takesBack("alarms"));
    return isRight ? undefined : "keeps a deployment that does not get healthy";
  },
  fix: "remove deployment.noRollbackBecause",
  broken: (service, graph) =>
    ["enable", "rollback"].flatMap((key) =>
      [false, undefined].map((value) => ({
        title: `${key} ${String(value)}`,
        graph: withInput(
          withInput(graph, service, `deploymentCircuitBreaker.${key}`, value),
          service,
          "alarms",
          undefined,
        ),
      })),
    ),
});

const roomToDeploy = resourceRule({
  type: SERVICE,
  of: isRolling,
  problem: (service, _graph, { level }) => {
    const [least, most] = sharesOf(service);
    if (typeof least !== "number" || typeof most !== "number") return undefined;
    if (least >= 100 && most <= 100) return "can neither stop an old task nor start a new one";
    const isTight = level === "production" && (least < 100 || most < 200);
    return isTight ? "has fewer tasks than it needs while it is deployed" : undefined;
  },
  fix: "leave deployment.minimumHealthyPercent and maximumPercent at 100 and 200",
  broken: (service, graph) =>
    [
      [100, 100],
      [50, 200],
      [100, 150],
    ].map(([least = 0, most = 0]) => ({
      title: `${least} to ${most} %`,
      graph: withInput(
        withInput(graph, service, "deploymentMinimumHealthyPercent", least),
        service,
        "deploymentMaximumPercent",
        most,
      ),
    })),
});

const patience = resourceRule({
  type: SERVICE,
  of: (service) => mapsOf(inputAt(service, "loadBalancers")).length > 0,
  problem: (service, graph) => {
    const given = inputAt(service, "healthCheckGracePeriodSeconds") ?? 0;
    if (typeof given !== "number") return undefined;
    const needed = Math.max(60, ...startSeconds(service, graph));
    return given < needed ? `gives new tasks ${given} s, and they need ${needed} s` : undefined;
  },
  fix: "set healthCheckGraceSeconds to 60 at least, and not below a container's startPeriodSeconds",
  broken: (service, graph) =>
    [0, 59, undefined].map((seconds) => ({
      title: `${String(seconds)} s`,
      graph: withInput(graph, service, "healthCheckGracePeriodSeconds", seconds),
    })),
});

function startSeconds(service: PolicyResource, graph: Graph): readonly number[] {
  return graph
    .references(service, "taskDefinition", TASK)
    .flatMap(containersOf)
    .map((container: ValueMap) => valueAt(container, "healthCheck.startPeriod"))
    .filter((seconds) => typeof seconds === "number");
}

function sharesOf(service: PolicyResource) {
  // What AWS takes where nothing is given.
  return [
    inputAt(service, "deploymentMinimumHealthyPercent") ?? 100,
    inputAt(service, "deploymentMaximumPercent") ?? 200,
  ] as const;
}

function isRolling(service: PolicyResource): boolean {
  const strategy = inputAt(service, "deploymentConfiguration.strategy");
  return isAbsent(strategy) || strategy === "ROLLING";
}

export function subnetsOf(service: PolicyResource, graph: Graph): readonly PolicyResource[] {
  return graph.references(service, "networkConfiguration", SUBNET);
}

export function zonesOf(service: PolicyResource, graph: Graph): ReadonlySet<string> {
  return new Set(subnetsOf(service, graph).flatMap((subnet) => zoneOf(subnet) ?? []));
}

export const serviceControls: readonly Control[] = [
  {
    id: "ECS-01",
    title: "Tasks run in private subnets, without public addresses",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["ECS.2", "CKV_AWS_333"],
    status: { kind: "held", setting: "services.*.publicIpBecause" },
    rule: privateTasks,
  },
  {
    id: "ECS-07",
    title: "Fargate runs tasks on its newest version",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["ECS.10", "CKV_AWS_332"],
    status: { kind: "held" },
    rule: newestPlatform,
  },
  {
    id: "ECS-15",
    title: "A deployment that does not get healthy is taken back",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["REL08", "seed 004"],
    status: { kind: "held", setting: "services.*.deployment.noRollbackBecause" },
    rule: wayBack,
  },
  {
    id: "ECS-16",
    title: "A rolling deployment has room, and in production takes no task away before its time",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["seed 004"],
    status: { kind: "held", setting: "services.*.deployment" },
    rule: roomToDeploy,
  },
  {
    id: "ECS-19",
    title: "New tasks get 60 s or more before health checks count",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["seed 002"],
    status: { kind: "held" },
    rule: patience,
  },
];
