import { containersOf, TASK } from "../containers";
import type { Control } from "../control";
import type { Graph, PolicyResource } from "../graph";
import { withInput } from "../mutants";
import { allOf, inputRule, resourceRule } from "../rule";
import { inputAt, isAbsent, mapsOf } from "../values";

const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
const SERVICE = "aws:ecs/service:Service";
/** What ECS gives a container to end where nothing is said, in seconds. */
const DEFAULT_STOP_SECONDS = 30;

const healthCheck = allOf(
  inputRule(
    ...["path", "matcher"].map((key) => ({
      type: TARGET_GROUP,
      of: isHttp,
      path: `healthCheck.${key}`,
      holds: (value: unknown) => typeof value === "string" && value !== "",
      message: `has no ${key} for its health check`,
      fix: `set healthCheck.${key}`,
      wrong: [undefined, ""],
    })),
    {
      type: TARGET_GROUP,
      path: "healthCheck.interval",
      holds: (value) => isBetween(value, 5, 300),
      message: "is checked more often than every 5 s, or more rarely than every 300 s",
      fix: "set healthCheck.intervalSeconds to 5 to 300",
      wrong: [1, 301, undefined],
    },
    ...["healthyThreshold", "unhealthyThreshold"].map((key) => ({
      type: TARGET_GROUP,
      path: `healthCheck.${key}`,
      holds: (value: unknown) => isBetween(value, 2, 10),
      message: `has a ${key} that is not 2 to 10`,
      fix: `set healthCheck.${key} to 2 to 10`,
      wrong: [1, 11, undefined],
    })),
  ),
  resourceRule({
    type: TARGET_GROUP,
    problem: (group) => {
      const [timeout, interval] = ["timeout", "interval"].map((key) =>
        inputAt(group, `healthCheck.${key}`),
      );
      if (typeof interval !== "number") return undefined;
      const isRight = isBetween(timeout, 2, 120) && Number(timeout) < interval;
      return isRight ? undefined : "waits for an answer for longer than until the next check";
    },
    fix: "set healthCheck.timeoutSeconds to 2 to 120, below the interval",
    broken: (group, graph) =>
      [1, 121, inputAt(group, "healthCheck.interval")].map((timeout) => ({
        title: `timeout ${String(timeout as number)}`,
        graph: withInput(graph, group, "healthCheck.timeout", timeout),
      })),
  }),
);

const tlsToTargets = inputRule({
  type: TARGET_GROUP,
  of: (group) => inputAt(group, "protocol") === "HTTPS",
  path: "healthCheck.protocol",
  holds: (value) => value === "HTTPS",
  message: "is asked for its health in plain text, and speaks TLS otherwise",
  fix: "leave the health check's protocol to route.protocol",
  wrong: ["HTTP", undefined],
});

const draining = allOf(
  inputRule({
    type: TARGET_GROUP,
    path: "deregistrationDelay",
    holds: (value) => isBetween(value, 15, 120),
    message: "waits less than 15 s or more than 120 s for requests that are under way",
    fix: "set deregistrationDelaySeconds to 15 to 120",
    wrong: [0, 14, 121, undefined],
  }),
  resourceRule({
    type: TARGET_GROUP,
    problem: (group, graph) => {
      const delay = inputAt(group, "deregistrationDelay");
      const isCut = stopSeconds(group, graph).some((stop) => Number(delay) > stop);
      return typeof delay === "number" && isCut
        ? "waits for requests for longer than their container lives"
        : undefined;
    },
    fix: "raise stopTimeoutSeconds, or lower deregistrationDelaySeconds",
    broken: (group, graph) => {
      const stops = stopSeconds(group, graph).filter((stop) => stop < 120);
      return stops.slice(0, 1).map((stop) => ({
        title: `a second more than ${stop}`,
        graph: withInput(graph, group, "deregistrationDelay", stop + 1),
      }));
    },
  }),
);

/** Seconds that the containers behind a target group get to end. */
function stopSeconds(group: PolicyResource, graph: Graph): readonly number[] {
  return graph.referrers(group, SERVICE, "loadBalancers").flatMap((service) => {
    const names = mapsOf(inputAt(service, "loadBalancers")).map((entry) => entry["containerName"]);
    return graph
      .references(service, "taskDefinition", TASK)
      .flatMap(containersOf)
      .filter((container) => names.includes(container["name"]))
      .map(({ stopTimeout }) =>
        isAbsent(stopTimeout) ? DEFAULT_STOP_SECONDS : Number(stopTimeout),
      );
  });
}

function isHttp(group: PolicyResource): boolean {
  const protocol = inputAt(group, "protocol");
  return protocol === "HTTP" || protocol === "HTTPS";
}

function isBetween(value: unknown, least: number, most: number): boolean {
  return typeof value === "number" && least <= value && value <= most;
}

export const targetGroupControls: readonly Control[] = [
  {
    id: "ALB-09",
    title: "Where load balancers speak TLS to tasks, their health checks do, too",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["ELB.21", "ELB.22", "CKV_AWS_378"],
    status: {
      kind: "optional",
      setting: "services.*.route.protocol",
      because:
        "requests stay within the VPC, between two security groups that name each other; TLS needs a certificate in every image, which the load balancer does not check",
    },
    rule: tlsToTargets,
  },
  {
    id: "ALB-10",
    title: "Target groups have a health check with a path, and times that fit each other",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["CKV_AWS_261", "seed 002", "seed 004"],
    status: { kind: "held" },
    rule: healthCheck,
  },
  {
    id: "ALB-11",
    title: "Requests that are under way get 15 to 120 s to end, and their containers as long",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["ECS best practices", "seed 004"],
    status: { kind: "held" },
    rule: draining,
  },
];
