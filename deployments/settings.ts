import { z } from "zod";
import { nameKey, rule, ruleAcross } from "../components/support/rules";

/** One branch, folder or path: a blank or a wildcard would be part of a name that nothing has. */
const branchName = rule(
  z.string(),
  (name) => /^[^\s*?:~^\\]+$/.test(name) && !name.startsWith("refs/"),
  {
    rule: "must be one branch",
    allowed: "the name of a branch, without refs/heads/, * or blanks",
    fix: 'write it like "main"',
  },
);

const cloudName = rule(z.string(), (name) => /^[A-Za-z0-9_.-]+$/.test(name), {
  rule: "must be one name",
  allowed: "letters, digits, dots, hyphens and underscores",
  fix: "write the name as it is in the address of its page in Pulumi Cloud",
});

/** Five fields, as cron has them. Pulumi Cloud says on which days and hours the numbers make sense. */
const cron = rule(
  z.string(),
  (text) => /^([\d*/,-]+ ){2}[\d*/,?-]+ [\dA-Z*/,-]+ [\dA-Z*/,?-]+$/.test(text),
  {
    rule: "must be a cron expression",
    allowed: "five fields: minute, hour, day, month, weekday; in UTC",
    fix: 'write it like "0 6 * * *"',
  },
);

/** A moment in UTC as Pulumi Cloud takes it. Without quotes in the file, Pulumi hands it over in words of its own. */
export function momentOf(text: string): string {
  return text.replace(/^(\S+) (\S+) \+0000 UTC$/, "$1T$2Z");
}

const moment = rule(z.string(), (text) => isMoment(momentOf(text)), {
  rule: "must be a moment in UTC",
  allowed: "YYYY-MM-DDTHH:MM:SSZ",
  fix: 'write it like "2027-01-31T18:00:00Z"',
});

/** What a release of the image is known by: with "latest" tomorrow's deployment would run something else. */
const pinnedImage = rule(
  z.string(),
  (image) => /^[^\s@]+(:(?!latest$)[\w][\w.-]*|@sha256:[0-9a-f]{64})$/.test(image),
  {
    rule: "must name one image for good",
    allowed: "an image with a tag that is not latest, or with a digest",
    fix: 'write it like "pulumi/pulumi-nodejs:3.265.0"',
  },
);

const source = z.strictObject({
  provider: z
    .enum(["github", "gitlab", "bitbucket", "azure_devops"])
    .default("github")
    .describe("Where the repository is. Pulumi Cloud must have its integration installed there."),
  repository: rule(z.string(), (path) => /^[^\s*?:/]+(\/[^\s*?:/]+)+$/.test(path), {
    rule: "must be one repository",
    allowed: "OWNER/REPOSITORY; of GitLab GROUP/PROJECT",
    fix: 'write it like "example/shop"',
  }).describe("The repository, without its host."),
  branch: branchName
    .default("main")
    .describe("Branch that is deployed, and that pull requests are for."),
  folder: rule(z.string(), (path) => /^[^\s/*?][^\s*?]*$/.test(path), {
    rule: "must be a folder in the repository",
    allowed: "a path without a slash in front; . is the repository itself",
    fix: 'write it like "infrastructure"',
  })
    .default(".")
    .describe("Folder that has the Pulumi.yaml of the platform."),
  paths: z
    .array(
      rule(z.string(), (path) => /^!?[^\s!/]\S*$/.test(path), {
        rule: "must be a pattern for paths from the root of the repository",
        allowed: "a path with * and **, with an exclamation mark in front for what does not count",
        fix: 'write it like "stacks/**" or "!docs/**"',
      }),
    )
    .optional()
    .describe(
      "Patterns for the files that a commit must change to be deployed or previewed. An exclusion wins. Without it: any.",
    ),
});

const drift = z.strictObject({
  schedule: cron.describe("When to compare the stack with AWS."),
  autoRemediate: z
    .boolean()
    .default(false)
    .describe(
      "Whether what differs is put back at once. It also puts back what somebody changed in an emergency.",
    ),
});

const stack = ruleAcross(
  ruleAcross(
    z.strictObject({
      roleArn: rule(z.string(), (arn) => /^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/.test(arn), {
        rule: "must be the ARN of a role",
        allowed: "arn:aws:iam::ACCOUNT:role/NAME",
        fix: "take it from the output roleArns of bootstrap/",
      }).describe(
        "Role that deploys the stack, from the outputs of bootstrap/. Pulumi Deployments takes it on for every operation, previews included.",
      ),
      sessionHours: z
        .int()
        .min(1)
        .max(12)
        .default(1)
        .describe("Hours that the login lasts. The role must allow them: maxSessionHours."),
      deployCommits: z
        .boolean()
        .default(false)
        .describe("Whether a push to the branch deploys the stack."),
      previewPullRequests: z
        .boolean()
        .default(false)
        .describe(
          "Whether pull requests are previewed. They run with the role that deploys: bootstrap/ must say previewsDeployBecause.",
        ),
      reviewStacks: z
        .boolean()
        .default(false)
        .describe(
          "Whether each pull request gets a stack of its own, made as this one is set up and destroyed when the pull request ends. This one is the pattern, and never deployed.",
        ),
      drift: drift
        .optional()
        .describe("Looks for changes that the stack did not make. Without it: never."),
      expiresAt: moment
        .optional()
        .describe("When the stack is destroyed, and forgotten with all its history."),
    }),
    ["deployCommits"],
    ({ reviewStacks, deployCommits }) => reviewStacks !== true || deployCommits !== true,
    {
      rule: "contradicts reviewStacks: a pattern for others is not deployed itself",
      allowed: "false, or no reviewStacks",
      fix: "remove one of the two",
    },
  ),
  ["drift"],
  ({ reviewStacks, drift: schedule }) => reviewStacks !== true || schedule === undefined,
  {
    rule: "contradicts reviewStacks: a pattern for others has nothing that could change",
    allowed: "no drift, or no reviewStacks",
    fix: "remove one of the two",
  },
);

/** Everything that the stack file of this program says of Pulumi Deployments. */
export const deploymentsSettings = z.strictObject({
  organization: cloudName.describe("Organization in Pulumi Cloud that has the stacks."),
  project: cloudName
    .default("ecs-platform")
    .describe("Name in the Pulumi.yaml of the project that is deployed."),
  source: source.describe("Where the program comes from."),
  executorImage: pinnedImage
    .default("pulumi/pulumi-nodejs:3.265.0")
    .describe("Image that deployments run in."),
  stacks: rule(z.record(nameKey, stack), (stacks) => Object.keys(stacks).length > 0, {
    rule: "deploys nothing",
    allowed: "at least one stack",
    fix: "add a stack",
  }).describe("Stacks, by name. Each must be there: `pulumi stack init ORGANIZATION/NAME`."),
});

export type DeploymentsSettings = z.output<typeof deploymentsSettings>;
export type DeployedStack = DeploymentsSettings["stacks"][string];

/** The `pulumiservice:*` keys of a stack file. The token is none of them: it comes from PULUMI_ACCESS_TOKEN. */
export const cloudSettings = z.strictObject({
  apiUrl: z
    .url()
    .optional()
    .describe("Address of Pulumi Cloud, for one of your own. Default: https://api.pulumi.com"),
});

/** Whether there is such a moment: a thirtieth of February would be in March. */
function isMoment(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString() === text.replace("Z", ".000Z");
}
