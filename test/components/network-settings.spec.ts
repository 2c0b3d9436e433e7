import * as assert from "node:assert/strict";
import { natInstanceSettings, networkSettings } from "../../components/network/settings";
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

const NAT = ["none", "instance", "single", "per-az", "regional"];

const SERVICES = [
  "autoscaling",
  "ec2",
  "ec2messages",
  "ecr.api",
  "ecr.dkr",
  "ecs",
  "ecs-agent",
  "ecs-telemetry",
  "elasticfilesystem",
  "events",
  "kinesis-firehose",
  "kinesis-streams",
  "kms",
  "logs",
  "monitoring",
  "secretsmanager",
  "sns",
  "sqs",
  "ssm",
  "ssmmessages",
  "sts",
  "xray",
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
      gatewayEndpoints: [],
      ipv6: false,
      flowLogs: {
        destination: "cloudwatch",
        retentionDays: 30,
        traffic: "ALL",
        aggregationSeconds: 600,
      },
    });
  });

  it("have these for the instance of nat: instance", () => {
    assert.deepEqual(natInstanceSettings.parse({}), { instanceType: "t4g.nano", extraPorts: [] });
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
    "a gateway for the region": { nat: "regional" },
    "an instance": { nat: "instance" },
    "an instance of another size and port": {
      nat: "instance",
      natInstance: { instanceType: "t3.micro", extraPorts: [80, 65535] },
    },
    "every endpoint": { interfaceEndpoints: SERVICES },
    "the endpoint of DynamoDB": { gatewayEndpoints: ["dynamodb"] },
    IPv6: { ipv6: true },
    "a reason for public addresses": { publicIpOnLaunchBecause: "0123456789" },
    "flow logs in a bucket": { "flowLogs.destination": "s3" },
    "an archive for the last day": {
      "flowLogs.destination": "s3",
      "flowLogs.retentionDays": 90,
      "flowLogs.archiveAfterDays": 89,
    },
    "an archive from the first day": {
      "flowLogs.destination": "s3",
      "flowLogs.archiveAfterDays": 1,
    },
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
        key: "nat",
        value: undefined,
        rule: "is required, unless existing names a VPC",
        allowed: NAT.join(", "),
        fix: "add the key nat",
      },
    },
    "no zones": {
      change: { availabilityZones: undefined },
      problem: {
        key: "availabilityZones",
        value: undefined,
        rule: "is required, unless existing names a VPC",
        allowed: "a list of at least 2 Availability Zones",
        fix: "add the key availabilityZones",
      },
    },
    "another way out": {
      change: { nat: "per-zone" },
      problem: noChoice("nat", "per-zone", NAT),
    },
    "the instance of another way out": {
      change: { nat: "single", natInstance: {} },
      problem: {
        key: "natInstance",
        value: {},
        rule: "stands without nat: instance",
        allowed: "nothing with another way out",
        fix: "remove it, or set nat to instance",
      },
    },
    "an instance of a size that EC2 does not have": {
      change: { nat: "instance", "natInstance.instanceType": "nano" },
      problem: {
        key: "natInstance.instanceType",
        value: "nano",
        rule: "must be an EC2 instance type",
        allowed: "FAMILY.SIZE",
        fix: 'write it like "t4g.nano"',
      },
    },
    "the port that the instance passes on anyway": {
      change: { nat: "instance", "natInstance.extraPorts": [443] },
      problem: {
        key: "natInstance.extraPorts[0]",
        value: 443,
        rule: "is open anyway",
        allowed: "1 to 65535, but for 443",
        fix: "remove it",
      },
    },
    "a port of the instance twice": {
      change: { nat: "instance", "natInstance.extraPorts": [80, 80] },
      problem: {
        key: "natInstance.extraPorts",
        value: [80, 80],
        rule: "has an entry twice",
        allowed: "different ports",
        fix: "remove the repeated entry",
      },
    },
    "a gateway endpoint that is not on the list": {
      change: { gatewayEndpoints: ["s3"] },
      problem: noChoice("gatewayEndpoints[0]", "s3", ["dynamodb"]),
    },
    "a gateway endpoint twice": {
      change: { gatewayEndpoints: ["dynamodb", "dynamodb"] },
      problem: {
        key: "gatewayEndpoints",
        value: ["dynamodb", "dynamodb"],
        rule: "has an entry twice",
        allowed: "different services",
        fix: "remove the repeated entry",
      },
    },
    "no reason for public addresses": {
      change: { publicIpOnLaunchBecause: "no" },
      problem: noReason("publicIpOnLaunchBecause", "no"),
    },
    "another destination": {
      change: { "flowLogs.destination": "firehose" },
      problem: noChoice("flowLogs.destination", "firehose", ["cloudwatch", "s3"]),
    },
    "an archive in CloudWatch": {
      change: { "flowLogs.archiveAfterDays": 10 },
      problem: {
        key: "flowLogs.archiveAfterDays",
        value: 10,
        rule: "stands without destination: s3",
        allowed: "nothing with destination: cloudwatch, which has no archive",
        fix: "remove it, or set destination to s3",
      },
    },
    "an archive for what is deleted that day": {
      change: { "flowLogs.destination": "s3", "flowLogs.archiveAfterDays": 30 },
      problem: {
        key: "flowLogs.archiveAfterDays",
        value: 30,
        rule: "must be less than retentionDays, after which the flow log is deleted",
        allowed: "a smaller number than retentionDays",
        fix: "lower it, or raise retentionDays",
      },
    },
    "an archive from before the first day": {
      change: { "flowLogs.destination": "s3", "flowLogs.archiveAfterDays": 0 },
      problem: outOfBounds("flowLogs.archiveAfterDays", 0, "a whole number from 1 to 3650"),
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
