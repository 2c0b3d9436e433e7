import { ecsServiceSettings } from "../../components/ecs-service/settings";
import { itBounds, itRefuses, itTakes, noReason } from "./support";

const settings = (deployment: object) => ({
  image: "nginx:1.29",
  route: { priority: 100 },
  deployment,
});

const blueGreen = settings({ strategy: "BLUE_GREEN" });
const canary = settings({ strategy: "CANARY", canary: { percent: 10 } });
const linear = settings({ strategy: "LINEAR", linear: { stepPercent: 20 } });
const rolling = settings({});

/** A key that only other strategies know. */
const foreign = (strategy: string, key: string, value: unknown, owners: readonly string[]) => ({
  change: { [`deployment.${key}`]: value },
  problem: {
    key: `deployment.${key}`,
    value,
    rule: `has no meaning with strategy ${strategy}`,
    allowed: `nothing but with ${owners.join(", ")}`,
    fix: `remove it, or set strategy: ${owners.join(" or ")}`,
  },
});
const MOVING = ["BLUE_GREEN", "LINEAR", "CANARY"];

const outOf = (key: string, value: number, allowed: string) => ({
  change: { [key]: value },
  problem: { key, value, rule: "is out of bounds", allowed, fix: `set ${allowed}` },
});

describe("EcsService, settings of rollouts", () => {
  itBounds(ecsServiceSettings, blueGreen, { "deployment.bakeTimeMinutes": [0, 1440] });
  itBounds(ecsServiceSettings, canary, { "deployment.canary.bakeTimeMinutes": [0, 1440] });
  itBounds(ecsServiceSettings, linear, { "deployment.linear.stepBakeTimeMinutes": [0, 1440] });

  itTakes(ecsServiceSettings, rolling, {
    "every key of rolling deployments": {
      "deployment.minimumHealthyPercent": 50,
      "deployment.maximumPercent": 150,
      "deployment.shiftReady": true,
      "deployment.testTraffic": { priority: 99 },
    },
    "a bake time with alarms": {
      "deployment.bakeTimeMinutes": 0,
      "deployment.rollbackAlarms": { alarmNames: ["one"] },
    },
    "no part of another strategy without a route": { route: undefined },
    "five conditions": { "route.paths": ["/a", "/b", "/c"], "route.hosts": ["a.b", "c.d"] },
    "the first of all priorities": { "route.priority": 1 },
  });

  itTakes(ecsServiceSettings, blueGreen, {
    "four conditions": { "route.paths": ["/a", "/b"], "route.hosts": ["a.b", "c.d"] },
    "test requests tried before all others": { "deployment.testTraffic": { priority: 1 } },
    "alarms with a route": {
      "deployment.rollbackAlarms": { errorsPerMinute: 0, p99Seconds: 0.001, alarmNames: ["one"] },
    },
  });

  itTakes(ecsServiceSettings, canary, {
    "the fewest requests": { "deployment.canary.percent": 0.1 },
    "the most requests": { "deployment.canary.percent": 99.9 },
  });

  itTakes(ecsServiceSettings, linear, {
    "the smallest steps": { "deployment.linear.stepPercent": 3 },
    "the largest steps": { "deployment.linear.stepPercent": 50 },
  });

  itRefuses(ecsServiceSettings, rolling, {
    "a bake time in which nobody would look": {
      change: { "deployment.bakeTimeMinutes": 5 },
      problem: {
        key: "deployment.bakeTimeMinutes",
        value: 5,
        rule: "has no meaning with strategy ROLLING but for rollbackAlarms",
        allowed: "a number beside rollbackAlarms, or with BLUE_GREEN, LINEAR, CANARY",
        fix: "remove it, or add rollbackAlarms",
      },
    },
    "test requests": foreign("ROLLING", "testTraffic", {}, MOVING),
    "a canary": foreign("ROLLING", "canary", { percent: 10 }, ["CANARY"]),
    steps: foreign("ROLLING", "linear", { stepPercent: 10 }, ["LINEAR"]),
    "another word for a strategy": {
      change: { "deployment.strategy": "blueGreen" },
      problem: {
        key: "deployment.strategy",
        value: "blueGreen",
        rule: "must be one of the allowed values",
        allowed: "ROLLING, BLUE_GREEN, LINEAR, CANARY",
        fix: "set one of ROLLING, BLUE_GREEN, LINEAR, CANARY",
      },
    },
    "parts of another strategy without a load balancer": {
      change: { route: undefined, "deployment.shiftReady": true },
      problem: withoutLoadBalancer("shiftReady", true),
    },
    "alarms that nobody rings": {
      change: { "deployment.rollbackAlarms": {} },
      problem: {
        key: "deployment.rollbackAlarms",
        value: {},
        rule: "names no alarm",
        allowed: "errorsPerMinute, p99Seconds, alarmNames or several of them",
        fix: "add one, or remove rollbackAlarms",
      },
    },
    "alarms without a load balancer": {
      change: { route: undefined, "deployment.rollbackAlarms": { errorsPerMinute: 10 } },
      problem: {
        key: "deployment.rollbackAlarms.errorsPerMinute",
        value: 10,
        rule: "needs a route: the load balancer counts the requests",
        allowed: "alarmNames alone in a service without route",
        fix: "add route, or remove it",
      },
    },
    "alarms where nothing goes back": {
      change: {
        "deployment.noRollbackBecause": "we want to look at what failed",
        "deployment.rollbackAlarms": { alarmNames: ["one"] },
      },
      problem: {
        key: "deployment.rollbackAlarms",
        value: { alarmNames: ["one"] },
        rule: "has nothing to do where noRollbackBecause leaves every deployment as it is",
        allowed: "one of the two",
        fix: "remove it, or remove noRollbackBecause",
      },
    },
    "alarms that are off without a reason": {
      change: { "deployment.rollbackAlarms": { p99Seconds: 2, disabledBecause: "" } },
      problem: noReason("deployment.rollbackAlarms.disabledBecause", ""),
    },
  });

  itRefuses(ecsServiceSettings, blueGreen, {
    "a least of healthy tasks": foreign("BLUE_GREEN", "minimumHealthyPercent", 50, ["ROLLING"]),
    "a most of tasks": foreign("BLUE_GREEN", "maximumPercent", 150, ["ROLLING"]),
    "being ready for what it does": foreign("BLUE_GREEN", "shiftReady", true, ["ROLLING"]),
    "a canary": foreign("BLUE_GREEN", "canary", { percent: 10 }, ["CANARY"]),
    "no load balancer": {
      change: { route: undefined },
      problem: withoutLoadBalancer("strategy", "BLUE_GREEN"),
    },
    "no number before the first": {
      change: { "route.priority": 1 },
      problem: {
        key: "route.priority",
        value: 1,
        rule: "leaves no lower number for the rule of test requests, which must be tried first",
        allowed: "2 to 50000 but with strategy: ROLLING",
        fix: "raise it",
      },
    },
    "test requests tried behind the others": {
      change: { "deployment.testTraffic": { priority: 100 } },
      problem: {
        key: "deployment.testTraffic.priority",
        value: 100,
        rule: "must be below route.priority, or no test request would be told from others",
        allowed: "1 to 99",
        fix: "lower it, or remove it",
      },
    },
    "five conditions": {
      change: { "route.paths": ["/a", "/b", "/c"], "route.hosts": ["a.b", "c.d"] },
      problem: {
        key: "route.allowedCidrs",
        value: undefined,
        rule: "leaves no condition for the header of test requests: a rule of a listener takes 5 in all",
        allowed: "at most 4 hosts, paths and blocks together, but with strategy: ROLLING",
        fix: "name fewer, or give the service a host of its own instead of paths",
      },
    },
  });

  itRefuses(ecsServiceSettings, canary, {
    "a canary of 0 %": outOf("deployment.canary.percent", 0, "a number from 0.1 to 99.9"),
    "a canary of 100 %": outOf("deployment.canary.percent", 100, "a number from 0.1 to 99.9"),
    steps: foreign("CANARY", "linear", { stepPercent: 10 }, ["LINEAR"]),
    "no canary": {
      change: { "deployment.canary": undefined },
      problem: {
        key: "deployment.canary",
        value: undefined,
        rule: "is required with strategy CANARY",
        allowed: "a map such as {percent: 10}",
        fix: "add canary: {percent: 10}, or choose another strategy",
      },
    },
  });

  itRefuses(ecsServiceSettings, linear, {
    "steps below 3 %": outOf("deployment.linear.stepPercent", 2.9, "a number from 3 to 50"),
    "a single step": outOf("deployment.linear.stepPercent", 100, "a number from 3 to 50"),
    "no steps": {
      change: { "deployment.linear": undefined },
      problem: {
        key: "deployment.linear",
        value: undefined,
        rule: "is required with strategy LINEAR",
        allowed: "a map such as {stepPercent: 20}",
        fix: "add linear: {stepPercent: 20}, or choose another strategy",
      },
    },
  });
});

function withoutLoadBalancer(key: string, value: unknown) {
  return {
    key: `deployment.${key}`,
    value,
    rule: "needs a route: requests are moved at the load balancer, and this service works without a load balancer",
    allowed: "ROLLING in a service without route; Service Connect alone does not do",
    fix: "add route, or set strategy: ROLLING",
  };
}
