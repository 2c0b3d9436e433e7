import { z } from "zod";
import { loginRoute } from "../ecs-service/login-route";
import { ecsServiceSettings } from "../ecs-service/settings";
import { taskRules } from "../ecs-service/task-settings";
import { rule, ruleAcross } from "../support/rules";

const service = ecsServiceSettings.shape;

const field = rule(z.string(), (name) => /^@?[A-Za-z_][\w.]*$/.test(name), {
  rule: "must be a field of a log line",
  allowed: "letters, digits, dots and underscores",
  fix: 'write it as the JSON has it, like "level" or "http.status"',
});

/** Saved queries of CloudWatch Logs Insights. */
const insights = z.strictObject({
  levelField: field.default("level").describe("Field with the severity of a log line."),
  errorLevel: rule(z.string(), (text) => /^[^"\\]{1,64}$/.test(text), {
    rule: "must be a value of the severity",
    allowed: "1 to 64 characters without quotes and backslashes",
    fix: 'write it as the log has it, like "error"',
  })
    .default("error")
    .describe("Its value in lines that are errors."),
  messageField: field.default("message").describe("Field with the text of a log line."),
  durationField: field.default("durationMs").describe("Field with the milliseconds of a request."),
  slowMilliseconds: z
    .int()
    .min(1)
    .default(1000)
    .describe("Milliseconds above which a request is slow."),
});

/** The container with the search page. */
const ui = taskRules(
  z.strictObject({
    image: service.image
      .optional()
      .describe(
        "Image of OpenSearch Dashboards. Default: the official one of the domain's version.",
      ),
    architecture: service.architecture,
    cpu: service.cpu.default(512),
    memoryMiB: service.memoryMiB.default(1024),
    capacity: service.capacity,
    route: loginRoute
      .optional()
      .describe(
        "A way in from the internet. Without it: a tunnel, for which the stack's outputs have the command.",
      ),
    exec: z
      .boolean()
      .default(true)
      .describe("Whether Session Manager may open a tunnel, or a shell, to its tasks."),
    logRetentionDays: service.logRetentionDays,
  }),
);

/** A store that indexes every log line, with a page to search it. */
const opensearch = ruleAcross(
  z.strictObject({
    version: rule(z.string(), (value) => /^(2\.([7-9]|\d\d)|3\.\d{1,2})$/.test(value), {
      rule: "must be a version of OpenSearch",
      allowed: "2.7 or newer",
      fix: 'write it in quotes, like "2.19"',
    })
      .default("2.19")
      .describe("Version of OpenSearch. AWS takes those that its console lists."),
    instanceType: rule(z.string(), (value) => /^[a-z]+\d[a-z]*\.[a-z0-9]+\.search$/.test(value), {
      rule: "must be an instance type of OpenSearch",
      allowed: "FAMILY.SIZE.search",
      fix: 'write it like "t3.small.search"',
    })
      .default("t3.small.search")
      .describe(
        "Size of a node. t3.small.search is about 26 USD a month, for tests; r6g.large.search about 122.",
      ),
    instances: z
      .int()
      .min(1)
      .max(10)
      .default(1)
      .describe("Nodes. With two or more, half of them stand in a second zone and hold copies."),
    volumeGiB: z
      .int()
      .min(10)
      .max(16384)
      .default(20)
      .describe(
        "Disk of each node in GiB, 0.122 USD a month each. A day's logs take about as much as they are long.",
      ),
    retentionDays: z
      .int()
      .min(1)
      .max(3653)
      .default(14)
      .describe("Days that log lines can be searched. CloudWatch keeps its own."),
    createServiceLinkedRole: z
      .boolean()
      .default(false)
      .describe(
        "Makes the role by which OpenSearch stands in a VPC. Once in an account: true in one stack only.",
      ),
    ui: ui.prefault({}).describe("OpenSearch Dashboards, the page to search on."),
  }),
  ["instances"],
  ({ instances = 1 }) => !(instances > 1 && instances % 2 === 1),
  {
    rule: "cannot be shared out over two zones",
    allowed: "1, or an even number up to 10",
    fix: "add or remove one",
  },
);

export const logSearchSettings = ruleAcross(
  z.strictObject({
    insights: insights
      .optional()
      .describe(
        "Saved queries of CloudWatch Logs Insights. Free; a query costs 0.005 USD for each GB it reads.",
      ),
    opensearch: opensearch
      .optional()
      .describe("OpenSearch with a page to search on: about 48 USD a month at the smallest."),
  }),
  [],
  ({ insights: queries, opensearch: store }) => queries !== undefined || store !== undefined,
  {
    rule: "says nothing",
    allowed: "insights, opensearch or both",
    fix: "add insights: {}, or remove logSearch",
  },
);

export type LogSearchSettings = z.input<typeof logSearchSettings>;
export type InsightsSettings = z.output<typeof insights>;
export type OpenSearchSettings = z.output<typeof opensearch>;
