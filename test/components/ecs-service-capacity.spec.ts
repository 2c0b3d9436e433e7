import * as assert from "node:assert/strict";
import { EcsService, type EcsServiceArgs } from "../../components";
import { build, cluster, network, refusal } from "./support";

const withHosts = { ...cluster, ec2CapacityProviderName: "hosts" };
const args = (change: Partial<EcsServiceArgs>): EcsServiceArgs => ({
  cluster,
  network,
  image: "nginx:1.29",
  desiredCount: 2,
  ...change,
});

const SERVICE = "aws:ecs/service:Service";

describe("EcsService, capacity", () => {
  it("runs on the cluster's hosts by their capacity provider", async () => {
    const capacity = { EC2: { base: 1, weight: 2 } };
    const run = await build(() => new EcsService("api", args({ cluster: withHosts, capacity })));
    assert.deepEqual(run.one(SERVICE).input("capacityProviderStrategies"), [
      { capacityProvider: "hosts", base: 1, weight: 2 },
    ]);
  });

  it("stays on Fargate where it says nothing, also beside hosts", async () => {
    const run = await build(() => new EcsService("api", args({ cluster: withHosts })));
    assert.deepEqual(run.one(SERVICE).input("capacityProviderStrategies"), [
      { capacityProvider: "FARGATE", base: 0, weight: 1 },
    ]);
  });

  it("names both kinds of Fargate in a fixed order", async () => {
    const capacity = { FARGATE_SPOT: { weight: 4 }, FARGATE: { base: 2 } };
    const run = await build(() => new EcsService("api", args({ capacity })));
    assert.deepEqual(run.one(SERVICE).input("capacityProviderStrategies"), [
      { capacityProvider: "FARGATE", base: 2, weight: 1 },
      { capacityProvider: "FARGATE_SPOT", base: 0, weight: 4 },
    ]);
  });

  it("refuses hosts that the cluster does not have", async () => {
    const error = await refusal(() => new EcsService("api", args({ capacity: { EC2: {} } })));
    assert.deepEqual(error.problems, [
      {
        key: "capacity",
        value: { EC2: {} },
        rule: "names EC2, and the cluster has no hosts",
        allowed: "FARGATE, FARGATE_SPOT or both",
        fix: "add ec2 to the cluster, or take Fargate",
      },
    ]);
  });

  it("refuses Fargate that the cluster does not have, also where nothing is said", async () => {
    const hostsAlone = { ...withHosts, fargate: false };
    const error = await refusal(() => new EcsService("api", args({ cluster: hostsAlone })));
    assert.deepEqual(
      error.problems.map(({ key, rule, fix }) => ({ key, rule, fix })),
      [
        {
          key: "capacity",
          rule: "is Fargate, also when it is left out, and the cluster has fargate: false",
          fix: "give EC2: {}, or remove fargate: false from the cluster",
        },
      ],
    );
  });
});
