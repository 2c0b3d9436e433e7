import * as assert from "node:assert/strict";
import { EcsService, type EcsServiceArgs } from "../../components";
import { runProgram } from "../support/run-program";
import {
  build,
  cluster,
  customTimeouts,
  database,
  dependsOn,
  inputsByName,
  loadBalancer,
  network,
  refusal,
} from "./support";

const happy = (): EcsServiceArgs => ({ cluster, network, image: "nginx:1.29", desiredCount: 2 });

/** Everything that a service may have. */
const full = (): EcsServiceArgs => ({
  cluster,
  network,
  loadBalancer,
  image: "nginx:1.29",
  route: { priority: 100 },
  scaling: { min: 3, max: 6 },
  connections: { orders: database },
  exec: true,
});

const SERVICE = "aws:ecs/service:Service";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

const httpsOut = {
  securityGroupId: "api-security-group-id",
  description: "HTTPS to AWS and the internet",
  cidrIpv4: "0.0.0.0/0",
  ipProtocol: "tcp",
  fromPort: 443,
  toPort: 443,
};

describe("EcsService", () => {
  it("creates this and nothing else", async () => {
    const { component, children } = await build(() => new EcsService("api", happy()));
    assert.equal(component.type, "ecs-platform:index:EcsService");
    assert.deepEqual(children, [
      "aws:cloudwatch/logGroup:LogGroup api-logs",
      "aws:ec2/securityGroup:SecurityGroup api-security-group",
      "aws:ecs/service:Service api-service",
      "aws:ecs/taskDefinition:TaskDefinition api-task",
      "aws:iam/role:Role api-execution-role",
      "aws:iam/role:Role api-task-role",
      "aws:iam/rolePolicy:RolePolicy api-execution-policy",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule api-https-out",
    ]);
  });

  it("adds what route, scaling, connections and exec need", async () => {
    const least = await build(() => new EcsService("api", happy()));
    const { children } = await build(() => new EcsService("api", full()));
    assert.deepEqual(
      children.filter((child) => !least.children.includes(child)),
      [
        "aws:appautoscaling/policy:Policy api-scaling-cpu",
        "aws:appautoscaling/policy:Policy api-scaling-memory",
        "aws:appautoscaling/target:Target api-scaling",
        "aws:iam/rolePolicy:RolePolicy api-task-policy",
        "aws:lb/listenerRule:ListenerRule api-rule",
        "aws:lb/targetGroup:TargetGroup api-tg",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule api-from-load-balancer-out",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule api-to-orders-out",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule api-from-load-balancer-in",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule api-to-orders-in",
      ],
    );
  });

  it("previews what it creates", async () => {
    const make = () => new EcsService("api", full());
    const [preview, deployment] = [await build(make, { preview: true }), await build(make)];
    assert.deepEqual(preview.children, deployment.children);
  });

  it("runs private tasks, rolls forward without a gap and back by itself", async () => {
    const run = await build(() => new EcsService("api", happy()));
    assert.deepEqual(run.one(SERVICE).inputs, {
      cluster: cluster.arn,
      taskDefinition: "arn:aws:ecs:us-east-1:123456789012:task-definition/platform-api:1",
      desiredCount: 2,
      capacityProviderStrategies: [{ capacityProvider: "FARGATE", base: 0, weight: 1 }],
      networkConfiguration: {
        subnets: ["subnet-app-a", "subnet-app-b"],
        securityGroups: ["api-security-group-id"],
        assignPublicIp: false,
      },
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      deploymentConfiguration: { strategy: "ROLLING", bakeTimeInMinutes: "0" },
      deploymentCircuitBreaker: { enable: true, rollback: true },
      availabilityZoneRebalancing: "ENABLED",
      enableExecuteCommand: false,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      waitForSteadyState: true,
      forceNewDeployment: true,
    });
  });

  it("can be opened by ECS Exec where the settings say so", async () => {
    const run = await build(() => new EcsService("api", full()));
    assert.equal(run.one(SERVICE).input("enableExecuteCommand"), true);
  });

  it("may run no task at all", async () => {
    const run = await build(() => new EcsService("api", { ...happy(), desiredCount: 0 }));
    assert.equal(run.one(SERVICE).input("desiredCount"), 0);
  });

  it("mixes capacity, in an order that does not depend on the settings'", async () => {
    const capacity = { FARGATE_SPOT: { weight: 4 }, FARGATE: { base: 1, weight: 1 } };
    const run = await build(() => new EcsService("api", { ...happy(), capacity }));
    assert.deepEqual(run.one(SERVICE).input("capacityProviderStrategies"), [
      { capacityProvider: "FARGATE", base: 1, weight: 1 },
      { capacityProvider: "FARGATE_SPOT", base: 0, weight: 4 },
    ]);
  });

  it("runs on Spot alone where only that is given", async () => {
    const capacity = { FARGATE_SPOT: {} };
    const run = await build(() => new EcsService("api", { ...happy(), capacity }));
    assert.deepEqual(run.one(SERVICE).input("capacityProviderStrategies"), [
      { capacityProvider: "FARGATE_SPOT", base: 0, weight: 1 },
    ]);
  });

  it("starts when its tasks have their rights and its target group a listener", async () => {
    const run = await build(() => new EcsService("api", full()));
    assert.deepEqual(dependsOn(run, run.one(SERVICE)), [
      "aws:iam/rolePolicy:RolePolicy api-execution-policy",
      "aws:iam/rolePolicy:RolePolicy api-task-policy",
      "aws:lb/listenerRule:ListenerRule api-rule",
    ]);
  });

  it("starts when its agent has its rights, where there is nothing else to wait for", async () => {
    const run = await build(() => new EcsService("api", happy()));
    assert.deepEqual(dependsOn(run, run.one(SERVICE)), [
      "aws:iam/rolePolicy:RolePolicy api-execution-policy",
    ]);
  });

  it("gets the time that a slow deployment and its way back take", async () => {
    const timeouts = await customTimeouts((opts) => new EcsService("api", happy(), opts));
    assert.deepEqual(timeouts, { [SERVICE]: { create: "20m", update: "20m", delete: "20m" } });
  });

  for (const [title, args, days] of [
    ["30 days by default", happy(), 30],
    ["the days of the settings", { ...happy(), logRetentionDays: 14 } as const, 14],
  ] as const) {
    it(`keeps its logs for ${title}`, async () => {
      const run = await build(() => new EcsService("api", args));
      assert.deepEqual(run.one("aws:cloudwatch/logGroup:LogGroup").inputs, {
        retentionInDays: days,
      });
    });
  }

  it("lets nobody in, and only HTTPS out", async () => {
    const run = await build(() => new EcsService("api", happy()));
    assert.deepEqual(run.one("aws:ec2/securityGroup:SecurityGroup").inputs, {
      vpcId: "vpc-1",
      description: "Tasks of api",
      tags: { Name: "api" },
    });
    assert.deepEqual(inputsByName(run, INGRESS), {});
    assert.deepEqual(inputsByName(run, EGRESS), { "api-https-out": httpsOut });
  });

  it("opens a passage to each database, on its port alone", async () => {
    const connections = { orders: database };
    const run = await build(() => new EcsService("api", { ...happy(), connections }));
    const through = {
      description: "Queries from api to orders",
      ipProtocol: "tcp",
      fromPort: 5433,
      toPort: 5433,
    };
    assert.deepEqual(inputsByName(run, EGRESS), {
      "api-https-out": httpsOut,
      "api-to-orders-out": {
        securityGroupId: "api-security-group-id",
        referencedSecurityGroupId: "sg-database",
        ...through,
      },
    });
    assert.deepEqual(inputsByName(run, INGRESS), {
      "api-to-orders-in": {
        securityGroupId: "sg-database",
        referencedSecurityGroupId: "api-security-group-id",
        ...through,
      },
    });
  });

  it("registers what others need", async () => {
    const { component } = await build(() => new EcsService("api", full()));
    assert.deepEqual(component.outputs, {
      serviceName: "api-service-1a2b3c4",
      serviceArn: "arn:aws:ecs:us-east-1:123456789012:service/api-service-1a2b3c4",
      securityGroupId: "api-security-group-id",
      logGroupName: "api-logs-1a2b3c4",
      taskRoleName: "api-task-role-1a2b3c4",
      targetGroupArnSuffix: "targetgroup/api-tg-1a2b3c4/50dc6c495c0c9188",
    });
  });

  for (const [title, args, minimumTasks] of [
    ["its fixed number", happy(), 2],
    ["the least that scaling leaves", full(), 3],
  ] as const) {
    it(`says how many tasks must run: ${title}`, async () => {
      const { outputs } = await runProgram(() => ({
        minimumTasks: new EcsService("api", args).minimumTasks,
      }));
      assert.deepEqual(outputs, { minimumTasks });
    });
  }

  it("lists every problem and registers nothing", async () => {
    const wrong = { ...happy(), port: 0, prot: 80 } as EcsServiceArgs;
    const error = await refusal(() => new EcsService("api", wrong));
    assert.match(error.message, /^EcsService "api": 2 problems; nothing was created\.\n/);
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      ["port", "prot"],
    );
  });
});
