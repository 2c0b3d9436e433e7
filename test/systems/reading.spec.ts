import * as assert from "node:assert/strict";
import { runPlatform, shippedConfig } from "../stacks/support";
import type { Run } from "../support/run";
import {
  actionsOf,
  alarmsOf,
  arn,
  containerOf,
  containersOf,
  dashboardMetrics,
  environmentOf,
  managedPoliciesOf,
  may,
  routesOf,
  routing,
  rulesInto,
  rulesOutOf,
  secretsOf,
  serviceKeys,
  sourcesOf,
  subnetsOf,
  trustedBy,
} from "./reading";
import { difference } from "./support";

/** Tried on the shipped dev stack, whose parts are known. */
describe("the reading of a run", () => {
  let run: Run;
  before(async () => {
    run = await runPlatform(shippedConfig("dev"), "dev");
  });

  it("finds services and their containers", () => {
    assert.deepEqual(serviceKeys(run), ["api"]);
    assert.deepEqual(
      containersOf(run, "api").map(({ name }) => name),
      ["api"],
    );
    const api = containerOf(run, "api");
    assert.equal(environmentOf(api)["DATABASE_PORT"], "5432");
    assert.match(secretsOf(api)["DATABASE_PASSWORD"] ?? "", /:password::$/);
    assert.throws(() => containerOf(run, "api", "proxy"), /api has no container proxy, but api/);
  });

  it("says who may reach whom", () => {
    assert.deepEqual(rulesInto(run, "load-balancer-security-group"), ["tcp 80 from 0.0.0.0/0"]);
    assert.deepEqual(rulesInto(run, "database-security-group"), [
      "tcp 5432 from api-security-group",
      "tcp 5432 from bastion-security-group",
    ]);
    assert.deepEqual(rulesOutOf(run, "api-security-group"), [
      "tcp 443 to 0.0.0.0/0",
      "tcp 5432 to database-security-group",
    ]);
  });

  it("follows the way out of a subnet", () => {
    assert.deepEqual(subnetsOf(run, "app"), ["network-app-a", "network-app-b"]);
    assert.deepEqual(routesOf(run, "network-public-a"), ["0.0.0.0/0 → network-internet-gateway"]);
    assert.deepEqual(routesOf(run, "network-app-b"), ["0.0.0.0/0 → network-nat-a"]);
    assert.deepEqual(routesOf(run, "network-data-a"), []);
  });

  it("says what a role may do", () => {
    const logs = `${arn("logs", "log-group:api-logs-1a2b3c4")}:log-stream:api/api/1`;
    assert.equal(may(run, "api-execution-role", "logs:PutLogEvents", logs), true);
    assert.equal(may(run, "api-execution-role", "logs:DeleteLogGroup", logs), false);
    assert.equal(may(run, "api-task-role", "ssmmessages:OpenDataChannel", "*"), true);
    assert.deepEqual(actionsOf(run, "api-execution-role"), [
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "secretsmanager:GetSecretValue",
    ]);
    assert.deepEqual(managedPoliciesOf(run, "bastion-role"), ["AmazonSSMManagedInstanceCore"]);
    assert.equal(trustedBy(run, "api-task-role"), "ecs-tasks.amazonaws.com");
  });

  it("follows requests to their target group", () => {
    assert.deepEqual(routing(run), [
      {
        priority: 100,
        hosts: ["load-balancer-alb-1a2b3c4-1234567890.us-east-1.elb.amazonaws.com"],
        paths: ["/*"],
        to: "api-tg",
      },
    ]);
  });

  it("lists metrics and alarms", () => {
    const cpu = dashboardMetrics(run).find(
      ({ metricName, dimensions }) => metricName === "CPUUtilization" && dimensions["ServiceName"],
    );
    assert.deepEqual(cpu, {
      title: "api: is it short of CPU or memory?",
      namespace: "AWS/ECS",
      metricName: "CPUUtilization",
      dimensions: { ClusterName: "platform-cluster-1a2b3c4", ServiceName: "api-service-1a2b3c4" },
      statistic: "Average",
    });
    assert.equal(alarmsOf(run)["service-api-cpu"]?.input("threshold"), 80);
  });

  it("knows where an input comes from", () => {
    assert.deepEqual(sourcesOf(run, run.one("aws:ecs/service:Service"), "taskDefinition"), [
      "api-task",
    ]);
  });

  it("tells two runs apart", async () => {
    const { ["ecs-platform:bastion"]: _, ...rest } = shippedConfig("dev");
    const tags = { Owner: "somebody" };
    const other = await runPlatform({ ...rest, "ecs-platform:tags": tags }, "dev");
    const { added, removed, changed } = difference(run, other);
    assert.deepEqual(added, []);
    assert.ok(removed.includes("aws:ec2/instance:Instance bastion-instance"));
    assert.ok(removed.every((label) => / (bastion|bastion-.*)$/.test(label)));
    assert.deepEqual(changed, [
      // The bastion no longer sleeps with the rest.
      "aws:iam/rolePolicy:RolePolicy off-hours-policy",
      "aws:lambda/function:Function off-hours-function",
      "pulumi:providers:aws aws",
    ]);
    assert.deepEqual(difference(run, run), { added: [], removed: [], changed: [] });
  });
});
