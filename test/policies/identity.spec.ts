import * as assert from "node:assert/strict";
import type { ValueMap } from "../../policies/graph";
import { document, findings, resource } from "./fixtures";

const POLICY = "aws:iam/rolePolicy:RolePolicy";
const ROLE = "aws:iam/role:Role";
const ROLE_ARN = "arn:aws:iam::123456789012:role/app";

const allows = (name: string, statement: ValueMap) =>
  resource(POLICY, name, { policy: document({ Effect: "Allow", ...statement }) });
const trusts = (name: string, statement: ValueMap) =>
  resource(ROLE, name, { assumeRolePolicy: document({ Effect: "Allow", ...statement }) });

describe("policies about identities", () => {
  it("IAM-01: reports rights to every action, and on everything where AWS has resources", () => {
    const everything = "allows an action on everything, for which AWS has resources";
    assert.deepEqual(
      findings("IAM-01", [
        allows("named", { Action: "s3:GetObject", Resource: "arn:aws:s3:::shop/*" }),
        allows("token", { Action: "ecr:GetAuthorizationToken", Resource: "*" }),
        allows("denied", { Effect: "Deny", Action: "*", Resource: "*" }),
        allows("all-of-s3", { Action: "s3:*", Resource: "arn:aws:s3:::shop/*" }),
        allows("anything", { Action: ["s3:GetObject"], Resource: ["*"] }),
        allows("any-bucket", { Action: "s3:GetObject", Resource: "arn:aws:s3:::*" }),
        allows("all-but-one", { Action: "s3:GetObject", NotResource: "arn:aws:s3:::shop/*" }),
      ]),
      [
        "all-of-s3: allows every action of a service",
        `anything: ${everything}`,
        `any-bucket: ${everything}`,
        `all-but-one: ${everything}`,
      ],
    );
  });

  it("IAM-02: reports a role that everybody takes on, or a service for another account", () => {
    const Action = "sts:AssumeRole";
    const tasks = { Service: "ecs-tasks.amazonaws.com" };
    assert.deepEqual(
      findings("IAM-02", [
        trusts("own", {
          Action,
          Principal: tasks,
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        }),
        trusts("host", { Action, Principal: { Service: "ec2.amazonaws.com" } }),
        trusts("confused", { Action, Principal: tasks }),
        trusts("open", { Action, Principal: "*" }),
      ]),
      [
        "confused: may be used by a service on behalf of another account",
        "open: may be taken on by everybody",
      ],
    );
  });

  it("IAM-03: reports a right to hand any role, or to any service", () => {
    const passed = { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } };
    const pass = { Action: ["iam:PassRole"], Resource: ROLE_ARN, Condition: passed };
    assert.deepEqual(
      findings("IAM-03", [
        allows("narrow", pass),
        allows("any-role", { ...pass, Resource: "*" }),
        allows("any-service", { ...pass, Condition: undefined }),
      ]),
      [
        "any-role: may hand any role to any service",
        "any-service: may hand any role to any service",
      ],
    );
  });

  it("IAM-04: reports tokens of other repositories, and those that are not meant for AWS", () => {
    const aud = { "ci:aud": "sts.amazonaws.com" };
    const byToken = (Condition: ValueMap): ValueMap => ({
      Action: "sts:AssumeRoleWithWebIdentity",
      Principal: { Federated: "arn:aws:iam::123456789012:oidc-provider/ci" },
      Condition,
    });
    const from = (subject: string) =>
      byToken({ StringEquals: aud, StringLike: { "ci:sub": subject } });
    assert.deepEqual(
      findings("IAM-04", [
        trusts("branch", from("repo:example/shop:ref:refs/heads/main")),
        trusts("any-branch", from("project_path:example/shop:ref_type:branch:ref:*")),
        trusts("stack", from("pulumi:deploy:org:example:project:shop:stack:prod:operation:update")),
        trusts("any-repository", from("repo:example/*")),
        trusts("anybody", byToken({ StringEquals: aud })),
        trusts(
          "any-audience",
          byToken({ StringEquals: { "ci:sub": "repo:example/shop:ref:refs/heads/main" } }),
        ),
      ]),
      ["any-repository", "anybody", "any-audience"].map(
        (name) => `${name}: may be taken on by runs of other repositories`,
      ),
    );
  });
});
