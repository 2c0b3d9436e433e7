import * as assert from "node:assert/strict";
import { networkSettings } from "../../components/network/settings";
import {
  RETENTION_DAYS,
  itRefuses,
  itTakes,
  listWith,
  noChoice,
  noReason,
  outOfBounds,
} from "./support";

const happy = { availabilityZones: ["us-east-1a", "us-east-1b"], nat: "none" };

const zones = (letters: string) => [...letters].map((letter) => `us-east-1${letter}`);

const ZONE = "a region and a letter from a to h, e.g. us-east-1a";

const SERVICES = [
  "ecr.api",
  "ecr.dkr",
  "ecs",
  "kms",
  "logs",
  "monitoring",
  "secretsmanager",
  "sns",
  "ssm",
  "ssmmessages",
  "ec2messages",
  "sts",
];

const notPrivate = (value: string) => ({
  change: { cidr: value },
  problem: {
    key: "cidr",
    value,
    rule: "must be a private block that a VPC can have",
    allowed: "/16 to /22 within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16",
    fix: "choose a block such as 10.0.0.0/16 that overlaps no network you will peer with",
  },
});

const noZone = (value: string) => ({
  change: { availabilityZones: ["us-east-1a", value] },
  problem: {
    key: "availabilityZones[1]",
    value,
    rule: "must be an Availability Zone name",
    allowed: ZONE,
    fix: "list zones by `aws ec2 describe-availability-zones` and give their names",
  },
});

describe("Network settings", () => {
  it("have these defaults", () => {
    assert.deepEqual(networkSettings.parse(happy), {
      ...happy,
      cidr: "10.0.0.0/16",
      interfaceEndpoints: [],
      flowLogs: { retentionDays: 30, traffic: "ALL", aggregationSeconds: 600 },
    });
  });

  itTakes(networkSettings, happy, {
    "the largest block": { cidr: "10.0.0.0/16" },
    "the smallest block": { cidr: "10.0.252.0/22" },
    "the ends of the second private range": { cidr: "172.31.0.0/16" },
    "the third private range": { cidr: "192.168.0.0/16" },
    "six zones": { availabilityZones: zones("abcdef") },
    "the last zone letter": { availabilityZones: zones("ah") },
    "a zone of a longer region name": { availabilityZones: ["us-gov-west-1a", "us-gov-west-1b"] },
    "one gateway": { nat: "single" },
    "a gateway for each zone": { nat: "per-az" },
    "every endpoint": { interfaceEndpoints: SERVICES },
    "accepted traffic": { "flowLogs.traffic": "ACCEPT" },
    "the shortest sum": { "flowLogs.aggregationSeconds": 60 },
    "a reason of 10 characters": { "flowLogs.disabledBecause": "0123456789" },
  });

  itRefuses(networkSettings, happy, {
    "a public block": notPrivate("8.8.0.0/16"),
    "a block beside the second private range": notPrivate("172.32.0.0/16"),
    "a block beside the third private range": notPrivate("192.169.0.0/16"),
    "a block that is too large for a VPC": notPrivate("10.0.0.0/15"),
    "a block that is too small for the plan": {
      change: { cidr: "10.0.0.0/23" },
      problem: {
        key: "cidr",
        value: "10.0.0.0/23",
        rule: "is too small for the subnet plan",
        allowed: "/16 to /22",
        fix: "choose a larger block; the data subnet of a zone gets 1/64 of it, and AWS wants 16 addresses",
      },
    },
    "a block with bits behind the prefix": {
      change: { cidr: "10.0.1.0/16" },
      problem: {
        key: "cidr",
        value: "10.0.1.0/16",
        rule: "must be an IPv4 block in CIDR notation",
        allowed:
          "four numbers from 0 to 255, a slash, and 0 to 32, with no bit set behind the prefix",
        fix: "write it like 203.0.113.0/24",
      },
    },
    "one zone": {
      change: { availabilityZones: zones("a") },
      problem: outOfBounds("availabilityZones", zones("a"), listWith("at least 2 entries", ZONE)),
    },
    "seven zones": {
      change: { availabilityZones: zones("abcdefg") },
      problem: outOfBounds(
        "availabilityZones",
        zones("abcdefg"),
        listWith("at most 6 entries", ZONE),
      ),
    },
    "a zone twice": {
      change: { availabilityZones: zones("aba") },
      problem: {
        key: "availabilityZones",
        value: zones("aba"),
        rule: "names a zone twice",
        allowed: "different zones",
        fix: "remove the repeated zone",
      },
    },
    "a zone with something before it": noZone("x-us-east-1a"),
    "a zone with something behind it": noZone("us-east-1a1"),
    "a region in place of a zone": noZone("us-east-1"),
    "a letter that has no place in the plan": noZone("us-east-1i"),
    "no word on the way out": {
      change: { nat: undefined },
      problem: {
        ...noChoice("nat", undefined, ["none", "single", "per-az"]),
        fix: "add the key nat",
      },
    },
    "another way out": {
      change: { nat: "per-zone" },
      problem: noChoice("nat", "per-zone", ["none", "single", "per-az"]),
    },
    "an endpoint that is not on the list": {
      change: { interfaceEndpoints: ["s4"] },
      problem: noChoice("interfaceEndpoints[0]", "s4", SERVICES),
    },
    "an endpoint twice": {
      change: { interfaceEndpoints: ["logs", "sts", "logs"] },
      problem: {
        key: "interfaceEndpoints",
        value: ["logs", "sts", "logs"],
        rule: "has an entry twice",
        allowed: "different services",
        fix: "remove the repeated entry",
      },
    },
    "a retention that CloudWatch does not have": {
      change: { "flowLogs.retentionDays": 2 },
      problem: noChoice("flowLogs.retentionDays", 2, RETENTION_DAYS),
    },
    "another kind of traffic": {
      change: { "flowLogs.traffic": "NONE" },
      problem: noChoice("flowLogs.traffic", "NONE", ["ALL", "ACCEPT", "REJECT"]),
    },
    "another span": {
      change: { "flowLogs.aggregationSeconds": 300 },
      problem: noChoice("flowLogs.aggregationSeconds", 300, [60, 600]),
    },
    "no flow log without a reason": {
      change: { "flowLogs.disabledBecause": "   no    " },
      problem: noReason("flowLogs.disabledBecause", "   no    "),
    },
  });
});
