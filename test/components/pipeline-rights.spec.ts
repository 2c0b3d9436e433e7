import * as assert from "node:assert/strict";
import { Pipeline } from "../../components";
import type { Run } from "../support/run";
import { artifacts, connectionArn, full, happy, repository } from "./pipeline-neighbours";
import { build, cluster } from "./support";

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/rolePolicy:RolePolicy";

const ARN = "arn:aws:ecs:us-east-1:123456789012";

/** What a role may do, statement by statement. */
function statements(run: Run, role: string): unknown {
  const policy = run.one(POLICY, `${role}-policy`);
  assert.equal(policy.input("role"), `${role}-role-1a2b3c4`);
  return (policy.jsonInput("policy") as { Statement: unknown }).Statement;
}

const logs = (group: string) => ({
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  Resource: [`arn:aws:logs:us-east-1:123456789012:log-group:${group}-1a2b3c4:*`],
});

const reading = [
  {
    Effect: "Allow",
    Action: ["s3:GetObject", "s3:GetObjectVersion"],
    Resource: [`${artifacts.bucketArn}/server-pipeline-*`],
  },
  { Effect: "Allow", Action: ["kms:Decrypt", "kms:DescribeKey"], Resource: [artifacts.keyArn] },
];

const writing = [
  {
    Effect: "Allow",
    Action: ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
    Resource: [`${artifacts.bucketArn}/server-pipeline-*`],
  },
  {
    Effect: "Allow",
    Action: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"],
    Resource: [artifacts.keyArn],
  },
];

/** Registering revisions with the roles of these services alone. */
const revisions = (...names: readonly string[]) => [
  {
    Effect: "Allow",
    Action: ["ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition"],
    Resource: ["*"],
  },
  {
    Effect: "Allow",
    Action: ["iam:PassRole"],
    Resource: names.flatMap((name) => [
      `arn:aws:iam::123456789012:role/${name}-execution`,
      `arn:aws:iam::123456789012:role/${name}-task`,
    ]),
    Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
  },
];

describe("The roles of a Pipeline", () => {
  let run: Run;
  before(async () => {
    run = await build(() => new Pipeline("server", full()));
  });

  it("are those of its pipeline and its projects, each for its own service of AWS in this account", () => {
    const trusts = run
      .all(ROLE)
      .map((role) => [role.name, role.jsonInput("assumeRolePolicy")] as const);
    const trust = (service: string) => ({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: service },
          Action: ["sts:AssumeRole"],
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        },
      ],
    });
    assert.deepEqual(Object.fromEntries(trusts), {
      "server-build-role": trust("codebuild.amazonaws.com"),
      "server-release-worker-role": trust("codebuild.amazonaws.com"),
      "server-promote-role": trust("codebuild.amazonaws.com"),
      "server-pipeline-role": trust("codepipeline.amazonaws.com"),
    });
    assert.equal(run.all(POLICY).length, trusts.length);
  });

  it("let the build push to its own repository", () => {
    assert.deepEqual(statements(run, "server-build"), [
      logs("server-build-logs"),
      ...writing,
      {
        Effect: "Allow",
        Action: [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:CompleteLayerUpload",
          "ecr:DescribeImages",
          "ecr:GetDownloadUrlForLayer",
          "ecr:InitiateLayerUpload",
          "ecr:PutImage",
          "ecr:UploadLayerPart",
        ],
        Resource: [repository.repositoryArn],
      },
      { Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: ["*"] },
    ]);
  });

  it("let the release run tasks of its own service alone", () => {
    const inCluster = { ArnEquals: { "ecs:cluster": cluster.arn } };
    assert.deepEqual(statements(run, "server-release-worker"), [
      logs("server-release-worker-logs"),
      ...reading,
      {
        Effect: "Allow",
        Action: ["ecs:DescribeServices"],
        Resource: [`${ARN}:service/platform/worker-service`],
      },
      ...revisions("worker"),
      {
        Effect: "Allow",
        Action: ["ecs:RunTask"],
        Resource: [`${ARN}:task-definition/platform-worker:*`],
        Condition: inCluster,
      },
      {
        Effect: "Allow",
        Action: ["ecs:DescribeTasks", "ecs:StopTask"],
        Resource: [`${ARN}:task/platform/*`],
        Condition: inCluster,
      },
      {
        Effect: "Allow",
        Action: ["logs:GetLogEvents"],
        Resource: ["arn:aws:logs:us-east-1:123456789012:log-group:worker-logs:log-stream:*"],
      },
    ]);
  });

  it("let the promotion look at its services and move tags in its own repository", () => {
    assert.deepEqual(statements(run, "server-promote"), [
      logs("server-promote-logs"),
      ...reading,
      {
        Effect: "Allow",
        Action: ["ecs:DescribeServices", "ecs:ListServiceDeployments"],
        Resource: [
          `${ARN}:service/platform/worker-service`,
          `${ARN}:service/platform/server-service`,
        ],
      },
      { Effect: "Allow", Action: ["ecs:DescribeTaskDefinition"], Resource: ["*"] },
      {
        Effect: "Allow",
        Action: ["ecr:BatchGetImage", "ecr:PutImage"],
        Resource: [repository.repositoryArn],
      },
    ]);
  });

  it("let the pipeline read one repository's code, start its own projects and deploy to its own services", () => {
    const project = (purpose: string) =>
      `arn:aws:codebuild:us-east-1:123456789012:project/server-${purpose}-project-1a2b3c4`;
    assert.deepEqual(statements(run, "server-pipeline"), [
      {
        Effect: "Allow",
        Action: ["codeconnections:UseConnection", "codestar-connections:UseConnection"],
        Resource: [connectionArn],
        Condition: {
          StringEqualsIfExists: {
            "codeconnections:FullRepositoryId": "example/go-server",
            "codestar-connections:FullRepositoryId": "example/go-server",
          },
        },
      },
      {
        Effect: "Allow",
        Action: ["s3:PutObjectAcl"],
        Resource: [`${artifacts.bucketArn}/server-pipeline-*`],
      },
      {
        Effect: "Allow",
        Action: ["s3:GetBucketLocation", "s3:GetBucketVersioning"],
        Resource: [artifacts.bucketArn],
      },
      ...writing,
      {
        Effect: "Allow",
        Action: ["codebuild:BatchGetBuilds", "codebuild:StartBuild"],
        Resource: [project("build"), project("release-worker"), project("promote")],
      },
      {
        Effect: "Allow",
        Action: ["ecs:DescribeServices", "ecs:UpdateService"],
        Resource: [
          `${ARN}:service/platform/worker-service`,
          `${ARN}:service/platform/server-service`,
        ],
      },
      ...revisions("worker", "server"),
      {
        Effect: "Allow",
        Action: ["ecs:TagResource"],
        Resource: [
          `${ARN}:task-definition/platform-worker:*`,
          `${ARN}:task-definition/platform-server:*`,
        ],
        Condition: { StringEquals: { "ecs:CreateAction": "RegisterTaskDefinition" } },
      },
    ]);
  });

  it("stay in the partition of the cluster", async () => {
    const china = "arn:aws-cn:ecs:cn-north-1:123456789012:cluster/platform";
    const args = { ...full(), cluster: { ...cluster, arn: china } };
    const there = await build(() => new Pipeline("server", args));
    const text = JSON.stringify(statements(there, "server-release-worker"));
    assert.match(
      text,
      /"arn:aws-cn:ecs:cn-north-1:123456789012:task-definition\/platform-worker:\*"/,
    );
    assert.match(text, /"arn:aws-cn:ecs:cn-north-1:123456789012:task\/platform\/\*"/);
    assert.match(
      text,
      /"arn:aws-cn:logs:cn-north-1:123456789012:log-group:worker-logs:log-stream:\*"/,
    );
  });

  it("reach of the artifacts what starts with the first 20 characters of the pipeline's name", async () => {
    const name = "orders-and-invoices";
    const long = await build(() => new Pipeline(name, happy()));
    const policy = long.one(POLICY, `${name}-promote-policy`).jsonInput("policy");
    assert.match(JSON.stringify(policy), /"arn:aws:s3:::artifacts\/orders-and-invoices-\*"/);
  });
});
