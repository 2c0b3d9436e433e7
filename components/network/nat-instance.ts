import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { processorOf } from "../support/instance-type";
import { allowHttpsOut } from "../support/passage";
import { METADATA_BY_TOKEN, encryptedDisk } from "../support/safe-instance";
import type { NatArgs, WayOut } from "./nat";
import { natInstanceSettings } from "./settings";

/**
 * A small instance that does a NAT gateway's work. EC2 restarts it on other hardware when its own fails; when its zone
 * fails, nobody gets out until that is back.
 */
export function createNatInstance(
  name: string,
  { natInstance, vpc, vpcCidr, internetGateway, publicSubnets, appSubnets }: NatArgs,
  child: pulumi.CustomResourceOptions,
): WayOut {
  const { instanceType, extraPorts } = natInstance ?? natInstanceSettings.parse({});
  const ordered = { ...child, dependsOn: [internetGateway] };
  const own = `${name}-nat-instance`;
  const tags = { Name: own };

  const securityGroup = new aws.ec2.SecurityGroup(
    own,
    { vpcId: vpc.id, description: "Way out of the app subnets", tags },
    child,
  );
  allowHttpsOut(own, securityGroup.id, "HTTPS of the app subnets, and its own", child);
  for (const port of extraPorts) {
    new aws.vpc.SecurityGroupEgressRule(
      `${own}-port-${port}-out`,
      {
        securityGroupId: securityGroup.id,
        description: `Port ${port} of the app subnets`,
        cidrIpv4: "0.0.0.0/0",
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
      },
      child,
    );
  }
  for (const { key, cidr } of appSubnets) {
    for (const port of [443, ...extraPorts]) {
      new aws.vpc.SecurityGroupIngressRule(
        `${own}-port-${port}-from-${key}`,
        {
          securityGroupId: securityGroup.id,
          description: `Port ${port} on its way out of ${key}`,
          cidrIpv4: cidr,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
        },
        child,
      );
    }
  }

  const template = new aws.ec2.LaunchTemplate(
    `${own}-template`,
    {
      // EC2 looks the newest image up when it launches: no new image shows as a change, none replaces the instance.
      imageId: `resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${processorOf(instanceType)}`,
      instanceType,
      vpcSecurityGroupIds: [securityGroup.id],
      metadataOptions: METADATA_BY_TOKEN,
      blockDeviceMappings: encryptedDisk(8),
      updateDefaultVersion: true,
    },
    child,
  );
  const instance = new aws.ec2.Instance(
    own,
    {
      launchTemplate: { id: template.id, version: pulumi.interpolate`${template.latestVersion}` },
      subnetId: publicSubnets[0]?.id ?? "",
      // Here and not in the template, whose script the provider would take for a change made by somebody else.
      userData: startScript(vpcCidr),
      userDataReplaceOnChange: true,
      // What it passes on is neither from nor to itself.
      sourceDestCheck: false,
      maintenanceOptions: { autoRecovery: "default" },
      tags,
    },
    { ...ordered, deleteBeforeReplace: true },
  );
  const address = new aws.ec2.Eip(own, { domain: "vpc", instance: instance.id, tags }, ordered);
  return {
    targets: [{ networkInterfaceId: instance.primaryNetworkInterfaceId }],
    publicIps: address.publicIp.apply((publicIp) => [publicIp]),
    instanceId: instance.id,
  };
}

/** Runs once, at the first start; what it sets up is there after every other. */
function startScript(vpcCidr: string): string {
  return `#!/bin/bash
set -euo pipefail
# dnf wants more than the half GiB that the smallest types have.
dd if=/dev/zero of=/swapfile bs=1M count=512
chmod 600 /swapfile
mkswap /swapfile
swapon /swapfile
# The instance has its public address a moment after its start: until then there is no way to the packages.
until dnf install -y nftables; do sleep 5; done
cat >/etc/sysctl.d/90-nat.conf <<'END'
net.ipv4.ip_forward = 1
END
sysctl --system
cat >/etc/sysconfig/nftables.conf <<'END'
table ip nat {
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${vpcCidr} ip daddr != ${vpcCidr} masquerade
  }
}
END
systemctl enable --now nftables
`;
}
