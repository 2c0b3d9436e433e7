import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { managedPolicyArn, serviceTrust } from "../support/iam";
import { processorOf } from "../support/instance-type";
import { allowHttpsOut } from "../support/passage";
import { METADATA_BY_TOKEN, encryptedDisk } from "../support/safe-instance";
import type { CheckedEc2Settings } from "./ec2-settings";

export interface HostsArgs {
  readonly clusterName: pulumi.Input<string>;
  readonly vpcId: pulumi.Input<string>;
  readonly settings: CheckedEc2Settings;
  readonly tags: Readonly<Record<string, string>>;
}

/** What a container host is made from: its image, role, firewall and the ECS agent's configuration. */
export function createHostTemplate(
  name: string,
  { clusterName, vpcId, settings, tags }: HostsArgs,
  child: pulumi.CustomResourceOptions,
): {
  template: aws.ec2.LaunchTemplate;
  securityGroup: aws.ec2.SecurityGroup;
  rights: pulumi.Resource[];
} {
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-security-group`,
    { vpcId, description: "Container hosts", tags: { Name: name } },
    child,
  );
  allowHttpsOut(name, securityGroup.id, "HTTPS to AWS and image registries", child);
  const { profile, rights } = createProfile(name, child);

  const template = new aws.ec2.LaunchTemplate(
    `${name}-template`,
    {
      // EC2 looks the newest image up when it launches: no new image shows as a change.
      imageId: `resolve:ssm:${imageParameter(settings.instanceTypes)}`,
      iamInstanceProfile: { arn: profile.arn },
      vpcSecurityGroupIds: [securityGroup.id],
      userData: pulumi.output(clusterName).apply(agentConfiguration),
      metadataOptions: METADATA_BY_TOKEN,
      monitoring: { enabled: settings.detailedMonitoring },
      blockDeviceMappings: encryptedDisk(settings.volumeGiB),
      tagSpecifications: [{ resourceType: "volume", tags: { Name: name, ...tags } }],
      updateDefaultVersion: true,
    },
    child,
  );
  return { template, securityGroup, rights };
}

/** Hosts may register with ECS, and people may open a session on them through Systems Manager. */
function createProfile(
  name: string,
  child: pulumi.CustomResourceOptions,
): { profile: aws.iam.InstanceProfile; rights: pulumi.Resource[] } {
  const role = new aws.iam.Role(
    `${name}-role`,
    { assumeRolePolicy: serviceTrust("ec2.amazonaws.com") },
    child,
  );
  const policies = {
    agent: "service-role/AmazonEC2ContainerServiceforEC2Role",
    "session-manager": "AmazonSSMManagedInstanceCore",
  };
  const rights = Object.entries(policies).map(
    ([key, path]) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-${key}`,
        { role: role.name, policyArn: managedPolicyArn(role.arn, path) },
        child,
      ),
  );
  const profile = new aws.iam.InstanceProfile(`${name}-profile`, { role: role.name }, child);
  return { profile, rights };
}

/** Public parameter with the newest ECS-optimized Amazon Linux 2023 image for the hosts' processor. */
function imageParameter([first = ""]: readonly string[]): string {
  const variant = processorOf(first) === "arm64" ? "/arm64" : "";
  return `/aws/service/ecs/optimized-ami/amazon-linux-2023${variant}/recommended/image_id`;
}

/** What the agent reads at its start, as the base64 text that EC2 wants. */
function agentConfiguration(clusterName: string): string {
  const script = [
    "#!/bin/bash",
    "cat >> /etc/ecs/ecs.config <<'END'",
    `ECS_CLUSTER=${clusterName}`,
    // Tasks get two minutes to finish elsewhere when AWS takes a Spot host.
    "ECS_ENABLE_SPOT_INSTANCE_DRAINING=true",
    // Tasks have roles of their own, and must not get at the host's.
    "ECS_AWSVPC_BLOCK_IMDS=true",
    "ECS_CONTAINER_INSTANCE_PROPAGATE_TAGS_FROM=ec2_instance",
    "END",
    "",
  ].join("\n");
  return Buffer.from(script).toString("base64");
}
