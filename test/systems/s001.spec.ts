import * as assert from "node:assert/strict";
import type { Run } from "../support/run";
import {
  alarmsOf,
  containersOf,
  dashboardMetrics,
  managedPoliciesOf,
  routing,
  rulesInto,
  subnetsOf,
} from "./reading";
import { difference, repositoryFile, runExample } from "./support";

const HOST = "api.whatstheweatherlike.io";
const RECORD = "cloudflare:index/dnsRecord:DnsRecord";

describe("seed 001, a back end behind HTTPS with its name at Cloudflare", () => {
  let run: Run;
  before(async () => {
    run = await runExample("https-cloudflare");
  });

  it("S001-02: a push of the tag that the service follows rolls it, by EventBridge and a function that may deploy it", () => {
    const repository = run.one("aws:ecr/repository:Repository", "api-repository");
    const [{ image } = { image: "" }] = containersOf(run, "api");
    const url = repository.outputs["repositoryUrl"];
    assert.ok(typeof url === "string" && image === `${url}:live`, image);
    assert.deepEqual(repository.input("imageTagMutabilityExclusionFilters"), [
      { filter: "live", filterType: "WILDCARD" },
    ]);

    const rule = run.one("aws:cloudwatch/eventRule:EventRule", "redeployment-images");
    assert.deepEqual(rule.jsonInput("eventPattern"), {
      source: ["aws.ecr"],
      "detail-type": ["ECR Image Action"],
      detail: {
        "action-type": ["PUSH"],
        result: ["SUCCESS"],
        "repository-name": [repository.outputs["name"]],
        "image-tag": ["live"],
      },
    });
    const lambda = run.one("aws:lambda/function:Function", "redeployment-function");
    assert.deepEqual(
      run.one("aws:cloudwatch/eventTarget:EventTarget", "redeployment-images").inputs,
      { rule: rule.outputs["name"], arn: lambda.outputs["arn"] },
    );
    const policy = run.one("aws:iam/rolePolicy:RolePolicy", "redeployment-policy");
    const { Statement } = policy.jsonInput("policy") as { Statement: { Action: string[] }[] };
    assert.deepEqual(
      Statement.find(({ Action }) => Action.includes("ecs:UpdateService")),
      {
        Effect: "Allow",
        Action: ["ecs:DescribeServices", "ecs:ListServiceDeployments", "ecs:UpdateService"],
        Resource: [run.one("aws:ecs/service:Service", "api-service").outputs["arn"]],
      },
    );
  });

  it("S001-03: every container logs, the cluster has Container Insights, and a dashboard shows the service", () => {
    for (const { logConfiguration } of containersOf(run, "api")) {
      assert.equal(logConfiguration?.logDriver, "awslogs");
      assert.equal(
        logConfiguration.options["awslogs-group"],
        run.one("aws:cloudwatch/logGroup:LogGroup", "api-logs").outputs["name"],
      );
    }
    assert.deepEqual(run.one("aws:ecs/cluster:Cluster").input("settings"), [
      { name: "containerInsights", value: "enabled" },
    ]);
    const service = run.one("aws:ecs/service:Service").outputs["name"];
    const shown = dashboardMetrics(run).filter(
      ({ dimensions }) => dimensions["ServiceName"] === service,
    );
    assert.ok(shown.some(({ metricName }) => metricName === "CPUUtilization"));
  });

  it("S001-05: an ECS cluster", () => {
    assert.equal(run.all("aws:ecs/cluster:Cluster").length, 1);
  });

  it("S001-06, S001-14: the back end as a service of the cluster that gets its requests", () => {
    const service = run.one("aws:ecs/service:Service", "api-service");
    assert.equal(service.input("cluster"), run.one("aws:ecs/cluster:Cluster").outputs["arn"]);
    assert.equal(
      service.input("taskDefinition"),
      run.one("aws:ecs/taskDefinition:TaskDefinition", "api-task").outputs["arn"],
    );
    assert.equal(service.input("desiredCount"), 2);
    assert.equal(
      service.input("loadBalancers.0.targetGroupArn"),
      run.one("aws:lb/targetGroup:TargetGroup", "api-tg").outputs["arn"],
    );
  });

  it("S001-07, S001-20, S001-21: HTTPS on 443 with the validated certificate leads to the back end", () => {
    const https = run.one("aws:lb/listener:Listener", "load-balancer-https");
    assert.equal(https.input("port"), 443);
    assert.equal(https.input("protocol"), "HTTPS");
    assert.equal(
      https.input("certificateArn"),
      run.one("aws:acm/certificateValidation:CertificateValidation").outputs["certificateArn"],
    );
    assert.deepEqual(routing(run), [{ priority: 100, hosts: [HOST], paths: ["/*"], to: "api-tg" }]);
    assert.equal(
      run.one("aws:lb/listenerRule:ListenerRule").input("listenerArn"),
      https.outputs["arn"],
    );
  });

  it("S001-08, S001-09: AWS and Cloudflare alone, without a command or a provider of another kind", () => {
    const packages = new Set(run.resources.map(({ type }) => type.split(":")[0]));
    assert.deepEqual([...packages].sort(), ["aws", "cloudflare", "ecs-platform", "pulumi"]);
    const scripts = JSON.parse(repositoryFile("package.json")) as {
      scripts: Record<string, string>;
    };
    for (const command of Object.values(scripts.scripts)) assert.doesNotMatch(command, /\.sh\b/);
  });

  it("S001-10, S001-11: a VPC of its own, separate from all others", () => {
    assert.equal(run.all("aws:ec2/vpc:Vpc").length, 1);
    assert.deepEqual(
      run.names().filter((name) => /defaultVpc|vpcPeering|transitGateway/i.test(name)),
      [],
    );
  });

  it("S001-12: an existing VPC does as well, and nothing of a network is made then", async () => {
    const adopted = await runExample("https-cloudflare", {
      network: {
        existing: {
          vpcId: "vpc-0123456789abcdef0",
          accountId: "123456789012",
          cidr: "10.9.0.0/16",
          availabilityZones: ["eu-central-1a", "eu-central-1b"],
          publicSubnetIds: ["subnet-00000000000000001", "subnet-00000000000000002"],
          appSubnetIds: ["subnet-00000000000000003", "subnet-00000000000000004"],
          dataSubnetIds: ["subnet-00000000000000005", "subnet-00000000000000006"],
        },
      },
    });
    const { added, removed } = difference(run, adopted);
    assert.deepEqual(added, []);
    assert.ok(removed.includes("aws:ec2/vpc:Vpc network-vpc"));
    // What watches and searches what the network had goes with it.
    assert.deepEqual(
      removed.filter((name) => !/ network-/.test(name)),
      [
        "aws:cloudwatch/metricAlarm:MetricAlarm monitoring-nat-a-ports",
        "aws:cloudwatch/queryDefinition:QueryDefinition monitoring-query-rejected-traffic",
      ],
    );
    assert.deepEqual(adopted.one("aws:ecs/service:Service").input("networkConfiguration.subnets"), [
      "subnet-00000000000000003",
      "subnet-00000000000000004",
    ]);
  });

  it("S001-13, S001-18: EC2 hosts are the cluster's only capacity, and the service runs on them", () => {
    const provider = run.one("aws:ecs/capacityProvider:CapacityProvider");
    assert.equal(
      provider.input("autoScalingGroupProvider.autoScalingGroupArn"),
      run.one("aws:autoscaling/group:Group").outputs["arn"],
    );
    assert.deepEqual(
      run
        .one("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders")
        .input("capacityProviders"),
      [provider.outputs["name"]],
    );
    assert.equal(
      run.one("aws:ecs/service:Service").input("capacityProviderStrategies.0.capacityProvider"),
      provider.outputs["name"],
    );
    assert.equal(run.all("aws:ec2/launchTemplate:LaunchTemplate").length, 1);
  });

  it("S001-15, S001-16, S001-17: no bastion until one key brings it, with a way to the hosts and no other change", async () => {
    assert.deepEqual(run.all("aws:ec2/instance:Instance"), []);
    assert.deepEqual(
      run.names().filter((name) => / bastion/.test(name)),
      [],
    );
    const withBastion = await runExample("https-cloudflare", { bastion: {} });
    const { added, removed, changed } = difference(run, withBastion);
    assert.deepEqual([removed, changed], [[], []]);
    assert.ok(added.includes("aws:ec2/instance:Instance bastion-instance"));
    assert.deepEqual(
      added.filter((name) => !/ bastion/.test(name)),
      [],
    );
    assert.deepEqual(rulesInto(run, "platform-hosts-security-group"), []);
    assert.deepEqual(rulesInto(withBastion, "platform-hosts-security-group"), [
      "tcp 22 from bastion-security-group",
    ]);
    assert.ok(
      managedPoliciesOf(run, "platform-hosts-role").includes("AmazonSSMManagedInstanceCore"),
    );
  });

  it("S001-19: an Application Load Balancer in the public subnets", () => {
    const loadBalancer = run.one("aws:lb/loadBalancer:LoadBalancer");
    assert.equal(loadBalancer.input("loadBalancerType"), "application");
    assert.deepEqual(
      loadBalancer.input("subnets"),
      subnetsOf(run, "public").map((name) => `${name}-id`),
    );
  });

  it("S001-22, S001-23: Cloudflare points the host at the load balancer, and Route 53 has no part in it", () => {
    const record = run.one(RECORD, `main-${HOST}`);
    assert.equal(record.input("type"), "CNAME");
    assert.equal(record.input("name"), HOST);
    assert.equal(
      record.input("content"),
      run.one("aws:lb/loadBalancer:LoadBalancer").outputs["dnsName"],
    );
    assert.equal(run.one("aws:acm/certificate:Certificate").input("domainName"), HOST);
    assert.deepEqual(
      run.names().filter((name) => name.startsWith("aws:route53/")),
      [],
    );
  });

  it("S001-24: Cloudflare holds the record that ACM checks, not proxied, and the validation waits for it", () => {
    const record = run.one(RECORD, `main-validation-${HOST}`);
    assert.equal(record.input("proxied"), false);
    const validation = run.one("aws:acm/certificateValidation:CertificateValidation");
    assert.deepEqual(validation.input("validationRecordFqdns"), [record.input("name")]);
  });

  it("S001-25: the certificate is requested and validated by DNS, not imported", () => {
    const { inputs } = run.one("aws:acm/certificate:Certificate");
    assert.equal(inputs["validationMethod"], "DNS");
    assert.deepEqual(
      Object.keys(inputs).filter((key) => /certificateBody|privateKey/.test(key)),
      [],
    );
  });

  it("S001-04: access logs, stopped tasks, 5xx and unhealthy targets by target group are there to find why every second request fails", () => {
    assert.equal(run.one("aws:lb/loadBalancer:LoadBalancer").input("accessLogs.enabled"), true);
    const suffix = run.one("aws:lb/targetGroup:TargetGroup").outputs["arnSuffix"];
    const alarms = alarmsOf(run);
    const metrics = { errors: "HTTPCode_Target_5XX_Count", unhealthy: "UnHealthyHostCount" };
    for (const [key, metric] of Object.entries(metrics)) {
      const alarm = alarms[`service-api-${key}`];
      assert.equal(alarm?.input("metricName"), metric);
      assert.equal(alarm.input("dimensions.TargetGroup"), suffix);
    }
    const pattern = run
      .one("aws:cloudwatch/eventRule:EventRule", "monitoring-stopped-tasks")
      .jsonInput("eventPattern") as Record<string, unknown>;
    assert.deepEqual(pattern["detail-type"], ["ECS Task State Change"]);
  });
});
