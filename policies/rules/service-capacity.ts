import type { Control } from "../control";
import { type Graph, type PolicyResource, UNKNOWN } from "../graph";
import { referringTo, withInput } from "../mutants";
import { inputRule, allOf, resourceRule } from "../rule";
import { inputAt, isAbsent, mapsOf, valueAt } from "../values";
import { SERVICE, subnetsOf, zonesOf } from "./services";

const SCALING = "aws:appautoscaling/target:Target";
const CAPACITY_PROVIDER = "aws:ecs/capacityProvider:CapacityProvider";
const HOSTS = "aws:autoscaling/group:Group";

/** Enough tasks for a zone to fail. */
const enoughTasks = resourceRule(
  {
    type: SERVICE,
    problem: (service, graph) => {
      const scaling = scalingOf(service, graph);
      const count =
        scaling === undefined ? inputAt(service, "desiredCount") : inputAt(scaling, "minCapacity");
      const needed = Math.max(2, zonesOf(service, graph).size);
      if (typeof count !== "number" || count >= needed) return undefined;
      return `runs ${count} task where its zones need ${needed}`;
    },
    fix: "set scaling.min or desiredCount to the number of availability zones, 2 at least",
    broken: (service, graph) => {
      const scaling = scalingOf(service, graph);
      return [1, 0].map((count) => ({
        title: `${count} tasks`,
        graph:
          scaling === undefined
            ? withInput(graph, service, "desiredCount", count)
            : withInput(graph, scaling, "minCapacity", count),
      }));
    },
  },
  {
    type: SCALING,
    problem: (scaling, graph) => {
      const [service] = graph.references(scaling, "resourceId", SERVICE);
      const [least, most] = [inputAt(scaling, "minCapacity"), inputAt(scaling, "maxCapacity")];
      if (typeof least !== "number" || typeof most !== "number") return undefined;
      const desired = service && inputAt(service, "desiredCount");
      const isOrdered = least <= Number(desired ?? least) && Number(desired ?? most) <= most;
      return least <= most && isOrdered ? undefined : "has bounds that its service is outside of";
    },
    fix: "set scaling.min to no more than scaling.max",
    broken: (scaling, graph) => [
      {
        title: "most below least",
        graph: withInput(
          graph,
          scaling,
          "maxCapacity",
          Number(inputAt(scaling, "minCapacity")) - 1,
        ),
      },
    ],
  },
);

const spread = allOf(
  resourceRule(
    {
      type: SERVICE,
      problem: (service, graph) =>
        zonesOf(service, graph).size === 1 ? "runs in one availability zone" : undefined,
      fix: "give it subnets in two zones or more",
      broken: (service, graph) => [
        {
          title: "one subnet",
          graph: referringTo(
            graph,
            service,
            "networkConfiguration",
            subnetsOf(service, graph).slice(0, 1),
          ),
        },
      ],
    },
    {
      type: SERVICE,
      of: (service, graph) => hostsOf(service, graph).length > 0,
      problem: (service) => {
        const isSpread =
          inputAt(service, "orderedPlacementStrategies.0.type") === "spread" &&
          inputAt(service, "orderedPlacementStrategies.0.field") ===
            "attribute:ecs.availability-zone";
        return isSpread ? undefined : "may have all its tasks on the hosts of one zone";
      },
      fix: "spread tasks by attribute:ecs.availability-zone first",
      broken: (service, graph) => [
        {
          title: "no strategy",
          graph: withInput(graph, service, "orderedPlacementStrategies", undefined),
        },
        {
          title: "binpack first",
          graph: withInput(graph, service, "orderedPlacementStrategies", [
            { type: "binpack", field: "memory" },
          ]),
        },
      ],
    },
  ),
  inputRule({
    type: SERVICE,
    path: "availabilityZoneRebalancing",
    holds: (value) => value === "ENABLED",
    message: "does not come back into a zone that has failed",
    fix: "set availabilityZoneRebalancing to ENABLED",
    wrong: ["DISABLED", undefined],
  }),
);

/** Spot may all be taken back at once. */
const someOnDemand = resourceRule({
  type: SERVICE,
  problem: (service, graph) => {
    const strategies = mapsOf(inputAt(service, "capacityProviderStrategies"));
    const onSpot = strategies.some(({ capacityProvider }) => capacityProvider === "FARGATE_SPOT");
    const base = strategies
      .filter(({ capacityProvider }) => capacityProvider !== "FARGATE_SPOT")
      .some((strategy) => Number(strategy["base"] ?? 0) >= 1);
    if (onSpot && !base) return "runs on Spot alone, which AWS may take back at once";
    const hosts = hostsOf(service, graph).filter(hasSpot);
    return hosts.some((group) => onDemandBase(group) === 0)
      ? "runs on hosts that are all Spot"
      : undefined;
  },
  fix: "give FARGATE a base of 1 or more, or hosts an onDemand base",
  broken: (service, graph) => [
    {
      title: "Spot alone",
      graph: withInput(graph, service, "capacityProviderStrategies", [
        { capacityProvider: "FARGATE_SPOT", weight: 1 },
      ]),
    },
    {
      title: "no base",
      graph: withInput(graph, service, "capacityProviderStrategies", [
        { capacityProvider: "FARGATE", weight: 1 },
        { capacityProvider: "FARGATE_SPOT", weight: 4 },
      ]),
    },
  ],
});

export function hasSpot(group: PolicyResource): boolean {
  const share = inputAt(group, `${DISTRIBUTION}.onDemandPercentageAboveBaseCapacity`);
  // AWS's own default is 100.
  return share !== UNKNOWN && !isAbsent(share) && Number(share) < 100;
}

const DISTRIBUTION = "mixedInstancesPolicy.instancesDistribution";

function onDemandBase(group: PolicyResource): number {
  return Number(valueAt(group.inputs, `${DISTRIBUTION}.onDemandBaseCapacity`) ?? 0);
}

function hostsOf(service: PolicyResource, graph: Graph): readonly PolicyResource[] {
  return graph
    .references(service, "capacityProviderStrategies", CAPACITY_PROVIDER)
    .flatMap((provider) => graph.references(provider, "autoScalingGroupProvider", HOSTS));
}

function scalingOf(service: PolicyResource, graph: Graph): PolicyResource | undefined {
  return graph.referrers(service, SCALING, "resourceId")[0];
}

export const serviceCapacityControls: readonly Control[] = [
  {
    id: "ECS-17",
    title: "Services of production run a task in each zone, two at least",
    severity: "high",
    appliesTo: "production",
    sources: ["REL10", "REL11", "seed 002", "seed 004"],
    status: { kind: "held", setting: "services.*.scaling.min" },
    rule: enoughTasks,
  },
  {
    id: "ECS-18",
    title: "Services of production spread over zones, and come back into one that had failed",
    severity: "medium",
    appliesTo: "production",
    sources: ["REL10-BP01", "ECS availability zone rebalancing"],
    status: { kind: "held" },
    rule: spread,
  },
  {
    id: "ECS-21",
    title: "Services of production keep a task, or a host, that is no Spot",
    severity: "high",
    appliesTo: "production",
    sources: ["seed 004"],
    status: { kind: "held", setting: "services.*.capacity" },
    rule: someOnDemand,
  },
];
