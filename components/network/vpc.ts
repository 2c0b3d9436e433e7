import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { afterwards } from "../support/afterwards";
import { createGatewayEndpoints, createInterfaceEndpoints } from "./endpoints";
import { createFlowLog } from "./flow-log";
import { createInternetGateway, createIpv6Routes } from "./internet";
import { createNat } from "./nat";
import type { NetworkOutputs } from "./outputs";
import type { networkSettings } from "./settings";
import { planSubnets } from "./subnet-plan";
import { createSubnet } from "./subnets";

/** A VPC of one's own, with all that belongs to it. */
export function createVpc(
  name: string,
  settings: z.output<typeof networkSettings> & { readonly deletionProtection: boolean },
  child: pulumi.CustomResourceOptions,
): NetworkOutputs {
  const { cidr, ipv6 } = settings;
  // Sorted, so that a reordered stack file gives the same program (a single NAT gateway is in the first zone).
  const availabilityZones = [...(settings.availabilityZones ?? [])].sort();

  const vpc = new aws.ec2.Vpc(
    `${name}-vpc`,
    {
      cidrBlock: cidr,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      ...(ipv6 && { assignGeneratedIpv6CidrBlock: true }),
      tags: { Name: name },
    },
    // A change that replaced it would replace everything that stands in it.
    { ...child, protect: settings.deletionProtection },
  );
  // Everything in a VPC can use its default group; closing it makes a forgotten group harmless.
  new aws.ec2.DefaultSecurityGroup(
    `${name}-default-security-group`,
    { vpcId: vpc.id, ingress: [], egress: [], tags: { Name: `${name}-default-closed` } },
    child,
  );

  const plan = planSubnets(cidr, availabilityZones, settings.subnets);
  const addresses = { ipv6, publicIpOnLaunch: settings.publicIpOnLaunchBecause !== undefined };
  const create = (planned: (typeof plan)["app"]) =>
    planned.map((subnet) => createSubnet(name, vpc, subnet, addresses, child));
  const subnets = {
    app: create(plan.app),
    public: create(plan.public),
    data: create(plan.data),
  };

  const internetGateway = createInternetGateway(name, vpc, subnets.public, child);
  if (ipv6) createIpv6Routes(name, vpc, internetGateway, subnets, child);
  const nat = createNat(
    name,
    {
      nat: settings.nat,
      natInstance: settings.natInstance,
      vpc,
      vpcCidr: cidr,
      internetGateway,
      publicSubnets: subnets.public,
      appSubnets: subnets.app,
    },
    child,
  );
  createGatewayEndpoints(name, vpc, settings.gatewayEndpoints, subnets.app, child);
  createInterfaceEndpoints(name, vpc, settings.interfaceEndpoints, subnets.app, child);
  const forceDestroy = !settings.deletionProtection;
  const flowLogGroupName =
    settings.flowLogs.disabledBecause === undefined
      ? createFlowLog(name, vpc, { ...settings.flowLogs, forceDestroy }, child)
      : undefined;

  return {
    vpcId: vpc.id,
    accountId: vpc.ownerId,
    vpcCidr: vpc.cidrBlock,
    ipv6Cidr: ipv6 ? vpc.ipv6CidrBlock : undefined,
    availabilityZones,
    // AWS refuses a load balancer in a VPC without its internet gateway, and a task without a way out finds no image.
    publicSubnetIds: subnets.public.map(({ id }) => afterwards(id, internetGateway)),
    appSubnetIds: subnets.app.map(({ id }) => afterwards(id, ...nat.routes)),
    dataSubnetIds: subnets.data.map(({ id }) => id),
    natPublicIps: nat.publicIps,
    natGatewayIds: nat.gatewayIds,
    flowLogGroupName,
    natInstanceId: nat.instanceId,
  };
}
