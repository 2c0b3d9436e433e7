import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { EcsService } from "../../components";
import { finishDeployment } from "../../components/ecs-service/retry";
import { type Script, withFakeAws } from "../support/fake-aws";
import { runProgram } from "../support/run-program";
import { build, cluster, network } from "./support";

const SERVICE = "aws:ecs/service:Service";
const TASK_DEFINITION = "arn:aws:ecs:us-east-1:123456789012:task-definition/platform-api:8";

const failed = {
  name: "api",
  cluster: cluster.arn,
  serviceName: "api-1a2b",
  taskDefinition: TASK_DEFINITION,
  logGroupName: "api-logs",
};

const list = (...arns: string[]) => ({
  serviceDeployments: arns.map((serviceDeploymentArn, index) => ({
    serviceDeploymentArn,
    createdAt: 100 - index,
  })),
});
const state = (serviceDeploymentArn: string, status: string) => ({
  serviceDeployments: [{ serviceDeploymentArn, status }],
});

/** ECS that rolled a deployment back, and takes the next one. */
const script = (changes: Script = {}): Script => ({
  ListServiceDeployments: [list("first"), list("first"), list("second", "first")],
  DescribeServiceDeployments: [
    state("first", "ROLLBACK_SUCCESSFUL"),
    state("first", "ROLLBACK_SUCCESSFUL"),
    state("second", "IN_PROGRESS"),
    state("second", "SUCCESSFUL"),
  ],
  UpdateService: [{}],
  DescribeServices: [{ services: [{ serviceName: "api-1a2b", events: [] }] }],
  ListTasks: [{ taskArns: [] }],
  ...changes,
});

async function finished(answers: Script) {
  const told: string[] = [];
  return withFakeAws(answers, async (clients, fake) => {
    const outcome = await finishDeployment(clients, failed, {
      minutes: 1,
      tell: (message) => told.push(message),
      pause: () => Promise.resolve(),
    }).then(
      () => "succeeded",
      (error: unknown) => (error as Error).message,
    );
    return { outcome, told, fake };
  });
}

describe("A deployment that failed in the last `up`", () => {
  it("is tried again, since the provider holds it for made", async () => {
    const { outcome, told, fake } = await finished(script());
    assert.equal(outcome, "succeeded");
    assert.deepEqual(told, ["The last deployment of api failed: trying it again."]);
    assert.deepEqual(fake.inputsOf("UpdateService"), [
      {
        cluster: cluster.arn,
        service: "api-1a2b",
        taskDefinition: TASK_DEFINITION,
        forceNewDeployment: true,
      },
    ]);
  });

  it("fails again with the reasons where ECS rolls it back again", async () => {
    const { outcome } = await finished(
      script({
        DescribeServiceDeployments: [
          state("first", "ROLLBACK_SUCCESSFUL"),
          state("first", "ROLLBACK_SUCCESSFUL"),
          state("second", "ROLLBACK_SUCCESSFUL"),
        ],
      }),
    );
    assert.match(outcome, /^The deployment of api failed\.\nECS: ROLLBACK_SUCCESSFUL\n/);
  });

  it("is tried again only once ECS has gone back", async () => {
    const { outcome, fake } = await finished(
      script({
        ListServiceDeployments: [list("first"), list("first"), list("second", "first")],
        DescribeServiceDeployments: [
          state("first", "ROLLBACK_IN_PROGRESS"),
          state("first", "ROLLBACK_SUCCESSFUL"),
          state("second", "SUCCESSFUL"),
        ],
      }),
    );
    assert.equal(outcome, "succeeded");
    assert.deepEqual(
      fake.calls
        .map(({ action }) => action)
        .filter((action) => action !== "ListServiceDeployments"),
      [
        "DescribeServiceDeployments",
        "DescribeServiceDeployments",
        "UpdateService",
        "DescribeServiceDeployments",
        "DescribeServiceDeployments",
      ],
    );
  });

  it("is waited for where it is still under way", async () => {
    const { outcome, told, fake } = await finished(
      script({
        ListServiceDeployments: [list("first")],
        DescribeServiceDeployments: [
          state("first", "IN_PROGRESS"),
          state("first", "IN_PROGRESS"),
          state("first", "SUCCESSFUL"),
        ],
      }),
    );
    assert.equal(outcome, "succeeded");
    assert.deepEqual(told, []);
    assert.equal(fake.inputsOf("UpdateService").length, 0);
  });

  it("counts as failed when it takes longer than `up` waits", async () => {
    const { outcome, fake } = await finished(
      script({
        ListServiceDeployments: [list("first")],
        DescribeServiceDeployments: [state("first", "IN_PROGRESS")],
      }),
    );
    assert.match(outcome, /ECS: IN_PROGRESS\nIt is still under way/);
    // Twice to begin with, twelve times in its minute, and once for the reasons.
    assert.equal(fake.inputsOf("DescribeServiceDeployments").length, 15);
  });

  for (const [title, answers] of [
    ["went well", { DescribeServiceDeployments: [state("first", "SUCCESSFUL")] }],
    ["nobody knows of", { ListServiceDeployments: [list()] }],
  ] as const) {
    it(`is left alone where it ${title}`, async () => {
      const { outcome, fake } = await finished(script(answers));
      assert.equal(outcome, "succeeded");
      assert.equal(fake.inputsOf("UpdateService").length, 0);
    });
  }
});

const unused = () => Promise.reject(new Error("Nobody answers"));
const silent = { region: "us-east-1", ecs: unused, logs: unused };
const happy = { cluster, network, image: "api:1" };
const unchanged = {
  oldOutputs: { name: "api-1a2b", taskDefinition: TASK_DEFINITION },
  newInputs: { cluster: cluster.arn, taskDefinition: TASK_DEFINITION },
};

describe("EcsService, hooks", () => {
  it("tell why a deployment failed, and try it again", async () => {
    const run = await build(() => new EcsService("api", { ...happy, awsClients: silent }));
    assert.deepEqual(run.one(SERVICE).hooks, {
      beforeUpdate: ["api-retry-us-east-1"],
      onError: ["api-diagnosis-us-east-1"],
    });
  });

  it("are not there where nobody may ask AWS", async () => {
    const run = await build(() => new EcsService("api", happy));
    assert.deepEqual(run.one(SERVICE).hooks, {});
  });

  it("have other names in another region", async () => {
    class Region extends pulumi.ComponentResource {
      constructor(region: string) {
        super("test:index:Region", region);
        const awsClients = { ...silent, region };
        new EcsService("api", { ...happy, awsClients }, { parent: this });
        this.registerOutputs({});
      }
    }
    const run = await runProgram(() => {
      new EcsService("api", { ...happy, awsClients: silent });
      new Region("eu-west-1");
    });
    assert.deepEqual(
      [...run.hooks.keys()].sort(),
      ["diagnosis", "retry"].flatMap((kind) => [`api-${kind}-eu-west-1`, `api-${kind}-us-east-1`]),
    );
  });

  async function retryOf(clients: typeof silent) {
    const run = await build(() => new EcsService("api", { ...happy, awsClients: clients }));
    const hook = run.hooks.get("api-retry-us-east-1");
    assert.ok(pulumi.ResourceHook.isInstance(hook));
    return hook.callback;
  }
  const resource = { urn: "", id: "", name: "", type: "" };

  it("leave it to the provider to deploy another task definition", async () => {
    const retry = await retryOf(silent);
    const newInputs = { ...unchanged.newInputs, taskDefinition: `${TASK_DEFINITION}0` };
    await retry({ ...resource, ...unchanged, newInputs });
  });

  it("look at the last deployment where the task definition is the same", async () => {
    const retry = await retryOf(silent);
    await assert.rejects(async () => retry({ ...resource, ...unchanged }), /Nobody answers/);
  });

  it("never hide the provider's own error, also when they fail themselves", async () => {
    const run = await build(() => new EcsService("api", { ...happy, awsClients: silent }));
    const hook = run.hooks.get("api-diagnosis-us-east-1");
    assert.ok(pulumi.ErrorHook.isInstance(hook));
    const again = await hook.callback({
      ...resource,
      ...unchanged,
      failedOperation: "update",
      errors: ["rolled back"],
    });
    assert.equal(again, false);
  });
});
