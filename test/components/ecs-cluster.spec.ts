import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { EcsCluster, type EcsClusterArgs } from "../../components";
import { ecsClusterSettings } from "../../components/ecs-cluster/settings";
import { runProgram } from "../support/run-program";
import { RETENTION_DAYS, build, itRefuses, itTakes, noChoice, refusal, sourcesOf } from "./support";

const happy = (): EcsClusterArgs => ({});

const CLUSTER = "aws:ecs/cluster:Cluster";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

describe("EcsCluster", () => {
  it("creates this and nothing else", async () => {
    const { component, children } = await build(() => new EcsCluster("platform", happy()));
    assert.equal(component.type, "ecs-platform:index:EcsCluster");
    assert.deepEqual(children, [
      "aws:cloudwatch/logGroup:LogGroup platform-exec-logs",
      "aws:ecs/cluster:Cluster platform-cluster",
      "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders platform-capacity",
    ]);
  });

  it("previews what it creates", async () => {
    const make = () => new EcsCluster("platform", happy());
    const [preview, deployment] = [await build(make, { preview: true }), await build(make)];
    assert.deepEqual(preview.children, deployment.children);
  });

  it("has Container Insights, and records sessions in its own log group", async () => {
    const run = await build(() => new EcsCluster("platform", happy()));
    assert.deepEqual(run.one(CLUSTER).inputs, {
      settings: [{ name: "containerInsights", value: "enabled" }],
      configuration: {
        executeCommandConfiguration: {
          logging: "OVERRIDE",
          logConfiguration: { cloudWatchLogGroupName: "platform-exec-logs-1a2b3c4" },
        },
      },
    });
    assert.deepEqual(run.one(LOG_GROUP).inputs, { retentionInDays: 90 });
  });

  it("takes other settings", async () => {
    const args = { containerInsights: "enhanced", execLogRetentionDays: 365 } as const;
    const run = await build(() => new EcsCluster("platform", args));
    assert.equal(run.one(CLUSTER).input("settings.0.value"), "enhanced");
    assert.deepEqual(run.one(LOG_GROUP).inputs, { retentionInDays: 365 });
  });

  it("offers Fargate and Fargate Spot, and starts on Fargate what says nothing", async () => {
    const run = await build(() => new EcsCluster("platform", happy()));
    const capacity = run.one("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders");
    assert.deepEqual(capacity.inputs, {
      clusterName: "platform-cluster-1a2b3c4",
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
      defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
    });
  });

  it("has the name of the settings", async () => {
    const run = await build(() => new EcsCluster("platform", { name: "production-cluster" }));
    assert.equal(run.one(CLUSTER).input("name"), "production-cluster");
    assert.equal(
      run.one("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders").input("clusterName"),
      "production-cluster",
    );
  });

  it("registers what others need", async () => {
    const { component } = await build(() => new EcsCluster("platform", happy()));
    assert.deepEqual(component.outputs, {
      arn: "arn:aws:ecs:us-east-1:123456789012:cluster/platform-cluster-1a2b3c4",
      clusterName: "platform-cluster-1a2b3c4",
      execLogGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:platform-exec-logs-1a2b3c4",
    });
  });

  it("has whoever uses its ARN wait for its capacity", async () => {
    const run = await runProgram(() => {
      const { arn } = new EcsCluster("platform", happy());
      new aws.ssm.Parameter("user", { type: "String", value: arn });
    });
    assert.deepEqual(sourcesOf(run, run.one("aws:ssm/parameter:Parameter"), "value"), [
      "aws:ecs/cluster:Cluster platform-cluster",
      "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders platform-capacity",
    ]);
  });

  for (const [containerInsights, counts] of [
    ["enabled", true],
    ["enhanced", true],
    ["disabled", false],
  ] as const) {
    it(`says whether it counts running tasks: ${counts} for ${containerInsights}`, async () => {
      const { outputs } = await runProgram(() => {
        const { countsRunningTasks } = new EcsCluster("platform", { containerInsights });
        return { countsRunningTasks };
      });
      assert.deepEqual(outputs, { countsRunningTasks: counts });
    });
  }

  it("lists every problem and registers nothing", async () => {
    const wrong = { containerInsights: true, execLogs: 1 } as unknown as EcsClusterArgs;
    const error = await refusal(() => new EcsCluster("platform", wrong));
    assert.match(error.message, /^EcsCluster "platform": 2 problems; nothing was created\.\n/);
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      ["containerInsights", "execLogs"],
    );
  });
});

describe("EcsCluster settings", () => {
  itTakes(ecsClusterSettings, happy(), {
    "enhanced insights": { containerInsights: "enhanced" },
    "no insights": { containerInsights: "disabled" },
    "the shortest retention": { execLogRetentionDays: 1 },
    "the longest retention": { execLogRetentionDays: 3653 },
    "a name": { name: "production-cluster" },
  });

  itRefuses(ecsClusterSettings, happy(), {
    "a name that a shell would take apart": {
      change: { name: "our cluster" },
      problem: {
        key: "name",
        value: "our cluster",
        rule: "must be a name for a cluster",
        allowed: "1 to 255 letters, digits, hyphens and underscores, starting with a letter",
        fix: 'write it like "production-cluster"',
      },
    },
    "no capacity at all": {
      change: { fargate: false },
      problem: {
        key: "fargate",
        value: false,
        rule: "leaves the cluster without capacity: it has no ec2 either",
        allowed: "true, or false with ec2",
        fix: "add ec2, or remove fargate: false",
      },
    },
    "other insights": {
      change: { containerInsights: "full" },
      problem: noChoice("containerInsights", "full", ["enhanced", "enabled", "disabled"]),
    },
    "logs that are kept for ever": {
      change: { execLogRetentionDays: 0 },
      problem: noChoice("execLogRetentionDays", 0, RETENTION_DAYS),
    },
  });
});
