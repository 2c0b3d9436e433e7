import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Subnet } from "./subnets";

/** Free ways to AWS services through the route tables of the app subnets. */
export function createGatewayEndpoints(
  name: string,
  vpc: aws.ec2.Vpc,
  services: readonly string[],
  appSubnets: readonly Subnet[],
  child: pulumi.CustomResourceOptions,
): void {
  // Image layers come from S3: without its endpoint they would go through the NAT gateway, by the GB.
  for (const service of ["s3", ...services]) {
    new aws.ec2.VpcEndpoint(
      `${name}-${service}`,
      {
        vpcId: vpc.id,
        serviceName: pulumi.interpolate`com.amazonaws.${vpc.region}.${service}`,
        vpcEndpointType: "Gateway",
        routeTableIds: appSubnets.map(({ routeTableId }) => routeTableId),
        tags: { Name: `${name}-${service}` },
      },
      child,
    );
  }
}

/** Ways to AWS services that need no route out, at a price. */
export function createInterfaceEndpoints(
  name: string,
  vpc: aws.ec2.Vpc,
  services: readonly string[],
  appSubnets: readonly Subnet[],
  child: pulumi.CustomResourceOptions,
): void {
  if (services.length === 0) return;
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-endpoints`,
    {
      vpcId: vpc.id,
      description: "Interface endpoints of the VPC",
      tags: { Name: `${name}-endpoints` },
    },
    child,
  );
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-endpoints-from-vpc`,
    {
      securityGroupId: securityGroup.id,
      description: "HTTPS from the VPC",
      cidrIpv4: vpc.cidrBlock,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    },
    child,
  );
  for (const service of services) {
    new aws.ec2.VpcEndpoint(
      `${name}-${service.replace(".", "-")}`,
      {
        vpcId: vpc.id,
        serviceName: pulumi.interpolate`com.amazonaws.${vpc.region}.${service}`,
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        subnetIds: appSubnets.map(({ id }) => id),
        securityGroupIds: [securityGroup.id],
        tags: { Name: `${name}-${service}` },
      },
      child,
    );
  }
}
