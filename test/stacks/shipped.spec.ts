import * as assert from "node:assert/strict";
import type { Run } from "../support/run";
import { runPlatform, shippedConfig } from "./support";

const INSTANCE = "aws:rds/instance:Instance";
const ALB = "aws:lb/loadBalancer:LoadBalancer";

/** How many of each component's resources there are, by component. */
function inventory(run: Run): Record<string, number> {
  const components = run.resources.filter(({ kind }) => kind === "component");
  return Object.fromEntries(
    components
      .map((component): [string, number] => [component.name, run.childrenOf(component).length])
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}

describe("the shipped dev stack", () => {
  let run: Run;
  before(async () => {
    run = await runPlatform(shippedConfig("dev"), "dev");
  });

  it("has these components, with so many resources", () => {
    assert.deepEqual(inventory(run), {
      api: 18,
      bastion: 10,
      database: 9,
      "load-balancer": 10,
      monitoring: 41,
      network: 32,
      "off-hours": 10,
      platform: 3,
      redeployment: 11,
      "spot-fallback": 12,
    });
  });

  it("has one NAT gateway for both zones", () => {
    assert.equal(run.all("aws:ec2/natGateway:NatGateway").length, 1);
    assert.deepEqual(
      run
        .all("aws:ec2/route:Route")
        .filter(({ name }) => name.endsWith("-nat"))
        .map((route) => route.input("natGatewayId")),
      ["network-nat-a-id", "network-nat-a-id"],
    );
  });

  it("can be destroyed, data and all", () => {
    assert.equal(run.one(INSTANCE).input("deletionProtection"), false);
    assert.equal(run.one(INSTANCE).input("skipFinalSnapshot"), true);
    assert.equal(run.one(ALB).input("enableDeletionProtection"), false);
    assert.deepEqual(
      run.resources.filter(({ protect }) => protect).map(({ name }) => name),
      [],
    );
  });

  it("serves plain HTTP at the load balancer's own name, and 404 to everybody else", () => {
    assert.equal(run.all("aws:lb/listener:Listener").length, 1);
    assert.deepEqual(run.one("aws:lb/listener:Listener").input("defaultActions.0.fixedResponse"), {
      contentType: "text/plain",
      messageBody: "Not found",
      statusCode: "404",
    });
    assert.deepEqual(run.one("aws:lb/listenerRule:ListenerRule").input("conditions"), [
      { hostHeader: { values: [run.one(ALB).outputs["dnsName"]] } },
      { pathPattern: { values: ["/*"] } },
    ]);
    assert.equal(
      run.outputs["url"],
      "http://load-balancer-alb-1a2b3c4-1234567890.us-east-1.elb.amazonaws.com/",
    );
  });

  it("tells a person how to get in", () => {
    const { exec, logs, tunnels } = run.outputs["commands"] as Record<
      string,
      Record<string, string>
    >;
    assert.match(
      exec?.["api"] ?? "",
      /^aws ecs execute-command --cluster platform-cluster-1a2b3c4 --task "\$\(aws ecs list-tasks .* --service-name api-service-1a2b3c4 .*\)" --container api --interactive --command \/bin\/sh --region us-east-1$/,
    );
    assert.equal(logs?.["api"], "aws logs tail api-logs-1a2b3c4 --follow --region us-east-1");
    assert.match(
      tunnels?.["database"] ?? "",
      /^aws ssm start-session --target bastion-instance-id --document-name AWS-StartPortForwardingSessionToRemoteHost --parameters host=\S+\.rds\.amazonaws\.com,portNumber=5432,localPortNumber=15432 --region us-east-1$/,
    );
  });

  it("names what other stacks need", () => {
    assert.deepEqual(Object.keys(run.outputs["ids"] as object).sort(), [
      "alarmTopicArn",
      "alarmTopicArns",
      "appSubnetIds",
      "bastionSessionPolicyArn",
      "clusterArn",
      "dataSubnetIds",
      "databaseIdentifiers",
      "databaseSecretArns",
      "databaseSecurityGroupIds",
      "listenerArn",
      "loadBalancerDnsName",
      "loadBalancerSecurityGroupId",
      "loadBalancerZoneId",
      "logGroupNames",
      "natPublicIps",
      "publicSubnetIds",
      "serviceNames",
      "serviceSecurityGroupIds",
      "vpcId",
    ]);
  });

  it("tags everything", () => {
    assert.deepEqual(run.one("pulumi:providers:aws").jsonInput("defaultTags"), {
      tags: {
        Project: "ecs-platform",
        Environment: "dev",
        ManagedBy: "pulumi",
        Owner: "platform-team",
        CostCenter: "platform",
      },
    });
  });
});

describe("the shipped prod stack", () => {
  let run: Run;
  before(async () => {
    run = await runPlatform(shippedConfig("prod"), "prod");
  });

  it("has these components, with so many resources", () => {
    assert.deepEqual(inventory(run), {
      api: 18,
      backups: 23,
      bastion: 10,
      budget: 1,
      database: 9,
      "load-balancer": 12,
      monitoring: 48,
      network: 47,
      platform: 3,
      redeployment: 11,
      "spot-fallback": 12,
      waf: 5,
    });
  });

  it("has a NAT gateway in each zone, used by that zone alone", () => {
    assert.deepEqual(
      run
        .all("aws:ec2/route:Route")
        .filter(({ name }) => name.endsWith("-nat"))
        .map((route) => [route.name, route.input("natGatewayId")]),
      [
        ["network-app-a-nat", "network-nat-a-id"],
        ["network-app-b-nat", "network-nat-b-id"],
        ["network-app-c-nat", "network-nat-c-id"],
      ],
    );
  });

  it("refuses to lose its data", () => {
    const database = run.one(INSTANCE);
    assert.equal(database.input("multiAz"), true);
    assert.equal(database.input("deletionProtection"), true);
    assert.equal(database.input("skipFinalSnapshot"), undefined);
    assert.equal(database.input("finalSnapshotIdentifier"), "database-1a2b3c4d-final");
    assert.equal(database.input("backupRetentionPeriod"), 30);
    assert.equal(run.one(ALB).input("enableDeletionProtection"), true);
    assert.equal(run.one("aws:s3/bucket:Bucket").input("forceDestroy"), false);
    assert.deepEqual(
      run.resources
        .filter(({ protect }) => protect)
        .map(({ name }) => name)
        .sort(),
      [
        "backups-copies-key",
        "backups-copies-vault",
        "backups-key",
        "backups-vault",
        "database-instance",
        "load-balancer-access-logs",
        "load-balancer-alb",
        "network-vpc",
      ],
    );
  });

  it("serves HTTPS at its host, and redirects HTTP", () => {
    const http = run.one("aws:lb/listener:Listener", "load-balancer-http");
    assert.deepEqual(http.input("defaultActions"), [
      { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
    ]);
    const https = run.one("aws:lb/listener:Listener", "load-balancer-https");
    assert.equal(https.input("sslPolicy"), "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09");
    assert.equal(https.input("defaultActions.0.fixedResponse.statusCode"), "404");
    assert.equal(run.outputs["url"], "https://api.example.com/");
  });

  it("tells the people on call everything", () => {
    const name = /^monitoring-(email|info-everybody|warning-everybody)-oncall$/;
    assert.deepEqual(
      run
        .all("aws:sns/topicSubscription:TopicSubscription")
        .filter((subscription) => name.test(subscription.name))
        .map((subscription) => subscription.input("endpoint")),
      Array(3).fill("oncall@example.com"),
    );
  });

  it("runs at least a task in each zone, on demand", () => {
    assert.equal(run.one("aws:appautoscaling/target:Target").input("minCapacity"), 3);
    assert.deepEqual(run.one("aws:ecs/service:Service").input("capacityProviderStrategies"), [
      { capacityProvider: "FARGATE", base: 3, weight: 1 },
      { capacityProvider: "FARGATE_SPOT", base: 0, weight: 1 },
    ]);
  });
});

describe("the shipped pr stack", () => {
  let run: Run;
  before(async () => {
    run = await runPlatform(shippedConfig("pr"), "pr");
  });

  it("has these components, with so many resources", () => {
    assert.deepEqual(inventory(run), {
      api: 13,
      "load-balancer": 10,
      monitoring: 36,
      network: 28,
      platform: 3,
    });
  });

  it("has nothing that costs by the hour but a load balancer, one task on Spot and their addresses", () => {
    for (const type of [
      "aws:ec2/natGateway:NatGateway",
      "aws:ec2/instance:Instance",
      "aws:ec2/vpcEndpoint:VpcEndpoint",
      INSTANCE,
    ]) {
      assert.deepEqual(
        run.all(type).filter((found) => found.input("vpcEndpointType") !== "Gateway"),
        [],
      );
    }
    const service = run.one("aws:ecs/service:Service");
    assert.equal(service.input("desiredCount"), 1);
    assert.deepEqual(service.input("capacityProviderStrategies"), [
      { capacityProvider: "FARGATE_SPOT", base: 0, weight: 1 },
    ]);
  });

  it("lets its task reach the internet, and nobody the task but the load balancer", () => {
    const service = run.one("aws:ecs/service:Service");
    assert.equal(service.input("networkConfiguration.assignPublicIp"), true);
    assert.deepEqual(service.input("networkConfiguration.subnets"), [
      "network-public-a-id",
      "network-public-b-id",
    ]);
    assert.deepEqual(
      run
        .childrenOf(run.one("ecs-platform:index:EcsService"))
        .filter(({ type }) => type.endsWith("SecurityGroupIngressRule"))
        .map((rule) => [rule.input("referencedSecurityGroupId"), rule.input("cidrIpv4")]),
      [["load-balancer-security-group-id", undefined]],
    );
  });

  it("is destroyed without a trace, by whoever ends the review", () => {
    assert.equal(run.one(ALB).input("enableDeletionProtection"), false);
    assert.equal(run.one("aws:s3/bucket:Bucket").input("forceDestroy"), true);
    assert.deepEqual(
      run.resources.filter(({ protect }) => protect).map(({ name }) => name),
      [],
    );
  });
});

describe("the order of a stack file", () => {
  it("means nothing", async () => {
    const config = shippedConfig("prod");
    const reversed = reverseKeys(shippedConfig("prod")) as typeof config;
    const [before, after] = await Promise.all([
      runPlatform(config, "prod"),
      runPlatform(reversed, "prod"),
    ]);
    const inputs = (run: Run) =>
      Object.fromEntries(run.resources.map(({ urn, inputs: given }) => [urn, given]));
    assert.deepEqual(inputs(after), inputs(before));
  });
});

/** The same configuration with every map, and the list of zones, the other way round. */
function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) {
    const list = value as unknown[];
    return list.every((zone) => /-\d[a-z]$/.test(String(zone))) ? list.reverse() : list;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reverseKeys(inner)]),
  );
}
