import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { EcsCluster, type EcsClusterArgs } from "../../components";
import { runProgram } from "../support/run-program";
import { build, dependsOn, inputsByName, network, refusal, sourcesOf } from "./support";

const ec2: NonNullable<EcsClusterArgs["ec2"]> = {
  instanceTypes: ["t3.medium", "t3a.medium", "t2.medium"],
  minSize: 2,
  maxSize: 10,
  onDemandBase: 1,
  onDemandPercentageAboveBase: 20,
};
const happy = (): EcsClusterArgs => ({ network, ec2 });
const withHosts = (change: Partial<typeof ec2> = {}) =>
  build(() => new EcsCluster("platform", { network, ec2: { ...ec2, ...change } }));

const GROUP = "aws:autoscaling/group:Group";
const PROVIDER = "aws:ecs/capacityProvider:CapacityProvider";
const CAPACITY = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

describe("EcsCluster, hosts", () => {
  it("creates this beside the cluster and nothing else", async () => {
    const { children } = await withHosts();
    assert.deepEqual(children, [
      "aws:autoscaling/group:Group platform-hosts",
      "aws:cloudwatch/eventRule:EventRule platform-spot",
      "aws:cloudwatch/eventTarget:EventTarget platform-spot",
      "aws:cloudwatch/logGroup:LogGroup platform-exec-logs",
      "aws:ec2/launchTemplate:LaunchTemplate platform-hosts-template",
      "aws:ec2/securityGroup:SecurityGroup platform-hosts-security-group",
      "aws:ecs/capacityProvider:CapacityProvider platform-ec2",
      "aws:ecs/cluster:Cluster platform-cluster",
      "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders platform-capacity",
      "aws:iam/instanceProfile:InstanceProfile platform-hosts-profile",
      "aws:iam/role:Role platform-hosts-role",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment platform-hosts-agent",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment platform-hosts-session-manager",
      "aws:kms/key:Key platform-spot-key",
      "aws:sns/topic:Topic platform-spot",
      "aws:sns/topicPolicy:TopicPolicy platform-spot-policy",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule platform-hosts-https-out",
    ]);
  });

  it("previews what it creates", async () => {
    const make = () => new EcsCluster("platform", happy());
    const [preview, deployment] = [await build(make, { preview: true }), await build(make)];
    assert.deepEqual(preview.children, deployment.children);
  });

  it("has a group of several types in the app subnets, partly on demand, the rest Spot", async () => {
    const run = await withHosts();
    const { tags: _, ...inputs } = run.one(GROUP).inputs;
    assert.deepEqual(inputs, {
      vpcZoneIdentifiers: ["subnet-app-a", "subnet-app-b"],
      minSize: 2,
      maxSize: 10,
      desiredCapacity: 2,
      mixedInstancesPolicy: {
        instancesDistribution: {
          onDemandAllocationStrategy: "prioritized",
          onDemandBaseCapacity: 1,
          onDemandPercentageAboveBaseCapacity: 20,
          spotAllocationStrategy: "price-capacity-optimized",
        },
        launchTemplate: {
          launchTemplateSpecification: {
            launchTemplateId: "platform-hosts-template-id",
            version: "1",
          },
          overrides: [
            { instanceType: "t3.medium" },
            { instanceType: "t3a.medium" },
            { instanceType: "t2.medium" },
          ],
        },
      },
      capacityRebalance: true,
      protectFromScaleIn: false,
      healthCheckType: "EC2",
      defaultInstanceWarmup: 300,
      maxInstanceLifetime: 30 * 86400,
      instanceRefresh: {
        strategy: "Rolling",
        preferences: {
          minHealthyPercentage: 100,
          maxHealthyPercentage: 150,
          scaleInProtectedInstances: "Refresh",
        },
      },
      forceDelete: true,
    });
  });

  it("has the numbers of the settings", async () => {
    const run = await withHosts({
      desiredCapacity: 4,
      spotAllocationStrategy: "capacity-optimized",
      maxLifetimeDays: 7,
      managedScaling: {
        targetCapacityPercent: 80,
        minimumStep: 2,
        maximumStep: 5,
        warmupSeconds: 120,
      },
    });
    const group = run.one(GROUP);
    assert.equal(group.input("desiredCapacity"), 4);
    assert.equal(
      group.input("mixedInstancesPolicy.instancesDistribution.spotAllocationStrategy"),
      "capacity-optimized",
    );
    assert.equal(group.input("maxInstanceLifetime"), 7 * 86400);
    assert.equal(group.input("defaultInstanceWarmup"), 120);
    assert.deepEqual(run.one(PROVIDER).input("autoScalingGroupProvider.managedScaling"), {
      status: "ENABLED",
      targetCapacity: 80,
      minimumScalingStepSize: 2,
      maximumScalingStepSize: 5,
      instanceWarmupPeriod: 120,
    });
  });

  it("leaves the number of hosts to scaling from then on", async () => {
    const run = await withHosts();
    assert.deepEqual(run.one(GROUP).ignoreChanges, ["desiredCapacity"]);
  });

  it("tags hosts and disks as everything else, and keeps the tag of ECS", async () => {
    const args = { ...happy(), hostTags: { Environment: "test" } };
    const run = await build(() => new EcsCluster("platform", args));
    assert.deepEqual(run.one(GROUP).input("tags"), [
      { key: "Name", value: "platform-hosts", propagateAtLaunch: true },
      { key: "Environment", value: "test", propagateAtLaunch: true },
      { key: "AmazonECSManaged", value: "true", propagateAtLaunch: true },
    ]);
    assert.deepEqual(run.one(TEMPLATE).input("tagSpecifications"), [
      { resourceType: "volume", tags: { Name: "platform-hosts", Environment: "test" } },
    ]);
  });

  it("scales by what tasks want, and drains hosts before they go", async () => {
    const run = await withHosts();
    assert.deepEqual(run.one(PROVIDER).inputs, {
      autoScalingGroupProvider: {
        autoScalingGroupArn: run.one(GROUP).outputs["arn"],
        managedScaling: {
          status: "ENABLED",
          targetCapacity: 100,
          minimumScalingStepSize: 1,
          maximumScalingStepSize: 10,
          instanceWarmupPeriod: 300,
        },
        managedDraining: "ENABLED",
        managedTerminationProtection: "DISABLED",
      },
    });
  });

  it("leaves hosts in use alone where the settings say so", async () => {
    const run = await withHosts({ terminationProtection: true });
    assert.equal(run.one(GROUP).input("protectFromScaleIn"), true);
    const protection = "autoScalingGroupProvider.managedTerminationProtection";
    assert.equal(run.one(PROVIDER).input(protection), "ENABLED");
  });

  it("offers the hosts beside Fargate, which starts what says nothing", async () => {
    const run = await withHosts();
    assert.deepEqual(run.one(CAPACITY).inputs, {
      clusterName: "platform-cluster-1a2b3c4",
      capacityProviders: ["FARGATE", "FARGATE_SPOT", "platform-ec2-1a2b3c4"],
      defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
    });
  });

  it("offers the hosts alone without Fargate", async () => {
    const run = await build(() => new EcsCluster("platform", { ...happy(), fargate: false }));
    assert.deepEqual(run.one(CAPACITY).inputs, {
      clusterName: "platform-cluster-1a2b3c4",
      capacityProviders: ["platform-ec2-1a2b3c4"],
      defaultCapacityProviderStrategies: [{ capacityProvider: "platform-ec2-1a2b3c4", weight: 1 }],
    });
  });

  it("is destroyed from the outside in: capacity, provider, hosts, cluster", async () => {
    const run = await withHosts();
    const hosts = run.one(GROUP);
    assert.deepEqual(sourcesOf(run, run.one(CAPACITY), "capacityProviders"), [
      "aws:ecs/capacityProvider:CapacityProvider platform-ec2",
    ]);
    assert.deepEqual(sourcesOf(run, run.one(PROVIDER), "autoScalingGroupProvider"), [
      "aws:autoscaling/group:Group platform-hosts",
    ]);
    assert.deepEqual(sourcesOf(run, hosts, "mixedInstancesPolicy"), [
      "aws:ec2/launchTemplate:LaunchTemplate platform-hosts-template",
    ]);
    assert.deepEqual(sourcesOf(run, run.one(TEMPLATE), "userData"), [
      "aws:ecs/cluster:Cluster platform-cluster",
    ]);
  });

  it("starts hosts when they may register", async () => {
    const run = await withHosts();
    assert.deepEqual(dependsOn(run, run.one(GROUP)), [
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment platform-hosts-agent",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment platform-hosts-session-manager",
    ]);
  });

  it("has whoever uses the capacity wait until the cluster has it", async () => {
    const run = await runProgram(() => {
      const { ec2CapacityProviderName } = new EcsCluster("platform", happy());
      new aws.ssm.Parameter("user", { type: "String", value: ec2CapacityProviderName ?? "" });
    });
    assert.deepEqual(sourcesOf(run, run.one("aws:ssm/parameter:Parameter"), "value"), [
      "aws:ecs/capacityProvider:CapacityProvider platform-ec2",
      "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders platform-capacity",
    ]);
  });

  it("registers what others need", async () => {
    const { component } = await withHosts();
    assert.equal(component.outputs["ec2CapacityProviderName"], "platform-ec2-1a2b3c4");
    assert.equal(component.outputs["hostGroupName"], "platform-hosts-1a2b3c4");
    assert.equal(component.outputs["hostSecurityGroupId"], "platform-hosts-security-group-id");
    assert.equal(
      component.outputs["spotTopicArn"],
      "arn:aws:sns:us-east-1:123456789012:platform-spot-1a2b3c4",
    );
  });

  it("refuses hosts without a network, and a name that AWS keeps for itself", async () => {
    const error = await refusal(() => new EcsCluster("ecs-main", { ec2 }));
    assert.deepEqual(error.problems, [
      {
        key: "network",
        value: undefined,
        rule: "is required with ec2",
        allowed: "a Network, or an object with its outputs",
        fix: "pass the network, or remove ec2",
      },
      {
        key: "ec2",
        value: "ecs-main",
        rule: 'cannot be in a component whose name starts with "ecs": its capacity provider would, and AWS keeps such names for itself',
        allowed: "names that do not start with aws, ecs or fargate",
        fix: "give the component another name",
      },
    ]);
  });
});

describe("EcsCluster, Spot notices", () => {
  const PATTERN = {
    source: ["aws.ec2"],
    "detail-type": [
      "EC2 Spot Instance Interruption Warning",
      "EC2 Instance Rebalance Recommendation",
    ],
  };

  it("tells an encrypted topic before AWS takes a host", async () => {
    const run = await withHosts();
    const topic = run.one("aws:sns/topic:Topic");
    assert.deepEqual(
      run.one("aws:cloudwatch/eventRule:EventRule").jsonInput("eventPattern"),
      PATTERN,
    );
    assert.deepEqual(run.one("aws:cloudwatch/eventTarget:EventTarget").inputs, {
      rule: "platform-spot-1a2b3c4",
      arn: topic.outputs["arn"],
    });
    assert.deepEqual(topic.inputs, { kmsMasterKeyId: run.one("aws:kms/key:Key").outputs["arn"] });
  });

  it("lets EventBridge publish, without a condition, and encrypt for topics of this account alone", async () => {
    const run = await withHosts();
    const events = { Service: "events.amazonaws.com" };
    assert.deepEqual(run.one("aws:sns/topicPolicy:TopicPolicy").jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: events,
          Action: ["sns:Publish"],
          Resource: [run.one("aws:sns/topic:Topic").outputs["arn"]],
        },
      ],
    });
    const key = run.one("aws:kms/key:Key");
    assert.equal(key.input("enableKeyRotation"), true);
    assert.deepEqual(key.jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: "123456789012" },
          Action: ["kms:*"],
          Resource: ["*"],
        },
        {
          Effect: "Allow",
          Principal: events,
          Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
          Resource: ["*"],
          Condition: {
            ArnLike: { "kms:EncryptionContext:aws:sns:topicArn": "arn:*:sns:*:123456789012:*" },
          },
        },
      ],
    });
  });

  it("tells the people of the settings", async () => {
    const run = await withHosts({ interruptionEmails: { ops: "ops@example.com" } });
    assert.deepEqual(inputsByName(run, "aws:sns/topicSubscription:TopicSubscription"), {
      "platform-spot-email-ops": {
        topic: run.one("aws:sns/topic:Topic").outputs["arn"],
        protocol: "email",
        endpoint: "ops@example.com",
      },
    });
  });

  it("is left out where no host is Spot, as is the replacement of Spot hosts at risk", async () => {
    const run = await withHosts({ onDemandPercentageAboveBase: 100 });
    assert.deepEqual(run.all("aws:cloudwatch/eventRule:EventRule"), []);
    assert.deepEqual(run.all("aws:sns/topic:Topic"), []);
    assert.equal(run.one(GROUP).input("capacityRebalance"), false);
    assert.equal(run.component.outputs["spotTopicArn"], undefined);
  });
});
