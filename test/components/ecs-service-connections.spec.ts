import * as assert from "node:assert/strict";
import { EcsService, type EcsServiceArgs } from "../../components";
import { connectionProblems, connectionVariables } from "../../components/ecs-service/connection";
import { variableName } from "../../components/support/connection";
import { build, cluster, database, inputsByName, network, refusal } from "./support";

const happy = (): EcsServiceArgs => ({
  cluster,
  network,
  image: "nginx:1.29",
  desiredCount: 1,
  connections: { "orders-db": database },
});

const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:orders-AbCdEf";

/** Something that is reached through AWS's own interface. */
const bucket = {
  connection: {
    environment: { NAME: "assets-1a2b3c4" },
    secrets: {},
    permissions: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::assets-1a2b3c4/*"] }],
  },
};

/** What the container gets to know. */
async function variablesOf(args: EcsServiceArgs) {
  const run = await build(() => new EcsService("api", args));
  const [container] = run
    .one("aws:ecs/taskDefinition:TaskDefinition")
    .jsonInput("containerDefinitions") as { environment: unknown; secrets: unknown }[];
  return { environment: container?.environment, secrets: container?.secrets };
}

const taken = (key: string, value: string) => ({
  key,
  value,
  rule: 'is a variable that the connection to "orders-db" gives',
  allowed:
    "any other name than ORDERS_DB_HOST, ORDERS_DB_PORT, ORDERS_DB_NAME, ORDERS_DB_USERNAME, ORDERS_DB_PASSWORD",
  fix: "remove it, or rename it",
});

describe("EcsService, connections", () => {
  it("start their variables with their key", () => {
    assert.equal(variableName("big-orders-db", "HOST"), "BIG_ORDERS_DB_HOST");
    const connections = { "big-orders-db": database, assets: bucket };
    assert.deepEqual(connectionVariables(connections, "environment"), {
      BIG_ORDERS_DB_HOST: "orders.example.com",
      BIG_ORDERS_DB_PORT: "5433",
      BIG_ORDERS_DB_NAME: "orders",
      ASSETS_NAME: "assets-1a2b3c4",
    });
    assert.deepEqual(Object.keys(connectionVariables(connections, "secrets")), [
      "BIG_ORDERS_DB_USERNAME",
      "BIG_ORDERS_DB_PASSWORD",
    ]);
  });

  it("give the task role their rights, behind those of the settings", async () => {
    const permissions = [
      { actions: ["sqs:SendMessage"], resources: ["arn:aws:sqs:eu-west-1:123456789012:jobs"] },
    ];
    const args = {
      ...happy(),
      permissions,
      connections: { "orders-db": database, assets: bucket },
    };
    const run = await build(() => new EcsService("api", args));
    const policy = run.one("aws:iam/rolePolicy:RolePolicy", "api-task-policy");
    assert.deepEqual(policy.jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["sqs:SendMessage"],
          Resource: ["arn:aws:sqs:eu-west-1:123456789012:jobs"],
        },
        { Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::assets-1a2b3c4/*"] },
      ],
    });
  });

  it("open no passage to what nobody listens for", async () => {
    const run = await build(
      () => new EcsService("api", { ...happy(), connections: { assets: bucket } }),
    );
    assert.deepEqual(
      inputsByName(run, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"),
      {},
    );
  });

  it("tell where the database is, and where its secret is, but not the secret", async () => {
    assert.deepEqual(await variablesOf(happy()), {
      environment: [
        { name: "ORDERS_DB_HOST", value: "orders.example.com" },
        { name: "ORDERS_DB_NAME", value: "orders" },
        { name: "ORDERS_DB_PORT", value: "5433" },
      ],
      secrets: [
        { name: "ORDERS_DB_PASSWORD", valueFrom: `${SECRET}:password::` },
        { name: "ORDERS_DB_USERNAME", valueFrom: `${SECRET}:username::` },
      ],
    });
  });

  it("stand beside the variables of the settings, sorted", async () => {
    const args = {
      ...happy(),
      environment: { ZONE: "1", LEVEL: "info" },
      secrets: { STRIPE: `${SECRET}:stripe::` },
    };
    assert.deepEqual(await variablesOf(args), {
      environment: [
        { name: "LEVEL", value: "info" },
        { name: "ORDERS_DB_HOST", value: "orders.example.com" },
        { name: "ORDERS_DB_NAME", value: "orders" },
        { name: "ORDERS_DB_PORT", value: "5433" },
        { name: "ZONE", value: "1" },
      ],
      secrets: [
        { name: "ORDERS_DB_PASSWORD", valueFrom: `${SECRET}:password::` },
        { name: "ORDERS_DB_USERNAME", valueFrom: `${SECRET}:username::` },
        { name: "STRIPE", valueFrom: `${SECRET}:stripe::` },
      ],
    });
  });

  it("refuse settings that give the same variables", async () => {
    const args = {
      ...happy(),
      environment: { ORDERS_DB_HOST: "localhost" },
      secrets: { ORDERS_DB_USERNAME: SECRET },
    };
    const error = await refusal(() => new EcsService("api", args));
    assert.deepEqual(error.problems, [
      taken("environment.ORDERS_DB_HOST", "localhost"),
      taken("secrets.ORDERS_DB_USERNAME", SECRET),
    ]);
  });

  it("are refused together with wrong settings and a missing load balancer", async () => {
    const args = {
      ...happy(),
      cpu: 300 as 256,
      route: { priority: 100 },
      environment: { ORDERS_DB_HOST: "localhost" },
    };
    const error = await refusal(() => new EcsService("api", args));
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      ["cpu", "environment.ORDERS_DB_HOST", "loadBalancer"],
    );
  });

  it("contradict no settings that give no variables", () => {
    assert.deepEqual(connectionProblems("services.api", {}, { "orders-db": ["HOST"] }), []);
  });

  it("are all looked at", async () => {
    const args = {
      ...happy(),
      connections: { other: database, "orders-db": database },
      environment: { OTHER_PORT: "1", ORDERS_DB_PORT: "2" },
    };
    const error = await refusal(() => new EcsService("api", args));
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      ["environment.OTHER_PORT", "environment.ORDERS_DB_PORT"],
    );
  });
});
