import * as assert from "node:assert/strict";
import { EcsTask, type EcsTaskArgs } from "../../components";
import { ecsTaskSettings } from "../../components/ecs-task/settings";
import {
  build,
  cluster,
  database,
  dependsOn,
  itBounds,
  itRefuses,
  itTakes,
  network,
  refusal,
} from "./support";

const happy = (): EcsTaskArgs => ({ cluster, network, image: "busybox:1.37" });

const scheduled = (): EcsTaskArgs => ({
  ...happy(),
  schedule: { expression: "cron(0 3 * * ? *)", timezone: "Europe/Berlin" },
});

const SCHEDULE = "aws:scheduler/schedule:Schedule";
const POLICY = "aws:iam/rolePolicy:RolePolicy";

describe("EcsTask", () => {
  it("creates this and nothing else", async () => {
    const { component, children } = await build(() => new EcsTask("cleanup", happy()));
    assert.equal(component.type, "ecs-platform:index:EcsTask");
    assert.deepEqual(children, [
      "aws:cloudwatch/logGroup:LogGroup cleanup-logs",
      "aws:ec2/securityGroup:SecurityGroup cleanup-security-group",
      "aws:ecs/taskDefinition:TaskDefinition cleanup-task",
      "aws:iam/role:Role cleanup-execution-role",
      "aws:iam/role:Role cleanup-task-role",
      "aws:iam/rolePolicy:RolePolicy cleanup-execution-policy",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule cleanup-https-out",
    ]);
  });

  it("adds what connections and a schedule need", async () => {
    const least = await build(() => new EcsTask("cleanup", happy()));
    const args = { ...scheduled(), connections: { orders: database } };
    const { children } = await build(() => new EcsTask("cleanup", args));
    assert.deepEqual(
      children.filter((child) => !least.children.includes(child)),
      [
        "aws:iam/role:Role cleanup-schedule-role",
        "aws:iam/rolePolicy:RolePolicy cleanup-schedule-policy",
        "aws:scheduler/schedule:Schedule cleanup-schedule",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule cleanup-to-orders-out",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule cleanup-to-orders-in",
      ],
    );
  });

  it("runs one container without a port, with its own logs and its connections' variables", async () => {
    const args = { ...happy(), command: ["clean"], connections: { orders: database } };
    const run = await build(() => new EcsTask("cleanup", args));
    const containers = run
      .one("aws:ecs/taskDefinition:TaskDefinition")
      .jsonInput("containerDefinitions") as Record<string, unknown>[];
    assert.equal(containers.length, 1);
    const { name, command, portMappings, environment, logConfiguration } = containers[0] ?? {};
    assert.deepEqual(
      { name, command, portMappings },
      { name: "cleanup", command: ["clean"], portMappings: [] },
    );
    assert.deepEqual(environment, [
      { name: "ORDERS_HOST", value: "orders.example.com" },
      { name: "ORDERS_NAME", value: "orders" },
      { name: "ORDERS_PORT", value: "5433" },
    ]);
    assert.match(JSON.stringify(logConfiguration), /"awslogs-group":"cleanup-logs-1a2b3c4"/);
  });

  it("runs by the clock, in the app subnets", async () => {
    const args = { ...scheduled(), capacity: { FARGATE_SPOT: { weight: 2 } } };
    const run = await build(() => new EcsTask("cleanup", args));
    assert.deepEqual(run.one(SCHEDULE).inputs, {
      description: "Runs the task cleanup",
      scheduleExpression: "cron(0 3 * * ? *)",
      scheduleExpressionTimezone: "Europe/Berlin",
      state: "ENABLED",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: cluster.arn,
        roleArn: "arn:aws:iam::123456789012:role/cleanup-schedule-role-1a2b3c4",
        ecsParameters: {
          taskDefinitionArn:
            "arn:aws:ecs:us-east-1:123456789012:task-definition/platform-cleanup:1",
          taskCount: 1,
          capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", base: 0, weight: 2 }],
          networkConfiguration: {
            subnets: ["subnet-app-a", "subnet-app-b"],
            securityGroups: ["cleanup-security-group-id"],
            assignPublicIp: false,
          },
          enableEcsManagedTags: true,
          propagateTags: "TASK_DEFINITION",
        },
        retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 3600 },
      },
    });
  });

  it("keeps its schedule while that is off", async () => {
    const schedule = {
      expression: "rate(1 hour)",
      enabled: false,
      retries: 0,
      retryWithinSeconds: 60,
    };
    const run = await build(() => new EcsTask("cleanup", { ...happy(), schedule }));
    assert.equal(run.one(SCHEDULE).input("state"), "DISABLED");
    assert.equal(run.one(SCHEDULE).input("scheduleExpressionTimezone"), "Etc/UTC");
    assert.deepEqual(run.one(SCHEDULE).input("target.retryPolicy"), {
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 60,
    });
  });

  it("is run by a role that may run this task alone, with its own two roles", async () => {
    const run = await build(() => new EcsTask("cleanup", scheduled()));
    assert.match(
      JSON.stringify(
        run.one("aws:iam/role:Role", "cleanup-schedule-role").jsonInput("assumeRolePolicy"),
      ),
      /"scheduler.amazonaws.com".*"aws:SourceAccount":"123456789012"/,
    );
    assert.deepEqual(run.one(POLICY, "cleanup-schedule-policy").jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["ecs:RunTask"],
          Resource: ["arn:aws:ecs:us-east-1:123456789012:task-definition/platform-cleanup:*"],
          Condition: { ArnEquals: { "ecs:cluster": cluster.arn } },
        },
        {
          Effect: "Allow",
          Action: ["ecs:TagResource"],
          Resource: ["arn:aws:ecs:us-east-1:123456789012:task/platform/*"],
          Condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
        },
        {
          Effect: "Allow",
          Action: ["iam:PassRole"],
          Resource: [
            "arn:aws:iam::123456789012:role/cleanup-execution-role-1a2b3c4",
            "arn:aws:iam::123456789012:role/cleanup-task-role-1a2b3c4",
          ],
          Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
        },
      ],
    });
  });

  it("is not run before its rights stand", async () => {
    const run = await build(() => new EcsTask("cleanup", scheduled()));
    assert.deepEqual(dependsOn(run, run.one(SCHEDULE)), [
      "aws:iam/rolePolicy:RolePolicy cleanup-execution-policy",
      "aws:iam/rolePolicy:RolePolicy cleanup-schedule-policy",
    ]);
  });

  it("spreads over the cluster's own hosts where it runs there", async () => {
    const args = {
      ...scheduled(),
      cluster: { ...cluster, ec2CapacityProviderName: "hosts" },
      capacity: { EC2: {} },
    };
    const run = await build(() => new EcsTask("cleanup", args));
    const parameters = run.one(SCHEDULE).input("target.ecsParameters") as Record<string, unknown>;
    assert.deepEqual(parameters["capacityProviderStrategies"], [
      { capacityProvider: "hosts", base: 0, weight: 1 },
    ]);
    assert.deepEqual(parameters["placementStrategies"], [
      { type: "spread", field: "attribute:ecs.availability-zone" },
      { type: "spread", field: "instanceId" },
    ]);
  });

  it("registers what others need, and the command that runs it", async () => {
    const capacity = { FARGATE: { base: 1 }, FARGATE_SPOT: { weight: 3 } };
    const args = { ...happy(), capacity };
    const { component } = await build(() => new EcsTask("cleanup", args));
    assert.deepEqual(component.outputs, {
      taskDefinitionFamily: "platform-cleanup",
      securityGroupId: "cleanup-security-group-id",
      logGroupName: "cleanup-logs-1a2b3c4",
      taskRoleName: "cleanup-task-role-1a2b3c4",
      runCommand:
        "aws ecs run-task --cluster platform --task-definition platform-cleanup --capacity-provider-strategy capacityProvider=FARGATE,base=1,weight=1 capacityProvider=FARGATE_SPOT,base=0,weight=3 --network-configuration 'awsvpcConfiguration={subnets=[subnet-app-a,subnet-app-b],securityGroups=[cleanup-security-group-id],assignPublicIp=DISABLED}' --region us-east-1",
    });
  });

  it("says in that command that its tasks get public addresses, where they do", async () => {
    const args = { ...happy(), publicIpBecause: "there is no NAT in this network" };
    const { component } = await build(() => new EcsTask("cleanup", args));
    assert.match(
      JSON.stringify(component.outputs["runCommand"]),
      /subnets=\[subnet-public-a,subnet-public-b\].*assignPublicIp=ENABLED/,
    );
  });

  it("cannot call a service by its name", async () => {
    const service = {
      connection: { environment: {}, secrets: {}, permissions: [], isFoundByServiceConnect: true },
    };
    const error = await refusal(
      () => new EcsTask("cleanup", { ...happy(), connections: { orders: service } }),
    );
    assert.deepEqual(error.problems, [
      {
        key: "connections.orders",
        value: "orders",
        rule: "is found by Service Connect, which only services join",
        allowed: "anything but a service with connect",
        fix: "call it through the load balancer, or make this task a service",
      },
    ]);
  });

  it("lists every problem and registers nothing", async () => {
    const wrong = { ...happy(), port: 80, capacity: { EC2: {} } } as EcsTaskArgs;
    const error = await refusal(() => new EcsTask("cleanup", wrong));
    assert.match(error.message, /^EcsTask "cleanup": 2 problems; nothing was created\.\n/);
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      ["port", "capacity"],
    );
  });

  const settings = { image: "busybox:1.37", schedule: { expression: "rate(1 day)" } };

  itTakes(ecsTaskSettings, settings, {
    "a moment": { "schedule.expression": "at(2026-12-24T08:00:00)" },
    "working days": { "schedule.expression": "cron(0/15 8-18 ? * MON-FRI *)" },
  });

  itBounds(ecsTaskSettings, settings, {
    "schedule.retries": [0, 185],
    "schedule.retryWithinSeconds": [60, 86400],
  });

  const noSchedule = (value: string) => ({
    change: { "schedule.expression": value },
    problem: {
      key: "schedule.expression",
      value,
      rule: "must be a schedule",
      allowed:
        "cron(MINUTE HOUR DAY MONTH WEEKDAY YEAR) with ? for day or weekday, rate(NUMBER minutes|hours|days), or at(YYYY-MM-DDTHH:MM:SS)",
      fix: 'write it like "cron(0 7 ? * MON-FRI *)"',
    },
  });

  itRefuses(ecsTaskSettings, settings, {
    "a cron expression of five fields": noSchedule("cron(0 3 * * ?)"),
    "a bare cron expression": noSchedule("0 3 * * *"),
    "a place without clocks": {
      change: { "schedule.timezone": "Europe/Atlantis" },
      problem: {
        key: "schedule.timezone",
        value: "Europe/Atlantis",
        rule: "must be a time zone",
        allowed: "a name of the time zone database",
        fix: 'write it like "Europe/Berlin" or "Etc/UTC"',
      },
    },
    "memory that Fargate does not have": {
      change: { memoryMiB: 600 },
      problem: {
        key: "memoryMiB",
        value: 600,
        rule: "is not offered with this cpu",
        allowed:
          "cpu 256: 512, 1024, 2048; cpu 512: 1024 to 4096 in steps of 1024; cpu 1024: 2048 to 8192 in steps of 1024; cpu 2048: 4096 to 16384 in steps of 1024; cpu 4096: 8192 to 30720 in steps of 1024; cpu 8192: 16384 to 61440 in steps of 4096; cpu 16384: 32768 to 122880 in steps of 8192; cpu 32768: 61440, 122880, 249856",
        fix: "choose a pair from the list",
      },
    },
  });
});
