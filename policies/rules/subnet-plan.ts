import { contains, parseCidr } from "../../components/support/cidr";
import type { Control } from "../control";
import type { Graph, PolicyResource } from "../graph";
import { withInput } from "../mutants";
import { resourceRule } from "../rule";
import { inputAt } from "../values";
import { SUBNET, tierOf, VPC } from "./subnets";

const zonesAndBlocks = resourceRule(
  {
    type: VPC,
    problem: (vpc, graph) => {
      const lonely = tiersOf(vpc, graph).find(([, subnets]) => zonesOf(subnets).size === 1);
      return lonely && `has its ${lonely[0]} subnets in one availability zone`;
    },
    fix: "list two availability zones or more under network.availabilityZones",
    broken: (vpc, graph) =>
      tiersOf(vpc, graph).map(([tier, subnets]) => ({
        title: `${tier} in one zone`,
        graph: subnets.reduce(
          (changed, subnet) => withInput(changed, subnet, "availabilityZone", "us-east-1a"),
          graph,
        ),
      })),
  },
  {
    type: SUBNET,
    problem: (subnet, graph) => {
      const [block, vpc] = [blockOf(subnet), vpcOf(subnet, graph)];
      if (block === undefined || vpc === undefined) return undefined;
      const outer = blockOf(vpc);
      if (outer !== undefined && !contains(outer, block)) return "lies outside its VPC";
      const siblings = graph.referrers(vpc, SUBNET, "vpcId");
      const before = siblings.slice(0, siblings.indexOf(subnet)).map(blockOf);
      const overlaps = before.some(
        (other) => other !== undefined && (contains(other, block) || contains(block, other)),
      );
      return overlaps ? "shares addresses with another subnet" : undefined;
    },
    fix: "leave network.subnets out, which gives each a block of its own, or mend the block",
    broken: (subnet, graph) => {
      const vpc = vpcOf(subnet, graph);
      const first = vpc && graph.referrers(vpc, SUBNET, "vpcId")[0];
      const taken = first === subnet ? undefined : first && inputAt(first, "cidrBlock");
      return [
        { title: "outside", graph: withInput(graph, subnet, "cidrBlock", "192.0.2.0/24") },
        ...(taken === undefined
          ? []
          : [{ title: "taken block", graph: withInput(graph, subnet, "cidrBlock", taken) }]),
      ];
    },
  },
);

function vpcOf(subnet: PolicyResource, graph: Graph): PolicyResource | undefined {
  return graph.references(subnet, "vpcId", VPC)[0];
}

function tiersOf(vpc: PolicyResource, graph: Graph): [tier: string, PolicyResource[]][] {
  const tiers = new Map<string, PolicyResource[]>();
  for (const subnet of graph.referrers(vpc, SUBNET, "vpcId")) {
    const tier = tierOf(subnet);
    tiers.set(tier, [...(tiers.get(tier) ?? []), subnet]);
  }
  return [...tiers];
}

function zonesOf(subnets: readonly PolicyResource[]): ReadonlySet<unknown> {
  return new Set(subnets.map((subnet) => inputAt(subnet, "availabilityZone")));
}

function blockOf(resource: PolicyResource) {
  const block = inputAt(resource, "cidrBlock");
  return typeof block === "string" ? parseCidr(block) : undefined;
}

export const subnetPlanControls: readonly Control[] = [
  {
    id: "NET-05",
    title: "Every tier of subnets spans two zones, and no two subnets share an address",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["REL10-BP01", "ELB.13"],
    status: { kind: "held" },
    rule: zonesAndBlocks,
  },
];
