import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Ways to AWS services that need no route out: S3 for free, the named ones at a price. */
export function createEndpoints(
  name: string,
  vpc: aws.ec2.Vpc,
  services: readonly string[],
  appSubnets: readonly { subnetId: pulumi.Output<string>; routeTableId: pulumi.Output<string> }[],
  child: pulumi.CustomResourceOptions,
): void {
  // Free, and image layers come from S3: without it they would go through the NAT gateway, by the GB.
  new aws.ec2.VpcEndpoint(
    `${name}-s3`,
    {
      vpcId: vpc.id,
      serviceName: pulumi.interpolate`com.amazonaws.${vpc.region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: appSubnets.map(({ routeTableId }) => routeTableId),
      tags: { Name: `${name}-s3` },
    },
    child,
  );
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
        subnetIds: appSubnets.map(({ subnetId }) => subnetId),
        securityGroupIds: [securityGroup.id],
        tags: { Name: `${name}-${service}` },
      },
      child,
    );
  }
}
