import * as assert from "node:assert/strict";
import { parse } from "yaml";
import { runPlatform, shippedConfig } from "../stacks/support";
import type { Run } from "../support/run";
import {
  type PolicyStatement,
  containerOf,
  environmentOf,
  rulesInto,
  rulesOutOf,
  secretsOf,
  subnetsOf,
} from "./reading";
import { difference, repositoryFile, runExample } from "./support";

const EXAMPLE = "fargate-reference";

/** Everything in the VPC that computes or keeps data. */
const everything = {
  bastion: {},
  "cluster.ec2": { instanceTypes: ["m6i.large"], minSize: 2, maxSize: 4 },
  databases: { orders: { engineVersion: "17", instanceClass: "db.t4g.micro", multiAz: true } },
  "services.app.databases": ["orders"],
};

/** Every statement of every policy that a role or a user can have. */
function statements(run: Run): PolicyStatement[] {
  return ["aws:iam/rolePolicy:RolePolicy", "aws:iam/policy:Policy"]
    .flatMap((type) => run.all(type))
    .flatMap(
      (policy) =>
        (policy.jsonInput("policy") as unknown as { Statement: PolicyStatement[] }).Statement,
    );
}

/** Days that log groups keep what they get, by name. */
function retentionOf(run: Run): Record<string, number> {
  return Object.fromEntries(
    run
      .all("aws:cloudwatch/logGroup:LogGroup")
      .map((group) => [group.name, Number(group.input("retentionInDays"))]),
  );
}

describe("seed 002, safety and operation of the reference architecture on Fargate", () => {
  let run: Run;
  let full: Run;
  before(async () => {
    run = await runExample(EXAMPLE);
    full = await runExample(EXAMPLE, everything);
  });

  it("S002-173: ECS, RDS and the hosts' group replace what fails, without a person", async () => {
    assert.ok(run.one("aws:lb/targetGroup:TargetGroup").input("healthCheck.path"));
    assert.deepEqual(run.one("aws:ecs/service:Service").input("deploymentCircuitBreaker"), {
      enable: true,
      rollback: true,
    });
    assert.equal(full.one("aws:autoscaling/group:Group").input("minSize"), 2);
    const prod = await runPlatform(shippedConfig("prod"), "prod");
    assert.equal(prod.one("aws:rds/instance:Instance").input("multiAz"), true);
  });

  it("S002-174: a task keeps nothing that outlives it", () => {
    const volumes = run.one("aws:ecs/taskDefinition:TaskDefinition").input("volumes");
    assert.deepEqual(volumes, [{ name: "tmp" }]);
  });

  it("S002-176: the same file with another region and its zones names nothing of the first", async () => {
    const moved = await runExample(EXAMPLE, {
      "aws:region": "eu-central-1",
      "network.availabilityZones": ["eu-central-1a", "eu-central-1b"],
    });
    assert.deepEqual(moved.names(), run.names());
    for (const { name, inputs } of moved.resources) {
      assert.doesNotMatch(JSON.stringify(inputs), /us-(west|east)-\d/, name);
    }
    // What is named for the whole world or the whole account gets names that nobody else has.
    for (const type of ["aws:iam/role:Role", "aws:s3/bucket:Bucket"]) {
      for (const each of moved.all(type)) {
        assert.equal(each.input("name") ?? each.input("bucket"), undefined, each.name);
      }
    }
  });

  it("S002-177: whatever computes or keeps data is in a private subnet", () => {
    const open = new Set(subnetsOf(full, "public").map((name) => `${name}-id`));
    const placed = [
      full.one("aws:ecs/service:Service").input("networkConfiguration.subnets"),
      full.one("aws:autoscaling/group:Group").input("vpcZoneIdentifiers"),
      full.one("aws:rds/subnetGroup:SubnetGroup").input("subnetIds"),
      [full.one("aws:ec2/instance:Instance").input("subnetId")],
    ] as string[][];
    for (const ids of placed) {
      assert.ok(ids.length > 0);
      assert.deepEqual(
        ids.filter((id) => open.has(id)),
        [],
      );
    }
  });

  it("S002-178: no policy allows everything on everything, or any role to be passed on", () => {
    const allowed = statements(full).filter(({ Effect }) => Effect === "Allow");
    assert.ok(allowed.length > 3);
    for (const { Action, Resource } of allowed) {
      assert.ok(!Action.includes("*"), String(Resource));
      if (Resource.includes("*")) {
        assert.ok(
          Action.every((action) => !/^(\*|[a-z]+:\*|iam:.*)$/.test(action)),
          String(Action),
        );
      }
      if (Action.includes("iam:PassRole")) {
        assert.ok(
          Resource.every((arn) => /:role\/[^*]+$/.test(arn)),
          String(Resource),
        );
      }
    }
  });

  it("S002-183: secrets come from Secrets Manager, and none is in the plain environment", () => {
    const app = containerOf(full, "app");
    const secrets = Object.entries(secretsOf(app));
    assert.deepEqual(secrets.map(([name]) => name).sort(), [
      "ORDERS_PASSWORD",
      "ORDERS_USERNAME",
      "PORT",
    ]);
    for (const [, from] of secrets) assert.match(from, /^arn:aws:secretsmanager:us-west-2:/);
    for (const name of Object.keys(environmentOf(app))) {
      assert.doesNotMatch(name, /PASSWORD|SECRET|TOKEN|KEY/);
    }
  });

  it("S002-184: no group is open to the world but the load balancer's, on 80 and 443", () => {
    const groups = full.all("aws:ec2/securityGroup:SecurityGroup").map(({ name }) => name);
    assert.ok(groups.length >= 5);
    const open = groups.flatMap((group) =>
      rulesInto(full, group)
        .filter((rule) => /\/\d+$/.test(rule))
        .map((rule) => `${group}: ${rule}`),
    );
    assert.deepEqual(open, [
      "load-balancer-security-group: tcp 443 from 0.0.0.0/0",
      "load-balancer-security-group: tcp 443 from ::/0",
      "load-balancer-security-group: tcp 80 from 0.0.0.0/0",
      "load-balancer-security-group: tcp 80 from ::/0",
    ]);
    for (const group of groups) {
      for (const rule of rulesOutOf(full, group)) assert.doesNotMatch(rule, /^all to .*\/\d+$/);
    }
  });

  it("S002-185: all traffic of the VPC is recorded, for 90 days", () => {
    const flowLog = run.one("aws:ec2/flowLog:FlowLog");
    assert.equal(flowLog.input("vpcId"), "network-vpc-id");
    assert.equal(flowLog.input("trafficType"), "ALL");
    const group = run.one("aws:cloudwatch/logGroup:LogGroup", "network-flow-logs");
    assert.equal(flowLog.input("logDestination"), group.outputs["arn"]);
    assert.equal(group.input("retentionInDays"), 90);
  });

  it("S002-195: the tasks that must run are on demand, a share of the others on Spot, as each service says", async () => {
    const shares = (of: Run) =>
      of.one("aws:ecs/service:Service").input("capacityProviderStrategies");
    assert.deepEqual(shares(run), [
      { capacityProvider: "FARGATE", base: 2, weight: 1 },
      { capacityProvider: "FARGATE_SPOT", base: 0, weight: 1 },
    ]);
    const spot = await runExample(EXAMPLE, {
      "services.app.capacity": { FARGATE_SPOT: { weight: 1 } },
    });
    assert.deepEqual(shares(spot), [{ capacityProvider: "FARGATE_SPOT", base: 0, weight: 1 }]);
  });

  it("S002-197, S002-200: dev has one NAT gateway and keeps its logs for a shorter time than prod", async () => {
    const [dev, prod] = await Promise.all(
      ["dev", "prod"].map((stack) => runPlatform(shippedConfig(stack), stack)),
    );
    assert.ok(dev !== undefined && prod !== undefined);
    assert.equal(dev.all("aws:ec2/natGateway:NatGateway").length, 1);
    assert.equal(prod.all("aws:ec2/natGateway:NatGateway").length, 3);
    const inProd = retentionOf(prod);
    for (const name of ["api-logs", "network-flow-logs"]) {
      assert.ok(Number(retentionOf(dev)[name]) < Number(inProd[name]), name);
    }
  });

  it("S002-204: more tasks are one key, and nothing else changes", async () => {
    const target = "aws:appautoscaling/target:Target";
    const wider = await runExample(EXAMPLE, { "services.app.scaling.max": 20 });
    assert.equal(wider.one(target).input("maxCapacity"), 20);
    assert.deepEqual(difference(run, wider), {
      added: [],
      removed: [],
      changed: [`${target} app-scaling`],
    });
    const withoutScaling = await runExample(EXAMPLE, {
      "services.app.scaling": undefined,
      "services.app.desiredCount": 5,
    });
    assert.equal(withoutScaling.one("aws:ecs/service:Service").input("desiredCount"), 5);
  });

  it("S002-205: larger tasks are two keys, and only the task definition changes", async () => {
    const larger = await runExample(EXAMPLE, {
      "services.app.cpu": 1024,
      "services.app.memoryMiB": 4096,
    });
    const task = larger.one("aws:ecs/taskDefinition:TaskDefinition");
    assert.equal(task.input("cpu"), "1024");
    assert.equal(task.input("memory"), "4096");
    const { added, removed, changed } = difference(run, larger);
    assert.deepEqual([...added, ...removed], []);
    assert.deepEqual(changed, ["aws:ecs/taskDefinition:TaskDefinition app-task"]);
  });

  it("S002-217: Dependabot looks after the packages, the providers and the CLI among them", () => {
    const { updates } = parse(repositoryFile(".github/dependabot.yml")) as {
      updates: { "package-ecosystem": string; directory: string; schedule: unknown }[];
    };
    const npm = updates.find((update) => update["package-ecosystem"] === "npm");
    assert.equal(npm?.directory, "/");
    assert.deepEqual(npm.schedule, { interval: "weekly" });
    const { dependencies, devDependencies } = JSON.parse(repositoryFile("package.json")) as Record<
      "dependencies" | "devDependencies",
      Record<string, string>
    >;
    assert.ok(dependencies["@pulumi/aws"] && devDependencies["pulumi"]);
  });

  it("S002-206: CPU, memory and requests move the number of tasks", () => {
    assert.deepEqual(
      run.all("aws:appautoscaling/policy:Policy").map(({ name }) => name),
      [
        "app-scaling-cpu",
        "app-scaling-in",
        "app-scaling-memory",
        "app-scaling-out",
        "app-scaling-requests",
      ],
    );
  });
});
