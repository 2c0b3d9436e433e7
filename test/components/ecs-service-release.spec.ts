import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { EcsService, type EcsServiceArgs } from "../../components";
import { runRelease } from "../../components/ecs-service/release-run";
import { ecsServiceSettings } from "../../components/ecs-service/settings";
import { AwsError, type Script, withFakeAws } from "../support/fake-aws";
import {
  build,
  cluster,
  database,
  dependsOn,
  itBounds,
  itRefuses,
  itTakes,
  listWith,
  network,
  refusal,
} from "./support";

const ARN = "arn:aws:ecs:us-east-1:123456789012:task/platform/r1";
const STARTED_BY = "release/0625e82ff2bf3fb0";

const where = {
  cluster: cluster.arn,
  taskDefinition: "arn:aws:ecs:us-east-1:123456789012:task-definition/platform-api:8",
  capacityProviderStrategy: [{ capacityProvider: "FARGATE", base: 0, weight: 1 }],
  networkConfiguration: {
    awsvpcConfiguration: {
      subnets: ["subnet-app-a"],
      securityGroups: ["sg-1"],
      assignPublicIp: "DISABLED" as const,
    },
  },
};

const run = {
  name: "api",
  image: "api:2",
  command: ["npm", "run", "migrate"],
  timeoutMinutes: 1,
  logGroupName: "api-logs",
  where,
};

const task = (lastStatus: string, container: object = {}, changes: object = {}) => ({
  tasks: [{ taskArn: ARN, lastStatus, containers: [{ name: "api", ...container }], ...changes }],
});

const exited = (exitCode: number) =>
  task(
    "STOPPED",
    { exitCode },
    {
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
    },
  );

const script = (changes: Script = {}): Script => ({
  ListTasks: [{ taskArns: [] }],
  RunTask: [{ tasks: [{ taskArn: ARN }], failures: [] }],
  DescribeTasks: [task("PROVISIONING"), task("RUNNING"), exited(0)],
  GetLogEvents: [{ events: [{ message: "Column orders.total exists already." }] }],
  ...changes,
});

/** Runs a release without waiting between its looks at the task. */
async function released(answers: Script, changes: Partial<typeof run> = {}) {
  const told: string[] = [];
  let waited = 0;
  return withFakeAws(answers, async (clients, fake) => {
    const outcome = await runRelease(
      clients,
      { ...run, ...changes },
      {
        tell: (message) => told.push(message),
        pause: (milliseconds) => {
          waited += milliseconds;
          return Promise.resolve();
        },
      },
    ).then(
      () => "succeeded",
      (error: unknown) => (error as Error).message,
    );
    return { outcome, told, seconds: waited / 1000, fake };
  });
}

describe("A release that is run", () => {
  it("is the command in the service's own container, definition, network and capacity", async () => {
    const { outcome, told, fake } = await released(script());
    assert.equal(outcome, "succeeded");
    assert.deepEqual(told, ["The release of api runs as task r1."]);
    assert.deepEqual(fake.inputsOf("ListTasks"), [{ cluster: cluster.arn, startedBy: STARTED_BY }]);
    const [{ clientToken, ...input } = {}] = fake.inputsOf("RunTask");
    assert.match(String(clientToken), /^[0-9a-f-]{36}$/);
    assert.deepEqual(input, {
      ...where,
      count: 1,
      startedBy: STARTED_BY,
      overrides: { containerOverrides: [{ name: "api", command: ["npm", "run", "migrate"] }] },
      enableECSManagedTags: true,
      propagateTags: "TASK_DEFINITION",
    });
  });

  it("fails with exit code, meaning and last log lines", async () => {
    const { outcome } = await released(script({ DescribeTasks: [exited(1)] }));
    assert.equal(
      outcome,
      `The release of api failed, so its tasks stay as they are.
  Task r1: Essential container in task exited (EssentialContainerExited)
  Container api: exit code 1
  The application ended by itself with an error: its last log lines say why.
  The last lines of api in task r1:
    | Column orders.total exists already.
  All of it: aws logs tail api-logs --log-stream-names api/api/r1 --since 1d --region us-east-1`,
    );
  });

  it("fails where its container never ran", async () => {
    const never = task(
      "STOPPED",
      {},
      {
        stopCode: "TaskFailedToStart",
        stoppedReason: "CannotPullContainerError: api:2: not found",
      },
    );
    const { outcome } = await released(script({ DescribeTasks: [never] }));
    assert.match(
      outcome,
      /Task r1: CannotPullContainerError: api:2: not found \(TaskFailedToStart\)/,
    );
    assert.match(outcome, /There is no such image/);
  });

  it("does not count the success of a sidecar as its own", async () => {
    const ended = task("STOPPED", { name: "proxy", exitCode: 0 }, { stoppedReason: "Gone" });
    const { outcome } = await released(script({ DescribeTasks: [ended] }));
    assert.match(outcome, /^The release of api failed/);
  });

  it("is stopped when its time is up, and says how long it ran now and then", async () => {
    const stoppedTask = { task: { taskArn: ARN, containers: [{ name: "api" }] } };
    const { outcome, told, seconds, fake } = await released(
      script({ DescribeTasks: [task("RUNNING")], StopTask: [stoppedTask] }),
    );
    assert.equal(seconds, 60);
    assert.deepEqual(told, [
      "The release of api runs as task r1.",
      "The release of api is RUNNING after 30 seconds.",
    ]);
    assert.deepEqual(fake.inputsOf("StopTask"), [
      { cluster: cluster.arn, task: ARN, reason: "The release took longer than 1 min" },
    ]);
    assert.match(outcome, /Task r1: The release took longer than 1 min\n/);
    assert.match(outcome, /\| Column orders\.total exists already\./);
  });

  for (const [title, failure, says] of [
    [
      "there is no capacity",
      { reason: "Capacity is unavailable at this time." },
      "ECS did not start it: Capacity is unavailable at this time.",
    ],
    [
      "no host has room",
      { reason: "RESOURCE:MEMORY", detail: "host i-1" },
      "ECS did not start it: RESOURCE:MEMORY: host i-1",
    ],
  ] as const) {
    it(`fails where ${title}`, async () => {
      const { outcome } = await released(script({ RunTask: [{ tasks: [], failures: [failure] }] }));
      assert.equal(
        outcome,
        `The release of api failed, so its tasks stay as they are.\n  ${says}\n  There was no room for the task: try again, allow more kinds of capacity (FARGATE beside FARGATE_SPOT), or give the cluster more hosts.`,
      );
    });
  }

  it("takes up the task that an `up` which was killed has left", async () => {
    const { outcome, fake } = await released(script({ ListTasks: [{ taskArns: [ARN] }] }));
    assert.equal(outcome, "succeeded");
    assert.equal(fake.inputsOf("RunTask").length, 0);
  });

  it("is another one for another image, command or service", async () => {
    const others: Partial<typeof run>[] = [
      {},
      { image: "api:3" },
      { command: ["npm", "run", "seed"] },
      { where: { ...where, taskDefinition: where.taskDefinition.replace("api:8", "web:8") } },
      { where: { ...where, taskDefinition: where.taskDefinition.replace("api:8", "api:9") } },
    ];
    const names: unknown[] = [];
    for (const change of others) {
      const { fake } = await released(script(), change);
      names.push(fake.inputsOf("RunTask")[0]?.["startedBy"]);
    }
    assert.equal(new Set(names).size, 4);
    // A new revision of the same image is the same work.
    assert.equal(names[4], names[0]);
  });

  it("fails with AWS's words where it may not be started", async () => {
    const denied = new AwsError("AccessDeniedException", "not authorized: ecs:RunTask");
    const { outcome } = await released(script({ RunTask: [denied] }));
    assert.equal(outcome, "not authorized: ecs:RunTask");
  });
});

const release = { command: ["npm", "run", "migrate"] };
const RECORD = "random:index/randomId:RandomId";
const SERVICE = "aws:ecs/service:Service";

const unused = () => Promise.reject(new Error("nobody asks AWS while resources are declared"));
const awsClients = { region: "us-east-1", ecs: unused, logs: unused };
const happy = (): EcsServiceArgs => ({
  cluster,
  network,
  image: pulumi.output("api@sha256:1"),
  awsClients,
  release,
});

describe("EcsService, release", () => {
  it("is recorded by image and command, before the service, after all that its task needs", async () => {
    const built = await build(
      () => new EcsService("api", { ...happy(), connections: { orders: database } }),
    );
    const record = built.one(RECORD, "api-release");
    assert.deepEqual(record.inputs, {
      byteLength: 4,
      keepers: { image: "api@sha256:1", command: '["npm","run","migrate"]' },
    });
    assert.deepEqual(record.hooks, { beforeCreate: ["api-release-us-east-1"] });
    assert.deepEqual(dependsOn(built, record), [
      "aws:ecs/taskDefinition:TaskDefinition api-task",
      "aws:iam/rolePolicy:RolePolicy api-execution-policy",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule api-https-out",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule api-to-orders-out",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule api-to-orders-in",
    ]);
    assert.ok(dependsOn(built, built.one(SERVICE)).includes(`${RECORD} api-release`));
  });

  it("runs what is declared when the record is made", async () => {
    await withFakeAws(script(), async (clients, fake) => {
      const built = await build(() => new EcsService("api", { ...happy(), awsClients: clients }));
      const hook = built.hooks.get("api-release-us-east-1");
      assert.ok(pulumi.ResourceHook.isInstance(hook));
      await hook.callback({ urn: "", id: "", name: "", type: "" });
      const [input] = fake.inputsOf("RunTask");
      assert.deepEqual(
        {
          cluster: input?.["cluster"],
          capacity: input?.["capacityProviderStrategy"],
          network: input?.["networkConfiguration"],
          overrides: input?.["overrides"],
        },
        {
          cluster: cluster.arn,
          capacity: [{ capacityProvider: "FARGATE", base: 0, weight: 1 }],
          network: {
            awsvpcConfiguration: {
              subnets: network.appSubnetIds,
              securityGroups: ["api-security-group-id"],
              assignPublicIp: "DISABLED",
            },
          },
          overrides: {
            containerOverrides: [{ name: "api", command: ["npm", "run", "migrate"] }],
          },
        },
      );
    });
  });

  it("is not there without the key", async () => {
    const { release: _, ...without } = happy();
    const built = await build(() => new EcsService("api", without));
    assert.deepEqual(built.all(RECORD), []);
  });

  it("tells others its command and time", async () => {
    let service: EcsService | undefined;
    await build(() => (service = new EcsService("api", happy())));
    assert.deepEqual(service?.release, { command: ["npm", "run", "migrate"], timeoutMinutes: 15 });
  });

  it("is refused where nothing could run it", async () => {
    const { awsClients: _, ...without } = happy();
    const { problems } = await refusal(() => new EcsService("api", without));
    assert.deepEqual(problems, [
      {
        key: "awsClients",
        value: undefined,
        rule: "is required with release",
        allowed:
          "clients of ECS and CloudWatch Logs, which run the release while the stack is deployed",
        fix: "pass them, or remove release",
      },
    ]);
  });

  const settings = { image: "api:1", release };
  itBounds(ecsServiceSettings, settings, { "release.timeoutMinutes": [1, 360] });
  itTakes(ecsServiceSettings, settings, {
    "a command of one word": { "release.command": ["migrate"] },
  });
  itRefuses(ecsServiceSettings, settings, {
    "a release without a command": {
      change: { "release.command": undefined },
      problem: {
        key: "release.command",
        value: undefined,
        rule: "must be a list",
        allowed: "a list; each entry: text",
        fix: "add the key release.command",
      },
    },
    "a command of no words": {
      change: { "release.command": [] },
      problem: {
        key: "release.command",
        value: [],
        rule: "is out of bounds",
        allowed: listWith("at least 1 entry", "text"),
        fix: `set ${listWith("at least 1 entry", "text")}`,
      },
    },
  });
});
