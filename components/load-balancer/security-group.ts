import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { CheckedLoadBalancerSettings } from "./settings";

export interface SecurityGroupArgs {
  readonly vpcId: pulumi.Input<string>;
  readonly ports: readonly number[];
  readonly dualStack: boolean;
  readonly settings: CheckedLoadBalancerSettings;
}

/** Lets clients in on the given ports, and nothing out: services add a way to their own port. */
export function createSecurityGroup(
  name: string,
  { vpcId, ports, dualStack, settings }: SecurityGroupArgs,
  child: pulumi.CustomResourceOptions,
): aws.ec2.SecurityGroup {
  const description =
    settings.scheme === "internal" ? "Internal load balancer" : "Public load balancer";
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-security-group`,
    { vpcId, description, tags: { Name: name } },
    child,
  );
  for (const port of ports) {
    for (const source of allowedSources(settings, dualStack)) {
      const [address = ""] = Object.values(source);
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-port-${port}-from-${address.replace(/[:/]/g, "-")}`,
        {
          securityGroupId: securityGroup.id,
          description: port === 443 ? "HTTPS from clients" : "HTTP from clients",
          ...source,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
        },
        child,
      );
    }
  }
  return securityGroup;
}

type Source = Readonly<Partial<Record<"cidrIpv4" | "cidrIpv6" | "prefixListId", string>>>;

/** Whoever is named, or everybody. Who names some clients does not mean everybody else by IPv6. */
function allowedSources(
  { allowedCidrs, allowedIpv6Cidrs, allowedPrefixListIds }: CheckedLoadBalancerSettings,
  dualStack: boolean,
): Source[] {
  const onlyLists = allowedPrefixListIds.length > 0;
  const ipv4 = allowedCidrs ?? (onlyLists ? [] : ["0.0.0.0/0"]);
  const ipv6 = allowedIpv6Cidrs ?? (onlyLists || allowedCidrs !== undefined ? [] : ["::/0"]);
  return [
    ...ipv4.map((cidrIpv4) => ({ cidrIpv4 })),
    ...(dualStack ? ipv6.map((cidrIpv6) => ({ cidrIpv6 })) : []),
    ...allowedPrefixListIds.map((prefixListId) => ({ prefixListId })),
  ];
}
