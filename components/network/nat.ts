import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createNatInstance } from "./nat-instance";
import type { NatInstanceSettings } from "./settings";
import type { Subnet } from "./subnets";

export interface NatArgs {
  readonly nat: "none" | "instance" | "single" | "per-az" | "regional" | undefined;
  readonly natInstance: NatInstanceSettings | undefined;
  readonly vpc: aws.ec2.Vpc;
  readonly vpcCidr: string;
  readonly internetGateway: aws.ec2.InternetGateway;
  /** In the order of the zones' names, as the app subnets. */
  readonly publicSubnets: readonly Subnet[];
  readonly appSubnets: readonly Subnet[];
}

export interface WayOut {
  /** What the routes of the app subnets lead to, zone by zone; one alone serves all zones. */
  readonly targets: readonly Pick<aws.ec2.RouteArgs, "natGatewayId" | "networkInterfaceId">[];
  /** Addresses that outside services see. */
  readonly publicIps: pulumi.Output<string[]>;
  /** Managed gateways, by the letter of their zone. */
  readonly gatewayIds?: Readonly<Record<string, pulumi.Output<string>>>;
  /** The instance that stands in for a gateway. */
  readonly instanceId?: pulumi.Output<string>;
}

/** Gives app subnets their way out over IPv4. */
export function createNat(
  name: string,
  args: NatArgs,
  child: pulumi.CustomResourceOptions,
): Pick<Required<WayOut>, "publicIps" | "gatewayIds"> &
  Pick<WayOut, "instanceId"> & { readonly routes: aws.ec2.Route[] } {
  const { targets, publicIps, gatewayIds = {}, instanceId } = createWayOut(name, args, child);
  const routes = args.appSubnets.flatMap(({ key, routeTableId }, position) => {
    const target = targets[position] ?? targets[0];
    if (target === undefined) return [];
    return new aws.ec2.Route(
      `${name}-${key}-nat`,
      { routeTableId, destinationCidrBlock: "0.0.0.0/0", ...target },
      child,
    );
  });
  return { publicIps, gatewayIds, ...(instanceId && { instanceId }), routes };
}

function createWayOut(name: string, args: NatArgs, child: pulumi.CustomResourceOptions): WayOut {
  const { vpc, internetGateway, publicSubnets } = args;
  switch (args.nat) {
    case "single":
      return createZonalGateways(name, publicSubnets.slice(0, 1), internetGateway, child);
    case "per-az":
      return createZonalGateways(name, publicSubnets, internetGateway, child);
    case "regional":
      return createRegionalGateway(name, vpc, internetGateway, child);
    case "instance":
      return createNatInstance(name, args, child);
    case "none":
    case undefined:
      return { targets: [], publicIps: pulumi.output<string[]>([]) };
  }
}

function createZonalGateways(
  name: string,
  subnets: readonly Subnet[],
  internetGateway: aws.ec2.InternetGateway,
  child: pulumi.CustomResourceOptions,
): WayOut {
  const gateways = subnets.map(({ letter, id }) => {
    const tags = { Name: `${name}-nat-${letter}` };
    // AWS refuses both until the VPC has its internet gateway, and nothing in their arguments says so.
    const ordered = { ...child, dependsOn: [internetGateway] };
    const address = new aws.ec2.Eip(`${name}-nat-${letter}`, { domain: "vpc", tags }, ordered);
    const gateway = new aws.ec2.NatGateway(
      `${name}-nat-${letter}`,
      { subnetId: id, allocationId: address.id, tags },
      ordered,
    );
    return { letter, address, gateway };
  });
  return {
    targets: gateways.map(({ gateway }) => ({ natGatewayId: gateway.id })),
    publicIps: pulumi.all(gateways.map(({ address }) => address.publicIp)),
    gatewayIds: Object.fromEntries(gateways.map(({ letter, gateway }) => [letter, gateway.id])),
  };
}

/** One gateway that follows the zones in which something runs, and takes addresses by itself. */
function createRegionalGateway(
  name: string,
  vpc: aws.ec2.Vpc,
  internetGateway: aws.ec2.InternetGateway,
  child: pulumi.CustomResourceOptions,
): WayOut {
  const gateway = new aws.ec2.NatGateway(
    `${name}-nat-regional`,
    { vpcId: vpc.id, availabilityMode: "regional", tags: { Name: `${name}-nat-regional` } },
    { ...child, dependsOn: [internetGateway] },
  );
  return {
    targets: [{ natGatewayId: gateway.id }],
    publicIps: gateway.regionalNatGatewayAddresses.apply((addresses) =>
      addresses.map(({ publicIp }) => publicIp).sort(),
    ),
    gatewayIds: { regional: gateway.id },
  };
}
