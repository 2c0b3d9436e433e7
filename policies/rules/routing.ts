import type { Control } from "../control";
import type { Graph, PolicyResource, ValueMap } from "../graph";
import { referringTo, twin, withInput, withResource } from "../mutants";
import { resourceRule } from "../rule";
import { inputAt, isAbsent, mapsOf } from "../values";
import { isDefault, isSet, ROUTE_TABLE, SUBNET, subnetsOf, tierOf, zoneOf } from "./subnets";

const ROUTE = "aws:ec2/route:Route";

const NAT_GATEWAY = "aws:ec2/natGateway:NatGateway";

/** Where a default route may not lead from a private subnet, and from one for data. */
const noWayIn = resourceRule(
  {
    type: ROUTE,
    problem: (route, graph) =>
      misled(tiersBehind(route, graph), {
        isDefault: isDefaultRoute(route),
        toInternet: isSet(route, "gatewayId"),
      }),
    fix: "let the app subnets out by NAT, and the data subnets not at all",
    broken: (route, graph) => {
      if (!isDefaultRoute(route)) return [];
      const dataTable = graph
        .ofType(ROUTE_TABLE)
        .find((table) => subnetsOf(table, graph).some((subnet) => tierOf(subnet) === "data"));
      const fromData = twin(route, "from-data", { natGatewayId: "nat-1", gatewayId: undefined });
      return [
        ...(tiersBehind(route, graph).includes("app")
          ? [{ title: "to the internet", graph: withInput(graph, route, "gatewayId", "igw-1") }]
          : []),
        ...(dataTable === undefined
          ? []
          : [
              {
                title: "from a data subnet",
                graph: referringTo(withResource(graph, fromData), fromData, "routeTableId", [
                  dataTable,
                ]),
                finds: fromData.urn,
              },
            ]),
      ];
    },
  },
  {
    type: ROUTE_TABLE,
    problem: (table, graph) => {
      const tiers = subnetsOf(table, graph).map(tierOf);
      return mapsOf(inputAt(table, "routes"))
        .map((route) =>
          misled(tiers, {
            isDefault: isDefaultEntry(route),
            toInternet: !isAbsent(route["gatewayId"]),
          }),
        )
        .find((problem) => problem !== undefined);
    },
    fix: "let the app subnets out by NAT, and the data subnets not at all",
    broken: (table, graph) => {
      if (subnetsOf(table, graph).every((subnet) => tierOf(subnet) === "public")) return [];
      return [
        { title: "IPv4 in the table", route: { cidrBlock: "0.0.0.0/0", gatewayId: "igw-1" } },
        { title: "IPv6 in the table", route: { ipv6CidrBlock: "::/0", gatewayId: "igw-1" } },
      ].map(({ title, route }) => ({ title, graph: withInput(graph, table, "routes", [route]) }));
    },
  },
);

/** What is left of a zone's traffic must not depend on another zone. */
const natOfOwnZone = resourceRule({
  type: ROUTE,
  of: (route, graph) => isDefaultRoute(route) && tiersBehind(route, graph).includes("app"),
  problem: (route, graph) => {
    const [gateway] = graph.references(route, "natGatewayId", NAT_GATEWAY);
    if (gateway === undefined) {
      const isOtherWay =
        isSet(route, "networkInterfaceId") || isSet(route, "vpcPeeringConnectionId");
      return isOtherWay ? "leads to an instance, and the zone falls with it" : undefined;
    }
    if (inputAt(gateway, "availabilityMode") === "regional") return undefined;
    const [own] = graph.references(route, "routeTableId", ROUTE_TABLE);
    const zones = own === undefined ? [] : subnetsOf(own, graph).map(zoneOf);
    const zone = zoneOf(graph.references(gateway, "subnetId", SUBNET)[0]);
    const isElsewhere =
      zone !== undefined && zones.some((one) => one !== undefined && one !== zone);
    return isElsewhere ? "leads to the NAT gateway of another zone" : undefined;
  },
  fix: "set network.nat to per-az or regional",
  broken: (route, graph) => {
    const [gateway] = graph.references(route, "natGatewayId", NAT_GATEWAY);
    if (gateway === undefined) return [];
    const others = graph
      .ofType(NAT_GATEWAY)
      .filter((other) => other !== gateway && graph.parentOf(other) === graph.parentOf(gateway));
    const noGateway = referringTo(
      withInput(graph, route, "natGatewayId", undefined),
      route,
      "natGatewayId",
      [],
    );
    return [
      ...others.map((other) => ({
        title: `to ${other.name}`,
        graph: referringTo(graph, route, "natGatewayId", [other]),
      })),
      {
        title: "to an instance",
        graph: withInput(noGateway, route, "networkInterfaceId", "eni-1"),
      },
    ];
  },
});

/** The tiers of the subnets that a route is for. */
function tiersBehind(route: PolicyResource, graph: Graph): readonly string[] {
  return graph
    .references(route, "routeTableId", ROUTE_TABLE)
    .flatMap((table) => subnetsOf(table, graph))
    .map(tierOf);
}

function isDefaultRoute(route: PolicyResource): boolean {
  return isDefault({
    ipv4: inputAt(route, "destinationCidrBlock"),
    ipv6: inputAt(route, "destinationIpv6CidrBlock"),
  });
}

function isDefaultEntry(entry: ValueMap): boolean {
  return isDefault({ ipv4: entry["cidrBlock"], ipv6: entry["ipv6CidrBlock"] });
}

function misled(
  tiers: readonly string[],
  route: { readonly isDefault: boolean; readonly toInternet: boolean },
): string | undefined {
  if (!route.isDefault) return undefined;
  if (tiers.includes("data")) return "leads out of a data subnet";
  const isPrivate = tiers.some((tier) => tier !== "public");
  return isPrivate && route.toInternet
    ? "leads a private subnet to the internet gateway"
    : undefined;
}

export const routingControls: readonly Control[] = [
  {
    id: "NET-06",
    title: "No private subnet has a route to the internet gateway, and no data subnet a way out",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["RDS.46"],
    status: { kind: "held" },
    rule: noWayIn,
  },
  {
    id: "NET-07",
    title: "In production the way out of a zone is a NAT gateway of its own, or a regional one",
    severity: "medium",
    appliesTo: "production",
    sources: ["REL11-BP05", "seed 002", "seed 004"],
    status: {
      kind: "optional",
      setting: "network.nat: per-az",
      because: "each NAT gateway costs 33 USD a month; one is enough where a zone may fail",
    },
    rule: natOfOwnZone,
  },
];
