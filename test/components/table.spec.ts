import * as assert from "node:assert/strict";
import { EcsService, Table, type TableArgs } from "../../components";
import type { Connectable } from "../../components/support/connection";
import { TABLE_VARIABLES } from "../../components/table/table";
import { runProgram } from "../support/run-program";
import { build, cluster, network, refusal } from "./support";

const happy = (): TableArgs => ({ partitionKey: { name: "id" } });

const TABLE = "aws:dynamodb/table:Table";
const KEY = "aws:kms/key:Key";
const ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders-table-1a2b3c4";

/** Some inputs of the table with these arguments. */
async function tableWith(args: Partial<TableArgs>, ...names: string[]) {
  const run = await build(() => new Table("orders", { ...happy(), ...args }));
  const { inputs } = run.one(TABLE);
  return Object.fromEntries(names.map((name) => [name, inputs[name]]));
}

describe("Table", () => {
  it("creates this and nothing else", async () => {
    const { component, children } = await build(() => new Table("orders", happy()));
    assert.equal(component.type, "ecs-platform:index:Table");
    assert.deepEqual(children, ["aws:dynamodb/table:Table orders-table"]);
  });

  it("previews what it creates", async () => {
    const make = () => new Table("orders", { ...happy(), kms: true });
    const [preview, deployment] = [await build(make, { preview: true }), await build(make)];
    assert.deepEqual(preview.children, deployment.children);
  });

  it("is paid by request, restored to any second and protected", async () => {
    const run = await build(() => new Table("orders", happy()));
    assert.deepEqual(run.one(TABLE).inputs, {
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attributes: [{ name: "id", type: "S" }],
      globalSecondaryIndexes: [],
      pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 35 },
      deletionProtectionEnabled: true,
    });
  });

  it("has keys, indexes, a stream and an end for its items", async () => {
    const args: TableArgs = {
      partitionKey: { name: "customer" },
      sortKey: { name: "at", type: "number" },
      indexes: {
        byState: { partitionKey: { name: "state" }, attributes: [] },
        byDay: {
          partitionKey: { name: "day" },
          sortKey: { name: "at", type: "number" },
          attributes: ["total", "currency"],
        },
        byToken: { partitionKey: { name: "token", type: "binary" } },
      },
      ttlAttribute: "expires",
      stream: "NEW_IMAGE",
      recoveryDays: 7,
    };
    const run = await build(() => new Table("orders", args));
    assert.deepEqual(run.one(TABLE).inputs, {
      billingMode: "PAY_PER_REQUEST",
      hashKey: "customer",
      rangeKey: "at",
      attributes: [
        { name: "at", type: "N" },
        { name: "customer", type: "S" },
        { name: "day", type: "S" },
        { name: "state", type: "S" },
        { name: "token", type: "B" },
      ],
      globalSecondaryIndexes: [
        {
          name: "byDay",
          keySchemas: [
            { attributeName: "day", keyType: "HASH" },
            { attributeName: "at", keyType: "RANGE" },
          ],
          projectionType: "INCLUDE",
          nonKeyAttributes: ["currency", "total"],
        },
        {
          name: "byState",
          keySchemas: [{ attributeName: "state", keyType: "HASH" }],
          projectionType: "KEYS_ONLY",
        },
        {
          name: "byToken",
          keySchemas: [{ attributeName: "token", keyType: "HASH" }],
          projectionType: "ALL",
        },
      ],
      ttl: { attributeName: "expires", enabled: true },
      streamEnabled: true,
      streamViewType: "NEW_IMAGE",
      pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 7 },
      deletionProtectionEnabled: true,
    });
  });

  it("cannot be restored where somebody says why not", async () => {
    const args = { noRecoveryBecause: "a copy of another table" };
    assert.deepEqual(await tableWith(args, "pointInTimeRecovery"), {
      pointInTimeRecovery: { enabled: false },
    });
  });

  it("is encrypted with a key of its own, which changes every year, where that is wanted", async () => {
    const run = await build(() => new Table("orders", { ...happy(), kms: true }));
    assert.deepEqual(run.children, [
      "aws:dynamodb/table:Table orders-table",
      "aws:kms/key:Key orders-key",
    ]);
    assert.deepEqual(run.one(KEY).inputs, {
      description: "Items in the table orders",
      enableKeyRotation: true,
      deletionWindowInDays: 30,
    });
    assert.deepEqual(run.one(TABLE).input("serverSideEncryption"), {
      enabled: true,
      kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/orders-key-id",
    });
  });

  it("cannot be deleted by AWS or Pulumi unless the caller says so", async () => {
    const run = await build(() => new Table("orders", { ...happy(), kms: true }));
    assert.equal(run.one(TABLE).protect, true);
    assert.equal(run.one(KEY).protect, true);
    const args = { ...happy(), kms: true, deletionProtection: false };
    const open = await build(() => new Table("orders", args));
    assert.equal(open.one(TABLE).protect, false);
    assert.equal(open.one(TABLE).input("deletionProtectionEnabled"), false);
    assert.equal(open.one(KEY).protect, false);
    assert.equal(open.one(KEY).input("deletionWindowInDays"), 7);
  });

  it("registers what others need, and its stream where it has one", async () => {
    const { component } = await build(() => new Table("orders", happy()));
    assert.deepEqual(component.outputs, { tableName: "orders-table-1a2b3c4", arn: ARN });
    const stream = { ...happy(), stream: "KEYS_ONLY" } as const;
    const streaming = await build(() => new Table("orders", stream));
    assert.equal(streaming.component.outputs["streamArn"], `${ARN}/stream/1`);
  });

  it("lists every problem and registers nothing", async () => {
    const wrong = { ...happy(), recoveryDays: 36, ttl: "expires" } as TableArgs;
    const error = await refusal(() => new Table("orders", wrong));
    assert.match(error.message, /^Table "orders": 2 problems; nothing was created\.\n/);
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      ["recoveryDays", "ttl"],
    );
  });
});

/** What a service gets that is connected to a table. */
async function serviceWith(args: TableArgs, choose: (table: Table) => Connectable) {
  const run = await runProgram(() => {
    const orders = choose(new Table("orders", args));
    const service = { cluster, network, image: "nginx:1.29", desiredCount: 1 };
    new EcsService("api", { ...service, connections: { orders } });
  });
  const policy = run
    .all("aws:iam/rolePolicy:RolePolicy")
    .find(({ name }) => name === "api-task-policy");
  const [container] = run
    .one("aws:ecs/taskDefinition:TaskDefinition")
    .jsonInput("containerDefinitions") as { environment: unknown }[];
  const { Statement: statements } = policy?.jsonInput("policy") as { Statement: unknown };
  return { statements, environment: container?.environment };
}

const READ = [
  "dynamodb:BatchGetItem",
  "dynamodb:ConditionCheckItem",
  "dynamodb:DescribeTable",
  "dynamodb:GetItem",
  "dynamodb:Query",
  "dynamodb:Scan",
];

describe("Table, connected to a service", () => {
  it("tells its name, and lets it use the items of this table", async () => {
    const { environment, statements } = await serviceWith(happy(), (table) => table);
    assert.deepEqual(environment, [{ name: "ORDERS_NAME", value: "orders-table-1a2b3c4" }]);
    assert.deepEqual(TABLE_VARIABLES, ["NAME"]);
    assert.deepEqual(statements, [
      {
        Effect: "Allow",
        Action: [
          "dynamodb:BatchGetItem",
          "dynamodb:BatchWriteItem",
          "dynamodb:ConditionCheckItem",
          "dynamodb:DeleteItem",
          "dynamodb:DescribeTable",
          "dynamodb:GetItem",
          "dynamodb:PutItem",
          "dynamodb:Query",
          "dynamodb:Scan",
          "dynamodb:UpdateItem",
        ],
        Resource: [ARN],
      },
    ]);
  });

  it("lets it read alone, indexes included, by the table's own key", async () => {
    const indexes = { byState: { partitionKey: { name: "state" } } };
    const { statements } = await serviceWith({ ...happy(), indexes, kms: true }, (table) => ({
      connection: table.readConnection,
    }));
    assert.deepEqual(statements, [
      { Effect: "Allow", Action: READ, Resource: [ARN, `${ARN}/index/*`] },
      {
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: ["arn:aws:kms:us-east-1:123456789012:key/orders-key-id"],
      },
    ]);
  });
});
