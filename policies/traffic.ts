import { type Graph, type PolicyResource, UNKNOWN, type Value, type ValueMap } from "./graph";
import { inputAt, isAbsent, isList, listOf, mapsOf, valueAt } from "./values";

export const GROUP = "aws:ec2/securityGroup:SecurityGroup";
export const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
export const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const EITHER = "aws:ec2/securityGroupRule:SecurityGroupRule";

export type Side = "ingress" | "egress";

/** What a security group lets in or out, in whichever of three ways it is written down. */
export interface Passage {
  readonly side: Side;
  /** What is to blame: the rule, or the group where it stands in the group. */
  readonly resource: PolicyResource;
  /** The group; undefined where it is none of this program. */
  readonly group: PolicyResource | undefined;
  /** "tcp", "-1" for all; undefined where that is not known. */
  readonly protocol: string | undefined;
  /** First and last port; all of them where the protocol has none. */
  readonly ports: readonly [from: number, to: number];
  /** Blocks of addresses of either kind. */
  readonly cidrs: readonly string[];
  /** Whether it names another group, or this one. */
  readonly namesGroup: boolean;
  readonly description: Value | undefined;
}

/** Everything that the groups of a graph let pass on one side. */
export function passages(graph: Graph, side: Side): readonly Passage[] {
  const single = graph.ofType(side === "ingress" ? INGRESS : EGRESS).map((resource) =>
    passage(side, resource, graph.references(resource, "securityGroupId", GROUP)[0], {
      ...resource.inputs,
      protocol: inputAt(resource, "ipProtocol"),
      cidrBlocks: [inputAt(resource, "cidrIpv4"), inputAt(resource, "cidrIpv6")].filter(isText),
      securityGroups: inputAt(resource, "referencedSecurityGroupId"),
    }),
  );
  const either = graph
    .ofType(EITHER)
    .filter((resource) => inputAt(resource, "type") === side)
    .map((resource) =>
      passage(side, resource, graph.references(resource, "securityGroupId", GROUP)[0], {
        ...resource.inputs,
        securityGroups: inputAt(resource, "sourceSecurityGroupId") ?? inputAt(resource, "self"),
      }),
    );
  const inline = graph
    .ofType(GROUP)
    .flatMap((group) =>
      mapsOf(inputAt(group, side)).map((rule) => passage(side, group, group, rule)),
    );
  return [...single, ...either, ...inline];
}

/** Whether it is open to the whole of IPv4 or IPv6. */
export function isOpen({ cidrs }: Passage): boolean {
  return cidrs.some((cidr) => cidr === "0.0.0.0/0" || cidr === "::/0");
}

/** Whether it lets a port pass, possibly among others. */
export function includesPort({ ports: [from, to] }: Passage, port: number): boolean {
  return from <= port && port <= to;
}

function passage(
  side: Side,
  resource: PolicyResource,
  group: PolicyResource | undefined,
  rule: ValueMap,
): Passage {
  const protocol = rule["protocol"];
  const [from, to] = [valueAt(rule, "fromPort"), valueAt(rule, "toPort")];
  const all = protocol === "-1" || typeof from !== "number" || typeof to !== "number";
  return {
    side,
    resource,
    group,
    protocol: isText(protocol) ? protocol : undefined,
    ports: all ? [0, 65535] : [from, to],
    cidrs: [...listOf(rule["cidrBlocks"]), ...listOf(rule["ipv6CidrBlocks"])].filter(isText),
    namesGroup: isGiven(rule["securityGroups"]) || rule["self"] === true,
    description: rule["description"],
  };
}

function isGiven(value: Value | undefined): boolean {
  if (value === UNKNOWN) return true;
  return isList(value) ? value.length > 0 : !isAbsent(value) && value !== false;
}

function isText(value: Value | undefined): value is string {
  return typeof value === "string";
}
