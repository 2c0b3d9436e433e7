import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { managedPolicyArn, serviceTrust } from "../support/iam";
import { processorOf } from "../support/instance-type";
import { checkSettings } from "../support/parse-settings";
import { allowHttpsOut, openPassage } from "../support/passage";
import { METADATA_BY_TOKEN, encryptedDisk } from "../support/safe-instance";
import { createSessionPolicy } from "./session-policy";
import { type BastionSettings, bastionSettings } from "./settings";

export interface BastionArgs extends BastionSettings {
  /** Where it stands; a `Network` will do. */
  readonly network: {
    readonly vpcId: pulumi.Input<string>;
    readonly appSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  };
  /** What it may lead to, by name; a `Database` will do. */
  readonly connections?: Readonly<
    Record<string, { readonly securityGroupId: pulumi.Input<string>; readonly port: number }>
  >;
  /** Security group of container hosts that it may lead to by SSH; the `hostSecurityGroupId` of an `EcsCluster`. */
  readonly hostSecurityGroupId?: pulumi.Input<string>;
}

const SSH = 22;

/**
 * A small private instance for tunnels to databases and container hosts, through Session Manager: no key, no open port, no
 * public address. Who may open a session is decided by IAM: whoever has the session policy. CloudTrail records who did.
 *
 * ```ts
 * const bastion = new Bastion("bastion", { network, connections: { database } });
 * ```
 *
 * Cost: about 5.80 USD a month: a t4g.nano 3.07, its disk 0.64, metrics every minute 2.10. (AWS price pages for us-east-1, read in November 2026.)
 *
 * It needs a way to Systems Manager: NAT, or interface endpoints for ssm, ssmmessages and ec2messages.
 */
export class Bastion extends pulumi.ComponentResource {
  public readonly instanceId: pulumi.Output<string>;
  public readonly securityGroupId: pulumi.Output<string>;
  /** What people need to open sessions on it, and on nothing else; for the roles of those who may. */
  public readonly sessionPolicyArn: pulumi.Output<string>;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: BastionArgs, opts?: pulumi.ComponentResourceOptions) {
    const { network, connections = {}, hostSecurityGroupId, ...rest } = args;
    const settings = checkSettings(`Bastion "${name}"`, bastionSettings, rest);
    super("ecs-platform:index:Bastion", name, {}, opts);
    const child = { parent: this };

    const securityGroup = new aws.ec2.SecurityGroup(
      `${name}-security-group`,
      {
        vpcId: network.vpcId,
        description: "Bastion, reached by Session Manager",
        tags: { Name: name },
      },
      child,
    );
    allowHttpsOut(name, securityGroup.id, "HTTPS to Systems Manager", child);
    for (const [key, { securityGroupId, port }] of Object.entries(connections)) {
      openPassage(
        `${name}-to-${key}`,
        { from: securityGroup.id, to: securityGroupId, port, description: `Tunnels to ${key}` },
        child,
      );
    }

    if (hostSecurityGroupId !== undefined) {
      openPassage(
        `${name}-ssh-to-hosts`,
        {
          from: securityGroup.id,
          to: hostSecurityGroupId,
          port: SSH,
          description: "SSH to container hosts",
        },
        child,
      );
    }

    const role = new aws.iam.Role(
      `${name}-role`,
      { assumeRolePolicy: serviceTrust("ec2.amazonaws.com") },
      child,
    );
    const policy = new aws.iam.RolePolicyAttachment(
      `${name}-session-manager`,
      { role: role.name, policyArn: managedPolicyArn(role.arn, "AmazonSSMManagedInstanceCore") },
      child,
    );
    const profile = new aws.iam.InstanceProfile(`${name}-profile`, { role: role.name }, child);

    const template = new aws.ec2.LaunchTemplate(
      `${name}-template`,
      {
        // EC2 looks the newest image up when it launches: no new image shows as a change, none replaces the instance.
        imageId: `resolve:ssm:${imageParameter(settings.instanceType)}`,
        instanceType: settings.instanceType,
        iamInstanceProfile: { arn: profile.arn },
        vpcSecurityGroupIds: [securityGroup.id],
        metadataOptions: METADATA_BY_TOKEN,
        blockDeviceMappings: encryptedDisk(settings.volumeGiB),
        updateDefaultVersion: true,
      },
      child,
    );
    const subnetIds = pulumi.output(network.appSubnetIds);
    const instance = new aws.ec2.Instance(
      `${name}-instance`,
      {
        launchTemplate: { id: template.id, version: pulumi.interpolate`${template.latestVersion}` },
        subnetId: subnetIds.apply(([first]) => first ?? ""),
        // Here and not in the template, which the provider overrides with false.
        monitoring: true,
        tags: { Name: name },
      },
      // The agent registers once, when it starts: without the right it would stay away.
      { ...child, dependsOn: [policy], deleteBeforeReplace: true },
    );

    const sessionPolicy = createSessionPolicy(name, instance.arn, child);

    this.instanceId = instance.id;
    this.securityGroupId = securityGroup.id;
    this.sessionPolicyArn = sessionPolicy.arn;
    this.registerOutputs({
      instanceId: this.instanceId,
      securityGroupId: this.securityGroupId,
      sessionPolicyArn: this.sessionPolicyArn,
    });
  }
}

/** Public parameter with the newest Amazon Linux 2023 image for the instance's processor. */
function imageParameter(instanceType: string): string {
  return `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${processorOf(instanceType)}`;
}
