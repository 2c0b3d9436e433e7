import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type PlannedSubnet, subnetIpv6Cidr } from "./subnet-plan";

export interface Subnet extends PlannedSubnet {
  readonly id: pulumi.Output<string>;
  readonly routeTableId: pulumi.Output<string>;
}

/** A subnet with a route table of its own. */
export function createSubnet(
  name: string,
  vpc: aws.ec2.Vpc,
  plan: PlannedSubnet,
  { ipv6, publicIpOnLaunch }: { readonly ipv6: boolean; readonly publicIpOnLaunch: boolean },
  child: pulumi.CustomResourceOptions,
): Subnet {
  const { key, tier, letter, availabilityZone } = plan;
  const tags = { Name: `${name}-${key}`, Tier: tier };
  const subnet = new aws.ec2.Subnet(
    `${name}-${key}`,
    {
      vpcId: vpc.id,
      cidrBlock: plan.cidr,
      availabilityZone,
      // The load balancer and NAT gateways bring public addresses of their own.
      mapPublicIpOnLaunch: tier === "public" && publicIpOnLaunch,
      ...(ipv6 && {
        ipv6CidrBlock: vpc.ipv6CidrBlock.apply((block) => subnetIpv6Cidr(block, letter, tier)),
        assignIpv6AddressOnCreation: true,
      }),
      tags,
    },
    child,
  );
  const routeTable = new aws.ec2.RouteTable(
    `${name}-${key}-routes`,
    { vpcId: vpc.id, tags },
    child,
  );
  new aws.ec2.RouteTableAssociation(
    `${name}-${key}-routes`,
    { subnetId: subnet.id, routeTableId: routeTable.id },
    child,
  );
  return { ...plan, id: subnet.id, routeTableId: routeTable.id };
}
