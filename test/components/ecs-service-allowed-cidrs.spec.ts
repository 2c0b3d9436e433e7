import * as assert from "node:assert/strict";
import { EcsService, type EcsServiceArgs } from "../../components";
import { ecsServiceSettings } from "../../components/ecs-service/settings";
import { build, cluster, itRefuses, itTakes, listWith, loadBalancer, network } from "./support";

const happy = (route: EcsServiceArgs["route"]): EcsServiceArgs => ({
  cluster,
  network,
  loadBalancer,
  image: "nginx:1.29",
  desiredCount: 1,
  ...(route && { route }),
});

const RULE = "aws:lb/listenerRule:ListenerRule";

describe("EcsService, blocks that requests come from", () => {
  it("are a condition of the listener's rule", async () => {
    const route = { priority: 1, allowedCidrs: ["203.0.113.0/24", "198.51.100.7/32"] };
    const run = await build(() => new EcsService("api", happy(route)));
    assert.deepEqual(run.one(RULE).input("conditions"), [
      { hostHeader: { values: ["lb.example.com"] } },
      { pathPattern: { values: ["/*"] } },
      { sourceIp: { values: ["203.0.113.0/24", "198.51.100.7/32"] } },
    ]);
  });

  it("are no condition by default", async () => {
    const run = await build(() => new EcsService("api", happy({ priority: 1 })));
    assert.deepEqual(run.one(RULE).input("conditions"), [
      { hostHeader: { values: ["lb.example.com"] } },
      { pathPattern: { values: ["/*"] } },
    ]);
  });
});

describe("EcsService settings, blocks that requests come from", () => {
  const settings = { image: "nginx:1.29", desiredCount: 1, route: { priority: 1 } };
  const blocks = ["203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24"];
  const BLOCK =
    "four numbers from 0 to 255, a slash, and 0 to 32, with no bit set behind the prefix";

  itTakes(ecsServiceSettings, settings, {
    "three blocks": { "route.allowedCidrs": blocks },
    "five conditions": { "route.allowedCidrs": blocks.slice(1), "route.paths": ["/a", "/b"] },
    "three blocks and two hosts less one path": {
      "route.allowedCidrs": blocks.slice(2),
      "route.hosts": ["a.example.com", "b.example.com"],
      "route.paths": ["/a", "/b"],
    },
  });

  itRefuses(ecsServiceSettings, settings, {
    "four blocks": {
      change: { "route.allowedCidrs": [...blocks, "10.0.0.0/8"] },
      problem: {
        key: "route.allowedCidrs",
        value: [...blocks, "10.0.0.0/8"],
        rule: "is out of bounds",
        allowed: listWith("at most 3 entries", BLOCK),
        fix: `set ${listWith("at most 3 entries", BLOCK)}`,
      },
    },
    "six conditions": {
      change: { "route.allowedCidrs": blocks, "route.paths": ["/a", "/b"] },
      problem: {
        key: "route.allowedCidrs",
        value: blocks,
        rule: "makes more conditions than a rule of a listener takes",
        allowed: "at most 5 hosts, paths and blocks together",
        fix: "name fewer, or give the service a host of its own instead of paths",
      },
    },
    "a block with bits behind its prefix": {
      change: { "route.allowedCidrs": ["203.0.113.1/24"] },
      problem: {
        key: "route.allowedCidrs[0]",
        value: "203.0.113.1/24",
        rule: "must be an IPv4 block in CIDR notation",
        allowed: BLOCK,
        fix: "write it like 203.0.113.0/24",
      },
    },
  });
});
