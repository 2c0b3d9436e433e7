import { z } from "zod";
import { type Finding, mapOf, port, ruleWithin } from "../support/rules";
import { connect } from "./connect";
import { deployment, sharesOf } from "./deployment";
import { smokeTestFindings } from "./gate-problems";
import { release } from "./release";
import { healthCheck, route } from "./route";
import { scaling } from "./scaling-settings";
import { secretChanges } from "./secret-changes";
import { shiftFindings } from "./shift-findings";
import { shiftsTraffic } from "./strategy";
import { taskRules, taskShape } from "./task-settings";

/** Tasks of a service that says nothing of their number: one may fail while the other serves. */
export const DEFAULT_TASKS = 2;

export const ecsServiceSettings = ruleWithin(
  taskRules(
    z.strictObject({
      ...taskShape,
      port: port.default(3000).describe("Port that the container listens on."),
      route: route
        .optional()
        .describe("Requests it gets from the load balancer. Without it: none."),
      connect: connect
        .optional()
        .describe(
          "Lets other services find it by its name, through Service Connect. Without it: they do not.",
        ),
      healthCheck: healthCheck
        .prefault({})
        .describe("How the load balancer tells whether a task can serve."),
      deregistrationDelaySeconds: z
        .int()
        .min(0)
        .max(3600)
        .default(30)
        .describe("Seconds that a stopping task gets to finish its requests."),
      desiredCount: z
        .int()
        .min(0)
        .max(5000)
        .optional()
        .describe(
          `Number of tasks; with scaling the number to begin with. Default: ${DEFAULT_TASKS}, with scaling its min.`,
        ),
      scaling: scaling
        .optional()
        .describe("Number of tasks that follows the load. Without it: fixed."),
      release: release
        .optional()
        .describe(
          "A command that must succeed once for each new image before any task gets it. Without it: none.",
        ),
      deployment: deployment.prefault({}).describe("How tasks are replaced by new ones."),
      secretChanges: secretChanges
        .prefault({})
        .describe("Which of its secrets may change without rolling the service. Default: none."),
    }),
  ),
  (service) => [
    ...desiredCountFindings(service),
    ...deploymentFindings(service),
    ...shiftFindings(service),
    ...alarmFindings(service),
    ...smokeTestFindings(service),
  ],
);

function desiredCountFindings({
  desiredCount,
  scaling: given,
}: Record<string, unknown>): Finding[] {
  const { min, max } = mapOf(given);
  if (typeof desiredCount !== "number" || typeof min !== "number" || typeof max !== "number") {
    return [];
  }
  return min <= desiredCount && desiredCount <= max
    ? []
    : [
        {
          path: ["desiredCount"],
          rule: "lies outside scaling, which would change it at once",
          allowed: `${min} to ${max}, from scaling.min to scaling.max`,
          fix: "correct it, or remove it to begin with scaling.min",
        },
      ];
}

/** ECS rounds the most down and the least up: for few tasks a share that looks like room may be none. */
function deploymentFindings(service: Record<string, unknown>): Finding[] {
  const given = mapOf(service["deployment"]);
  if (shiftsTraffic(given)) return [];
  const { minimumHealthyPercent, maximumPercent } = sharesOf(given);
  const { min = service["desiredCount"] ?? DEFAULT_TASKS } = mapOf(service["scaling"]);
  const most = Math.floor((Number(min) * Number(maximumPercent)) / 100);
  const least = Math.ceil((Number(min) * Number(minimumHealthyPercent)) / 100);
  return !(Number(min) > 0) || !(most <= least)
    ? []
    : [
        {
          path: ["deployment", "maximumPercent"],
          rule: `leaves no room with ${String(min)} tasks: ${most} may run and ${least} must`,
          allowed: "shares that let one task more run, or one less",
          fix: "raise it, or lower minimumHealthyPercent",
        },
      ];
}

/** Requests are counted at the load balancer: without a route nobody can tell how they are answered. */
function alarmFindings(service: Record<string, unknown>): Finding[] {
  if (service["route"] !== undefined) return [];
  const given = mapOf(mapOf(service["deployment"])["rollbackAlarms"]);
  return ["errorsPerMinute", "p99Seconds"]
    .filter((key) => given[key] !== undefined)
    .map((key) => ({
      path: ["deployment", "rollbackAlarms", key],
      rule: "needs a route: the load balancer counts the requests",
      allowed: "alarmNames alone in a service without route",
      fix: "add route, or remove it",
    }));
}

/** Tasks that a service begins with. */
export function firstTasks({
  desiredCount,
  scaling: given,
}: Pick<CheckedServiceSettings, "desiredCount" | "scaling">): number {
  return desiredCount ?? given?.min ?? DEFAULT_TASKS;
}

export type EcsServiceSettings = z.input<typeof ecsServiceSettings>;
/** As checked, with the defaults filled in. */
export type CheckedServiceSettings = z.output<typeof ecsServiceSettings>;
