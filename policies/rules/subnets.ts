import { type Graph, type PolicyResource, UNKNOWN } from "../graph";
import { inputAt } from "../values";

export const VPC = "aws:ec2/vpc:Vpc";
export const SUBNET = "aws:ec2/subnet:Subnet";
export const ROUTE_TABLE = "aws:ec2/routeTable:RouteTable";
export const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";

/** "public", "app" or "data", by the tag of that name; subnets without it are one tier. */
export function tierOf(subnet: PolicyResource): string {
  const tier = inputAt(subnet, "tags.Tier");
  return typeof tier === "string" ? tier : "untagged";
}

/** The subnets whose routes a table holds. */
export function subnetsOf(table: PolicyResource, graph: Graph): readonly PolicyResource[] {
  return graph
    .referrers(table, ASSOCIATION, "routeTableId")
    .flatMap((association) => graph.references(association, "subnetId", SUBNET));
}

/** The zone of a subnet; undefined where that is not known. */
export function zoneOf(subnet: PolicyResource | undefined): string | undefined {
  const zone = subnet && inputAt(subnet, "availabilityZone");
  return typeof zone === "string" ? zone : undefined;
}

/** Whether a route, or an entry of a table, is for everything that no other is for. */
export function isDefault(destinations: {
  readonly ipv4: unknown;
  readonly ipv6: unknown;
}): boolean {
  return destinations.ipv4 === "0.0.0.0/0" || destinations.ipv6 === "::/0";
}

/** Whether an input is given, be its value known or not. */
export function isSet(resource: PolicyResource, path: string): boolean {
  const value = inputAt(resource, path);
  return value === UNKNOWN || (value !== undefined && value !== null && value !== "");
}
