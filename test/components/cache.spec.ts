import * as assert from "node:assert/strict";
import { Cache, type CacheArgs } from "../../components";
import { build, customTimeouts, inputsByName, network, refusal } from "./support";

const happy = (): CacheArgs => ({
  network,
  engineVersion: "8.1",
  nodes: { type: "cache.t4g.micro" },
});
const serverless = (): CacheArgs => ({ network, engineVersion: "8.1", serverless: {} });

const CACHE = "aws:elasticache/replicationGroup:ReplicationGroup";
const SERVERLESS = "aws:elasticache/serverlessCache:ServerlessCache";
const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

const SHARED = [
  "aws:ec2/securityGroup:SecurityGroup sessions-security-group",
  "aws:elasticache/user:User sessions-user",
  "aws:elasticache/userGroup:UserGroup sessions-users",
  "aws:secretsmanager/secret:Secret sessions-secret",
  "aws:secretsmanager/secretVersion:SecretVersion sessions-secret-version",
  "random:index/randomId:RandomId sessions-suffix",
  "random:index/randomPassword:RandomPassword sessions-password",
];

describe("Cache", () => {
  it("creates this and nothing else: no rule lets anybody in", async () => {
    const { component, children } = await build(() => new Cache("sessions", happy()));
    assert.equal(component.type, "ecs-platform:index:Cache");
    assert.deepEqual(
      children,
      [
        ...SHARED,
        "aws:cloudwatch/logGroup:LogGroup sessions-engine-log",
        "aws:cloudwatch/logGroup:LogGroup sessions-slow-log",
        "aws:elasticache/parameterGroup:ParameterGroup sessions-parameters",
        "aws:elasticache/replicationGroup:ReplicationGroup sessions-cache",
        "aws:elasticache/subnetGroup:SubnetGroup sessions-subnets",
      ].sort(),
    );
  });

  it("previews what it creates", async () => {
    for (const args of [happy(), serverless()]) {
      const make = () => new Cache("sessions", args);
      const [preview, deployment] = [await build(make, { preview: true }), await build(make)];
      assert.deepEqual(preview.children, deployment.children);
    }
  });

  it("is encrypted at rest and on the way, and lets in its user group alone", async () => {
    const run = await build(() => new Cache("sessions", happy()));
    assert.deepEqual(run.one(CACHE).inputs, {
      replicationGroupId: "sessions-1a2b3c4d",
      description: "Cache sessions",
      engine: "valkey",
      engineVersion: "8.1",
      autoMinorVersionUpgrade: true,
      nodeType: "cache.t4g.micro",
      numCacheClusters: 1,
      automaticFailoverEnabled: false,
      multiAzEnabled: false,
      parameterGroupName: "sessions-parameters-1a2b3c4",
      applyImmediately: false,
      maintenanceWindow: "sun:04:30-sun:05:30",
      subnetGroupName: "sessions-subnets-1a2b3c4",
      securityGroupIds: ["sessions-security-group-id"],
      userGroupIds: ["sessions-users-id"],
      atRestEncryptionEnabled: true,
      transitEncryptionEnabled: true,
      snapshotRetentionLimit: 1,
      snapshotWindow: "03:00-04:00",
      logDeliveryConfigurations: ["engine-log", "slow-log"].map((log) => ({
        destination: `/aws/vendedlogs/elasticache/sessions-1a2b3c4d/${log}`,
        destinationType: "cloudwatch-logs",
        logFormat: "json",
        logType: log,
      })),
      tags: { Name: "sessions" },
    });
  });

  it("takes other settings", async () => {
    const args: CacheArgs = {
      network,
      engineVersion: "7.2",
      backupRetentionDays: 0,
      nodes: {
        type: "cache.m7g.large",
        replicas: 2,
        applyImmediately: true,
        maintenanceWindow: "mon:01:00-mon:02:00",
        parameters: { "maxmemory-policy": "allkeys-lru", "hash-max-listpack-value": "128" },
      },
    };
    const run = await build(() => new Cache("sessions", args));
    const { inputs } = run.one(CACHE);
    const expected = {
      engineVersion: "7.2",
      nodeType: "cache.m7g.large",
      numCacheClusters: 3,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      applyImmediately: true,
      maintenanceWindow: "mon:01:00-mon:02:00",
      snapshotRetentionLimit: 0,
      snapshotWindow: undefined,
    };
    assert.deepEqual(
      Object.fromEntries(Object.keys(expected).map((name) => [name, inputs[name]])),
      expected,
    );
    assert.deepEqual(run.one("aws:elasticache/parameterGroup:ParameterGroup").inputs, {
      family: "valkey7",
      description: "Cache sessions",
      parameters: [
        { name: "hash-max-listpack-value", value: "128" },
        { name: "maxmemory-policy", value: "allkeys-lru" },
      ],
    });
  });

  it("lives in the data subnets, in a group of its own that is closed both ways", async () => {
    const run = await build(() => new Cache("sessions", happy()));
    assert.deepEqual(run.one("aws:elasticache/subnetGroup:SubnetGroup").inputs, {
      subnetIds: ["subnet-data-a", "subnet-data-b"],
      description: "Cache sessions",
    });
    assert.deepEqual(run.one("aws:ec2/securityGroup:SecurityGroup").inputs, {
      vpcId: "vpc-1",
      description: "Cache sessions",
      tags: { Name: "sessions" },
    });
  });

  it("has one user, who may neither administer nor empty it", async () => {
    const run = await build(() => new Cache("sessions", happy()));
    assert.deepEqual(run.one("aws:elasticache/user:User").inputs, {
      userId: "sessions-1a2b3c4d",
      userName: "platform",
      engine: "valkey",
      accessString: "on ~* &* +@all -@admin -@dangerous +info",
      authenticationMode: { type: "password", passwords: ["sessions-password!"] },
    });
    assert.deepEqual(run.one("aws:elasticache/userGroup:UserGroup").inputs, {
      userGroupId: "sessions-1a2b3c4d",
      engine: "valkey",
      userIds: ["sessions-1a2b3c4d"],
    });
  });

  it("has its password in Secrets Manager, and as a secret in the state", async () => {
    const run = await build(() => new Cache("sessions", happy()));
    assert.deepEqual(run.one("random:index/randomPassword:RandomPassword").inputs, {
      length: 40,
      special: false,
    });
    assert.deepEqual(run.one(SECRET).inputs, {
      description: "User of the cache sessions",
      recoveryWindowInDays: 30,
    });
    const version = run.one(VERSION);
    assert.deepEqual(version.jsonInput("secretString"), {
      username: "platform",
      password: "sessions-password!",
    });
    assert.ok(version.isSecret("secretString"), "the password is no secret for Pulumi");
    assert.ok(
      run.one("aws:elasticache/user:User").isSecret("authenticationMode.passwords.0"),
      "the user's password is no secret for Pulumi",
    );
  });

  for (const [title, args, retentionInDays] of [
    ["30 days by default", happy(), 30],
    [
      "the days of the settings",
      { ...happy(), nodes: { type: "cache.t4g.micro", logRetentionDays: 365 } } as const,
      365,
    ],
  ] as const) {
    it(`keeps its logs for ${title}`, async () => {
      const run = await build(() => new Cache("sessions", args));
      const prefix = "/aws/vendedlogs/elasticache/sessions-1a2b3c4d";
      assert.deepEqual(inputsByName(run, "aws:cloudwatch/logGroup:LogGroup"), {
        "sessions-engine-log": { name: `${prefix}/engine-log`, retentionInDays },
        "sessions-slow-log": { name: `${prefix}/slow-log`, retentionInDays },
      });
      assert.deepEqual(
        run.all("aws:cloudwatch/logGroup:LogGroup").map((group) => group.deleteBeforeReplace),
        [true, true],
      );
    });
  }

  it("gets the time that a larger type and more replicas take", async () => {
    const timeouts = await customTimeouts((opts) => new Cache("sessions", happy(), opts));
    assert.deepEqual(timeouts, { [CACHE]: { create: "60m", update: "80m", delete: "60m" } });
  });

  it("follows the load, where it is serverless, up to a limit", async () => {
    const run = await build(() => new Cache("sessions", serverless()));
    assert.deepEqual(
      run.children,
      [...SHARED, "aws:elasticache/serverlessCache:ServerlessCache sessions-cache"].sort(),
    );
    assert.deepEqual(run.one(SERVERLESS).inputs, {
      name: "sessions-1a2b3c4d",
      description: "Cache sessions",
      engine: "valkey",
      majorEngineVersion: "8",
      cacheUsageLimits: {
        dataStorage: { maximum: 1, unit: "GB" },
        ecpuPerSeconds: [{ maximum: 1000 }],
      },
      subnetIds: ["subnet-data-a", "subnet-data-b"],
      securityGroupIds: ["sessions-security-group-id"],
      userGroupId: "sessions-users-id",
      snapshotRetentionLimit: 1,
      tags: { Name: "sessions" },
    });
  });

  it("cannot be deleted by Pulumi unless the caller says so", async () => {
    for (const [args, type] of [
      [happy(), CACHE],
      [serverless(), SERVERLESS],
    ] as const) {
      const run = await build(() => new Cache("sessions", args));
      assert.equal(run.one(type).protect, true);
      const open = await build(() => new Cache("c", { ...args, deletionProtection: false }));
      assert.equal(open.one(type).protect, false);
      assert.equal(open.one(SECRET).input("recoveryWindowInDays"), 0);
    }
  });

  it("registers what others need, and no password", async () => {
    const { component } = await build(() => new Cache("sessions", happy()));
    assert.deepEqual(component.outputs, {
      host: "master.sessions-1a2b3c4d.abc123.use1.cache.amazonaws.com",
      readerHost: "replica.sessions-1a2b3c4d.abc123.use1.cache.amazonaws.com",
      port: 6379,
      identifier: "sessions-1a2b3c4d",
      securityGroupId: "sessions-security-group-id",
      secretArn:
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:sessions-secret-1a2b3c4-AbCdEf",
    });
  });

  it("lists every problem and registers nothing", async () => {
    const wrong = { ...happy(), engineVersion: "6.2", replicas: 1 } as CacheArgs;
    const error = await refusal(() => new Cache("sessions", wrong));
    assert.match(error.message, /^Cache "sessions": 2 problems; nothing was created\.\n/);
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      ["engineVersion", "replicas"],
    );
  });
});
