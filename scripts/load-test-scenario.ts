import { z } from "zod";
import { checkSettings } from "../components/support/parse-settings";
import { mapOf, rule, ruleWithin } from "../components/support/rules";

const rate = z.number().min(0).max(10_000);

const endpoint = z.strictObject({
  path: rule(z.string(), (path) => path.startsWith("/"), {
    rule: "must begin with a slash",
    allowed: "a path with its query, as /search?q=tea",
    fix: "put a slash in front; the host is the --target of the command",
  }).describe("Path and query."),
  weight: z.number().min(0.001).max(1000).default(1).describe("Its share, beside the others'."),
  method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]).default("GET"),
  headers: z.record(z.string(), z.string()).default({}).describe("Headers, as they are."),
  headersFrom: z
    .record(z.string(), z.string())
    .default({})
    .describe("Headers whose values are in variables of the environment: tokens, for one."),
  body: z.string().optional().describe("Text to send; its Content-Type belongs to the headers."),
  expect: z
    .array(z.int().min(100).max(599))
    .min(1)
    .optional()
    .describe("Statuses that are good. Default: all below 400. Redirects are not followed."),
});

/** Milliseconds count from the moment when a request was due, not from when it was sent at last. */
const criteria = z.strictObject({
  errorPercent: z
    .number()
    .min(0)
    .max(100)
    .default(1)
    .describe("Share of requests that may fail: wrong status, no answer in time, not sent."),
  p95Milliseconds: z.int().min(1).optional().describe("95 of 100 requests are this fast."),
  p99Milliseconds: z.int().min(1).optional().describe("99 of 100 requests are this fast."),
});

const phase = z.strictObject({
  name: z.string().min(1).describe("What the report calls it."),
  seconds: z.int().min(1).max(86_400),
  perSecond: z
    .union([rate, z.strictObject({ from: rate, to: rate })])
    .describe("Requests a second: one number holds, `{ from, to }` ramps."),
  pass: criteria.optional().describe("In place of the criteria of the whole."),
});

const scenario = z.strictObject({
  endpoints: z.record(z.string(), endpoint),
  phases: z.array(phase).min(1),
  pass: criteria.prefault({}).describe("Each phase has to hold these by itself."),
  timeoutSeconds: z.number().min(0.1).max(300).default(10),
  maxInFlight: z
    .int()
    .min(1)
    .max(20_000)
    .default(1000)
    .describe(
      "Requests that wait for an answer at most; one beyond is not sent and counts as failed.",
    ),
  seed: z.int().min(0).default(1).describe("Same seed, same moments and same order."),
});

const checked = ruleWithin(
  rule(scenario, ({ endpoints }) => Object.keys(endpoints).length > 0, {
    rule: "asks nothing",
    allowed: "one endpoint or more",
    fix: "add one under endpoints, for instance `home: { path: / }`",
  }),
  ({ phases }) =>
    (Array.isArray(phases) ? (phases as unknown[]) : []).flatMap((each, position) => {
      const { from, to } = mapOf(mapOf(each)["perSecond"]);
      return from === 0 && to === 0
        ? [
            {
              path: ["phases", position, "perSecond"],
              rule: "ramps from nothing to nothing",
              allowed: "from or to above 0",
              fix: "give a rate, or write `perSecond: 0` for a pause",
            },
          ]
        : [];
    }),
);

export type Scenario = z.output<typeof scenario>;
export type Endpoint = z.output<typeof endpoint>;
export type Phase = z.output<typeof phase>;
export type Criteria = z.output<typeof criteria>;

/**
 * What a scenario file says, with the defaults filled in.
 *
 * @throws SettingsError with every problem at once.
 */
export function checkScenario(file: string, value: unknown): Scenario {
  return checkSettings(file, checked, value);
}
