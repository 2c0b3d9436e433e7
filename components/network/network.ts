import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkSettings } from "../support/parse-settings";
import { createEndpoints } from "./endpoints";
import { createFlowLog } from "./flow-log";
import { type NetworkSettings, networkSettings } from "./settings";
import { TIERS, type Tier, subnetCidr, zoneLetter } from "./subnet-plan";

export interface NetworkArgs extends NetworkSettings {}

/**
 * A VPC with three tiers of subnets in every Availability Zone: `public` for the load balancer and NAT gateways, `app`
 * for tasks, `data` for databases. Only `public` is reachable from the internet, `app` gets out as `nat` says, `data`
 * has no route out. The default security group is closed, and the traffic is recorded.
 *
 * Each subnet's addresses depend on the VPC's block, its tier and its zone's letter alone: adding a zone moves no
 * other subnet.
 *
 * ```ts
 * const network = new Network("network", {
 *   availabilityZones: ["us-east-1a", "us-east-1b"],
 *   nat: "single",
 * });
 * ```
 *
 * Cost: a NAT gateway is about 33 USD a month and 0.045 USD per GB; an interface endpoint about 7.30 USD a month in each
 * zone; flow logs 0.50 USD per GB. The rest is free. (AWS price pages for us-east-1, read in November 2026.)
 *
 * It does not peer, and it does not touch the VPC's main route table and network ACL.
 */
export class Network extends pulumi.ComponentResource {
  public readonly vpcId: pulumi.Output<string>;
  /** The account that owns the VPC. */
  public readonly accountId: pulumi.Output<string>;
  /** Ids in the order of the zones' names; likewise below. */
  public readonly publicSubnetIds: pulumi.Output<string>[];
  public readonly appSubnetIds: pulumi.Output<string>[];
  public readonly dataSubnetIds: pulumi.Output<string>[];
  /** Public addresses that outside services see when tasks call them; empty without NAT. */
  public readonly natPublicIps: pulumi.Output<string>[];

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    const settings = checkSettings(`Network "${name}"`, networkSettings, args);
    super("ecs-platform:index:Network", name, {}, opts);
    const child = { parent: this };
    // Sorted, so that a reordered stack file gives the same program (a single NAT gateway is in the first zone).
    const zones = [...settings.availabilityZones].sort();

    const vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      {
        cidrBlock: settings.cidr,
        enableDnsSupport: true,
        enableDnsHostnames: true,
        tags: { Name: name },
      },
      child,
    );
    // Everything in a VPC can use its default group; closing it makes a forgotten group harmless.
    new aws.ec2.DefaultSecurityGroup(
      `${name}-default-security-group`,
      { vpcId: vpc.id, ingress: [], egress: [], tags: { Name: `${name}-default-closed` } },
      child,
    );
    const internetGateway = new aws.ec2.InternetGateway(
      `${name}-internet-gateway`,
      { vpcId: vpc.id, tags: { Name: name } },
      child,
    );

    const subnets = mapTiers((tier) =>
      zones.map((zone) => createSubnet(name, vpc, settings.cidr, tier, zone, child)),
    );
    for (const { key, routeTable } of subnets.public) {
      new aws.ec2.Route(
        `${name}-${key}-internet`,
        {
          routeTableId: routeTable.id,
          destinationCidrBlock: "0.0.0.0/0",
          gatewayId: internetGateway.id,
        },
        child,
      );
    }

    const natZones = { none: [], single: subnets.public.slice(0, 1), "per-az": subnets.public }[
      settings.nat
    ];
    const natGateways = natZones.map((zone) =>
      createNatGateway(name, zone, internetGateway, child),
    );
    subnets.app.forEach(({ key, routeTable }, position) => {
      const natGateway = natGateways[position] ?? natGateways[0];
      if (natGateway === undefined) return;
      new aws.ec2.Route(
        `${name}-${key}-nat`,
        {
          routeTableId: routeTable.id,
          destinationCidrBlock: "0.0.0.0/0",
          natGatewayId: natGateway.gateway.id,
        },
        child,
      );
    });

    createEndpoints(
      name,
      vpc,
      settings.interfaceEndpoints,
      subnets.app.map(({ subnet, routeTable }) => ({
        subnetId: subnet.id,
        routeTableId: routeTable.id,
      })),
      child,
    );
    if (settings.flowLogs.disabledBecause === undefined) {
      createFlowLog(name, vpc, settings.flowLogs, child);
    }

    this.vpcId = vpc.id;
    this.accountId = vpc.ownerId;
    this.publicSubnetIds = subnets.public.map(({ subnet }) => subnet.id);
    this.appSubnetIds = subnets.app.map(({ subnet }) => subnet.id);
    this.dataSubnetIds = subnets.data.map(({ subnet }) => subnet.id);
    this.natPublicIps = natGateways.map(({ address }) => address.publicIp);
    this.registerOutputs({
      vpcId: this.vpcId,
      accountId: this.accountId,
      publicSubnetIds: this.publicSubnetIds,
      appSubnetIds: this.appSubnetIds,
      dataSubnetIds: this.dataSubnetIds,
      natPublicIps: this.natPublicIps,
    });
  }
}

interface ZoneSubnet {
  /** Tier and zone letter, e.g. "app-a". */
  readonly key: string;
  readonly letter: string;
  readonly subnet: aws.ec2.Subnet;
  readonly routeTable: aws.ec2.RouteTable;
}

function mapTiers<Value>(value: (tier: Tier) => Value): Record<Tier, Value> {
  return Object.fromEntries(TIERS.map((tier) => [tier, value(tier)])) as Record<Tier, Value>;
}

function createSubnet(
  name: string,
  vpc: aws.ec2.Vpc,
  vpcCidr: string,
  tier: Tier,
  availabilityZone: string,
  child: pulumi.CustomResourceOptions,
): ZoneSubnet {
  const letter = zoneLetter(availabilityZone);
  const key = `${tier}-${letter}`;
  const tags = { Name: `${name}-${key}`, Tier: tier };
  const subnet = new aws.ec2.Subnet(
    `${name}-${key}`,
    {
      vpcId: vpc.id,
      cidrBlock: subnetCidr(vpcCidr, availabilityZone, tier),
      availabilityZone,
      // The load balancer and NAT gateways bring public addresses of their own.
      mapPublicIpOnLaunch: false,
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
  return { key, letter, subnet, routeTable };
}

function createNatGateway(
  name: string,
  { letter, subnet }: ZoneSubnet,
  internetGateway: aws.ec2.InternetGateway,
  child: pulumi.CustomResourceOptions,
): { address: aws.ec2.Eip; gateway: aws.ec2.NatGateway } {
  const tags = { Name: `${name}-nat-${letter}` };
  // AWS refuses both until the VPC has its internet gateway, and nothing in their arguments says so.
  const ordered = { ...child, dependsOn: [internetGateway] };
  const address = new aws.ec2.Eip(`${name}-nat-${letter}`, { domain: "vpc", tags }, ordered);
  const gateway = new aws.ec2.NatGateway(
    `${name}-nat-${letter}`,
    { subnetId: subnet.id, allocationId: address.id, tags },
    ordered,
  );
  return { address, gateway };
}
