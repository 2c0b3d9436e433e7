import type { Graph, PolicyResource } from "../graph";
import { inputAt, textOf } from "../values";

const SUBNET = "aws:ec2/subnet:Subnet";

/** All zones that a program has subnets in, by name. */
export function zonesOf(graph: Graph): readonly string[] {
  return [...new Set(graph.ofType(SUBNET).map(zoneOf))].sort();
}

export function zoneOf(subnet: PolicyResource): string {
  return textOf(inputAt(subnet, "availabilityZone"));
}

/** Where something stands, and what of it is left without one zone. */
export interface Place {
  readonly subnets: readonly PolicyResource[];
  readonly left: readonly PolicyResource[];
  /** Whether any of it is in the zone that fails. */
  readonly isHit: boolean;
}

/** The subnets that an input is made of, with and without a zone. */
export function placeOf(
  graph: Graph,
  resource: PolicyResource,
  input: string,
  zone: string,
): Place {
  const subnets = graph.references(resource, input, SUBNET);
  const left = subnets.filter((subnet) => zoneOf(subnet) !== zone);
  return { subnets, left, isHit: left.length < subnets.length };
}
