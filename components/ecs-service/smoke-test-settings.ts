import { z } from "zod";
import { nameKey, reason, rule } from "../support/rules";
import { healthCheck } from "./route";

/** Where the new tasks, and they alone, answer; each comes once in a deployment. */
const TESTING_STAGES = ["POST_TEST_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT"] as const;

/** All variables of a function take 4 KB together; the rest is for the others. */
const MOST_BYTES = 3000;

const headerName = rule(
  z.string(),
  (name) => /^[A-Za-z0-9-]{1,64}$/.test(name) && name.toLowerCase() !== "host",
  {
    rule: "is not a header that a request may have",
    allowed: "letters, digits and hyphens, at most 64; for Host there is the key host",
    fix: "rename it",
  },
);

const headerValue = rule(
  z.string(),
  (text) => /^[\x21-\x7e]([\x20-\x7e]{0,198}[\x21-\x7e])?$/.test(text),
  {
    rule: "is not text that a header may have",
    allowed: "1 to 200 letters, digits and signs of ASCII, with blanks between them",
    fix: "shorten it, or write other characters by their codes",
  },
);

const wantedText = rule(z.string(), (text) => text.length >= 1 && text.length <= 200, {
  rule: "is not text to look for",
  allowed: "1 to 200 characters",
  fix: "give a shorter part of the answer, or remove it",
});

const request = z.strictObject({
  path: healthCheck.shape.path
    .unwrap()
    .default("/health")
    .describe("Path to get, with a query where it needs one."),
  statusCodes: healthCheck.shape.statusCodes
    .unwrap()
    .default("200")
    .describe("Status codes of a right answer. Redirects are not followed."),
  contains: wantedText
    .optional()
    .describe("Text that the first MiB of the answer must contain. Default: any answer does."),
  headers: z
    .record(headerName, headerValue)
    .default({})
    .describe("Further headers. Everybody who may see the function sees them: nothing secret."),
  timeoutSeconds: z.int().min(1).max(60).default(5).describe("Seconds to wait for the answer."),
});

/** A gate that calls the new tasks. */
export const smokeTest = z.strictObject({
  kind: z
    .literal("smoke-test")
    .describe(
      "A function calls the new tasks through the load balancer, and takes the deployment back where an answer is wrong.",
    ),
  stage: z
    .enum(TESTING_STAGES)
    .default("POST_TEST_TRAFFIC_SHIFT")
    .describe(
      "When it calls: before clients reach the new tasks, by the rule for test requests, or when all have moved, as they do.",
    ),
  requests: rule(
    z.record(nameKey, request),
    (given) =>
      Object.keys(given).length > 0 && Buffer.byteLength(JSON.stringify(given)) <= MOST_BYTES,
    {
      rule: "must be requests that fit into the variables of a function",
      allowed: `1 or more, of ${MOST_BYTES} bytes together, with all defaults, as JSON`,
      fix: "add one, such as health: {}, or spread them over several gates",
    },
  ).describe("GET requests that must all be answered as they say, by a name of your choice."),
  host: rule(z.string(), (name) => /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(name), {
    rule: "must be the name of one host",
    allowed: "labels of letters, digits and hyphens joined by dots",
    fix: 'write it like "api.example.com"',
  })
    .optional()
    .describe("Host to ask for. Default: the first of the service's without a wildcard."),
  attempts: z
    .int()
    .min(1)
    .max(60)
    .default(5)
    .describe("How often all requests are tried before the deployment is taken back."),
  intervalSeconds: z.int().min(5).max(300).default(15).describe("Seconds between two attempts."),
  unverifiedCertificateBecause: reason
    .optional()
    .describe(
      "Takes any certificate from the load balancer, such as one of a private authority, and says why.",
    ),
});

export type SmokeTest = z.output<typeof smokeTest>;
