import * as assert from "node:assert/strict";
import { type Problem, SettingsError } from "../../components/support/problem";
import { loadConfig } from "../../stacks/config";
import { type StackConfig, runPlatform, smallConfig, sourceOf } from "./support";

type Section = Record<string, unknown>;

/** The small configuration with another network, and more said of its one service. */
function withNetwork(network: Section, service: Section = {}): StackConfig {
  const config = smallConfig();
  const { api } = config["ecs-platform:services"] as { api: Section };
  return {
    ...config,
    "ecs-platform:network": network,
    "ecs-platform:services": { api: { ...api, ...service } },
  };
}

function problemsOf(config: StackConfig): readonly Problem[] {
  try {
    loadConfig(sourceOf(config));
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    return error.problems;
  }
  return [];
}

const own = { availabilityZones: ["us-east-1a", "us-east-1b"], nat: "single" };

const placed = {
  ...own,
  subnets: {
    public: { a: "10.0.1.0/24", b: "10.0.2.0/24" },
    app: { a: "10.0.11.0/24", b: "10.0.12.0/24" },
  },
};

const existing = {
  vpcId: "vpc-0a",
  accountId: "123456789012",
  cidr: "10.9.0.0/16",
  availabilityZones: ["us-east-1a", "us-east-1b"],
  publicSubnetIds: ["subnet-1a", "subnet-1b"],
  appSubnetIds: ["subnet-2a", "subnet-2b"],
  dataSubnetIds: ["subnet-3a", "subnet-3b"],
};

describe("A stack's network", () => {
  it("needs data subnets for a database, where it has subnets of its own choice", () => {
    assert.deepEqual(problemsOf(withNetwork(placed)), [
      {
        key: "ecs-platform:network.subnets.data",
        value: undefined,
        rule: "is required: orders-db would have no subnets",
        allowed: "a block for each zone",
        fix: "add data with a block for each zone",
      },
    ]);
    const data = { a: "10.0.21.0/24", b: "10.0.22.0/24" };
    assert.deepEqual(
      problemsOf(withNetwork({ ...placed, subnets: { ...placed.subnets, data } })),
      [],
    );
  });

  it("needs none where there is nothing to put into them", () => {
    const config = withNetwork(placed, { databases: undefined });
    assert.deepEqual(problemsOf({ ...config, "ecs-platform:databases": {} }), []);
  });

  it("needs data subnets for a database, where it is adopted", () => {
    assert.deepEqual(problemsOf(withNetwork({ existing: { ...existing, dataSubnetIds: [] } })), [
      {
        key: "ecs-platform:network.existing.dataSubnetIds",
        value: [],
        rule: "is required: orders-db would have no subnets",
        allowed: "one private subnet for each zone",
        fix: "name the subnets for databases; those of appSubnetIds will do",
      },
    ]);
    assert.deepEqual(problemsOf(withNetwork({ existing })), []);
  });

  it("lies in the stack's region, where it is adopted, too", () => {
    const zones = ["us-east-1a", "us-west-2b"];
    assert.deepEqual(
      problemsOf(withNetwork({ existing: { ...existing, availabilityZones: zones } })),
      [
        {
          key: "ecs-platform:network.existing.availabilityZones[1]",
          value: "us-west-2b",
          rule: "is not in the region that aws:region names, us-east-1",
          allowed: "us-east-1 and a letter",
          fix: "correct the zone, or aws:region",
        },
      ],
    );
  });

  it("passes on every port that a service uses on the internet, where an instance does it", () => {
    const network = { ...own, nat: "instance", natInstance: { extraPorts: [25] } };
    assert.deepEqual(problemsOf(withNetwork(network, { egress: [993, 25, 80] })), [
      {
        key: "ecs-platform:network.natInstance.extraPorts",
        value: [25],
        rule: "lacks 80, 993, which services or tasks use on the internet",
        allowed: "every port that egress of a service or task has",
        fix: "add them, or choose another way out in nat",
      },
    ]);
    assert.deepEqual(problemsOf(withNetwork(network, { egress: [25] })), []);
    assert.deepEqual(
      problemsOf(withNetwork({ ...own, nat: "instance" }, { egress: [80] })).length,
      1,
    );
    assert.deepEqual(problemsOf(withNetwork(own, { egress: [80] })), []);
  });

  it("holds everything else of the platform unchanged, where it is adopted", async () => {
    const [adopted, ownNetwork] = [
      await runPlatform(withNetwork({ existing })),
      await runPlatform(withNetwork(own)),
    ];
    const named = ({ type, name }: { type: string; name: string }) => `${type} ${name}`;
    const ofOwn = [
      ...ownNetwork.childrenOf(ownNetwork.one("ecs-platform:index:Network")).map(named),
      // What watches a NAT gateway and a flow log of one's own.
      "aws:cloudwatch/metricAlarm:MetricAlarm monitoring-nat-a-ports",
      "aws:cloudwatch/queryDefinition:QueryDefinition monitoring-query-rejected-traffic",
    ];
    const beside = ownNetwork.resources.map(named).filter((resource) => !ofOwn.includes(resource));
    assert.deepEqual(adopted.resources.map(named).sort(), beside.sort());
    assert.deepEqual(adopted.one("aws:lb/loadBalancer:LoadBalancer").input("subnets"), [
      "subnet-1a",
      "subnet-1b",
    ]);
    assert.deepEqual(adopted.one("aws:rds/subnetGroup:SubnetGroup").input("subnetIds"), [
      "subnet-3a",
      "subnet-3b",
    ]);
  });

  it("keeps a bucket of flow logs as long as the stack is protected", async () => {
    const network = { ...own, flowLogs: { destination: "s3" } };
    const bucketOf = async (config: StackConfig) =>
      (await runPlatform(config)).one("aws:s3/bucket:Bucket", "network-flow-logs-bucket").inputs;
    assert.deepEqual(await bucketOf(withNetwork(network)), { forceDestroy: false });
    const unprotected = { "ecs-platform:unprotectedBecause": "a test of its deletion" };
    assert.deepEqual(await bucketOf({ ...withNetwork(network), ...unprotected }), {
      forceDestroy: true,
    });
  });
});
