import type { Control } from "../control";
import { isLimitedBy, type Statement, statementsOf, withStatements } from "../documents";
import type { Graph, PolicyResource, ValueMap } from "../graph";
import type { Mutant } from "../mutants";
import type { Finding, Rule } from "../rule";
import { needsEverything } from "./actions-on-everything";

const ROLE = "aws:iam/role:Role";

/** Everything that gives rights to whoever it is attached to. */
const POLICIES = ["aws:iam/rolePolicy:RolePolicy", "aws:iam/policy:Policy"];

/** Where the subjects of each issuer's tokens name a project: up to there nothing may be left open. */
const SUBJECTS = [
  /^repo:[^*?/]+\/[^*?:]+:/,
  /^project_path:[^*?:]+\/[^*?:]+:/,
  /^pulumi:(deploy|insights|environments):org:[^*?:]+:project:[^*?:]+:/,
];

/** IAM-01: actions by name, on resources by name. */
const namesRights = documentRule(POLICIES, "policy", [
  {
    breaks: ({ actions }) => actions.some((action) => /^\*$|^[^:]+:\*$/.test(action)),
    message: "allows every action of a service",
    fix: "name the actions that are called",
    wrong: [
      { Action: "*", Resource: "arn:aws:s3:::shop/*" },
      { Action: ["s3:*"], Resource: "arn:aws:s3:::shop/*" },
    ],
  },
  {
    breaks: ({ actions, resources, isInverse }) =>
      (isInverse || resources.some(isEverything)) &&
      !actions.every((action) => needsEverything(action)),
    message: "allows an action on everything, for which AWS has resources",
    fix: "name the resources by ARN",
    wrong: [
      { Action: "s3:GetObject", Resource: "*" },
      { Action: ["ecr:GetAuthorizationToken", "s3:GetObject"], Resource: ["*"] },
      { Action: "s3:GetObject", Resource: "arn:aws:s3:::*" },
      { Action: "s3:GetObject", NotResource: "arn:aws:s3:::shop/*" },
    ],
  },
]);

/** IAM-02: services take a role on for this account alone, and nobody else does by everybody's name. */
const namesTrust = documentRule([ROLE], "assumeRolePolicy", [
  {
    breaks: ({ principals }) => principals.includes("*"),
    message: "may be taken on by everybody",
    fix: "name who may",
    wrong: [
      { Action: "sts:AssumeRole", Principal: "*" },
      { Action: "sts:AssumeRole", Principal: { AWS: "*" } },
    ],
  },
  {
    breaks: (statement) =>
      statement.principals.some((who) => who.startsWith("Service:") && tellsAccount(who)) &&
      !isLimitedBy(statement, "aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID"),
    message: "may be used by a service on behalf of another account",
    fix: "add a condition on aws:SourceAccount",
    wrong: [{ Action: "sts:AssumeRole", Principal: { Service: "ecs-tasks.amazonaws.com" } }],
  },
]);

/** IAM-03: roles are handed to the services they are for, and no others are. */
const namesPassed = documentRule(POLICIES, "policy", [
  {
    breaks: (statement) =>
      statement.actions.includes("iam:PassRole") &&
      (statement.resources.includes("*") || !isLimitedBy(statement, "iam:PassedToService")),
    message: "may hand any role to any service",
    fix: "name the roles, and the services under iam:PassedToService",
    wrong: [
      { Action: "iam:PassRole", Resource: "arn:aws:iam::123456789012:role/app" },
      {
        Action: "iam:PassRole",
        Resource: "*",
        Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      },
    ],
  },
]);

/** IAM-04: a token is for AWS, and of a run of one repository. */
const namesSubjects = documentRule([ROLE], "assumeRolePolicy", [
  {
    breaks: ({ principals, conditions }) =>
      principals.some((who) => who.startsWith("Federated:")) &&
      !(
        conditions.some(({ key }) => key.endsWith(":aud")) &&
        conditions.some(({ key, values }) => key.endsWith(":sub") && values.every(isOneProject))
      ),
    message: "may be taken on by runs of other repositories",
    fix: "add conditions on the token's aud, and on a sub that names the repository",
    wrong: [undefined, "*", "repo:example/*", "repo:*"].map((subject) => ({
      Action: "sts:AssumeRoleWithWebIdentity",
      Principal: { Federated: "arn:aws:iam::123456789012:oidc-provider/ci" },
      Condition: {
        StringEquals: { "ci:aud": "sts.amazonaws.com" },
        ...(subject !== undefined && { StringLike: { "ci:sub": subject } }),
      },
    })),
  },
]);

interface DocumentCondition {
  readonly breaks: (statement: Statement) => boolean;
  readonly message: string;
  readonly fix: string;
  /** Statements that must be found. */
  readonly wrong: readonly ValueMap[];
}

/** A rule about each statement that allows something. */
function documentRule(
  types: readonly string[],
  input: string,
  conditions: readonly DocumentCondition[],
): Rule {
  const broken = (resource: PolicyResource): Finding[] =>
    conditions
      .filter(({ breaks }) =>
        statementsOf(resource, input).some((statement) => statement.allows && breaks(statement)),
      )
      .map(({ message, fix }) => ({ resource, message, fix }));
  const mutantsOf = (graph: Graph, resource: PolicyResource): Mutant[] =>
    conditions.flatMap(({ wrong }) =>
      wrong.map((statement) => ({
        title: `${resource.name}: ${JSON.stringify(statement)}`,
        graph: withStatements(graph, resource, input, (all) => [
          ...all,
          { Effect: "Allow", ...statement },
        ]),
        finds: resource.urn,
      })),
    );
  return {
    check: (graph) => graph.ofType(...types).flatMap(broken),
    mutants: (graph) => graph.ofType(...types).flatMap((resource) => mutantsOf(graph, resource)),
  };
}

/** "*", and ARNs whose part that names the resource is nothing else. */
function isEverything(resource: string): boolean {
  return resource === "*" || resource.split(":").slice(5).join(":") === "*";
}

function isOneProject(subject: string): boolean {
  return SUBJECTS.some((pattern) => pattern.test(subject));
}

/**
 * Services whose guides give the trust of their roles without a condition: a role is handed to them by whoever may pass it,
 * which is somebody of its own account, and they tell no account when they take it on.
 */
const WITHOUT_ACCOUNT = [
  "backup.amazonaws.com",
  "chatbot.amazonaws.com",
  "cloudtrail.amazonaws.com",
  "ec2.amazonaws.com",
  "ecs.amazonaws.com",
  "lambda.amazonaws.com",
];

function tellsAccount(principal: string): boolean {
  return !WITHOUT_ACCOUNT.includes(principal.replace("Service:", ""));
}

export const identityControls: readonly Control[] = [
  {
    id: "IAM-01",
    title: "Rights name actions and resources",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["IAM.1", "IAM.21", "CIS 2.15", "CKV_AWS_62", "CKV_AWS_63", "CKV_AWS_355"],
    status: { kind: "held" },
    rule: namesRights,
  },
  {
    id: "IAM-02",
    title: "Roles are taken on by named services, for this account alone",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["CKV_AWS_60", "CKV_AWS_61", "IAM user guide, the confused deputy problem"],
    status: { kind: "held" },
    rule: namesTrust,
  },
  {
    id: "IAM-03",
    title: "Named roles are passed to named services",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["AWS-0342", "CKV_AWS_289"],
    status: { kind: "held" },
    rule: namesPassed,
  },
  {
    id: "IAM-04",
    title: "Tokens of CI let in the runs of one repository",
    severity: "critical",
    appliesTo: "every-stack",
    sources: ["CKV_AWS_358"],
    status: {
      kind: "optional",
      setting: "ecs-platform-bootstrap:ci",
      because: "not everybody deploys from a pipeline",
    },
    rule: namesSubjects,
  },
];
