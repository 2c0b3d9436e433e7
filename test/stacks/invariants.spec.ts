import * as assert from "node:assert/strict";
import type { RecordedResource } from "../support/recorded-resource";
import type { Run } from "../support/run";
import {
  type StackConfig,
  exampleConfig,
  runPlatform,
  shippedConfig,
  smallConfig,
} from "./support";

/**
 * What must hold for every resource of every stack. Each rule names the resources that break it, so that a failure
 * reads as a list of things to mend. Mocks see inputs as the program gives them, not what AWS makes of them.
 */
const STACKS: readonly { title: string; stack: string; config: () => StackConfig }[] = [
  { title: "the shipped dev stack", stack: "dev", config: () => shippedConfig("dev") },
  { title: "the shipped prod stack", stack: "prod", config: () => shippedConfig("prod") },
  { title: "the shipped staging stack", stack: "staging", config: () => shippedConfig("staging") },
  { title: "the shipped pr stack", stack: "pr", config: () => shippedConfig("pr") },
  { title: "a small stack", stack: "test", config: smallConfig },
  ...[
    "java-and-dotnet",
    "https-cloudflare",
    "fargate-reference",
    "go-server",
    "ec2-production",
    "two-regions",
  ].map((name) => ({
    title: `the example ${name}`,
    stack: name,
    config: () => exampleConfig(name),
  })),
];

const EVERYBODY = "0.0.0.0/0";

for (const { title, stack, config } of STACKS) {
  describe(`every resource of ${title}`, () => {
    let run: Run;
    before(async () => {
      run = await runPlatform(config(), stack);
    });

    const none = (offenders: readonly RecordedResource[]) =>
      assert.deepEqual(
        offenders.map((resource) => `${resource.type} ${resource.name}`),
        [],
      );
    const resources = () =>
      run.resources.filter(({ type }) => !type.startsWith("pulumi:providers:"));
    const custom = () => resources().filter((resource) => resource.custom);

    it("has a component of the platform as parent", () => {
      none(
        custom().filter(
          (resource) => run.parentOf(resource)?.type.startsWith("ecs-platform:index:") !== true,
        ),
      );
    });

    it("is a child whose name starts with its component's", () => {
      none(
        custom().filter(
          (resource) => !resource.name.startsWith(`${run.parentOf(resource)?.name ?? "?"}-`),
        ),
      );
    });

    it("has the provider of its region", () => {
      const providerOf = ({ urn }: RecordedResource) =>
        run.one("pulumi:providers:aws", urn.includes("SecondRegion") ? "aws-second-region" : "aws");
      none(
        custom().filter(
          (resource) =>
            resource.type.startsWith("aws:") &&
            resource.provider?.startsWith(providerOf(resource).urn) !== true,
        ),
      );
    });

    it("has no stack, region or project in its logical name", () => {
      const spoiled = new RegExp(`(^|-)(${stack}|us-east-1|ecs-platform)(-|$)`);
      none(resources().filter(({ name }) => spoiled.test(name)));
    });

    it("lets everybody in at the load balancer alone, on 80 and 443", () => {
      const open = run
        .all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        .filter(
          (rule) => rule.input("cidrIpv4") === EVERYBODY || rule.input("cidrIpv6") === "::/0",
        );
      none(
        open.filter(
          (rule) =>
            run.parentOf(rule)?.type !== "ecs-platform:index:LoadBalancer" ||
            ![80, 443].includes(Number(rule.input("fromPort"))) ||
            rule.input("fromPort") !== rule.input("toPort"),
        ),
      );
    });

    it("says 0.0.0.0/0 in the public listener's rules, in HTTPS out, in egress that was asked for and in routes alone", () => {
      none(
        custom().filter((resource) => {
          if (!JSON.stringify(resource.inputs).includes(`"${EVERYBODY}"`)) return false;
          const isListenerRule =
            resource.type === "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule" &&
            run.parentOf(resource)?.type === "ecs-platform:index:LoadBalancer";
          const isHttpsOut =
            resource.type === "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule" &&
            resource.input("fromPort") === 443 &&
            resource.input("toPort") === 443;
          // A port that the stack file lists under a service's egress.
          const isAsked = /-port-\d+-out$/.test(resource.name);
          return (
            !isListenerRule && !isHttpsOut && !isAsked && resource.type !== "aws:ec2/route:Route"
          );
        }),
      );
    });

    it("has its rules outside the security group, each described", () => {
      none(
        run
          .all("aws:ec2/securityGroup:SecurityGroup")
          .filter(
            (group) => group.input("ingress") !== undefined || group.input("egress") !== undefined,
          ),
      );
      none(
        custom().filter(
          ({ type, inputs }) =>
            /^aws:(ec2\/securityGroup|vpc\/securityGroup\w+Rule):/.test(type) &&
            typeof inputs["description"] !== "string",
        ),
      );
    });

    it("keeps the data tier without a route", () => {
      const dataTables = run
        .all("aws:ec2/routeTable:RouteTable")
        .filter((table) => table.input("tags.Tier") === "data")
        .map((table) => table.name.replace(/-routes$/, ""));
      assert.ok(dataTables.length >= 2);
      none(
        run
          .all("aws:ec2/route:Route")
          .filter((route) => dataTables.some((table) => route.name.startsWith(table))),
      );
    });

    it("is encrypted where it stores anything", () => {
      none(
        run.all("aws:rds/instance:Instance").filter((db) => db.input("storageEncrypted") !== true),
      );
      none(
        run
          .all("aws:sns/topic:Topic")
          .filter((topic) => topic.input("kmsMasterKeyId") === undefined),
      );
      none(
        run
          .all("aws:ec2/launchTemplate:LaunchTemplate")
          .filter((template) => template.input("blockDeviceMappings.0.ebs.encrypted") !== "true"),
      );
      const encrypted = run
        .all(
          "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        )
        .map((encryption) => encryption.input("bucket"));
      none(
        run
          .all("aws:s3/bucket:Bucket")
          .filter((bucket) => !encrypted.includes(`${bucket.name}-id`)),
      );
    });

    it("keeps no log for ever", () => {
      none(
        run
          .all("aws:cloudwatch/logGroup:LogGroup")
          .filter((group) => !(Number(group.input("retentionInDays")) > 0)),
      );
    });

    it("grants no action on everything, but for those that IAM offers no narrower resource for", () => {
      // Grafana lists what there is, and asks for metrics of any resource. Metrics are put by namespace alone, which is a condition.
      const needsEverything =
        /^(ecr:GetAuthorizationToken|ecs:(Describe|Register)TaskDefinition|ssmmessages:\w+|elasticloadbalancing:Describe(Listeners|Rules|TargetGroups|TargetHealth)|cloudwatch:(GetMetricData|ListMetrics|DescribeAlarm\w*|PutMetricData)|autoscaling:Describe(AutoScalingGroups|ScalingActivities)|logs:(GetQueryResults|StopQuery)|tag:GetResources)$/;
      const policies = custom().filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
      none(
        policies.filter((policy) => {
          const { Statement: statements } = policy.jsonInput("policy") as {
            Statement: { Action: string[]; Resource: string[] }[];
          };
          return statements.some(
            ({ Action, Resource }) =>
              Action.some((action) => /^\*$|:\*$/.test(action)) ||
              (Resource.includes("*") && !Action.every((action) => needsEverything.test(action))),
          );
        }),
      );
    });

    it("shows no secret in an output", () => {
      assert.doesNotMatch(JSON.stringify(run.outputs), /password["']?\s*:/i);
    });
  });
}
