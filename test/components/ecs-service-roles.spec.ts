import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { EcsService, type EcsServiceArgs } from "../../components";
import { build, cluster, database, network } from "./support";

const happy = (): EcsServiceArgs => ({ cluster, network, image: "nginx:1.29", desiredCount: 1 });

const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";

const ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret";
const PARAMETER = "arn:aws:ssm:us-east-1:123456789012:parameter/shop";

const writeLogs = {
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  Resource: ["arn:aws:logs:us-east-1:123456789012:log-group:api-logs-1a2b3c4:*"],
};

const readSecrets = (...Resource: string[]) => ({
  Effect: "Allow",
  Action: ["secretsmanager:GetSecretValue"],
  Resource,
});

const readParameters = (...Resource: string[]) => ({
  Effect: "Allow",
  Action: ["ssm:GetParameters"],
  Resource,
});

const openSessions = [
  {
    Effect: "Allow",
    Action: [
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ],
    Resource: ["*"],
  },
  {
    Effect: "Allow",
    Action: ["logs:DescribeLogGroups"],
    Resource: ["arn:aws:logs:us-east-1:123456789012:log-group:*"],
  },
  {
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
    Resource: ["arn:aws:logs:us-east-1:123456789012:log-group:sessions:*"],
  },
];

/** The statements of the only policy of one of the service's roles. */
async function statementsOf(purpose: "execution" | "task", args: EcsServiceArgs) {
  const run = await build(() => new EcsService("api", args));
  const policy = run.one(ROLE_POLICY, `api-${purpose}-policy`);
  assert.equal(policy.input("role"), `api-${purpose}-role-1a2b3c4`);
  const { Version, Statement } = policy.jsonInput("policy") as Record<string, unknown>;
  assert.equal(Version, "2012-10-17");
  return Statement;
}

describe("EcsService, roles", () => {
  for (const purpose of ["execution", "task"]) {
    it(`has a ${purpose} role that only tasks of its own account can take`, async () => {
      const run = await build(() => new EcsService("api", happy()));
      const role = run.one(ROLE, `api-${purpose}-role`);
      assert.deepEqual(Object.keys(role.inputs), ["assumeRolePolicy"]);
      assert.deepEqual(role.jsonInput("assumeRolePolicy"), {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "ecs-tasks.amazonaws.com" },
            Action: ["sts:AssumeRole"],
            Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
          },
        ],
      });
    });
  }

  it("gives the task each role for its own purpose", async () => {
    const run = await build(() => new EcsService("api", happy()));
    const { executionRoleArn, taskRoleArn } = run.one(
      "aws:ecs/taskDefinition:TaskDefinition",
    ).inputs;
    assert.deepEqual(
      { executionRoleArn, taskRoleArn },
      {
        executionRoleArn: "arn:aws:iam::123456789012:role/api-execution-role-1a2b3c4",
        taskRoleArn: "arn:aws:iam::123456789012:role/api-task-role-1a2b3c4",
      },
    );
  });
});

describe("EcsService, execution role", () => {
  it("writes the service's logs, and pulls public images without any right", async () => {
    assert.deepEqual(await statementsOf("execution", happy()), [writeLogs]);
  });

  it("pulls from the one repository of a private image", async () => {
    const image = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/api@sha256:${"0".repeat(64)}`;
    assert.deepEqual(await statementsOf("execution", { ...happy(), image }), [
      writeLogs,
      {
        Effect: "Allow",
        Action: [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:GetDownloadUrlForLayer",
        ],
        Resource: ["arn:aws:ecr:eu-west-1:123456789012:repository/team/api"],
      },
      { Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: ["*"] },
    ]);
  });

  it("gets no right for an image that only looks like a private one", async () => {
    const image = "example.com/123456789012.dkr.ecr.eu-west-1.amazonaws.com/api:1.0";
    assert.deepEqual(await statementsOf("execution", { ...happy(), image }), [writeLogs]);
  });

  it("knows a private image that is computed, in the cluster's partition", async () => {
    const image = pulumi.output("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/api:1.0");
    const elsewhere = { ...cluster, arn: "arn:aws-cn:ecs:cn-north-1:123456789012:cluster/c" };
    const statements = await statementsOf("execution", { ...happy(), image, cluster: elsewhere });
    assert.deepEqual((statements as { Resource: string[] }[])[1]?.Resource, [
      "arn:aws-cn:ecr:cn-north-1:123456789012:repository/api",
    ]);
  });

  it("reads the service's secrets and parameters: each once, whole, in order", async () => {
    const secrets = {
      TWO_USER: `${ARN}:two-AbCdEf:user::`,
      ONE: `${ARN}:one-AbCdEf`,
      TWO_PIN: `${ARN}:two-AbCdEf:pin::`,
      PARAMETER_B: `${PARAMETER}/b`,
      PARAMETER_A: `${PARAMETER}/a`,
    };
    assert.deepEqual(await statementsOf("execution", { ...happy(), secrets }), [
      writeLogs,
      readSecrets(`${ARN}:one-AbCdEf`, `${ARN}:two-AbCdEf`),
      readParameters(`${PARAMETER}/a`, `${PARAMETER}/b`),
    ]);
  });

  it("reads parameters alone where there are no secrets", async () => {
    const secrets = { LICENCE: `${PARAMETER}/a` };
    assert.deepEqual(await statementsOf("execution", { ...happy(), secrets }), [
      writeLogs,
      readParameters(`${PARAMETER}/a`),
    ]);
  });

  it("reads the password of each database that the service talks to", async () => {
    const connections = { orders: database };
    assert.deepEqual(await statementsOf("execution", { ...happy(), connections }), [
      writeLogs,
      readSecrets(database.secretArn),
    ]);
  });
});

describe("EcsService, task role", () => {
  it("may do nothing by default: it has no policy", async () => {
    const run = await build(() => new EcsService("api", happy()));
    assert.deepEqual(
      run.all(ROLE_POLICY).map(({ name }) => name),
      ["api-execution-policy"],
    );
  });

  it("may do what the permissions say", async () => {
    const permissions = [
      { actions: ["s3:GetObject", "s3:PutObject"], resources: ["arn:aws:s3:::uploads/*"] },
      { actions: ["sqs:SendMessage"], resources: ["arn:aws:sqs:us-east-1:123456789012:jobs"] },
    ];
    assert.deepEqual(await statementsOf("task", { ...happy(), permissions }), [
      {
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject"],
        Resource: ["arn:aws:s3:::uploads/*"],
      },
      {
        Effect: "Allow",
        Action: ["sqs:SendMessage"],
        Resource: ["arn:aws:sqs:us-east-1:123456789012:jobs"],
      },
    ]);
  });

  it("may open and record sessions where ECS Exec is on", async () => {
    assert.deepEqual(await statementsOf("task", { ...happy(), exec: true }), openSessions);
  });

  it("may do both", async () => {
    const permissions = [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::uploads/*"] }];
    assert.deepEqual(await statementsOf("task", { ...happy(), permissions, exec: true }), [
      { Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::uploads/*"] },
      ...openSessions,
    ]);
  });
});
