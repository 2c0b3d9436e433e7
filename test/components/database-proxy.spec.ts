import * as assert from "node:assert/strict";
import { Database, type DatabaseArgs } from "../../components";
import { build, dependsOn, inputsByName, network, sourcesOf } from "./support";

const happy = (): DatabaseArgs => ({
  network,
  engine: "mysql",
  engineVersion: "8.4",
  instanceClass: "db.t4g.micro",
  multiAz: false,
  proxy: {},
});
const aurora = (): DatabaseArgs => ({
  network,
  engine: "aurora-postgresql",
  engineVersion: "17",
  instanceClass: "db.r8g.large",
  replicas: { a: {} },
  proxy: { maxConnectionsPercent: 75 },
});

const PROXY = "aws:rds/proxy:Proxy";
const SECRET_ARN =
  "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-shop-1a2b3c4d-AbCdEf";

describe("Database, proxy", () => {
  it("adds this and nothing else", async () => {
    const { proxy: _, ...without } = happy();
    const direct = await build(() => new Database("shop", without));
    const { children } = await build(() => new Database("shop", happy()));
    assert.deepEqual(
      children.filter((child) => !direct.children.includes(child)),
      [
        "aws:cloudwatch/logGroup:LogGroup shop-proxy-logs",
        "aws:ec2/securityGroup:SecurityGroup shop-proxy-security-group",
        "aws:iam/role:Role shop-proxy-role",
        "aws:iam/rolePolicy:RolePolicy shop-proxy-policy",
        "aws:rds/proxy:Proxy shop-proxy",
        "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup shop-proxy-pool",
        "aws:rds/proxyTarget:ProxyTarget shop-proxy-target",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule shop-proxy-to-database-out",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule shop-proxy-to-database-in",
      ],
    );
  });

  it("takes TLS alone, in the data subnets, for the database's one user", async () => {
    const run = await build(() => new Database("shop", happy()));
    assert.deepEqual(run.one(PROXY).inputs, {
      name: "shop-1a2b3c4d",
      engineFamily: "MYSQL",
      auths: [{ authScheme: "SECRETS", iamAuth: "DISABLED", secretArn: SECRET_ARN }],
      requireTls: true,
      roleArn: "arn:aws:iam::123456789012:role/shop-proxy-role-1a2b3c4",
      vpcSubnetIds: ["subnet-data-a", "subnet-data-b"],
      vpcSecurityGroupIds: ["shop-proxy-security-group-id"],
      tags: { Name: "shop" },
    });
  });

  it("may read this one secret, and has the right before it is created", async () => {
    const run = await build(() => new Database("shop", happy()));
    const role = run.all("aws:iam/role:Role").find(({ name }) => name === "shop-proxy-role");
    assert.deepEqual(role?.jsonInput("assumeRolePolicy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "rds.amazonaws.com" },
          Action: ["sts:AssumeRole"],
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        },
      ],
    });
    const policy = run.one("aws:iam/rolePolicy:RolePolicy");
    assert.equal(policy.inputs["role"], "shop-proxy-role-1a2b3c4");
    assert.deepEqual(policy.jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: [SECRET_ARN] },
      ],
    });
    assert.deepEqual(sourcesOf(run, run.one(PROXY), "roleArn"), [
      "aws:iam/role:Role shop-proxy-role",
      "aws:iam/rolePolicy:RolePolicy shop-proxy-policy",
    ]);
  });

  it("reaches the database from a group that is else closed", async () => {
    const run = await build(() => new Database("shop", happy()));
    const through = {
      description: "Queries from the proxy to shop",
      ipProtocol: "tcp",
      fromPort: 3306,
      toPort: 3306,
    };
    assert.deepEqual(run.one("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule").inputs, {
      securityGroupId: "shop-proxy-security-group-id",
      referencedSecurityGroupId: "shop-security-group-id",
      ...through,
    });
    assert.deepEqual(run.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").inputs, {
      securityGroupId: "shop-security-group-id",
      referencedSecurityGroupId: "shop-proxy-security-group-id",
      ...through,
    });
  });

  it("keeps its logs for the same time, in a group that is there before it", async () => {
    const args = { ...happy(), logRetentionDays: 90 } as const;
    const run = await build(() => new Database("shop", args));
    const groups = inputsByName(run, "aws:cloudwatch/logGroup:LogGroup");
    assert.deepEqual(groups["shop-proxy-logs"], {
      name: "/aws/rds/proxy/shop-1a2b3c4d",
      retentionInDays: 90,
    });
    assert.deepEqual(dependsOn(run, run.one(PROXY)), [
      "aws:cloudwatch/logGroup:LogGroup shop-proxy-logs",
    ]);
  });

  for (const [title, args, name, target, most, idle] of [
    ["an instance", happy(), "shop", { dbInstanceIdentifier: "shop-1a2b3c4d" }, 100, 50],
    ["a cluster", aurora(), "events", { dbClusterIdentifier: "events-1a2b3c4d" }, 75, 37],
  ] as const) {
    it(`leads to ${title}, and may hold ${most} % of its connections`, async () => {
      const run = await build(() => new Database(name, args));
      const dbProxyName = `${name}-1a2b3c4d`;
      const pool = run.one("aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup");
      assert.deepEqual(pool.inputs, {
        dbProxyName,
        connectionPoolConfig: { maxConnectionsPercent: most, maxIdleConnectionsPercent: idle },
      });
      const { inputs } = run.one("aws:rds/proxyTarget:ProxyTarget");
      assert.deepEqual(
        { ...inputs, targetGroupName: undefined },
        { dbProxyName, ...target, targetGroupName: undefined },
      );
    });
  }

  it("has an address for reading where Aurora has replicas", async () => {
    const run = await build(() => new Database("events", aurora()));
    assert.deepEqual(run.one("aws:rds/proxyEndpoint:ProxyEndpoint").inputs, {
      dbProxyName: "events-1a2b3c4d",
      dbProxyEndpointName: "events-1a2b3c4d-reader",
      targetRole: "READ_ONLY",
      vpcSubnetIds: ["subnet-data-a", "subnet-data-b"],
      vpcSecurityGroupIds: ["events-proxy-security-group-id"],
      tags: { Name: "events" },
    });
    const without = await build(() => new Database("events", { ...aurora(), replicas: {} }));
    assert.deepEqual(without.all("aws:rds/proxyEndpoint:ProxyEndpoint"), []);
  });
});
