import * as assert from "node:assert/strict";
import { Network, type NetworkArgs } from "../../components";
import { build, dependsOn } from "./support";

const happy = (): NetworkArgs => ({
  availabilityZones: ["us-east-1a", "us-east-1b"],
  nat: "none",
});

const FLOW_LOG = "aws:ec2/flowLog:FlowLog";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

describe("Network, flow log", () => {
  it("records all traffic for 30 days by default", async () => {
    const run = await build(() => new Network("network", happy()));
    assert.deepEqual(run.one(LOG_GROUP).inputs, { retentionInDays: 30 });
    assert.deepEqual(run.one(FLOW_LOG).inputs, {
      vpcId: "network-vpc-id",
      trafficType: "ALL",
      maxAggregationInterval: 600,
      logDestinationType: "cloud-watch-logs",
      logDestination: "arn:aws:logs:us-east-1:123456789012:log-group:network-flow-logs-1a2b3c4",
      iamRoleArn: "arn:aws:iam::123456789012:role/network-flow-logs-role-1a2b3c4",
      tags: { Name: "network" },
    });
  });

  it("records what the settings say", async () => {
    const flowLogs = { retentionDays: 7, traffic: "REJECT", aggregationSeconds: 60 } as const;
    const run = await build(() => new Network("network", { ...happy(), flowLogs }));
    const { trafficType, maxAggregationInterval } = run.one(FLOW_LOG).inputs;
    assert.deepEqual(run.one(LOG_GROUP).inputs, { retentionInDays: 7 });
    assert.deepEqual(
      { trafficType, maxAggregationInterval },
      {
        trafficType: "REJECT",
        maxAggregationInterval: 60,
      },
    );
  });

  it("lets only the flow logs of its own account take its role", async () => {
    const run = await build(() => new Network("network", happy()));
    assert.deepEqual(run.one("aws:iam/role:Role").jsonInput("assumeRolePolicy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "vpc-flow-logs.amazonaws.com" },
          Action: ["sts:AssumeRole"],
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        },
      ],
    });
  });

  it("lets its role write to its own log group alone", async () => {
    const run = await build(() => new Network("network", happy()));
    const policy = run.one("aws:iam/rolePolicy:RolePolicy");
    assert.equal(policy.input("role"), "network-flow-logs-role-1a2b3c4");
    assert.deepEqual(policy.jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          Resource: ["arn:aws:logs:us-east-1:123456789012:log-group:network-flow-logs-1a2b3c4:*"],
        },
        {
          Effect: "Allow",
          Action: ["logs:DescribeLogGroups"],
          Resource: ["arn:aws:logs:us-east-1:123456789012:log-group:*"],
        },
      ],
    });
  });

  it("starts when its role may write", async () => {
    const run = await build(() => new Network("network", happy()));
    assert.deepEqual(dependsOn(run, run.one(FLOW_LOG)), [
      "aws:iam/rolePolicy:RolePolicy network-flow-logs-policy",
    ]);
  });

  it("goes, with all that belongs to it, where somebody says why", async () => {
    const flowLogs = { disabledBecause: "a sandbox without data" };
    const full = await build(() => new Network("network", happy()));
    const { children } = await build(() => new Network("network", { ...happy(), flowLogs }));
    assert.deepEqual(
      full.children.filter((child) => !children.includes(child)),
      [
        "aws:cloudwatch/logGroup:LogGroup network-flow-logs",
        "aws:ec2/flowLog:FlowLog network-flow-log",
        "aws:iam/role:Role network-flow-logs-role",
        "aws:iam/rolePolicy:RolePolicy network-flow-logs-policy",
      ],
    );
  });
});
