import { type Finding, mapOf } from "../support/rules";
import { hasShiftParts, shiftsTraffic } from "./strategy";

/** What a strategy needs of the route, whose settings lie beside the deployment's. */
export function shiftFindings(service: Readonly<Record<string, unknown>>): Finding[] {
  const given = mapOf(service["deployment"]);
  if (!hasShiftParts(given)) return [];
  if (service["route"] === undefined) {
    return [
      {
        path: ["deployment", shiftsTraffic(given) ? "strategy" : "shiftReady"],
        rule: "needs a route: requests are moved at the load balancer, and this service works without a load balancer",
        allowed: "ROLLING in a service without route; Service Connect alone does not do",
        fix: "add route, or set strategy: ROLLING",
      },
    ];
  }
  return [...testPriority(service), ...testConditions(service)];
}

/** Tried behind the route's own rule, which takes the same requests, the test rule would never be reached. */
function testPriority(service: Readonly<Record<string, unknown>>): Finding[] {
  const { priority: own } = mapOf(service["route"]);
  const { priority = Number(own) - 1 } = mapOf(mapOf(service["deployment"])["testTraffic"]);
  if (typeof own !== "number" || typeof priority !== "number" || (priority >= 1 && priority < own))
    return [];
  return own === 1
    ? [
        {
          path: ["route", "priority"],
          rule: "leaves no lower number for the rule of test requests, which must be tried first",
          allowed: "2 to 50000 but with strategy: ROLLING",
          fix: "raise it",
        },
      ]
    : [
        {
          path: ["deployment", "testTraffic", "priority"],
          rule: "must be below route.priority, or no test request would be told from others",
          allowed: `1 to ${own - 1}`,
          fix: "lower it, or remove it",
        },
      ];
}

/** The header of test requests is one condition more than the route has itself. */
function testConditions(service: Readonly<Record<string, unknown>>): Finding[] {
  const { hosts = [""], paths = [""], allowedCidrs = [] } = mapOf(service["route"]);
  const count = [hosts, paths, allowedCidrs].reduce<number>(
    (sum, list) => sum + (Array.isArray(list) ? list.length : 0),
    0,
  );
  return count !== 5
    ? []
    : [
        {
          path: ["route", "allowedCidrs"],
          rule: "leaves no condition for the header of test requests: a rule of a listener takes 5 in all",
          allowed: "at most 4 hosts, paths and blocks together, but with strategy: ROLLING",
          fix: "name fewer, or give the service a host of its own instead of paths",
        },
      ];
}
