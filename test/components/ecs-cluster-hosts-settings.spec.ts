import * as assert from "node:assert/strict";
import { taskSlots } from "../../components/ecs-cluster/network-slots";
import { ecsClusterSettings } from "../../components/ecs-cluster/settings";
import { processorOf } from "../../components/support/instance-type";
import { type Change, itBounds, itRefuses, itTakes, noChoice } from "./support";

const happy = { ec2: { instanceTypes: ["t3.medium", "t3a.medium"], minSize: 2, maxSize: 10 } };

const aboveMaximum = (key: string, value: number) => ({
  change: { [`ec2.${key}`]: value } as Change,
  problem: {
    key: `ec2.${key}`,
    value,
    rule: "must not be above maxSize",
    allowed: "maxSize or less",
    fix: "lower it, or raise maxSize",
  },
});

describe("EcsCluster settings, hosts", () => {
  itTakes(ecsClusterSettings, happy, {
    "hosts without Fargate": { fargate: false },
    "no host while nothing runs": { "ec2.minSize": 0 },
    "as many hosts as there may be": { "ec2.minSize": 10, "ec2.desiredCapacity": 10 },
    "a base of all hosts": { "ec2.onDemandBase": 10 },
    "Graviton types alone": { "ec2.instanceTypes": ["t4g.medium", "m7gd.large", "a1.large"] },
    "steps of one size": { "ec2.managedScaling": { minimumStep: 3, maximumStep: 3 } },
  });

  itBounds(ecsClusterSettings, happy, {
    "ec2.volumeGiB": [30, 16384],
    "ec2.maxLifetimeDays": [1, 365],
    "ec2.onDemandPercentageAboveBase": [0, 100],
    "ec2.managedScaling.targetCapacityPercent": [1, 100],
    "ec2.managedScaling.maximumStep": [1, 10000],
    "ec2.managedScaling.warmupSeconds": [0, 10000],
  });

  itRefuses(ecsClusterSettings, happy, {
    "no type": {
      change: { "ec2.instanceTypes": [] },
      problem: {
        key: "ec2.instanceTypes",
        value: [],
        rule: "is out of bounds",
        allowed: "a list with at least 1 entry; each entry: FAMILY.SIZE",
        fix: "set a list with at least 1 entry; each entry: FAMILY.SIZE",
      },
    },
    "a type twice": {
      change: { "ec2.instanceTypes": ["t3.medium", "t3.medium"] },
      problem: {
        key: "ec2.instanceTypes",
        value: ["t3.medium", "t3.medium"],
        rule: "has an entry twice",
        allowed: "different types",
        fix: "remove the repeated entry",
      },
    },
    "types of two processors": {
      change: { "ec2.instanceTypes": ["t3.medium", "t4g.medium"] },
      problem: {
        key: "ec2.instanceTypes",
        value: ["t3.medium", "t4g.medium"],
        rule: "mixes processors, and an image is built for one",
        allowed: "only Graviton types, such as t4g.medium, or none",
        fix: "remove the types of one of the two kinds",
      },
    },
    "what is no type": {
      change: { "ec2.instanceTypes": ["medium"] },
      problem: {
        key: "ec2.instanceTypes[0]",
        value: "medium",
        rule: "must be an EC2 instance type",
        allowed: "FAMILY.SIZE",
        fix: 'write it like "t4g.nano"',
      },
    },
    "more hosts at least than at most": aboveMaximum("minSize", 11),
    "more hosts at first than at most": aboveMaximum("desiredCapacity", 11),
    "more hosts on demand than there may be": aboveMaximum("onDemandBase", 11),
    "fewer hosts at first than at least": {
      change: { "ec2.desiredCapacity": 1 },
      problem: {
        key: "ec2.desiredCapacity",
        value: 1,
        rule: "must not be below minSize",
        allowed: "minSize to maxSize",
        fix: "raise it, remove it, or lower minSize",
      },
    },
    "a smallest step above the largest": {
      change: { "ec2.managedScaling": { minimumStep: 4, maximumStep: 3 } },
      problem: {
        key: "ec2.managedScaling.maximumStep",
        value: 3,
        rule: "must not be below minimumStep",
        allowed: "minimumStep or more",
        fix: "raise it, or lower minimumStep",
      },
    },
    "an allocation that AWS does not know": {
      change: { "ec2.spotAllocationStrategy": "cheapest" },
      problem: noChoice("ec2.spotAllocationStrategy", "cheapest", [
        "price-capacity-optimized",
        "capacity-optimized",
        "lowest-price",
      ]),
    },
    "what is no address": {
      change: { "ec2.interruptionEmails": { ops: "ops" } },
      problem: {
        key: "ec2.interruptionEmails.ops",
        value: "ops",
        rule: "must be an email address",
        allowed: "NAME@DOMAIN",
        fix: "correct the address",
      },
    },
  });
});

describe("instance types", () => {
  for (const [type, processor] of [
    ["a1.medium", "arm64"],
    ["t4g.nano", "arm64"],
    ["im4gn.large", "arm64"],
    ["g5g.xlarge", "arm64"],
    ["g4dn.xlarge", "x86_64"],
    ["m7i-flex.large", "x86_64"],
    ["t3a.medium", "x86_64"],
  ] as const) {
    it(`compute with ${processor}: ${type}`, () => {
      assert.equal(processorOf(type), processor);
    });
  }

  for (const [type, slots] of [
    ["t2.medium", 2],
    ["t3.medium", 2],
    ["t3a.small", 1],
    ["t4g.xlarge", 3],
    ["m6i.large", undefined],
    ["t3.huge", undefined],
  ] as const) {
    it(`have network interfaces for ${slots ?? "an unknown number of"} tasks: ${type}`, () => {
      assert.equal(taskSlots(type), slots);
    });
  }
});
