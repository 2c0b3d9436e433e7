import type { IssuerKey } from "./issuers";
import type { CheckedCiRolesSettings } from "./settings";

/** What a role is for. */
export type Purpose = "preview" | "deploy" | "drift";

/** Who may take on the role of a stack, by what an issuer's token says of them. */
export interface Admission {
  readonly stack: string;
  readonly purpose: Purpose;
  readonly issuer: IssuerKey;
  readonly subjects: readonly string[];
  /** Whether the subjects have a wildcard. Somebody gave a reason for it then. */
  readonly isPattern: boolean;
}

/** What may run: exactly one is given. */
interface Run {
  readonly branch?: string | undefined;
  readonly tag?: string | undefined;
  readonly environment?: string | undefined;
}

/** Everyone who may take on a role. */
export function admissionsOf(settings: CheckedCiRolesSettings): Admission[] {
  return [...fromGithub(settings), ...fromGitlab(settings), ...fromPulumiCloud(settings)];
}

/** GitHub docs, "OpenID Connect reference": the subject names an environment, else the pull request, else the ref. */
function fromGithub({ github }: CheckedCiRolesSettings): Admission[] {
  if (github === undefined) return [];
  const { repository, ids } = github;
  const origin = ids
    ? `repo:${repository.replace("/", `@${ids.owner}/`)}@${ids.repository}`
    : `repo:${repository}`;
  const subjectOf = ({ branch, tag = "", environment }: Run): string => {
    if (environment !== undefined) return `${origin}:environment:${environment}`;
    return `${origin}:ref:refs/${branch === undefined ? `tags/${tag}` : `heads/${branch}`}`;
  };
  const { driftFrom } = github;
  return Object.entries(github.deploy).flatMap(([stack, run]) => {
    const admit = admitter(stack, "github");
    return [
      admit("deploy", [subjectOf(run)]),
      ...(github.previewPullRequests ? [admit("preview", [`${origin}:pull_request`])] : []),
      ...(driftFrom ? [admit("drift", [subjectOf(driftFrom)])] : []),
    ];
  });
}

/** GitLab docs, "OpenID Connect (OIDC) Authentication Using ID Tokens": the subject names the ref, also of a merge request. */
function fromGitlab({ gitlab }: CheckedCiRolesSettings): Admission[] {
  if (gitlab === undefined) return [];
  const origin = `project_path:${gitlab.project}`;
  const subjectOf = ({ branch, tag = "" }: Run): string =>
    branch === undefined
      ? `${origin}:ref_type:tag:ref:${tag}`
      : `${origin}:ref_type:branch:ref:${branch}`;
  const { driftFrom } = gitlab;
  const anyBranch = gitlab.previewFromAnyBranchBecause !== undefined;
  return Object.entries(gitlab.deploy).flatMap(([stack, run]) => {
    const admit = admitter(stack, "gitlab");
    return [
      admit("deploy", [subjectOf(run)]),
      anyBranch
        ? admit("preview", [subjectOf({ branch: "*" })], true)
        : admit("preview", [subjectOf(run)]),
      ...(driftFrom ? [admit("drift", [subjectOf(driftFrom)])] : []),
    ];
  });
}

/** What Pulumi Deployments does with a stack but preview it, as its tokens name it. */
const OPERATIONS = ["update", "refresh", "destroy", "detect-drift", "remediate-drift"] as const;

/** Pulumi docs, "OIDC Setup for Pulumi Deployments": the subject names the stack and the operation. */
function fromPulumiCloud({ pulumiCloud, project }: CheckedCiRolesSettings): Admission[] {
  if (pulumiCloud === undefined) return [];
  const subjectsOf = (stack: string, operations: readonly string[]) =>
    operations.map(
      (operation) =>
        `pulumi:deploy:org:${pulumiCloud.organization}:project:${project}:stack:${stack}:operation:${operation}:scope:write`,
    );
  const operations =
    pulumiCloud.previewsDeployBecause === undefined ? OPERATIONS : ["preview", ...OPERATIONS];
  const stacks = pulumiCloud.stacks.map((stack) =>
    admitter(stack, "pulumiCloud")("deploy", subjectsOf(stack, operations)),
  );
  if (pulumiCloud.reviewStacksBecause === undefined) return stacks;
  // A review stack is made by an update, and previewed by nobody: its subject is one of these.
  const review = subjectsOf("pr-*", ["update", "refresh", "destroy"]);
  return [...stacks, admitter("pr", "pulumiCloud")("deploy", review, true)];
}

function admitter(stack: string, issuer: IssuerKey) {
  return (purpose: Purpose, subjects: readonly string[], isPattern = false): Admission => ({
    stack,
    purpose,
    issuer,
    subjects,
    isPattern,
  });
}
