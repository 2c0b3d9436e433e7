import * as assert from "node:assert/strict";
import { type Problem, SettingsError } from "../../components/support/problem";
import { loadConfig } from "../../stacks/config";
import type { RecordedResource } from "../support/recorded-resource";
import type { Run } from "../support/run";
import { type StackConfig, runPlatform, smallConfig, sourceOf } from "./support";

const network = {
  cidr: "10.5.0.0/16",
  availabilityZones: ["us-west-2a", "us-west-2b"],
  nat: "single",
};

const IMAGE = "public.ecr.aws/nginx/nginx:1.29";

/** A stack with everything that a standby may go without. */
function twoRegions(second: object = {}): StackConfig {
  return {
    ...smallConfig(),
    "ecs-platform:cluster": {
      ec2: { instanceTypes: ["m7g.large"], minSize: 2, maxSize: 4 },
    },
    "ecs-platform:services": {
      api: {
        image: IMAGE,
        route: { priority: 100 },
        scaling: {
          min: 4,
          max: 12,
          schedules: { day: { schedule: "cron(0 7 * * ? *)", min: 8, max: 12 } },
        },
        databases: ["orders-db"],
        caches: ["sessions"],
        tables: { orders: "read" },
      },
      worker: { image: IMAGE, desiredCount: 3 },
    },
    "ecs-platform:tasks": { report: { image: IMAGE } },
    "ecs-platform:caches": { sessions: { engineVersion: "8.1", serverless: {} } },
    "ecs-platform:tables": { orders: { partitionKey: { name: "id" } } },
    "ecs-platform:bastion": {},
    "ecs-platform:secondRegion": { region: "us-west-2", network, ...second },
  };
}

const inSecond = ({ urn }: RecordedResource) => urn.includes("SecondRegion");

/** "type name" of everything in the second region, or in the first. */
function names(run: Run, second: boolean): string[] {
  return run.resources
    .filter((resource) => inSecond(resource) === second && resource.type.startsWith("aws:"))
    .map(({ type, name }) => `${type} ${name}`.replace(/-(b|c)$/, "-a"))
    .sort();
}

/** Tasks of each service in the second region: to begin with, at least and at most. */
function tasks(run: Run): Record<string, unknown[]> {
  const targets = run.all("aws:appautoscaling/target:Target").filter(inSecond);
  return Object.fromEntries(
    run
      .all("aws:ecs/service:Service")
      .filter(inSecond)
      .map(({ name, inputs }) => {
        const key = name.replace(/-service$/, "");
        const target = targets.find((candidate) => candidate.name.startsWith(`${key}-`));
        return [
          key,
          [inputs["desiredCount"], target?.inputs["minCapacity"], target?.inputs["maxCapacity"]],
        ];
      }),
  );
}

function problemsOf(config: StackConfig): readonly Problem[] {
  try {
    loadConfig(sourceOf(config));
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

describe("a second region that is active", () => {
  it("runs as much as the first", async () => {
    const run = await runPlatform(twoRegions());
    assert.deepEqual(tasks(run), { api: [4, 4, 12], worker: [3, undefined, undefined] });
    assert.deepEqual(names(run, true), names(run, false));
  });
});

describe("a second region that is warm", () => {
  it("runs a task of each service that follows the load, and lets them become as many as in the first", async () => {
    const run = await runPlatform(twoRegions({ standby: "warm" }));
    assert.deepEqual(tasks(run), { api: [1, 1, 12], worker: [3, undefined, undefined] });
    const two = await runPlatform(twoRegions({ standby: "warm", warmTasks: 2 }));
    assert.deepEqual(tasks(two)["api"], [2, 2, 12]);
    const all = await runPlatform(twoRegions({ standby: "warm", warmTasks: 9 }));
    assert.deepEqual(tasks(all)["api"], [4, 4, 12]);
  });

  it("has all else, but for schedules that would add tasks by the clock", async () => {
    const run = await runPlatform(twoRegions({ standby: "warm" }));
    assert.deepEqual(
      names(run, false).filter((name) => !names(run, true).includes(name)),
      ["aws:appautoscaling/scheduledAction:ScheduledAction api-scaling-schedule-day"],
    );
    assert.deepEqual(
      names(run, true).filter((name) => !names(run, false).includes(name)),
      [],
    );
  });
});

describe("a second region that is cold", () => {
  let run: Run;
  before(async () => {
    run = await runPlatform(twoRegions({ standby: "cold" }));
  });

  it("runs no task, no host, and nothing that is paid by the hour but the load balancer", () => {
    assert.deepEqual(tasks(run), {
      api: [0, undefined, undefined],
      worker: [0, undefined, undefined],
    });
    const [group] = run.all("aws:autoscaling/group:Group").filter(inSecond);
    assert.equal(group?.input("minSize"), 0);
    const types = new Set(run.resources.filter(inSecond).map(({ type }) => type));
    for (const type of [
      "aws:ec2/natGateway:NatGateway",
      "aws:ec2/eip:Eip",
      "aws:ec2/instance:Instance",
      "aws:rds/instance:Instance",
      "aws:elasticache/serverlessCache:ServerlessCache",
    ]) {
      assert.ok(!types.has(type), type);
      assert.ok(run.all(type).length > 0, `${type} in the first region`);
    }
    assert.ok(types.has("aws:lb/loadBalancer:LoadBalancer"));
  });

  it("has no endpoint by the hour, which only tasks would take", async () => {
    const interfaceEndpoints = ["ecr.api", "ecr.dkr", "logs"];
    const endpoints = async (standby: string) =>
      (await runPlatform(twoRegions({ standby, network: { ...network, interfaceEndpoints } })))
        .all("aws:ec2/vpcEndpoint:VpcEndpoint")
        .filter(inSecond)
        .filter(({ inputs }) => inputs["vpcEndpointType"] === "Interface").length;
    assert.equal(await endpoints("cold"), 0);
    assert.equal(await endpoints("active"), 3);
  });

  it("has what takes long or costs nothing: network, roles, task definitions and empty tables", () => {
    for (const type of [
      "aws:ec2/subnet:Subnet",
      "aws:lb/listenerRule:ListenerRule",
      "aws:ecs/service:Service",
      "aws:dynamodb/table:Table",
    ]) {
      const count = (second: boolean) =>
        run.all(type).filter((resource) => inSecond(resource) === second).length;
      assert.equal(count(true), count(false), type);
    }
  });

  it("leaves the first region as it is", async () => {
    assert.deepEqual(names(run, false), names(await runPlatform(twoRegions()), false));
  });

  it("becomes the same as any second region when it is made active", async () => {
    const active = await runPlatform(twoRegions({ standby: "active" }));
    const added = names(active, true).filter((name) => !names(run, true).includes(name));
    assert.ok(added.includes("aws:rds/instance:Instance orders-db-instance"));
    assert.ok(added.includes("aws:appautoscaling/target:Target api-scaling"));
    // Nothing goes: what there is already is kept, and with it the load balancer's name.
    assert.deepEqual(
      names(run, true).filter((name) => !names(active, true).includes(name)),
      [],
    );
  });
});

describe("the databases of a second region", () => {
  const snapshotsOf = async (second: object, database: object = {}) => {
    const config = twoRegions(second);
    const run = await runPlatform({
      ...config,
      "ecs-platform:databases": {
        "orders-db": {
          engineVersion: "17",
          instanceClass: "db.t4g.micro",
          multiAz: false,
          ...database,
        },
      },
    });
    return run
      .all("aws:rds/instance:Instance")
      .map((each) => [inSecond(each), each.inputs["snapshotIdentifier"]]);
  };

  it("begin with the snapshots there, and never with one of the first region", async () => {
    assert.deepEqual(await snapshotsOf({ snapshots: { "orders-db": "awsbackup:copyjob-1" } }), [
      [false, undefined],
      [true, "awsbackup:copyjob-1"],
    ]);
    assert.deepEqual(await snapshotsOf({}, { snapshotIdentifier: "former" }), [
      [false, "former"],
      [true, undefined],
    ]);
  });
});

describe("a standby is refused", () => {
  const key = (name: string) => `ecs-platform:secondRegion.${name}`;
  const cases: readonly [title: string, second: object, problem: Problem][] = [
    [
      "with tasks to keep warm that is not warm",
      { warmTasks: 2 },
      {
        key: key("warmTasks"),
        value: 2,
        rule: "stands without standby: warm",
        allowed: "nothing",
        fix: "remove it, or set standby to warm",
      },
    ],
    ...(["warm", "cold"] as const).map((standby): [string, object, Problem] => [
      `that is ${standby} and nearest to some people`,
      { standby, routing: "latency" },
      {
        key: key("routing"),
        value: "latency",
        rule: "sends people to a region that is not there for them",
        allowed: "failover with standby warm or cold",
        fix: "set failover, or standby to active",
      },
    ]),
    [
      "with snapshots for databases that it has not",
      { standby: "cold", snapshots: { "orders-db": "one" } },
      {
        key: key("snapshots"),
        value: { "orders-db": "one" },
        rule: "are for databases, and a cold region has none",
        allowed: "nothing with standby: cold",
        fix: "remove them, or set standby to active, which restores them",
      },
    ],
    [
      "with a snapshot for a database that nobody has",
      { snapshots: { "orders-bd": "one" } },
      {
        key: key("snapshots.orders-bd"),
        value: "one",
        rule: "is for a database that there is not",
        allowed: "orders-db",
        fix: "correct the key, or remove it",
      },
    ],
  ];
  for (const [title, second, problem] of cases) {
    it(title, () => {
      assert.deepEqual(problemsOf(twoRegions(second)), [problem]);
    });
  }

  it("by no file that has it right", () => {
    for (const second of [
      { standby: "warm", warmTasks: 100 },
      { standby: "cold" },
      { routing: "latency" },
      { standby: "warm", snapshots: { "orders-db": "one" } },
    ]) {
      assert.deepEqual(problemsOf(twoRegions(second)), []);
    }
  });
});
