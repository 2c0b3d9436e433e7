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

  it("tells the name of its log group, where there is one", async () => {
    const nameOf = async (args: NetworkArgs) => {
      const network: Network[] = [];
      await build(() => (network[0] = new Network("network", args)));
      const name = network[0]?.flowLogGroupName;
      return name && new Promise((resolve) => void name.apply(resolve));
    };
    assert.equal(await nameOf(happy()), "network-flow-logs-1a2b3c4");
    assert.equal(await nameOf({ ...happy(), flowLogs: { destination: "s3" } }), undefined);
    const disabledBecause = "the landing zone records it";
    assert.equal(await nameOf({ ...happy(), flowLogs: { disabledBecause } }), undefined);
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

describe("Network, flow log in a bucket", () => {
  const inBucket = (): NetworkArgs => ({ ...happy(), flowLogs: { destination: "s3" } });

  it("has a closed bucket in place of the log group", async () => {
    const { children } = await build(() => new Network("network", inBucket()));
    const inGroup = await build(() => new Network("network", happy()));
    assert.deepEqual(
      children.filter((child) => !inGroup.children.includes(child)),
      [
        "aws:s3/bucket:Bucket network-flow-logs-bucket",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration network-flow-logs-bucket-lifecycle",
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls network-flow-logs-bucket-ownership",
        "aws:s3/bucketPolicy:BucketPolicy network-flow-logs-bucket-policy",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock network-flow-logs-bucket-public-access",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration network-flow-logs-bucket-encryption",
      ],
    );
    assert.deepEqual(
      inGroup.children.filter((child) => !children.includes(child)),
      [
        "aws:cloudwatch/logGroup:LogGroup network-flow-logs",
        "aws:iam/role:Role network-flow-logs-role",
        "aws:iam/rolePolicy:RolePolicy network-flow-logs-policy",
      ],
    );
  });

  it("goes there without a role, when the bucket's policy stands", async () => {
    const run = await build(() => new Network("network", inBucket()));
    assert.deepEqual(run.one(FLOW_LOG).inputs, {
      vpcId: "network-vpc-id",
      trafficType: "ALL",
      maxAggregationInterval: 600,
      logDestinationType: "s3",
      logDestination: "arn:aws:s3:::network-flow-logs-bucket-1a2b3c4",
      tags: { Name: "network" },
    });
    assert.deepEqual(dependsOn(run, run.one(FLOW_LOG)), [
      "aws:s3/bucketPolicy:BucketPolicy network-flow-logs-bucket-policy",
    ]);
  });

  it("is written by the deliveries of this account and region alone, and over TLS", async () => {
    const run = await build(() => new Network("network", inBucket()));
    const bucket = "arn:aws:s3:::network-flow-logs-bucket-1a2b3c4";
    const own = {
      StringEquals: { "aws:SourceAccount": "123456789012" },
      ArnLike: { "aws:SourceArn": "arn:aws:logs:us-east-1:123456789012:*" },
    };
    assert.deepEqual(run.one("aws:s3/bucketPolicy:BucketPolicy").jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "delivery.logs.amazonaws.com" },
          Action: ["s3:PutObject"],
          Resource: [`${bucket}/AWSLogs/123456789012/*`],
          Condition: {
            StringEquals: {
              "aws:SourceAccount": "123456789012",
              "s3:x-amz-acl": "bucket-owner-full-control",
            },
            ArnLike: own.ArnLike,
          },
        },
        {
          Effect: "Allow",
          Principal: { Service: "delivery.logs.amazonaws.com" },
          Action: ["s3:GetBucketAcl", "s3:ListBucket"],
          Resource: [bucket],
          Condition: own,
        },
        {
          Effect: "Deny",
          Principal: { AWS: "*" },
          Action: ["s3:*"],
          Resource: [bucket, `${bucket}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });

  for (const [title, flowLogs, rule] of [
    ["30 days by default, without an archive", {}, { expiration: { days: 30 } }],
    [
      "the days of the settings, the last of them in the archive",
      { retentionDays: 365, archiveAfterDays: 90 },
      {
        expiration: { days: 365 },
        transitions: [{ days: 90, storageClass: "GLACIER_IR" }],
      },
    ],
  ] as const) {
    it(`is kept for ${title}`, async () => {
      const args: NetworkArgs = { ...happy(), flowLogs: { destination: "s3", ...flowLogs } };
      const run = await build(() => new Network("network", args));
      const lifecycle = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
      assert.deepEqual(run.one(lifecycle).inputs, {
        bucket: "network-flow-logs-bucket-id",
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: { prefix: "" },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
            ...rule,
          },
        ],
      });
    });
  }

  for (const [title, deletionProtection, forceDestroy] of [
    ["outlives a protected network", undefined, false],
    ["goes with an unprotected network", false, true],
  ] as const) {
    it(title, async () => {
      const args = { ...inBucket(), deletionProtection };
      const run = await build(() => new Network("network", args));
      const bucket = run.one("aws:s3/bucket:Bucket");
      assert.deepEqual(bucket.inputs, { forceDestroy });
      assert.equal(bucket.protect, !forceDestroy);
    });
  }

  it("goes where somebody says why", async () => {
    const flowLogs = { destination: "s3", disabledBecause: "a sandbox without data" } as const;
    const run = await build(() => new Network("network", { ...happy(), flowLogs }));
    assert.deepEqual([...run.all(FLOW_LOG), ...run.all("aws:s3/bucket:Bucket")], []);
  });
});
