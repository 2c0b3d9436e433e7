import * as assert from "node:assert/strict";
import { LoadBalancer, type LoadBalancerArgs } from "../../components";
import { build, dependsOn, network } from "./support";

const happy = (): LoadBalancerArgs => ({ network });

const LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const BUCKET = "aws:s3/bucket:Bucket";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";

describe("LoadBalancer, access logs", () => {
  it("are private in every way that S3 has", async () => {
    const run = await build(() => new LoadBalancer("lb", happy()));
    assert.deepEqual(run.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs, {
      bucket: "lb-access-logs-id",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    assert.deepEqual(run.one("aws:s3/bucketOwnershipControls:BucketOwnershipControls").inputs, {
      bucket: "lb-access-logs-id",
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
  });

  it("are encrypted, with the keys that load balancers can use", async () => {
    const run = await build(() => new LoadBalancer("lb", happy()));
    const encryption = run.one(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    );
    assert.deepEqual(encryption.inputs, {
      bucket: "lb-access-logs-id",
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
  });

  it("are written by Elastic Load Balancing for this account alone, and over TLS", async () => {
    const run = await build(() => new LoadBalancer("lb", happy()));
    const policy = run.one(POLICY);
    assert.equal(policy.input("bucket"), "lb-access-logs-id");
    assert.deepEqual(policy.jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
          Action: ["s3:PutObject"],
          Resource: ["arn:aws:s3:::lb-access-logs-1a2b3c4/AWSLogs/123456789012/*"],
        },
        {
          Effect: "Deny",
          Principal: { AWS: "*" },
          Action: ["s3:*"],
          Resource: [
            "arn:aws:s3:::lb-access-logs-1a2b3c4",
            "arn:aws:s3:::lb-access-logs-1a2b3c4/*",
          ],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });

  for (const [title, args, days] of [
    ["90 days by default", happy(), 90],
    ["the days of the settings", { ...happy(), accessLogs: { retentionDays: 14 } }, 14],
  ] as const) {
    it(`are kept for ${title}`, async () => {
      const run = await build(() => new LoadBalancer("lb", args));
      assert.deepEqual(run.one(LIFECYCLE).inputs, {
        bucket: "lb-access-logs-id",
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: { prefix: "" },
            expiration: { days },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      });
    });
  }

  it("move to Glacier where the settings say when", async () => {
    const accessLogs = { retentionDays: 365, archiveAfterDays: 90 };
    const run = await build(() => new LoadBalancer("lb", { ...happy(), accessLogs }));
    const rule = run.one(LIFECYCLE);
    assert.deepEqual(rule.input("rules.0.transitions"), [{ days: 90, storageClass: "GLACIER_IR" }]);
    assert.deepEqual(rule.input("rules.0.expiration"), { days: 365 });
  });

  it("outlive a protected load balancer", async () => {
    const run = await build(() => new LoadBalancer("lb", happy()));
    assert.deepEqual(run.one(BUCKET).inputs, { forceDestroy: false });
    assert.equal(run.one(BUCKET).protect, true);
  });

  it("go with an unprotected load balancer", async () => {
    const run = await build(
      () => new LoadBalancer("lb", { ...happy(), deletionProtection: false }),
    );
    assert.deepEqual(run.one(BUCKET).inputs, { forceDestroy: true });
    assert.equal(run.one(BUCKET).protect, false);
  });

  it("are asked for when the bucket's policy stands, which follows the public access block", async () => {
    const run = await build(() => new LoadBalancer("lb", happy()));
    assert.deepEqual(dependsOn(run, run.one(LOAD_BALANCER)), [
      "aws:s3/bucketPolicy:BucketPolicy lb-access-logs-policy",
    ]);
    assert.deepEqual(dependsOn(run, run.one(POLICY)), [
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock lb-access-logs-public-access",
    ]);
  });

  it("are gone, bucket and all, where somebody says why", async () => {
    const accessLogs = { disabledBecause: "another proxy logs all requests" };
    const run = await build(() => new LoadBalancer("lb", { ...happy(), accessLogs }));
    assert.deepEqual(run.children, [
      "aws:ec2/securityGroup:SecurityGroup lb-security-group",
      "aws:lb/listener:Listener lb-http",
      "aws:lb/loadBalancer:LoadBalancer lb-alb",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule lb-port-80-from-0.0.0.0-0",
    ]);
    assert.equal(run.one(LOAD_BALANCER).input("accessLogs"), undefined);
  });
});
