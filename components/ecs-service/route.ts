import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { cidrBlock, different, rule, ruleAcross } from "../support/rules";

const path = rule(
  z.string(),
  (value) => /^\/[\w\-.$/~"'@:+*?&]*$/.test(value) && value.length <= 128,
  {
    rule: "must be a path pattern of a listener rule",
    allowed:
      "a slash, then letters, digits and _-.$/~\"'@:+&, with * and ? as wildcards, at most 128 characters",
    fix: 'write it like "/api/*"',
  },
);

const host = rule(
  z.string(),
  (value) => /^[A-Za-z0-9*?-]+(\.[A-Za-z0-9*?-]+)+$/.test(value) && value.length <= 128,
  {
    rule: "must be a host name",
    allowed: "labels of letters, digits and hyphens joined by dots, with * and ? as wildcards",
    fix: 'write it like "api.example.com", without https://',
  },
);

/** Quotas of a listener rule that AWS raises for nobody: values in its conditions, and * and ? in them. */
const MOST_VALUES = 5;
const MOST_WILDCARDS = 6;

const conditions = ruleAcross(
  z.strictObject({
    priority: z
      .int()
      .min(1)
      .max(50000)
      .describe("Rules are tried in this order, the lowest first. Each service has its own."),
    protocol: z
      .enum(["HTTP", "HTTPS"])
      .default("HTTP")
      .describe(
        "What the load balancer speaks to the tasks, also for health checks. HTTPS needs a certificate in the container; any will do, also one that it makes itself.",
      ),
    paths: z.array(path).min(1).max(3).default(["/*"]).describe("Paths that lead to the service."),
    hosts: z
      .array(host)
      .min(1)
      .max(2)
      .optional()
      .describe(
        "Hosts that lead to the service. Default: the names of the domains, or the load balancer's own.",
      ),
    allowedCidrs: different(z.array(cidrBlock).min(1).max(3), "blocks")
      .optional()
      .describe(
        "IPv4 blocks that requests may come from; others get 404. Default: wherever the load balancer takes requests from.",
      ),
  }),
  ["allowedCidrs"],
  ({ hosts = [""], paths = [""], allowedCidrs = [] }) =>
    !(Number(hosts?.length) + Number(paths?.length) + Number(allowedCidrs?.length) > MOST_VALUES),
  {
    rule: "makes more conditions than a rule of a listener takes",
    allowed: `at most ${MOST_VALUES} hosts, paths and blocks together`,
    fix: "name fewer, or give the service a host of its own instead of paths",
  },
);

export const route = ruleAcross(
  conditions,
  ["paths"],
  ({ hosts = [], paths = [] }) => wildcardsIn(hosts) + wildcardsIn(paths) <= MOST_WILDCARDS,
  {
    rule: "has more wildcards, with those of hosts, than a rule of a listener takes",
    allowed: `at most ${MOST_WILDCARDS} of * and ? in hosts and paths together`,
    fix: "write fewer, or give the service a host of its own instead of paths",
  },
);

function wildcardsIn(patterns: unknown): number {
  return String(patterns).replace(/[^*?]/g, "").length;
}

export const healthCheck = ruleAcross(
  z.strictObject({
    path: rule(z.string(), (value) => /^\/\S*$/.test(value) && value.length <= 1024, {
      rule: "must be a path",
      allowed: "a slash and up to 1023 characters without space",
      fix: 'write it like "/health"',
    })
      .default("/health")
      .describe("Path that answers when the task can serve."),
    statusCodes: rule(z.string(), (value) => /^[2-4]\d\d([,-][2-4]\d\d)*$/.test(value), {
      rule: "must be status codes",
      allowed: "codes from 200 to 499, as 200, 200,204 or 200-299",
      fix: 'write it in quotes, like "200"',
    })
      .default("200")
      .describe("Status codes of a healthy answer."),
    intervalSeconds: z.int().min(5).max(300).default(30).describe("Seconds between two checks."),
    timeoutSeconds: z.int().min(2).max(120).default(5).describe("Seconds to wait for the answer."),
    healthyThreshold: z
      .int()
      .min(2)
      .max(10)
      .default(2)
      .describe("Good answers in a row that make a task healthy."),
    unhealthyThreshold: z
      .int()
      .min(2)
      .max(10)
      .default(3)
      .describe("Bad answers in a row that have a task replaced."),
    gracePeriodSeconds: z
      .int()
      .min(0)
      .max(86400)
      .default(60)
      .describe("Seconds after its start in which a task's bad answers do not count."),
  }),
  ["timeoutSeconds"],
  ({ timeoutSeconds = 5, intervalSeconds = 30 }) => !(timeoutSeconds >= intervalSeconds),
  {
    rule: "must be shorter than intervalSeconds",
    allowed: "a whole number below intervalSeconds",
    fix: "lower it, or raise intervalSeconds",
  },
);

/** The load balancer that a service takes requests from; a `LoadBalancer` will do. */
export interface RouteLoadBalancer {
  readonly listenerArn: pulumi.Input<string>;
  readonly securityGroupId: pulumi.Input<string>;
  readonly dnsName: pulumi.Input<string>;
  /** Names it in metrics. */
  readonly arnSuffix: pulumi.Input<string>;
  /** What it speaks to clients. Default "https". */
  readonly protocol?: "http" | "https";
  /** Whether the internet reaches it, or only the VPC. Default "internet-facing". */
  readonly scheme?: "internet-facing" | "internal";
  /** Whether it takes requests from everybody who reaches it. Default true. */
  readonly isOpen?: boolean;
  /** Hosts of services that name none. Default: the load balancer's own name. */
  readonly defaultHosts?: readonly pulumi.Input<string>[];
}
