import * as assert from "node:assert/strict";
import { type Problem, SettingsError } from "../../components/support/problem";
import { loadConfig } from "../../stacks/config";
import type { Run } from "../support/run";
import { type StackConfig, runPlatform, smallConfig, sourceOf } from "./support";

const FUNCTION = "aws:lambda/function:Function";
const UNPROTECTED = "a test destroys it at once";

const SERVICE = { image: "public.ecr.aws/nginx/nginx:1.29", desiredCount: 2 };
/** Evening in Berlin, in winter and in summer. */
const WINDOWS = {
  backupWindow: "17:00-17:30",
  maintenanceWindow: "fri:17:30-fri:18:00",
  applyImmediately: true,
};
const DATABASE = {
  engineVersion: "17",
  instanceClass: "db.t4g.micro",
  multiAz: false,
  ...WINDOWS,
};

/** Two services, two databases and hosts: everything that can sleep. */
function sleeping(offHours: object = {}, others: StackConfig = {}): StackConfig {
  return {
    ...smallConfig(),
    "ecs-platform:network": {
      availabilityZones: ["us-east-1a", "us-east-1b"],
      nat: "instance",
    },
    "ecs-platform:cluster": { ec2: { instanceTypes: ["t3.medium"], minSize: 2, maxSize: 4 } },
    "ecs-platform:services": {
      api: {
        ...SERVICE,
        desiredCount: 3,
        route: { priority: 100 },
        scaling: { min: 2, max: 4 },
        databases: ["orders"],
      },
      worker: { ...SERVICE, databases: ["events"] },
    },
    "ecs-platform:databases": {
      orders: DATABASE,
      events: {
        engine: "aurora-postgresql",
        engineVersion: "17",
        serverless: { minAcu: 0.5, maxAcu: 2 },
        replicas: { a: {} },
        applyImmediately: true,
      },
    },
    "ecs-platform:bastion": {},
    "ecs-platform:unprotectedBecause": UNPROTECTED,
    "ecs-platform:offHours": { timezone: "Europe/Berlin", ...offHours },
    ...others,
  };
}

interface Plan {
  readonly services: Record<string, { tasks: number; scalingTargetArn?: string }>;
  readonly databases: Record<string, { isCluster: boolean }>;
  readonly hosts?: { minSize: number };
  readonly instances: Record<string, string>;
  readonly alarms: string[];
}

function planOf(run: Run): Plan {
  const { assets } = run.one(FUNCTION, "off-hours-function").input("code") as unknown as {
    assets: Record<string, { text?: string }>;
  };
  return JSON.parse(assets["plan.json"]?.text ?? "") as Plan;
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

const withoutSuffix = (names: readonly string[]) =>
  names.map((name) => name.replace(/-[0-9a-f]{7}$/, "")).sort();

describe("a stack with off-hours", () => {
  it("puts all services, databases, hosts and the bastion to sleep, and wakes them as they begin", async () => {
    const plan = planOf(await runPlatform(sleeping()));
    assert.deepEqual(
      Object.entries(plan.services).map(([name, { tasks, scalingTargetArn }]) => [
        name,
        tasks,
        scalingTargetArn !== undefined,
      ]),
      [
        ["api", 3, true],
        ["worker", 2, false],
      ],
    );
    assert.deepEqual(
      Object.entries(plan.databases).map(([name, { isCluster }]) => [name, isCluster]),
      [
        ["orders", false],
        ["events", true],
      ].sort(),
    );
    assert.equal(plan.hosts?.minSize, 2);
    assert.deepEqual(Object.keys(plan.instances), ["bastion"]);
  });

  it("mutes the alarms that take silence for the worst, and no other", async () => {
    const plan = planOf(await runPlatform(sleeping()));
    assert.deepEqual(withoutSuffix(plan.alarms), [
      "monitoring-database-orders-cpu",
      "monitoring-database-orders-memory",
      "monitoring-database-orders-storage",
      "monitoring-load-balancer-errors",
      "monitoring-service-api-tasks",
      "monitoring-service-worker-tasks",
    ]);
  });

  it("lets sleep the NAT instance where that is said, and leaves awake what is excepted", async () => {
    const { instances } = planOf(await runPlatform(sleeping({ nat: true, bastion: false })));
    assert.deepEqual(Object.keys(instances), ["nat"]);
    const except = { services: ["api"], databases: ["orders"] };
    const plan = planOf(await runPlatform(sleeping({ except, hosts: false })));
    assert.deepEqual(Object.keys(plan.services), ["worker"]);
    assert.deepEqual(Object.keys(plan.databases), ["events"]);
    assert.equal(plan.hosts, undefined);
    assert.deepEqual(withoutSuffix(plan.alarms), [
      "monitoring-load-balancer-errors",
      "monitoring-service-worker-tasks",
    ]);
  });

  it("has no comparison with the state at night wake a service, a host or an alarm", async () => {
    const ignored = async (config: StackConfig, type: string, name: string) =>
      (await runPlatform(config)).one(type, name).ignoreChanges;
    const service = "aws:ecs/service:Service";
    const group = "aws:autoscaling/group:Group";
    assert.deepEqual(await ignored(sleeping(), service, "worker-service"), ["desiredCount"]);
    assert.deepEqual(await ignored(sleeping(), group, "platform-hosts"), [
      "desiredCapacity",
      "minSize",
    ]);
    assert.deepEqual(
      await ignored(
        sleeping(),
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "monitoring-service-worker-tasks",
      ),
      ["actionsEnabled"],
    );
    const awake = sleeping({
      except: { services: ["worker"], databases: ["events"] },
      hosts: false,
    });
    assert.deepEqual(await ignored(awake, service, "worker-service"), []);
    assert.deepEqual(await ignored(awake, group, "platform-hosts"), ["desiredCapacity"]);
  });

  it("says how to wake and sleep at another time, and otherwise nothing", async () => {
    const commands = (await runPlatform(sleeping())).outputs["commands"] as Record<string, string>;
    assert.match(commands["wake"] ?? "", /^aws lambda invoke .*'\{"turn":"wake"\}'/);
    assert.match(commands["sleep"] ?? "", /^aws lambda invoke .*'\{"turn":"sleep"\}'/);
    const run = await runPlatform(smallConfig());
    const without = run.outputs["commands"] as Record<string, string>;
    assert.deepEqual(
      Object.keys(without).filter((key) => /wake|sleep/.test(key)),
      [],
    );
    assert.deepEqual(
      run.resources.filter(({ name }) => name.startsWith("off-hours")),
      [],
    );
  });
});

describe("the rules between off-hours and the rest of a stack", () => {
  const DATABASES = sleeping()["ecs-platform:databases"] as Record<string, object>;
  const cases: Record<string, { config: StackConfig; problem: Problem }> = {
    "an unknown service": {
      config: sleeping({ except: { services: ["apj"] } }),
      problem: {
        key: "ecs-platform:offHours.except.services[0]",
        value: "apj",
        rule: "is no service of this stack",
        allowed: "api, worker",
        fix: 'did you mean "api"? Rename it, or remove it',
      },
    },
    "an unknown database": {
      config: sleeping({ except: { databases: ["invoices"] } }),
      problem: {
        key: "ecs-platform:offHours.except.databases[0]",
        value: "invoices",
        rule: "is no database of this stack",
        allowed: "events, orders",
        fix: "remove it",
      },
    },
    "a protected stack": {
      config: sleeping({}, { "ecs-platform:unprotectedBecause": undefined }),
      problem: {
        key: "ecs-platform:offHours.protectedSleepsBecause",
        value: undefined,
        rule: "is required in a protected stack: nobody gets an answer from it at night",
        allowed: "a reason in 10 characters or more; nothing in a stack with unprotectedBecause",
        fix: "say why it may sleep, or remove offHours",
      },
    },
    "a second region": {
      config: sleeping(
        {},
        {
          "ecs-platform:secondRegion": {
            region: "us-west-2",
            network: {
              cidr: "10.9.0.0/16",
              availabilityZones: ["us-west-2a", "us-west-2b"],
              nat: "single",
            },
          },
        },
      ),
      problem: {
        key: "ecs-platform:offHours",
        value: undefined,
        rule: "stands beside secondRegion, which is there so that somebody always answers",
        allowed: "one of the two",
        fix: "remove one of the two",
      },
    },
    "a service that is awake without its database": {
      config: sleeping({ except: { services: ["api"] } }),
      problem: {
        key: "ecs-platform:offHours.except.databases",
        value: [],
        rule: "lacks orders, which the service api talks to and api stays awake",
        allowed: "the databases of all services that stay awake",
        fix: "add orders, or let api sleep",
      },
    },
    "an instance with replicas": {
      config: sleeping(
        {},
        {
          "ecs-platform:databases": {
            ...DATABASES,
            orders: { ...DATABASE, password: "generated", replicas: { reports: {} } },
          },
        },
      ),
      problem: {
        key: "ecs-platform:offHours.except.databases",
        value: [],
        rule: "lacks orders: RDS stops no instance that has replicas",
        allowed: "every database with replicas, but those of Aurora",
        fix: "add orders, or remove its replicas",
      },
    },
    "a service whose scaling has schedules": {
      config: sleeping(
        {},
        {
          "ecs-platform:services": {
            api: {
              ...SERVICE,
              scaling: {
                min: 2,
                max: 4,
                schedules: { noon: { schedule: "cron(0 12 * * ? *)", min: 3, max: 4 } },
              },
            },
          },
        },
      ),
      problem: {
        key: "ecs-platform:offHours.except.services",
        value: [],
        rule: "lacks api, whose scaling has schedules: one that comes at night is lost",
        allowed: "every service with scaling.schedules",
        fix: "add api, or remove its schedules",
      },
    },
    "a NAT gateway": {
      config: sleeping(
        { nat: true },
        {
          "ecs-platform:network": {
            availabilityZones: ["us-east-1a", "us-east-1b"],
            nat: "single",
          },
        },
      ),
      problem: {
        key: "ecs-platform:offHours.nat",
        value: true,
        rule: "needs a NAT instance: AWS cannot stop a NAT gateway",
        allowed: "true with network.nat: instance",
        fix: "remove it, or set network.nat to instance",
      },
    },
    "a service that is awake without a way out": {
      config: sleeping({ nat: true, except: { services: ["api"], databases: ["orders"] } }),
      problem: {
        key: "ecs-platform:offHours.nat",
        value: true,
        rule: "leaves api without a way out, and it stays awake",
        allowed: "false while services stay awake",
        fix: "remove it, or let all services sleep",
      },
    },
  };
  const window = (key: string, value: string, consequence: string) => ({
    config: sleeping(
      {},
      { "ecs-platform:databases": { ...DATABASES, orders: { ...DATABASE, [key]: value } } },
    ),
    problem: {
      key: `ecs-platform:databases.orders.${key}`,
      value,
      rule: `is not within the hours in which it is awake, so ${consequence}`,
      allowed: "a span in UTC within offHours.awake, in winter and in summer",
      fix: "move it, or add the database to offHours.except.databases",
    },
  });
  const backedUp = (schedule: string) => ({
    config: sleeping({}, { "ecs-platform:backups": { schedule } }),
    problem: {
      key: "ecs-platform:backups.schedule",
      value: schedule,
      rule: "comes while databases sleep, so their backups would fail",
      allowed: "days and a time in UTC, with the hour that follows, within offHours.awake",
      fix: "move it, raise backups.alertAfterHours over the days without a backup, or add the databases to offHours.except.databases",
    },
  });
  Object.assign(cases, {
    "a backup of RDS at night": window(
      "backupWindow",
      "18:30-19:30",
      "RDS would never make a backup",
    ),
    "maintenance at the weekend": window(
      "maintenanceWindow",
      "sat:12:00-sat:13:00",
      "RDS would never maintain it",
    ),
    "maintenance before dawn": window(
      "maintenanceWindow",
      "mon:05:00-mon:07:00",
      "RDS would never maintain it",
    ),
    "changes that wait for a night": {
      config: sleeping(
        {},
        {
          "ecs-platform:databases": {
            ...DATABASES,
            orders: { ...DATABASE, applyImmediately: false },
          },
        },
      ),
      problem: {
        key: "ecs-platform:databases.orders.applyImmediately",
        value: false,
        rule: "leaves changes for its maintenance, and RDS forgets them when it stops the database",
        allowed: "true",
        fix: "set it to true, or add the database to offHours.except.databases",
      },
    },
    "backups at night": backedUp("cron(30 18 ? * MON-FRI *)"),
    "backups at the weekend, too": backedUp("cron(0 10 * * ? *)"),
    "backups on a Sunday, by its number": backedUp("cron(0 10 ? * 1,3 *)"),
    "backups on a day of the month, which may be a Sunday": backedUp("cron(0 10 1 * ? *)"),
  });
  for (const [title, { config, problem }] of Object.entries(cases)) {
    it(`refuse ${title}`, () => {
      assert.deepEqual(problemsOf(config), [problem]);
    });
  }

  it("take everything that sleeps, and a protected stack with a reason", () => {
    assert.deepEqual(problemsOf(sleeping({ nat: true })), []);
    const protectedSleepsBecause = "nobody trades at night";
    const config = { "ecs-platform:unprotectedBecause": undefined };
    assert.deepEqual(problemsOf(sleeping({ protectedSleepsBecause }, config)), []);
  });

  it("take backups by day, and at any time of databases that stay awake", () => {
    const backups = (schedule: string) => ({ "ecs-platform:backups": { schedule } });
    for (const schedule of ["cron(0 10 ? * MON-FRI *)", "cron(0 10 ? * 2-4,FRI *)"]) {
      assert.deepEqual(problemsOf(sleeping({}, backups(schedule))), []);
    }
    const databases = ["orders", "events"];
    const atNight = sleeping({ except: { databases } }, backups("cron(0 7 * * ? *)"));
    const byDefault = { engineVersion: "17", instanceClass: "db.t4g.micro", multiAz: false };
    const config = {
      ...atNight,
      "ecs-platform:databases": { ...DATABASES, orders: byDefault },
    };
    assert.deepEqual(problemsOf(config), []);
  });

  it("take what cannot sleep where it stays awake", () => {
    const except = { services: ["api"], databases: ["orders"] };
    const config = sleeping(
      { except },
      {
        "ecs-platform:databases": {
          ...DATABASES,
          orders: { ...DATABASE, password: "generated", replicas: { reports: {} } },
        },
      },
    );
    assert.deepEqual(problemsOf(config), []);
  });
});
