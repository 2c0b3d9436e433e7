import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface PassageArgs {
  /** Security group of the side that connects. */
  readonly from: pulumi.Input<string>;
  /** Security group of the side that listens. */
  readonly to: pulumi.Input<string>;
  readonly port: number;
  readonly description: string;
}

/** Lets a security group call anything on the internet by HTTPS, and nothing else. */
export function allowHttpsOut(
  name: string,
  securityGroupId: pulumi.Input<string>,
  description: string,
  child: pulumi.CustomResourceOptions,
  ipv6 = false,
): aws.vpc.SecurityGroupEgressRule[] {
  return allowOut(`${name}-https-out`, { securityGroupId, port: 443, description, ipv6 }, child);
}

/** Lets a security group call anything on the internet on one TCP port, by IPv6 too where that is on. */
export function allowOut(
  name: string,
  args: {
    readonly securityGroupId: pulumi.Input<string>;
    readonly port: number;
    readonly description: string;
    readonly ipv6: boolean;
  },
  child: pulumi.CustomResourceOptions,
): aws.vpc.SecurityGroupEgressRule[] {
  const { securityGroupId, port, description } = args;
  const through = { ipProtocol: "tcp", fromPort: port, toPort: port };
  const rule = new aws.vpc.SecurityGroupEgressRule(
    name,
    { securityGroupId, description, cidrIpv4: "0.0.0.0/0", ...through },
    child,
  );
  if (!args.ipv6) return [rule];
  const ipv6Rule = new aws.vpc.SecurityGroupEgressRule(
    `${name}-ipv6`,
    { securityGroupId, description, cidrIpv6: "::/0", ...through },
    child,
  );
  return [rule, ipv6Rule];
}

/**
 * Lets one security group connect to another on one port: a rule out of the first and a rule into the second.
 * The consumer makes it, so that what listens stays closed and knows none of its clients.
 */
export function openPassage(
  name: string,
  { from, to, port, description }: PassageArgs,
  child: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const through = { description, ipProtocol: "tcp", fromPort: port, toPort: port };
  const out = new aws.vpc.SecurityGroupEgressRule(
    `${name}-out`,
    { securityGroupId: from, referencedSecurityGroupId: to, ...through },
    child,
  );
  const into = new aws.vpc.SecurityGroupIngressRule(
    `${name}-in`,
    { securityGroupId: to, referencedSecurityGroupId: from, ...through },
    child,
  );
  return [out, into];
}
