import { z } from "zod";
import { buildArgumentName } from "../support/build-argument";
import { email, logRetentionDays, reason, rule } from "../support/rules";

/** What CodePipeline tells of a run that a person may want to hear. */
const RUN_STATES = ["STARTED", "SUCCEEDED", "FAILED", "CANCELED", "SUPERSEDED"] as const;

const emails = z
  .record(
    rule(z.string(), (name) => /^[a-z][a-z0-9-]{0,19}$/.test(name), {
      rule: "is not a usable name",
      allowed: "lower-case letters, digits and hyphens, at most 20 characters",
      fix: "rename it",
    }),
    email,
  )
  .describe("Who gets an email, by name. AWS asks each of them once whether they want it.");

const source = z.strictObject({
  repository: rule(
    z.string(),
    (name) => /^[\w.-]+(\/[\w.-]+)+$/.test(name) && !/\.git$/.test(name),
    {
      rule: "is not a repository's full name",
      allowed: "OWNER/NAME, on GitLab also GROUP/SUBGROUP/NAME",
      fix: "leave the address and .git away",
    },
  ).describe('Repository with the code, e.g. "example/server".'),
  branch: rule(z.string(), isBranch, {
    rule: "is not the name of a branch",
    allowed: "one branch by its bare name, such as main: no refs/heads/, no wildcard",
    fix: "write it as `git branch` does",
  }).describe("Branch whose pushes start the pipeline."),
  paths: z
    .array(
      rule(z.string(), (glob) => glob.length >= 1 && glob.length <= 255, {
        rule: "is no pattern of paths",
        allowed: "1 to 255 characters",
        fix: 'write it like "server/**"',
      }),
    )
    .min(1)
    .max(8)
    .optional()
    .describe('Files, as globs, whose changes start it, e.g. "server/**". Without it: all.'),
});

const build = z.strictObject({
  context: rule(z.string(), isInside, {
    rule: "is not a folder in the repository",
    allowed: "a relative path without ..",
    fix: "write it as seen from the repository's root",
  })
    .default(".")
    .describe("Folder with the files of the image, as seen from the repository's root."),
  dockerfile: rule(z.string(), isInside, {
    rule: "is not a file in the context",
    allowed: "a relative path without ..",
    fix: "write it as seen from the context",
  })
    .default("Dockerfile")
    .describe("Path of the Dockerfile in the context."),
  args: z
    .record(buildArgumentName, z.string())
    .default({})
    .describe("Build arguments (ARG in the Dockerfile). They stay readable in the image."),
  computeType: z
    .enum(["SMALL", "MEDIUM", "LARGE", "XLARGE"])
    .default("SMALL")
    .describe(
      "Size of the Docker server: 2, 4, 8 or 32 vCPUs. SMALL costs 0.0034 (ARM64) or 0.005 USD a minute.",
    ),
  timeoutMinutes: z
    .int()
    .min(5)
    .max(480)
    .default(30)
    .describe("Minutes after which a build is given up."),
  privilegedBecause: reason
    .optional()
    .describe(
      "Builds in a container with all rights on its machine in place of a Docker server, and says why.",
    ),
});

const approval = z.strictObject({
  emails: emails.default({}),
  comment: rule(z.string(), (text) => text.length <= 500, {
    rule: "is longer than CodePipeline shows",
    allowed: "at most 500 characters",
    fix: "shorten it, or put it on a page and name its url",
  })
    .optional()
    .describe("What the approver is to look at."),
  url: rule(z.string(), (url) => /^https:\/\/\S+$/.test(url), {
    rule: "must be an address of a page",
    allowed: "https://…",
    fix: "correct it, or remove it",
  })
    .optional()
    .describe("Page to look at before approving, e.g. the staging environment."),
  timeoutMinutes: z
    .int()
    .min(5)
    .max(86400)
    .default(10080)
    .describe("Minutes after which nobody's answer is a no. Default: a week."),
});

const notifications = z.strictObject({
  emails,
  states: z
    .array(z.enum(RUN_STATES))
    .min(1)
    .default(["SUCCEEDED", "FAILED"])
    .describe("What of a run is told."),
});

export const pipelineSettings = z.strictObject({
  source: source.describe("Where the code is."),
  build: build.prefault({}).describe("How the image is built."),
  approval: approval
    .optional()
    .describe(
      "A person who must agree before anything is deployed. {} is enough. Without it: none.",
    ),
  notifications: notifications
    .optional()
    .describe("Who is told how a run went. Without it: nobody. A topic's key costs 1 USD a month."),
  logRetentionDays: logRetentionDays.default(30).describe("Days that build logs are kept."),
});

export type PipelineSettings = z.input<typeof pipelineSettings>;
/** As checked, with the defaults filled in. */
export type CheckedPipelineSettings = z.output<typeof pipelineSettings>;

/** What git takes (git check-ref-format) and the trigger does not take for a glob. */
function isBranch(name: string): boolean {
  return (
    /^[\w.#@+-]+(\/[\w.#@+-]+)*$/.test(name) &&
    !/^refs\/|^-|\.\.|\.$|\.lock$|@\{/.test(name) &&
    name.length <= 255
  );
}

function isInside(path: string): boolean {
  return /^[\w@.+/-]+$/.test(path) && !path.startsWith("/") && !path.split("/").includes("..");
}
