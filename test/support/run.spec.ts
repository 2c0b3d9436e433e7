import * as assert from "node:assert/strict";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { runProgram } from "./run-program";
import { unknown } from "./wire-values";

/** A component with a child that has every option a test may ask about. */
class Store extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Store", name, {}, opts);
    const key = new aws.kms.Key(`${name}-key`, {}, { parent: this });
    const database = new aws.rds.Instance(
      `${name}-db`,
      {
        instanceClass: "db.t4g.micro",
        engine: "postgres",
        kmsKeyId: key.arn,
        manageMasterUserPassword: true,
        tags: { "team.name": pulumi.secret("payments"), Name: name },
      },
      {
        parent: this,
        ignoreChanges: ["engineVersion"],
        deleteBeforeReplace: true,
        aliases: [
          { name: "old-db" },
          "urn:pulumi:test::ecs-platform::aws:rds/instance:Instance::x",
        ],
      },
    );
    const password = new random.RandomPassword(
      `${name}-password`,
      { length: 20 },
      child(this, key),
    );
    this.registerOutputs({ endpoint: database.endpoint, password: password.result });
  }
}

const child = (parent: pulumi.Resource, dependsOn: pulumi.Resource): pulumi.ResourceOptions => ({
  parent,
  dependsOn,
});

async function runStore(): ReturnType<typeof runProgram> {
  return runProgram(() => {
    const provider = new aws.Provider("aws", { region: "us-east-1" });
    new Store("orders", { providers: [provider], protect: true });
  });
}

const urn = (id: string): string => `urn:pulumi:test::ecs-platform::${id}`;

describe("a run", () => {
  it("records the options of a resource", async () => {
    const run = await runStore();
    const database = run.one("aws:rds/instance:Instance");
    assert.equal(database.urn, urn("test:index:Store$aws:rds/instance:Instance::orders-db"));
    assert.equal(database.custom, true);
    assert.equal(database.protect, true);
    assert.equal(database.deleteBeforeReplace, true);
    assert.deepEqual(database.ignoreChanges, ["engineVersion"]);
    assert.deepEqual(database.aliases, [
      { name: "old-db", parent: urn("test:index:Store::orders") },
      urn("aws:rds/instance:Instance::x"),
    ]);
    const keyUrn = urn("test:index:Store$aws:kms/key:Key::orders-key");
    assert.deepEqual(database.dependencies, [keyUrn]);
    assert.deepEqual(database.propertyDependencies["kmsKeyId"], [keyUrn]);
    assert.equal(run.byUrn(database.provider ?? "").type, "pulumi:providers:aws");
    const password = run.one("random:index/randomPassword:RandomPassword");
    assert.equal(password.provider, undefined);
    assert.equal(password.deleteBeforeReplace, undefined);
    assert.deepEqual(password.dependencies, [keyUrn]);
  });

  it("unwraps secrets and remembers where they were", async () => {
    const database = (await runStore()).one("aws:rds/instance:Instance");
    assert.deepEqual(database.inputs["tags"], { "team.name": "payments", Name: "orders" });
    assert.equal(database.isSecret(["tags", "team.name"]), true);
    assert.equal(database.isSecret("tags.Name"), false);
    assert.equal(database.isSecret("tags"), false);
    assert.equal(database.input("tags.Name"), "orders");
    assert.equal(database.input("tags.Name.deeper"), undefined);
  });

  it("keeps what a component registered as its outputs", async () => {
    const store = (await runStore()).one("test:index:Store", "orders");
    assert.equal(store.kind, "component");
    assert.deepEqual(store.outputs, {
      endpoint: "orders-db-1a2b3c4.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com:5432",
      password: "orders-password!",
    });
    assert.equal(store.isSecretOutput("password"), true);
    assert.equal(store.isSecretOutput("endpoint"), false);
  });

  it("finds its way through the tree", async () => {
    const run = await runStore();
    const store = run.one("test:index:Store");
    assert.deepEqual(
      run.childrenOf(store).map(({ name }) => name),
      ["orders-key", "orders-db", "orders-password"],
    );
    assert.equal(run.parentOf(run.one("aws:kms/key:Key")), store);
    assert.equal(run.parentOf(store), undefined);
    assert.deepEqual(run.all("aws:ec2/vpc:Vpc"), []);
  });

  it("lists what there was when `one` does not find exactly one", async () => {
    const run = await runProgram(() => ["a", "b"].map((name) => new aws.sns.Topic(name)));
    const inventory = "\n  aws:sns/topic:Topic a\n  aws:sns/topic:Topic b";
    assert.equal(run.one("aws:sns/topic:Topic", "b").name, "b");
    assert.throws(() => run.one("aws:sns/topic:Topic"), {
      message: `expected one aws:sns/topic:Topic, found 2; the program declared${inventory}`,
    });
    assert.throws(() => run.one("aws:sns/topic:Topic", "c"), {
      message: `expected one aws:sns/topic:Topic c, found none; the program declared${inventory}`,
    });
  });

  it("resolves stack outputs and knows which are secret", async () => {
    const run = await runProgram(
      () => {
        const config = new pulumi.Config();
        return {
          token: config.requireSecret("token"),
          region: new pulumi.Config("aws").get("region"),
        };
      },
      { config: { token: "t0k3n", "aws:region": "eu-west-1" }, secretKeys: ["token"] },
    );
    assert.deepEqual(run.outputs, { token: "t0k3n", region: "eu-west-1" });
    assert.equal(run.isSecretOutput("token"), true);
    assert.equal(run.isSecretOutput("region"), false);
  });

  it("knows neither ids nor computed outputs in a preview", async () => {
    const run = await runProgram(
      () => {
        const vpc = new aws.ec2.Vpc("network", { cidrBlock: "10.0.0.0/16" });
        new aws.ec2.Subnet("subnet", { vpcId: vpc.id, cidrBlock: vpc.cidrBlock });
        return { arn: vpc.arn };
      },
      { preview: true },
    );
    assert.deepEqual(run.one("aws:ec2/subnet:Subnet").inputs, {
      vpcId: unknown,
      cidrBlock: "10.0.0.0/16",
    });
    assert.deepEqual(run.outputs, { arn: unknown });
  });

  it("answers lookups and lets a test compute outputs itself", async () => {
    const run = await runProgram(
      () => ({
        ami: aws.ec2.getAmiOutput({ owners: ["self"] }).id,
        partition: aws.getPartitionOutput({}).partition,
        existing: aws.ec2.Vpc.get("existing", "vpc-123").ownerId,
        topic: new aws.sns.Topic("topic", {}).arn,
      }),
      {
        invokes: {
          "aws:ec2/getAmi:getAmi": ({ owners }) => ({ id: `ami-of-${JSON.stringify(owners)}` }),
        },
        resources: { "aws:sns/topic:Topic": ({ name }) => ({ arn: `the-${name}` }) },
      },
    );
    const ownerId = "123456789012";
    assert.deepEqual(run.outputs, {
      ami: 'ami-of-["self"]',
      partition: "aws",
      existing: ownerId,
      topic: "the-topic",
    });
    assert.equal(run.one("aws:ec2/vpc:Vpc").kind, "read");
  });
});

describe("computed outputs", () => {
  it("name and address resources the way AWS does", async () => {
    const { outputs } = await runProgram(() => {
      const balancer = new aws.lb.LoadBalancer("web", { namePrefix: "public-" });
      const targets = new aws.lb.TargetGroup("web-targets");
      return {
        balancer: balancer.arn,
        balancerSuffix: balancer.arnSuffix,
        targets: targets.arn.apply((arn) => arn.split(":").pop()),
        targetsSuffix: targets.arnSuffix,
        role: new aws.iam.Role("task-role", { assumeRolePolicy: "{}" }).arn,
        logs: new aws.cloudwatch.LogGroup("logs", { name: "/ecs/web" }).arn,
        cluster: new aws.ecs.Cluster("cluster").name,
        group: new aws.ec2.SecurityGroup("web-sg").arn,
      };
    });
    assert.deepEqual(outputs, {
      balancer:
        "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/public-1a2b3c4/50dc6c495c0c9188",
      balancerSuffix: "app/public-1a2b3c4/50dc6c495c0c9188",
      targets: "targetgroup/web-targets-1a2b3c4/50dc6c495c0c9188",
      targetsSuffix: "targetgroup/web-targets-1a2b3c4/50dc6c495c0c9188",
      role: "arn:aws:iam::123456789012:role/task-role-1a2b3c4",
      logs: "arn:aws:logs:us-east-1:123456789012:log-group:/ecs/web",
      cluster: "cluster-1a2b3c4",
      group: "arn:aws:ec2:us-east-1:123456789012:security-group/web-sg-1a2b3c4",
    });
  });
});
