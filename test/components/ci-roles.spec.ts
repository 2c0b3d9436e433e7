import * as assert from "node:assert/strict";
import { CiRoles, type CiRolesArgs } from "../../components";
import { ciRolesSettings } from "../../components/ci-roles/settings";
import {
  type Built,
  build,
  inputsByName,
  itBounds,
  itRefuses,
  itTakes,
  noReason,
  refusal,
} from "./support";

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/policy:Policy";
const PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const BUCKET = "arn:aws:s3:::states";
const KEY = "arn:aws:kms:us-east-1:123456789012:key";
const IAM = "arn:aws:iam::123456789012";

const state = {
  bucketArn: BUCKET,
  bucketKeyArn: `${KEY}/bucket`,
  secretsKeyArn: `${KEY}/secrets`,
};
const github = {
  repository: "example/shop",
  deploy: { dev: { branch: "main" }, prod: { environment: "prod" } },
};
const gitlab = {
  project: "example/web/shop",
  deploy: { dev: { branch: "main" }, prod: { tag: "v1.0.0" } },
};
const pulumiCloud = { organization: "example", stacks: ["dev"] };

const make = (settings: Partial<CiRolesArgs>) =>
  build(() => new CiRoles("ci", { state, ...settings }));

const allowed = (actions: readonly string[], resources: readonly string[], rest: object = {}) => ({
  Effect: "Allow",
  Action: actions,
  Resource: resources,
  ...rest,
});

const trust = (issuer: string, audience: string, subjects: readonly string[]) => ({
  Effect: "Allow",
  Principal: { Federated: `${IAM}:oidc-provider/${issuer}` },
  Action: ["sts:AssumeRoleWithWebIdentity"],
  Condition: { StringEquals: { [`${issuer}:aud`]: audience, [`${issuer}:sub`]: subjects } },
});
const byGithub = (subject: string) =>
  trust("token.actions.githubusercontent.com", "sts.amazonaws.com", [subject]);
const byGitlab = (subject: string) => trust("gitlab.com", "https://gitlab.com", [subject]);

/** Who may take on each role, by the role's name. */
function trustOf(run: Built): Record<string, unknown> {
  const roles = run.all(ROLE).map((role) => [role.name, role.jsonInput("assumeRolePolicy")]);
  return Object.fromEntries(
    roles.map(([name, document]) => [name, (document as { Statement: unknown }).Statement]),
  ) as Record<string, unknown>;
}

const statementsOf = (run: Built, type: string, name: string) =>
  (run.one(type, name).jsonInput("policy") as { Statement: unknown[] }).Statement;

const ofState = (run: Built, role: string) =>
  statementsOf(run, "aws:iam/rolePolicy:RolePolicy", `${role}-state`);

const PREVIEW_STATE = [
  allowed(["s3:ListBucket"], [BUCKET]),
  allowed(
    ["s3:GetObject"],
    [
      `${BUCKET}/.pulumi/meta.yaml`,
      `${BUCKET}/.pulumi/stacks/ecs-platform/prod.json`,
      `${BUCKET}/.pulumi/stacks/ecs-platform/prod.pulumi-tags`,
    ],
  ),
  allowed(["kms:Decrypt"], [`${KEY}/bucket`, `${KEY}/secrets`]),
];

describe("CiRoles", () => {
  it("creates this and nothing else", async () => {
    const { component, children } = await make({ github });
    assert.equal(component.type, "ecs-platform:index:CiRoles");
    assert.deepEqual(children, [
      "aws:iam/openIdConnectProvider:OpenIdConnectProvider ci-github",
      "aws:iam/policy:Policy ci-identities",
      "aws:iam/policy:Policy ci-services",
      "aws:iam/role:Role ci-dev-deploy",
      "aws:iam/role:Role ci-dev-preview",
      "aws:iam/role:Role ci-prod-deploy",
      "aws:iam/role:Role ci-prod-preview",
      "aws:iam/rolePolicy:RolePolicy ci-dev-deploy-state",
      "aws:iam/rolePolicy:RolePolicy ci-dev-preview-state",
      "aws:iam/rolePolicy:RolePolicy ci-prod-deploy-state",
      "aws:iam/rolePolicy:RolePolicy ci-prod-preview-state",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment ci-dev-deploy-identities",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment ci-dev-deploy-services",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment ci-prod-deploy-identities",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment ci-prod-deploy-services",
    ]);
  });

  it("previews what it creates", async () => {
    const all = () => new CiRoles("ci", { state, github, gitlab, pulumiCloud });
    const [preview, deployment] = [await build(all, { preview: true }), await build(all)];
    assert.deepEqual(preview.children, deployment.children);
  });

  it("tells the ARN of each role, by stack and purpose", async () => {
    const { component } = await make({ github: { ...github, driftFrom: { branch: "main" } } });
    const arn = (role: string) => `${IAM}:role/ci-${role}-1a2b3c4`;
    assert.deepEqual(component.outputs, {
      roleArns: {
        dev: { deploy: arn("dev-deploy"), preview: arn("dev-preview"), drift: arn("dev-drift") },
        prod: {
          deploy: arn("prod-deploy"),
          preview: arn("prod-preview"),
          drift: arn("prod-drift"),
        },
      },
    });
  });

  it("makes a provider for each issuer of tokens, for tokens that are meant for it", async () => {
    const run = await make({ github, gitlab, pulumiCloud });
    assert.deepEqual(inputsByName(run, PROVIDER), {
      "ci-github": {
        url: "https://token.actions.githubusercontent.com",
        clientIdLists: ["sts.amazonaws.com"],
      },
      "ci-gitlab": { url: "https://gitlab.com", clientIdLists: ["https://gitlab.com"] },
      "ci-pulumi-cloud": { url: "https://api.pulumi.com/oidc", clientIdLists: ["example"] },
    });
  });

  it("uses the provider that the account has, for AWS takes no second", async () => {
    const existingProviderArn = `${IAM}:oidc-provider/token.actions.githubusercontent.com`;
    const run = await make({ github: { ...github, existingProviderArn } });
    assert.deepEqual(run.all(PROVIDER), []);
    assert.deepEqual(trustOf(run)["ci-dev-deploy"], [
      byGithub("repo:example/shop:ref:refs/heads/main"),
    ]);
  });

  it("keeps the roles below a path, with a limit to a login and the boundary that is given", async () => {
    const permissionsBoundaryArn = `${IAM}:policy/boundary`;
    const run = await make({ github, maxSessionHours: 2, permissionsBoundaryArn });
    const { assumeRolePolicy: _, ...inputs } = run.one(ROLE, "ci-dev-deploy").inputs;
    assert.deepEqual(inputs, {
      path: "/ecs-platform-ci/",
      description: "Deploys the stack dev of ecs-platform",
      maxSessionDuration: 7200,
      permissionsBoundary: permissionsBoundaryArn,
    });
    for (const policy of run.all(POLICY)) assert.equal(policy.input("path"), "/ecs-platform-ci/");
  });

  it("lists every problem and registers nothing", async () => {
    const wrong = { state, maxSessionHours: 13, github: { ...github, repository: "example/*" } };
    const error = await refusal(() => new CiRoles("ci", wrong));
    assert.match(error.message, /^CiRoles "ci": 2 problems; nothing was created\.\n/);
  });
});

describe("CiRoles, trust", () => {
  it("admits a branch, an environment and pull requests of one repository of GitHub, exactly", async () => {
    assert.deepEqual(trustOf(await make({ github })), {
      "ci-dev-deploy": [byGithub("repo:example/shop:ref:refs/heads/main")],
      "ci-dev-preview": [byGithub("repo:example/shop:pull_request")],
      "ci-prod-deploy": [byGithub("repo:example/shop:environment:prod")],
      "ci-prod-preview": [byGithub("repo:example/shop:pull_request")],
    });
  });

  it("admits a tag, and who looks for drift to a role of its own", async () => {
    const deploy = { prod: { tag: "v1.0.0" } };
    const driftFrom = { branch: "main" };
    const run = await make({
      github: { ...github, deploy, driftFrom, previewPullRequests: false },
    });
    assert.deepEqual(trustOf(run), {
      "ci-prod-deploy": [byGithub("repo:example/shop:ref:refs/tags/v1.0.0")],
      "ci-prod-drift": [byGithub("repo:example/shop:ref:refs/heads/main")],
    });
  });

  it("knows a repository of GitHub by its numbers, where subjects have these", async () => {
    const ids = { owner: 123456, repository: 456789 };
    const run = await make({ github: { ...github, ids } });
    assert.deepEqual(trustOf(run)["ci-dev-deploy"], [
      byGithub("repo:example@123456/shop@456789:ref:refs/heads/main"),
    ]);
    assert.deepEqual(trustOf(run)["ci-dev-preview"], [
      byGithub("repo:example@123456/shop@456789:pull_request"),
    ]);
  });

  it("admits a branch and a tag of one project of GitLab to both roles, exactly", async () => {
    const branch = byGitlab("project_path:example/web/shop:ref_type:branch:ref:main");
    const tag = byGitlab("project_path:example/web/shop:ref_type:tag:ref:v1.0.0");
    assert.deepEqual(trustOf(await make({ gitlab })), {
      "ci-dev-deploy": [branch],
      "ci-dev-preview": [branch],
      "ci-prod-deploy": [tag],
      "ci-prod-preview": [tag],
    });
  });

  it("admits any branch of the project of GitLab to previews alone, for a reason", async () => {
    const previewFromAnyBranchBecause = "merge requests shall show what they change";
    const deploy = { dev: { branch: "main" } };
    const run = await make({ gitlab: { ...gitlab, deploy, previewFromAnyBranchBecause } });
    assert.deepEqual(trustOf(run)["ci-dev-preview"], [
      {
        ...byGitlab(""),
        Condition: {
          StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
          StringLike: { "gitlab.com:sub": ["project_path:example/web/shop:ref_type:branch:ref:*"] },
        },
      },
    ]);
    assert.deepEqual(trustOf(run)["ci-dev-deploy"], [
      byGitlab("project_path:example/web/shop:ref_type:branch:ref:main"),
    ]);
  });

  it("admits a GitLab of one's own, and who looks for drift there", async () => {
    const host = "gitlab.example.com";
    const deploy = { dev: { branch: "main" } };
    const run = await make({ gitlab: { ...gitlab, deploy, host, driftFrom: { branch: "main" } } });
    assert.equal(run.one(PROVIDER).input("url"), "https://gitlab.example.com");
    const main = "project_path:example/web/shop:ref_type:branch:ref:main";
    const admitted = [trust(host, "https://gitlab.example.com", [main])];
    assert.deepEqual(trustOf(run), {
      "ci-dev-deploy": admitted,
      "ci-dev-preview": admitted,
      "ci-dev-drift": admitted,
    });
  });

  const ofCloud = (stack: string, operation: string) =>
    `pulumi:deploy:org:example:project:ecs-platform:stack:${stack}:operation:${operation}:scope:write`;
  const OPERATIONS = ["update", "refresh", "destroy", "detect-drift", "remediate-drift"];

  it("admits every operation of Pulumi Deployments on a stack but previews", async () => {
    assert.deepEqual(trustOf(await make({ pulumiCloud })), {
      "ci-dev-deploy": [
        trust(
          "api.pulumi.com/oidc",
          "example",
          OPERATIONS.map((operation) => ofCloud("dev", operation)),
        ),
      ],
    });
  });

  it("admits previews of Pulumi Deployments to the role that deploys, for a reason", async () => {
    const previewsDeployBecause = "only maintainers can open a pull request";
    const run = await make({ pulumiCloud: { ...pulumiCloud, previewsDeployBecause } });
    assert.deepEqual(trustOf(run), {
      "ci-dev-deploy": [
        trust(
          "api.pulumi.com/oidc",
          "example",
          ["preview", ...OPERATIONS].map((operation) => ofCloud("dev", operation)),
        ),
      ],
    });
  });

  it("admits review stacks of Pulumi Cloud by a wildcard in the stack alone, for a reason", async () => {
    const reviewStacksBecause = "the account has nothing but review stacks";
    const run = await make({ pulumiCloud: { ...pulumiCloud, reviewStacksBecause } });
    const { StringEquals, ...condition } = {
      StringEquals: { "api.pulumi.com/oidc:aud": "example" },
      StringLike: {
        "api.pulumi.com/oidc:sub": ["update", "refresh", "destroy"].map((operation) =>
          ofCloud("pr-*", operation),
        ),
      },
    };
    assert.deepEqual(trustOf(run)["ci-pr-deploy"], [
      {
        ...trust("api.pulumi.com/oidc", "example", []),
        Condition: { StringEquals, ...condition },
      },
    ]);
  });

  it("admits all of a stack's pipelines to the same role, in the 2,048 characters that AWS takes", async () => {
    const run = await make({ github, gitlab, pulumiCloud });
    const issuers = trustOf(run)["ci-dev-deploy"] as { Principal: unknown }[];
    assert.deepEqual(
      issuers.map(({ Principal }) => Principal),
      ["token.actions.githubusercontent.com", "gitlab.com", "api.pulumi.com/oidc"].map(
        (issuer) => ({
          Federated: `${IAM}:oidc-provider/${issuer}`,
        }),
      ),
    );
    const document = run.one(ROLE, "ci-dev-deploy").input("assumeRolePolicy") as string;
    assert.ok(document.length < 2048);
  });
});

describe("CiRoles, rights", () => {
  it("of a preview are to read one state, and nothing else", async () => {
    const run = await make({ github });
    assert.deepEqual(ofState(run, "ci-prod-preview"), PREVIEW_STATE);
    const attachments = run.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment");
    assert.deepEqual(
      [...new Set(attachments.map((attachment) => attachment.input("role")))].sort(),
      ["ci-dev-deploy-1a2b3c4", "ci-prod-deploy-1a2b3c4"],
    );
  });

  it("of a deployment are to save the one state, its history and its lock", async () => {
    const run = await make({ github });
    assert.deepEqual(ofState(run, "ci-prod-deploy"), [
      ...PREVIEW_STATE,
      allowed(
        ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
        [
          `${BUCKET}/.pulumi/backups/ecs-platform/prod/*`,
          `${BUCKET}/.pulumi/history/ecs-platform/prod/*`,
          `${BUCKET}/.pulumi/locks/organization/ecs-platform/prod/*`,
          `${BUCKET}/.pulumi/stacks/ecs-platform/prod.json`,
          `${BUCKET}/.pulumi/stacks/ecs-platform/prod.json.bak`,
          `${BUCKET}/.pulumi/stacks/ecs-platform/prod.pulumi-tags`,
        ],
      ),
      allowed(["kms:GenerateDataKey"], [`${KEY}/bucket`]),
    ]);
  });

  it("are to the state of the project that is named", async () => {
    const run = await make({ github, project: "shop" });
    const [, read] = ofState(run, "ci-dev-preview") as { Resource: string[] }[];
    assert.deepEqual(read?.Resource, [
      `${BUCKET}/.pulumi/meta.yaml`,
      `${BUCKET}/.pulumi/stacks/shop/dev.json`,
      `${BUCKET}/.pulumi/stacks/shop/dev.pulumi-tags`,
    ]);
  });

  it("of a deployment are all that the services of the platform know, but for other states and their keys", async () => {
    const statements = statementsOf(await make({ github }), POLICY, "ci-services");
    const [services, ...others] = statements as { Action: string[]; Resource: string[] }[];
    assert.deepEqual(services?.Resource, ["*"]);
    for (const action of services?.Action ?? []) assert.match(action, /^[a-z0-9-]+:\*$/);
    assert.deepEqual(others, [
      { Effect: "Allow", Action: ["s3:*"], NotResource: [BUCKET, `${BUCKET}/*`] },
      { Effect: "Allow", Action: ["kms:*"], NotResource: [`${KEY}/bucket`, `${KEY}/secrets`] },
      allowed(["codestar-connections:PassConnection"], ["*"]),
      allowed(["backup-storage:MountCapsule"], ["*"]),
      allowed(
        ["ssm:GetParameter", "ssm:GetParameters"],
        ["arn:aws:ssm:*::parameter/aws/service/*"],
      ),
    ]);
  });

  it("of a deployment are to make roles and hand them to services, and not to touch those of pipelines", async () => {
    const statements = statementsOf(await make({ github }), POLICY, "ci-identities");
    const [roles, policies, profiles, pass, ...others] = statements;
    assert.deepEqual(
      roles,
      allowed(
        [
          "iam:AttachRolePolicy",
          "iam:CreateRole",
          "iam:DeleteRole",
          "iam:DeleteRolePolicy",
          "iam:DetachRolePolicy",
          "iam:GetRole",
          "iam:GetRolePolicy",
          "iam:ListAttachedRolePolicies",
          "iam:ListInstanceProfilesForRole",
          "iam:ListRolePolicies",
          "iam:PutRolePolicy",
          "iam:TagRole",
          "iam:UntagRole",
          "iam:UpdateAssumeRolePolicy",
          "iam:UpdateRole",
          "iam:UpdateRoleDescription",
        ],
        [`${IAM}:role/*`],
      ),
    );
    assert.deepEqual(
      policies,
      allowed(
        [
          "iam:CreatePolicy",
          "iam:CreatePolicyVersion",
          "iam:DeletePolicy",
          "iam:DeletePolicyVersion",
          "iam:GetPolicy",
          "iam:GetPolicyVersion",
          "iam:ListPolicyVersions",
          "iam:TagPolicy",
          "iam:UntagPolicy",
        ],
        [`${IAM}:policy/*`],
      ),
    );
    assert.deepEqual(
      profiles,
      allowed(
        [
          "iam:AddRoleToInstanceProfile",
          "iam:CreateInstanceProfile",
          "iam:DeleteInstanceProfile",
          "iam:GetInstanceProfile",
          "iam:RemoveRoleFromInstanceProfile",
          "iam:TagInstanceProfile",
          "iam:UntagInstanceProfile",
        ],
        [`${IAM}:instance-profile/*`],
      ),
    );
    const { Condition: _, ...passing } = pass as Record<string, unknown>;
    assert.deepEqual(passing, allowed(["iam:PassRole"], [`${IAM}:role/*`]));
    assert.deepEqual(others, [
      allowed(
        [
          "iam:CreateServiceLinkedRole",
          "iam:DeleteServiceLinkedRole",
          "iam:GetServiceLinkedRoleDeletionStatus",
        ],
        [`${IAM}:role/aws-service-role/*`],
      ),
      {
        Effect: "Deny",
        Action: ["iam:*"],
        Resource: [
          `${IAM}:role/ecs-platform-ci/*`,
          `${IAM}:policy/ecs-platform-ci/*`,
          `${IAM}:oidc-provider/*`,
        ],
      },
    ]);
  });

  it("of who looks for drift are to read what tells of resources, and not what is in them", async () => {
    const run = await make({ github: { ...github, driftFrom: { branch: "main" } } });
    const [reading, ...others] = ofState(run, "ci-prod-drift").slice(PREVIEW_STATE.length);
    assert.deepEqual(ofState(run, "ci-prod-drift").slice(0, PREVIEW_STATE.length), PREVIEW_STATE);
    const actions = (reading as { Action: string[] }).Action;
    assert.deepEqual(
      actions.filter((action) => !/^[a-z0-9-]+:(Describe|Get|List)\*$/.test(action)),
      ["budgets:ViewBudget", "codebuild:BatchGetProjects"],
    );
    assert.deepEqual(others, [
      {
        Effect: "Deny",
        Action: [
          "dynamodb:GetItem",
          "dynamodb:GetRecords",
          "ec2:GetConsoleOutput",
          "ecr:GetDownloadUrlForLayer",
          "logs:GetLogEvents",
          "logs:GetLogObject",
          "logs:GetLogRecord",
          "logs:GetQueryResults",
        ],
        Resource: ["*"],
      },
      {
        Effect: "Deny",
        Action: ["s3:GetObject*"],
        NotResource: [
          `${BUCKET}/.pulumi/meta.yaml`,
          `${BUCKET}/.pulumi/stacks/ecs-platform/prod.json`,
          `${BUCKET}/.pulumi/stacks/ecs-platform/prod.pulumi-tags`,
        ],
      },
    ]);
  });

  it("fit into the 6,144 characters of a policy", async () => {
    for (const policy of (await make({ github })).all(POLICY)) {
      assert.ok((policy.input("policy") as string).length < 6144, policy.name);
    }
  });
});

const happy = { github, gitlab, pulumiCloud };

describe("CiRoles settings", () => {
  it("have these defaults", () => {
    assert.deepEqual(ciRolesSettings.parse({ github }), {
      project: "ecs-platform",
      maxSessionHours: 1,
      github: { ...github, previewPullRequests: true },
    });
    assert.equal(ciRolesSettings.parse({ gitlab }).gitlab?.host, "gitlab.com");
  });

  itBounds(ciRolesSettings, happy, { maxSessionHours: [1, 12] });

  itTakes(ciRolesSettings, happy, {
    "GitLab alone": { github: undefined, pulumiCloud: undefined },
    "Pulumi Cloud alone": { github: undefined, gitlab: undefined },
    "a branch with a slash": { "github.deploy.dev.branch": "release/2026-11" },
    "an existing provider of GitLab": {
      "gitlab.existingProviderArn": `${IAM}:oidc-provider/gitlab.com`,
    },
    "an existing provider of Pulumi Cloud": {
      "pulumiCloud.existingProviderArn": `${IAM}:oidc-provider/api.pulumi.com/oidc`,
    },
    "a boundary of AWS": { permissionsBoundaryArn: "arn:aws:iam::aws:policy/PowerUserAccess" },
  });

  const inexact = (key: string, value: string) => ({
    change: { [key]: value },
    problem: {
      key,
      value,
      rule: "must be one exact name: a wildcard would let others in",
      allowed: "a name without *, ?, :, $ or blanks",
      fix: "write the one name that shall be let in",
    },
  });
  const noRepository = (value: string) => ({
    change: { "github.repository": value },
    problem: {
      key: "github.repository",
      value,
      rule: "must be one repository",
      allowed: "OWNER/REPOSITORY, spelt as GitHub spells it, without *",
      fix: 'write it like "example/shop"',
    },
  });
  const noProject = (value: string) => ({
    change: { "gitlab.project": value },
    problem: {
      key: "gitlab.project",
      value,
      rule: "must be one project",
      allowed: "GROUP/PROJECT, with all groups, without *",
      fix: 'write it like "example/shop"',
    },
  });
  const noOrganization = (value: string) => ({
    change: { "pulumiCloud.organization": value },
    problem: {
      key: "pulumiCloud.organization",
      value,
      rule: "must be one organization",
      allowed: "the name of an organization of Pulumi Cloud in lower case, without *",
      fix: "write the name as it is in the address of its page",
    },
  });
  const notOne = (key: string, value: object, fix: string) => ({
    change: { [key]: value },
    problem: {
      key,
      value,
      rule: "must name exactly one of the things that can run",
      allowed: "one of branch, tag and environment (GitHub alone has the last)",
      fix,
    },
  });
  const noProvider = (key: string, value: string, url: string) => ({
    change: { [key]: value },
    problem: {
      key,
      value,
      rule: "must be the ARN of the provider of these tokens",
      allowed: `arn:aws:iam::ACCOUNT:oidc-provider/${url}`,
      fix: "look it up by `aws iam list-open-id-connect-providers`",
    },
  });
  const nobody = { rule: "lets nobody in" };

  itRefuses(ciRolesSettings, happy, {
    "a wildcard for the owner of a repository": noRepository("*/shop"),
    "a wildcard for a repository": noRepository("example/*"),
    "a repository without an owner": noRepository("shop"),
    "a wildcard for a group of GitLab": noProject("*/shop"),
    "a wildcard for a project of GitLab": noProject("example/*"),
    "a wildcard for an organization of Pulumi Cloud": noOrganization("*"),
    "capital letters in an organization of Pulumi Cloud": noOrganization("Example"),
    "a wildcard for a branch of GitHub": inexact("github.deploy.dev.branch", "release/*"),
    "one unknown character in a branch": inexact("github.deploy.dev.branch", "mai?"),
    "a variable of IAM for a branch": inexact("github.deploy.dev.branch", "$x"),
    "a colon in an environment": inexact("github.deploy.prod.environment", "prod:pull_request"),
    "a wildcard for a branch of GitLab": inexact("gitlab.deploy.dev.branch", "*"),
    "a wildcard for a tag of GitLab": inexact("gitlab.deploy.prod.tag", "v*"),
    "a wildcard for where drift is looked for": {
      ...inexact("github.driftFrom.branch", "*"),
    },
    "a wildcard for the project of Pulumi": inexact("project", "*"),
    "a deployment from pull requests": {
      change: { "github.deploy.dev": "pull_request" },
      problem: {
        key: "github.deploy.dev",
        value: "pull_request",
        rule: "must be a map with the keys branch, tag, environment",
        allowed: "a map with the keys branch, tag, environment",
        fix: "set a map with the keys branch, tag, environment",
      },
    },
    "a deployment from nothing": notOne("github.deploy.dev", {}, "add one of them"),
    "a deployment from two things": notOne(
      "gitlab.deploy.dev",
      { branch: "main", tag: "v1.0.0" },
      "keep one of them",
    ),
    "an environment of GitLab, which its subjects do not name": {
      change: { "gitlab.deploy.dev.environment": "dev" },
      problem: {
        key: "gitlab.deploy.dev.environment",
        value: "dev",
        rule: "is not a known key",
        allowed: "branch, tag",
        fix: "remove it",
      },
    },
    "no stack to deploy": {
      change: { "github.deploy": {} },
      problem: {
        key: "github.deploy",
        value: {},
        ...nobody,
        allowed: "at least one stack, with what deploys it",
        fix: "add a stack, or remove the section",
      },
    },
    "another issuer's provider for GitHub": noProvider(
      "github.existingProviderArn",
      `${IAM}:oidc-provider/gitlab.com`,
      "token.actions.githubusercontent.com",
    ),
    "a role for a provider": noProvider("gitlab.existingProviderArn", `${IAM}:role/x`, "HOST"),
    "the provider of another GitLab": {
      change: { "gitlab.existingProviderArn": `${IAM}:oidc-provider/gitlab.example.com` },
      problem: {
        key: "gitlab.existingProviderArn",
        value: `${IAM}:oidc-provider/gitlab.example.com`,
        rule: "is the provider of another host",
        allowed: "the ARN of the provider of `host`",
        fix: "look it up by `aws iam list-open-id-connect-providers`",
      },
    },
    "an address for a host": {
      change: { "gitlab.host": "https://gitlab.example.com" },
      problem: {
        key: "gitlab.host",
        value: "https://gitlab.example.com",
        rule: "must be a host name",
        allowed: "the host alone, in lower case",
        fix: 'write it like "gitlab.example.com"',
      },
    },
    "a boundary that is no policy": {
      change: { permissionsBoundaryArn: `${IAM}:role/x` },
      problem: {
        key: "permissionsBoundaryArn",
        value: `${IAM}:role/x`,
        rule: "must be the ARN of a policy",
        allowed: "arn:aws:iam::ACCOUNT:policy/NAME",
        fix: "look it up by `aws iam list-policies --scope Local`",
      },
    },
    "previews from any branch without a reason": {
      change: { "gitlab.previewFromAnyBranchBecause": "yes" },
      problem: noReason("gitlab.previewFromAnyBranchBecause", "yes"),
    },
    "previews that deploy without a reason": {
      change: { "pulumiCloud.previewsDeployBecause": "yes" },
      problem: noReason("pulumiCloud.previewsDeployBecause", "yes"),
    },
    "review stacks without a reason": {
      change: { "pulumiCloud.reviewStacksBecause": "yes" },
      problem: noReason("pulumiCloud.reviewStacksBecause", "yes"),
    },
    "a stack twice": {
      change: { "pulumiCloud.stacks": ["dev", "dev"] },
      problem: {
        key: "pulumiCloud.stacks",
        value: ["dev", "dev"],
        rule: "has an entry twice",
        allowed: "different stacks",
        fix: "remove the repeated entry",
      },
    },
  });

  itRefuses(
    ciRolesSettings,
    {},
    {
      "nobody to let in": {
        change: {},
        problem: {
          key: "",
          value: {},
          ...nobody,
          allowed: "at least one of github, gitlab and pulumiCloud",
          fix: "add one, or remove the section",
        },
      },
    },
  );
});
