import * as assert from "node:assert/strict";
import { EcsCluster, type EcsClusterArgs } from "../../components";
import { build, inputsByName, network } from "./support";

type Ec2 = NonNullable<EcsClusterArgs["ec2"]>;

const withHosts = (change: Partial<Ec2> = {}) => {
  const ec2 = { instanceTypes: ["t3.medium"], minSize: 2, maxSize: 4, ...change };
  return build(() => new EcsCluster("platform", { network, ec2 }));
};

const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

describe("EcsCluster, host template", () => {
  it("has IMDSv2, an encrypted disk, detailed metrics and no public address", async () => {
    const run = await withHosts();
    const { userData: _, ...inputs } = run.one(TEMPLATE).inputs;
    assert.deepEqual(inputs, {
      imageId: "resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
      iamInstanceProfile: {
        arn: "arn:aws:iam::123456789012:instance-profile/platform-hosts-profile-1a2b3c4",
      },
      vpcSecurityGroupIds: ["platform-hosts-security-group-id"],
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      },
      monitoring: { enabled: true },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeType: "gp3",
            volumeSize: 30,
            encrypted: "true",
            deleteOnTermination: "true",
          },
        },
      ],
      tagSpecifications: [{ resourceType: "volume", tags: { Name: "platform-hosts" } }],
      updateDefaultVersion: true,
    });
  });

  it("tells the agent its cluster, to drain Spot hosts, and to keep tasks from the host's role", async () => {
    const run = await withHosts();
    const userData = run.one(TEMPLATE).input("userData") as string;
    assert.equal(
      Buffer.from(userData, "base64").toString(),
      `#!/bin/bash
cat >> /etc/ecs/ecs.config <<'END'
ECS_CLUSTER=platform-cluster-1a2b3c4
ECS_ENABLE_SPOT_INSTANCE_DRAINING=true
ECS_AWSVPC_BLOCK_IMDS=true
ECS_CONTAINER_INSTANCE_PROPAGATE_TAGS_FROM=ec2_instance
END
`,
    );
  });

  it("has the disk and metrics of the settings", async () => {
    const run = await withHosts({ volumeGiB: 100, detailedMonitoring: false });
    assert.equal(run.one(TEMPLATE).input("blockDeviceMappings.0.ebs.volumeSize"), 100);
    assert.deepEqual(run.one(TEMPLATE).input("monitoring"), { enabled: false });
  });

  for (const [instanceType, variant] of [
    ["t4g.medium", "/arm64"],
    ["a1.large", "/arm64"],
    ["g4dn.xlarge", ""],
  ] as const) {
    it(`starts ${instanceType} from the image${variant}`, async () => {
      const run = await withHosts({ instanceTypes: [instanceType] });
      assert.equal(
        run.one(TEMPLATE).input("imageId"),
        `resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023${variant}/recommended/image_id`,
      );
    });
  }

  it("lets nobody in, and only HTTPS out", async () => {
    const run = await withHosts();
    assert.deepEqual(run.one("aws:ec2/securityGroup:SecurityGroup").inputs, {
      vpcId: "vpc-1",
      description: "Container hosts",
      tags: { Name: "platform-hosts" },
    });
    assert.deepEqual(
      inputsByName(run, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"),
      {},
    );
    assert.deepEqual(inputsByName(run, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"), {
      "platform-hosts-https-out": {
        securityGroupId: "platform-hosts-security-group-id",
        description: "HTTPS to AWS and image registries",
        cidrIpv4: "0.0.0.0/0",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
      },
    });
  });

  it("may register with ECS and be managed by Systems Manager, and nothing else", async () => {
    const run = await withHosts();
    const trust = run.one("aws:iam/role:Role").jsonInput("assumeRolePolicy");
    assert.deepEqual(trust, {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "ec2.amazonaws.com" },
          Action: ["sts:AssumeRole"],
        },
      ],
    });
    assert.deepEqual(inputsByName(run, "aws:iam/rolePolicyAttachment:RolePolicyAttachment"), {
      "platform-hosts-agent": {
        role: "platform-hosts-role-1a2b3c4",
        policyArn: "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role",
      },
      "platform-hosts-session-manager": {
        role: "platform-hosts-role-1a2b3c4",
        policyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
      },
    });
    assert.deepEqual(run.one("aws:iam/instanceProfile:InstanceProfile").inputs, {
      role: "platform-hosts-role-1a2b3c4",
    });
  });
});
