import { z } from "zod";
import { different, mapOf, nameKey, reason, rule, ruleAcross, ruleWithin } from "../support/rules";
import { GITHUB, PULUMI_CLOUD } from "./issuers";

/**
 * One name that goes into a subject. A wildcard would let others in; a colon would end the part of the subject that the
 * name stands in; a `$` could be a variable of IAM.
 */
const exactName = rule(z.string(), (name) => /^[^\s*?:$]+$/.test(name), {
  rule: "must be one exact name: a wildcard would let others in",
  allowed: "a name without *, ?, :, $ or blanks",
  fix: "write the one name that shall be let in",
});

const stackName = nameKey.describe("Name of a stack of the project.");

/** What runs for a deployment: exactly one of these. */
const runKeys = ["branch", "tag", "environment"] as const;

const githubRun = exactlyOne(
  z.strictObject({
    branch: exactName.optional().describe("Branch, e.g. main."),
    tag: exactName.optional().describe("Tag, e.g. v1.0.0. It is one tag, not a pattern of tags."),
    environment: exactName
      .optional()
      .describe("Environment of GitHub, whose rules (reviewers, branches, tags) then hold."),
  }),
);

const gitlabRun = exactlyOne(
  z.strictObject({
    branch: exactName.optional().describe("Branch, e.g. main. Protect it."),
    tag: exactName.optional().describe("Tag, e.g. v1.0.0. It is one tag, not a pattern of tags."),
  }),
);

const driftPurpose =
  "Where `pulumi refresh --preview-only` runs, by a role of its own that may read. Without it: no such role.";

const github = z.strictObject({
  repository: rule(z.string(), (name) => /^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/.test(name), {
    rule: "must be one repository",
    allowed: "OWNER/REPOSITORY, spelt as GitHub spells it, without *",
    fix: 'write it like "example/shop"',
  }).describe("The repository, spelt as GitHub spells it: case counts."),
  ids: z
    .strictObject({
      owner: z.int().min(1).describe("`gh api repos/OWNER/REPOSITORY --jq .owner.id`"),
      repository: z.int().min(1).describe("`gh api repos/OWNER/REPOSITORY --jq .id`"),
    })
    .optional()
    .describe(
      "Numbers of owner and repository, which GitHub puts into the subjects of repositories that were made, renamed or moved after 2026-07-15. Leave it out for others.",
    ),
  existingProviderArn: providerArn(GITHUB).optional(),
  previewPullRequests: z
    .boolean()
    .default(true)
    .describe(
      "Whether pull requests from branches of the repository may preview. Those from forks get no token from GitHub.",
    ),
  deploy: deployments(githubRun),
  driftFrom: githubRun.optional().describe(driftPurpose),
});

const gitlab = ruleAcross(
  z.strictObject({
    project: rule(z.string(), (path) => /^[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)+$/.test(path), {
      rule: "must be one project",
      allowed: "GROUP/PROJECT, with all groups, without *",
      fix: 'write it like "example/shop"',
    }).describe("Path of the project, with all its groups."),
    host: rule(z.string(), (host) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host), {
      rule: "must be a host name",
      allowed: "the host alone, in lower case",
      fix: 'write it like "gitlab.example.com"',
    })
      .default("gitlab.com")
      .describe("Host of GitLab. AWS must be able to reach it from the internet."),
    existingProviderArn: providerArn().optional(),
    previewFromAnyBranchBecause: reason
      .optional()
      .describe(
        "Lets every branch of the project preview, and says why. GitLab names a merge request's own branch in the subject, so without it only what deploys may preview.",
      ),
    deploy: deployments(gitlabRun),
    driftFrom: gitlabRun.optional().describe(driftPurpose),
  }),
  ["existingProviderArn"],
  ({ host = "", existingProviderArn: arn }) =>
    typeof arn !== "string" || arn.endsWith(`:oidc-provider/${host}`),
  {
    rule: "is the provider of another host",
    allowed: "the ARN of the provider of `host`",
    fix: "look it up by `aws iam list-open-id-connect-providers`",
  },
);

const pulumiCloud = z.strictObject({
  organization: rule(z.string(), (name) => /^[a-z0-9][a-z0-9_-]*$/.test(name), {
    rule: "must be one organization",
    allowed: "the name of an organization of Pulumi Cloud in lower case, without *",
    fix: "write the name as it is in the address of its page",
  }).describe("Organization in Pulumi Cloud; also the audience of its tokens."),
  existingProviderArn: providerArn(PULUMI_CLOUD).optional(),
  stacks: different(z.array(stackName).min(1), "stacks").describe(
    "Stacks that Pulumi Deployments deploys.",
  ),
  previewsDeployBecause: reason
    .optional()
    .describe(
      "Lets previews take on the role that deploys, and says why. Pulumi Deployments knows one role for a stack: with previews of pull requests, whoever may open one has its rights.",
    ),
  reviewStacksBecause: reason
    .optional()
    .describe(
      'Lets review stacks take on the role of the stack "pr", and says why. Each pull request has a stack of its own, so that the subject ends with a wildcard (pr-*). Best in an account without anything else.',
    ),
});

export const ciRolesSettings = ruleAcross(
  z.strictObject({
    project: exactName
      .default("ecs-platform")
      .describe("Name in the Pulumi.yaml of the project whose stacks are deployed."),
    maxSessionHours: z
      .int()
      .min(1)
      .max(12)
      .default(1)
      .describe(
        "Hours that a login lasts at most. A deployment that takes longer fails, but for GitLab, whose jobs log in anew.",
      ),
    permissionsBoundaryArn: rule(
      z.string(),
      (arn) => /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/\S+$/.test(arn),
      {
        rule: "must be the ARN of a policy",
        allowed: "arn:aws:iam::ACCOUNT:policy/NAME",
        fix: "look it up by `aws iam list-policies --scope Local`",
      },
    )
      .optional()
      .describe("Policy that bounds all of these roles, whatever else they are given."),
    github: github.optional().describe("GitHub Actions."),
    gitlab: gitlab.optional().describe("GitLab CI, of gitlab.com or of an own host."),
    pulumiCloud: pulumiCloud.optional().describe("Pulumi Deployments."),
  }),
  [],
  (given) => ["github", "gitlab", "pulumiCloud"].some((key) => mapOf(given)[key] !== undefined),
  {
    rule: "lets nobody in",
    allowed: "at least one of github, gitlab and pulumiCloud",
    fix: "add one, or remove the section",
  },
);

export type CiRolesSettings = z.input<typeof ciRolesSettings>;
export type CheckedCiRolesSettings = z.output<typeof ciRolesSettings>;

function deployments<Run extends z.ZodType>(run: Run) {
  return rule(z.record(stackName, run), (stacks) => Object.keys(stacks).length > 0, {
    rule: "lets nobody in",
    allowed: "at least one stack, with what deploys it",
    fix: "add a stack, or remove the section",
  }).describe("What deploys each stack, by its name.");
}

function exactlyOne<Schema extends z.ZodType>(schema: Schema): Schema {
  return ruleWithin(schema, (run) => {
    const given = runKeys.filter((key) => run[key] !== undefined);
    if (given.length === 1) return [];
    return [
      {
        path: [],
        rule: "must name exactly one of the things that can run",
        allowed: "one of branch, tag and environment (GitHub alone has the last)",
        fix: given.length === 0 ? "add one of them" : "keep one of them",
      },
    ];
  });
}

/** Of the address given, or of any. */
function providerArn(url?: string) {
  return rule(
    z.string(),
    (arn) =>
      /^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/\S+$/.test(arn) &&
      (url === undefined || arn.endsWith(`:oidc-provider/${url}`)),
    {
      rule: "must be the ARN of the provider of these tokens",
      allowed: `arn:aws:iam::ACCOUNT:oidc-provider/${url ?? "HOST"}`,
      fix: "look it up by `aws iam list-open-id-connect-providers`",
    },
  ).describe(
    "The account's provider of these tokens, where it has one already: AWS allows one for each address.",
  );
}
