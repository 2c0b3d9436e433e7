import type { Graph, PolicyResource } from "../graph";
import { inputAt } from "../values";
import type { Loss } from "./zone-loss";
import { placeOf, zoneOf } from "./zones";

const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";
const TABLE = "aws:ec2/routeTable:RouteTable";
const ROUTE = "aws:ec2/route:Route";
const SUBNET = "aws:ec2/subnet:Subnet";

/** What stands in a subnet and other subnets go out through. A regional NAT gateway stands in none. */
const PASSAGES = [
  { type: "aws:ec2/natGateway:NatGateway", input: "natGatewayId" },
  { type: "aws:ec2/instance:Instance", input: "networkInterfaceId" },
] as const;

/** Subnets elsewhere whose way to the internet leads through the zone. */
export function lostWaysOut(graph: Graph, zone: string): Loss[] {
  return graph
    .ofType(SUBNET)
    .filter((subnet) => zoneOf(subnet) !== zone)
    .flatMap((subnet) =>
      passagesOf(graph, subnet)
        .filter((passage) => {
          const { subnets, left } = placeOf(graph, passage, "subnetId", zone);
          return subnets.length > 0 && left.length === 0;
        })
        .map((passage) => ({
          resource: subnet,
          message: `goes out through ${passage.name}, which is in ${zone}`,
        })),
    );
}

/** What the default routes of a subnet lead through. */
function passagesOf(graph: Graph, subnet: PolicyResource): readonly PolicyResource[] {
  const tables = graph
    .referrers(subnet, ASSOCIATION, "subnetId")
    .flatMap((association) => graph.references(association, "routeTableId", TABLE));
  return tables
    .flatMap((table) => graph.referrers(table, ROUTE, "routeTableId"))
    .filter((route) => inputAt(route, "destinationCidrBlock") === "0.0.0.0/0")
    .flatMap((route) =>
      PASSAGES.flatMap(({ type, input }) => graph.references(route, input, type)),
    );
}
