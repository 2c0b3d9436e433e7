import type { Graph, PolicyResource } from "../graph";
import { inputAt } from "../values";
import type { Loss } from "./zone-loss";
import { type Place, placeOf, zoneOf } from "./zones";

const SERVICE = "aws:ecs/service:Service";
const SCALING = "aws:appautoscaling/target:Target";
const SCHEDULED = "aws:appautoscaling/scheduledAction:ScheduledAction";

/** What lies over several subnets, by the input that names them; one of them must be left. */
const SPREAD = [
  { type: "aws:lb/loadBalancer:LoadBalancer", input: "subnets" },
  { type: "aws:rds/proxy:Proxy", input: "vpcSubnetIds" },
  { type: SERVICE, input: "networkConfiguration" },
  { type: "aws:autoscaling/group:Group", input: "vpcZoneIdentifiers" },
] as const;

/** What has no subnet left, and services and hosts of which the zone may take the last. */
export function lostTasks(graph: Graph, zone: string): Loss[] {
  return SPREAD.flatMap(({ type, input }) =>
    graph.ofType(type).flatMap((resource): Loss[] => {
      const place = placeOf(graph, resource, input, zone);
      if (!place.isHit) return [];
      if (place.left.length === 0) {
        return [{ resource, message: `has no subnet left without ${zone}` }];
      }
      const { fewest, what } = numberOf(graph, resource);
      return fewest === undefined || fewest === 0 || isLeft(fewest, place)
        ? []
        : [{ resource, message: `may have its only ${what} in ${zone}` }];
    }),
  );
}

/** ECS and Auto Scaling spread evenly: no zone has more than its share, rounded up. */
function isLeft(fewest: number, { subnets }: Place): boolean {
  const zones = new Set(subnets.map(zoneOf)).size;
  return fewest - Math.ceil(fewest / zones) >= 1;
}

/** How many there are at least; undefined of what is no number of things. */
function numberOf(
  graph: Graph,
  resource: PolicyResource,
): { readonly fewest: number | undefined; readonly what: string } {
  switch (resource.type) {
    case SERVICE:
      return { fewest: fewestTasks(graph, resource), what: "task" };
    case "aws:autoscaling/group:Group":
      return { fewest: numberAt(resource, "minSize"), what: "host" };
    default:
      return { fewest: undefined, what: "" };
  }
}

function fewestTasks(graph: Graph, service: PolicyResource): number | undefined {
  const [target] = graph.referrers(service, SCALING, "resourceId");
  if (target === undefined) return numberAt(service, "desiredCount");
  const scheduled = graph
    .referrers(target, SCHEDULED, "resourceId")
    .map((action) => numberAt(action, "scalableTargetAction.minCapacity"));
  const known = [numberAt(target, "minCapacity"), ...scheduled].filter(
    (count) => count !== undefined,
  );
  return known.length === 0 ? undefined : Math.min(...known);
}

function numberAt(resource: PolicyResource, path: string): number | undefined {
  const value = inputAt(resource, path);
  return typeof value === "number" ? value : undefined;
}
