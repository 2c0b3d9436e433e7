import { ecsServiceSettings } from "../../components/ecs-service/settings";
import { itBounds, itRefuses, itTakes, listWith, outOfBounds } from "./support";

const happy = { image: "nginx:1.29", desiredCount: 1 };
const routed = { ...happy, route: { priority: 1 } };

const PATH =
  "a slash, then letters, digits and _-.$/~\"'@:+&, with * and ? as wildcards, at most 128 characters";
const HOST = "labels of letters, digits and hyphens joined by dots, with * and ? as wildcards";

const noPath = (value: string) => ({
  change: { "route.paths": [value] },
  problem: {
    key: "route.paths[0]",
    value,
    rule: "must be a path pattern of a listener rule",
    allowed: PATH,
    fix: 'write it like "/api/*"',
  },
});

const noHost = (value: string) => ({
  change: { "route.hosts": [value] },
  problem: {
    key: "route.hosts[0]",
    value,
    rule: "must be a host name",
    allowed: HOST,
    fix: 'write it like "api.example.com", without https://',
  },
});

const noHealthPath = (value: string) => ({
  change: { "healthCheck.path": value },
  problem: {
    key: "healthCheck.path",
    value,
    rule: "must be a path",
    allowed: "a slash and up to 1023 characters without space",
    fix: 'write it like "/health"',
  },
});

const noCodes = (value: string) => ({
  change: { "healthCheck.statusCodes": value },
  problem: {
    key: "healthCheck.statusCodes",
    value,
    rule: "must be status codes",
    allowed: "codes from 200 to 499, as 200, 200,204 or 200-299",
    fix: 'write it in quotes, like "200"',
  },
});

const paths = (count: number) => Array.from({ length: count }, (_, index) => `/${index}`);
const hosts = (count: number) => Array.from({ length: count }, (_, index) => `${index}.test`);

describe("EcsService settings, route", () => {
  itTakes(ecsServiceSettings, routed, {
    "three paths": { "route.paths": paths(3) },
    "every character that a path may have": { "route.paths": ["/aZ0_-.$~\"'@:+&*?"] },
    "the longest path": { "route.paths": [`/${"x".repeat(127)}`] },
    "six wildcards in hosts and paths together": {
      "route.hosts": ["*.example.com", "a?.example.com"],
      "route.paths": ["/v?/*", "/*/x*"],
    },
    "two hosts, with wildcards": { "route.hosts": ["*.example.com", "a?-1.example.com"] },
    "the longest host": { "route.hosts": [`${"x".repeat(124)}.com`] },
  });

  itBounds(ecsServiceSettings, routed, { "route.priority": [1, 50000] });

  itRefuses(ecsServiceSettings, routed, {
    "no priority": {
      change: { "route.priority": undefined },
      problem: {
        key: "route.priority",
        value: undefined,
        rule: "must be a whole number from 1 to 50000",
        allowed: "a whole number from 1 to 50000",
        fix: "add the key route.priority",
      },
    },
    "no path": {
      change: { "route.paths": [] },
      problem: outOfBounds("route.paths", [], listWith("at least 1 entry", PATH)),
    },
    "four paths": {
      change: { "route.paths": paths(4) },
      problem: outOfBounds("route.paths", paths(4), listWith("at most 3 entries", PATH)),
    },
    "no host": {
      change: { "route.hosts": [] },
      problem: outOfBounds("route.hosts", [], listWith("at least 1 entry", HOST)),
    },
    "three hosts": {
      change: { "route.hosts": hosts(3) },
      problem: outOfBounds("route.hosts", hosts(3), listWith("at most 2 entries", HOST)),
    },
    "seven wildcards in hosts and paths together": {
      change: {
        "route.hosts": ["*.example.com", "a?.example.com"],
        "route.paths": ["/v?/*", "/*/x*", "/y*"],
      },
      problem: {
        key: "route.paths",
        value: ["/v?/*", "/*/x*", "/y*"],
        rule: "has more wildcards, with those of hosts, than a rule of a listener takes",
        allowed: "at most 6 of * and ? in hosts and paths together",
        fix: "write fewer, or give the service a host of its own instead of paths",
      },
    },
    "a path without slash": noPath("api/*"),
    "a path with a space": noPath("/a b"),
    "a path that is too long": noPath(`/${"x".repeat(128)}`),
    "a host with a scheme": noHost("https://api.example.com"),
    "a host with a path": noHost("api.example.com/v1"),
    "a host without a dot": noHost("localhost"),
    "a host that is too long": noHost(`${"x".repeat(125)}.com`),
  });
});

describe("EcsService settings, health check", () => {
  itTakes(ecsServiceSettings, happy, {
    "the root": { "healthCheck.path": "/" },
    "the longest path": { "healthCheck.path": `/${"x".repeat(1023)}` },
    "a list and a range of codes": { "healthCheck.statusCodes": "200,204,300-499" },
    "a timeout right below the interval": {
      "healthCheck.intervalSeconds": 10,
      "healthCheck.timeoutSeconds": 9,
    },
  });

  itBounds(
    ecsServiceSettings,
    { ...happy, healthCheck: { timeoutSeconds: 2 } },
    {
      "healthCheck.intervalSeconds": [5, 300],
      "healthCheck.healthyThreshold": [2, 10],
      "healthCheck.unhealthyThreshold": [2, 10],
      "healthCheck.gracePeriodSeconds": [0, 86400],
    },
  );
  itBounds(
    ecsServiceSettings,
    { ...happy, healthCheck: { intervalSeconds: 300 } },
    { "healthCheck.timeoutSeconds": [2, 120] },
  );

  itRefuses(ecsServiceSettings, happy, {
    "a path without slash": noHealthPath("health"),
    "a path with something before its slash": noHealthPath("api/health"),
    "a path with a space": noHealthPath("/he alth"),
    "a path that is too long": noHealthPath(`/${"x".repeat(1024)}`),
    "codes that mean a fault": noCodes("500"),
    "a code with something before it": noCodes("1200"),
    "an open range of codes": noCodes("200-"),
    "a timeout as long as the interval": {
      change: { "healthCheck.intervalSeconds": 5, "healthCheck.timeoutSeconds": 5 },
      problem: {
        key: "healthCheck.timeoutSeconds",
        value: 5,
        rule: "must be shorter than intervalSeconds",
        allowed: "a whole number below intervalSeconds",
        fix: "lower it, or raise intervalSeconds",
      },
    },
  });
});
