import { z } from "zod";
import { different, rule, ruleAcross } from "../support/rules";
import { isWildcard } from "../support/host-names";

/** ACM's limit for the name in a certificate's subject; the others may be as long as DNS allows. */
const LONGEST_FIRST_NAME = 64;

/** Between two dots of a name. */
export const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

const name = rule(
  z.string(),
  (value) => new RegExp(`^(\\*\\.)?(${LABEL}\\.)+${LABEL}$`).test(value) && value.length <= 253,
  {
    rule: "must be a host name",
    allowed:
      "lower-case labels of letters, digits and hyphens joined by dots, the first of them may be *",
    fix: 'write it like "app.example.com" or "*.example.com", without https://',
  },
);

const healthCheck = z.strictObject({
  path: rule(z.string(), (value) => /^\/\S*$/.test(value) && value.length <= 255, {
    rule: "must be a path",
    allowed: "a slash and up to 254 characters without space",
    fix: 'write it like "/health"',
  })
    .default("/health")
    .describe("Path that answers 200 to 399 while the platform can serve."),
  intervalSeconds: z
    .literal([10, 30])
    .default(30)
    .describe("Seconds between two checks from each place. 10 costs another 1.00 USD a month."),
  failureThreshold: z
    .int()
    .min(1)
    .max(10)
    .default(3)
    .describe("Bad answers in a row that make it unhealthy."),
});

/** The first name of a list that no wildcard stands for. */
export function firstPlainName(names: readonly unknown[]): string | undefined {
  return names.find((given): given is string => typeof given === "string" && !isWildcard(given));
}

const records = z.strictObject({
  provider: z
    .enum(["route53", "cloudflare"])
    .default("route53")
    .describe("Who serves the zone. Cloudflare needs the secret cloudflare:apiToken."),
  names: rule(
    different(z.array(name).min(1).max(10), "names"),
    ([first = ""]) => first.length <= LONGEST_FIRST_NAME,
    {
      rule: "starts with a name that is too long for a certificate's subject",
      allowed: `a first name of at most ${LONGEST_FIRST_NAME} characters`,
      fix: "put a shorter name first",
    },
  ).describe(
    "Host names that lead here, on one certificate. The first is the certificate's own; *.example.com stands for one label.",
  ),
  ttlSeconds: z
    .int()
    .min(60)
    .max(86400)
    .default(300)
    .describe("Seconds that resolvers keep a record. Route 53's aliases have their own 60."),
  proxied: z
    .boolean()
    .default(false)
    .describe("Whether requests go through Cloudflare's proxy. Cloudflare only."),
  healthCheck: healthCheck
    .optional()
    .describe(
      "Checks from around the world, by HTTPS, of the first name that is no wildcard (1.50 USD a month). Route 53 only.",
    ),
});

/** Names and how their records are kept. */
export const recordSettings = ruleAcross(
  ruleAcross(
    ruleAcross(
      records,
      ["proxied"],
      ({ provider, proxied }) => proxied !== true || provider === "cloudflare",
      {
        rule: "stands at Route 53, which proxies nothing",
        allowed: "false, or provider: cloudflare",
        fix: "remove it; for CloudFront in front see the section cdn",
      },
    ),
    ["healthCheck"],
    ({ provider, healthCheck: check }) => check === undefined || provider !== "cloudflare",
    {
      rule: "is made by Route 53 alone",
      allowed: "nothing with provider: cloudflare",
      fix: "remove it, and check from Cloudflare, which sells health checks of its own",
    },
  ),
  ["healthCheck"],
  ({ names, healthCheck: check }) =>
    check === undefined || !Array.isArray(names) || firstPlainName(names) !== undefined,
  {
    rule: "has nothing to check: every name is a wildcard",
    allowed: "names with one that is no wildcard",
    fix: 'add a name such as "app.example.com", or remove the health check',
  },
);

export type RecordSettings = z.input<typeof recordSettings>;
export type CheckedRecordSettings = z.output<typeof recordSettings>;
