import * as assert from "node:assert/strict";
import type { Run } from "../support/run";
import {
  actionsOf,
  arn,
  containerOf,
  may,
  rulesInto,
  rulesOutOf,
  secretsOf,
  statementsOf,
  trustedBy,
} from "./reading";
import { problemsOf, runExample } from "./support";

const EXAMPLE = "fargate-reference";
const EXECUTION = "app-execution-role";
const TASK = "app-task-role";
const ROLES = [EXECUTION, TASK, "other-execution-role", "other-task-role"];
const ROLE = "aws:iam/role:Role";
const LOGS = "aws:cloudwatch/logGroup:LogGroup";
const ORDERS = "arn:aws:sqs:us-west-2:123456789012:orders";

/** The example with a second service, so that what is one's own can be told from the other's. */
const other = { "services.other": { image: "public.ecr.aws/nginx/nginx:1.29", port: 80 } };

/** Groups that a resource has, by their logical names. */
function groupsOf(value: unknown): string[] {
  return (value as string[]).map((id) => id.replace(/-id$/, ""));
}

function arnOf(run: Run, type: string, name: string): string {
  const own = run.one(type, name).outputs["arn"];
  return typeof own === "string" ? own : assert.fail(`${name} has no ARN`);
}

describe("seed 002, security groups and roles of the reference on Fargate", () => {
  let run: Run;
  before(async () => {
    run = await runExample(EXAMPLE);
  });

  it("S002-75: the load balancer has a security group", () => {
    const groups = run.one("aws:lb/loadBalancer:LoadBalancer").input("securityGroups");
    assert.deepEqual(groupsOf(groups), ["load-balancer-security-group"]);
  });

  it("S002-76, S002-77: which lets everybody in on 80 and 443", () => {
    assert.deepEqual(rulesInto(run, "load-balancer-security-group"), [
      "tcp 443 from 0.0.0.0/0",
      "tcp 443 from ::/0",
      "tcp 80 from 0.0.0.0/0",
      "tcp 80 from ::/0",
    ]);
  });

  it("S002-78: and nothing out but requests to the tasks", () => {
    assert.deepEqual(rulesOutOf(run, "load-balancer-security-group"), [
      "tcp 3000 to app-security-group",
    ]);
  });

  it("S002-79, S002-80: the tasks have one, too, which lets in the load balancer on their port and nobody else", () => {
    const groups = run.one("aws:ecs/service:Service").input("networkConfiguration.securityGroups");
    assert.deepEqual(groupsOf(groups), ["app-security-group"]);
    assert.deepEqual(rulesInto(run, "app-security-group"), [
      "tcp 3000 from load-balancer-security-group",
    ]);
  });

  it("S002-81, S002-82: tasks reach everything on 443, and on 80 as long as the configuration says so", async () => {
    assert.deepEqual(rulesOutOf(run, "app-security-group"), [
      "tcp 443 to 0.0.0.0/0",
      "tcp 443 to ::/0",
      "tcp 80 to 0.0.0.0/0",
      "tcp 80 to ::/0",
    ]);
    const without = await runExample(EXAMPLE, { "services.app.egress": undefined });
    assert.deepEqual(rulesOutOf(without, "app-security-group"), [
      "tcp 443 to 0.0.0.0/0",
      "tcp 443 to ::/0",
    ]);
  });

  it("S002-83, S002-88: an execution role and a task role, each taken by ECS tasks alone", () => {
    const task = run.one("aws:ecs/taskDefinition:TaskDefinition");
    const [execution, own] = [EXECUTION, TASK].map((role) => arnOf(run, ROLE, role));
    assert.equal(task.input("executionRoleArn"), execution);
    assert.equal(task.input("taskRoleArn"), own);
    assert.notEqual(execution, own);
    for (const role of [EXECUTION, TASK]) {
      assert.equal(trustedBy(run, role), "ecs-tasks.amazonaws.com");
    }
  });

  it("S002-84: the execution role pulls the service's image where it is in ECR, and no other", async () => {
    const withEcr = await runExample(EXAMPLE, {
      "services.app.image": "123456789012.dkr.ecr.us-west-2.amazonaws.com/app:1.0.0",
    });
    const pull = [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:GetDownloadUrlForLayer",
    ];
    const repository = (name: string) => arn("ecr", `repository/${name}`, "us-west-2");
    for (const action of pull) {
      assert.ok(may(withEcr, EXECUTION, action, repository("app")));
      assert.ok(!may(withEcr, EXECUTION, action, repository("other")));
    }
    assert.ok(may(withEcr, EXECUTION, "ecr:GetAuthorizationToken", "*"));
    // A public image needs no right.
    assert.deepEqual(
      actionsOf(run, EXECUTION).filter((action) => action.startsWith("ecr:")),
      [],
    );
  });

  it("S002-85: the execution role writes the service's own logs alone", async () => {
    const both = await runExample(EXAMPLE, other);
    const group = (name: string) => `${arnOf(both, LOGS, `${name}-logs`)}:log-stream:any`;
    for (const action of ["logs:CreateLogStream", "logs:PutLogEvents"]) {
      assert.ok(may(both, EXECUTION, action, group("app")));
      assert.ok(!may(both, EXECUTION, action, group("other")));
    }
  });

  it("S002-20, S002-86: a secret of each service, which its execution role alone may read", async () => {
    const both = await runExample(EXAMPLE, other);
    const secret = (name: string) =>
      arnOf(both, "aws:secretsmanager/secret:Secret", `${name}-vault`);
    const readers = (name: string) =>
      ROLES.filter((role) => may(both, role, "secretsmanager:GetSecretValue", secret(name)));
    assert.deepEqual(readers("app"), [EXECUTION]);
    assert.deepEqual(readers("other"), ["other-execution-role"]);
    assert.deepEqual(secretsOf(containerOf(both, "app")), { PORT: `${secret("app")}:PORT::` });
  });

  it("S002-87: a parameter that the configuration names becomes a variable, which the execution role may read", async () => {
    const parameter = arn("ssm", "parameter/app/level", "us-west-2");
    const withParameter = await runExample(EXAMPLE, {
      "services.app.secrets": { LEVEL: parameter },
    });
    assert.equal(secretsOf(containerOf(withParameter, "app"))["LEVEL"], parameter);
    const rights = statementsOf(withParameter, EXECUTION).filter(({ Action }) =>
      Action.includes("ssm:GetParameters"),
    );
    assert.deepEqual(
      rights.map(({ Effect, Action, Resource }) => ({ Effect, Action, Resource })),
      [{ Effect: "Allow", Action: ["ssm:GetParameters"], Resource: [parameter] }],
    );
    assert.ok(!actionsOf(run, EXECUTION).includes("ssm:GetParameters"));
  });

  it("S002-89, S002-92: a service's permissions reach its own task role and no other", async () => {
    const permitted = await runExample(EXAMPLE, {
      ...other,
      "services.app.permissions": [{ actions: ["sqs:SendMessage"], resources: [ORDERS] }],
    });
    const senders = ROLES.filter((role) => may(permitted, role, "sqs:SendMessage", ORDERS));
    assert.deepEqual(senders, [TASK]);
    assert.deepEqual(actionsOf(permitted, TASK), ["sqs:SendMessage"]);
  });

  it("S002-90: a bucket that the service names gives its task role the objects of that bucket", async () => {
    const withBucket = await runExample(EXAMPLE, {
      "buckets.uploads": {},
      "buckets.others": {},
      "services.app.buckets": { uploads: "read-write" },
    });
    const bucket = (key: string) => arnOf(withBucket, "aws:s3/bucket:Bucket", `${key}-bucket`);
    for (const action of ["s3:GetObject", "s3:PutObject"]) {
      assert.ok(may(withBucket, TASK, action, `${bucket("uploads")}/a`));
      assert.ok(!may(withBucket, TASK, action, `${bucket("others")}/a`));
    }
    assert.ok(may(withBucket, TASK, "s3:ListBucket", bucket("uploads")));
    assert.ok(!may(withBucket, EXECUTION, "s3:GetObject", `${bucket("uploads")}/a`));
  });

  it("S002-91: a table that the service names gives its task role the items of that table", async () => {
    const key = { partitionKey: { name: "id" } };
    const withTable = await runExample(EXAMPLE, {
      "tables.orders": key,
      "tables.others": key,
      "services.app.tables": { orders: "read-write" },
    });
    const table = (name: string) => arnOf(withTable, "aws:dynamodb/table:Table", `${name}-table`);
    for (const action of ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"]) {
      assert.ok(may(withTable, TASK, `dynamodb:${action}`, table("orders")));
      assert.ok(!may(withTable, TASK, `dynamodb:${action}`, table("others")));
    }
  });

  it("S002-93: no right of a task role is for everything, and none such is taken from the configuration", async () => {
    const connected = await runExample(EXAMPLE, {
      "buckets.uploads": {},
      "tables.orders": { partitionKey: { name: "id" } },
      "services.app.buckets": { uploads: "read-write" },
      "services.app.tables": { orders: "read-write" },
      "services.app.exec": true,
    });
    const rights = statementsOf(connected, TASK);
    assert.ok(rights.length > 2);
    for (const { Action } of rights) {
      for (const action of Action) assert.match(action, /^[a-z0-9-]+:[A-Z][A-Za-z]+$/);
    }
    for (const permission of [
      { actions: ["*"], resources: [ORDERS] },
      { actions: ["sqs:*"], resources: [ORDERS] },
      { actions: ["sqs:SendMessage"], resources: ["*"] },
    ]) {
      const problems = problemsOf(EXAMPLE, { "services.app.permissions": [permission] });
      assert.equal(problems.length, 1);
      assert.match(
        problems[0]?.key ?? "",
        /^ecs-platform:services\.app\.permissions\[0\]\.(actions|resources)\[0\]$/,
      );
    }
  });
});
