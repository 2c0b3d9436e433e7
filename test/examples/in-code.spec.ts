import * as assert from "node:assert/strict";
import type { Run } from "../support/run";
import { runExample } from "./run-example";

describe("examples/in-code", () => {
  let run: Run;
  before(async () => {
    run = await runExample("in-code");
  });

  it("composes the components beside resources of its own", () => {
    assert.deepEqual(
      run.resources
        .filter(({ kind }) => kind === "component")
        .map(({ type, name }) => [type, name]),
      [
        ["ecs-platform:index:Network", "network"],
        ["ecs-platform:index:EcsCluster", "platform"],
        ["ecs-platform:index:LoadBalancer", "load-balancer"],
        ["ecs-platform:index:EcsService", "shop"],
        ["ecs-platform:index:EcsService", "worker"],
        ["ecs-platform:index:Monitoring", "monitoring"],
      ],
    );
    assert.deepEqual(
      run.all("aws:sqs/queue:Queue").map(({ name }) => name),
      ["orders", "orders-failed"],
    );
  });

  it("scales the worker with the length of the queue", () => {
    const policy = run.one("aws:appautoscaling/policy:Policy", "worker-scaling-custom-backlog");
    assert.deepEqual(
      policy.input("targetTrackingScalingPolicyConfiguration.customizedMetricSpecification"),
      {
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: [
          { name: "QueueName", value: run.one("aws:sqs/queue:Queue", "orders").outputs["name"] },
        ],
        statistic: "Average",
      },
    );
  });

  it("lets each service do with the queue what it needs, and no more", () => {
    const statements = (service: string) =>
      run.one("aws:iam/rolePolicy:RolePolicy", `${service}-task-policy`).jsonInput("policy") as {
        Statement: { Action: string[]; Resource: string[] }[];
      };
    const orders = run.one("aws:sqs/queue:Queue", "orders").outputs["arn"];
    assert.deepEqual(statements("shop").Statement, [
      { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [orders] },
    ]);
    assert.deepEqual(statements("worker").Statement, [
      {
        Effect: "Allow",
        Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"],
        Resource: [orders],
      },
    ]);
  });
});
