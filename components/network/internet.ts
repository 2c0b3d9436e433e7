import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Subnet } from "./subnets";

/** The way to the internet and back, for public subnets alone. */
export function createInternetGateway(
  name: string,
  vpc: aws.ec2.Vpc,
  publicSubnets: readonly Subnet[],
  child: pulumi.CustomResourceOptions,
): aws.ec2.InternetGateway {
  const gateway = new aws.ec2.InternetGateway(
    `${name}-internet-gateway`,
    { vpcId: vpc.id, tags: { Name: name } },
    child,
  );
  for (const { key, routeTableId } of publicSubnets) {
    new aws.ec2.Route(
      `${name}-${key}-internet`,
      { routeTableId, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      child,
    );
  }
  return gateway;
}

/** IPv6 has no NAT: public subnets have the internet gateway both ways, app subnets a gateway that lets nothing in. */
export function createIpv6Routes(
  name: string,
  vpc: aws.ec2.Vpc,
  internetGateway: aws.ec2.InternetGateway,
  subnets: { readonly public: readonly Subnet[]; readonly app: readonly Subnet[] },
  child: pulumi.CustomResourceOptions,
): void {
  const outwardsOnly = new aws.ec2.EgressOnlyInternetGateway(
    `${name}-egress-only-gateway`,
    { vpcId: vpc.id, tags: { Name: name } },
    child,
  );
  for (const { key, routeTableId } of subnets.public) {
    new aws.ec2.Route(
      `${name}-${key}-internet-ipv6`,
      { routeTableId, destinationIpv6CidrBlock: "::/0", gatewayId: internetGateway.id },
      child,
    );
  }
  for (const { key, routeTableId } of subnets.app) {
    new aws.ec2.Route(
      `${name}-${key}-internet-ipv6`,
      { routeTableId, destinationIpv6CidrBlock: "::/0", egressOnlyGatewayId: outwardsOnly.id },
      child,
    );
  }
}
