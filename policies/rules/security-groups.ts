import type { Control } from "../control";
import type { Graph, PolicyResource, ValueMap } from "../graph";
import { type Mutant, withInput, withResource } from "../mutants";
import type { Rule } from "../rule";
import { GROUP, includesPort, INGRESS, isOpen, type Passage, passages } from "../traffic";
import { LOAD_BALANCER } from "./load-balancers";

/** Ports of administration and databases, which scanners try first: EC2.19, and 5433 and 8443 that other lists leave out. */
const RISKY_PORTS = [
  20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333, 5000, 5432, 5500,
  5601, 8080, 8088, 8888, 9200, 9300,
] as const;

const REMOTE_PORTS = [22, 3389] as const;

/** The least of an address that a source must name, so that two halves of the internet are not "a network". */
const LEAST_PREFIX = { ipv4: 24, ipv6: 64 } as const;

/** A rule about what groups let in. */
function ingressRule(rule: {
  readonly isBroken: (passage: Passage, graph: Graph) => boolean;
  readonly message: string;
  readonly fix: string;
  /** Inputs of a rule that must be found, beside those of the one that is there. */
  readonly wrong: readonly ValueMap[];
}): Rule {
  return {
    check: (graph) =>
      passages(graph, "ingress")
        .filter((passage) => rule.isBroken(passage, graph))
        .map(({ resource }) => ({ resource, message: rule.message, fix: rule.fix })),
    mutants: (graph) =>
      rule.wrong.flatMap((wrong) => [
        ...graph
          .ofType(INGRESS)
          .slice(0, 5)
          .map((resource) => changed(graph, resource, wrong)),
        ...graph
          .ofType(GROUP)
          .slice(0, 5)
          .map((resource) => inline(graph, resource, wrong)),
      ]),
  };
}

/** The rule with another source and other ports. */
export function changed(graph: Graph, resource: PolicyResource, wrong: ValueMap): Mutant {
  const source = { cidrIpv4: undefined, cidrIpv6: undefined, referencedSecurityGroupId: undefined };
  return {
    title: `${resource.name}: ${JSON.stringify(wrong)}`,
    graph: withResource(graph, {
      ...resource,
      inputs: { ...resource.inputs, ...source, ipProtocol: "tcp", ...wrong },
    }),
    finds: resource.urn,
  };
}

/** The same, written into the group. */
function inline(graph: Graph, group: PolicyResource, wrong: ValueMap): Mutant {
  const { cidrIpv4, cidrIpv6, ipProtocol = "tcp", ...ports } = wrong;
  const rule = {
    ...ports,
    protocol: ipProtocol,
    cidrBlocks: cidrIpv4 === undefined ? [] : [cidrIpv4],
    ipv6CidrBlocks: cidrIpv6 === undefined ? [] : [cidrIpv6],
  };
  return {
    title: `${group.name}: in the group ${JSON.stringify(wrong)}`,
    graph: withInput(graph, group, "ingress", [rule]),
    finds: group.urn,
  };
}

const onlyWeb = ingressRule({
  isBroken: (passage, graph) => {
    if (!isOpen(passage)) return false;
    const isWeb = [80, 443].some((port) => passage.ports.every((one) => one === port));
    const { group } = passage;
    const isBalancer =
      group !== undefined && graph.referrers(group, LOAD_BALANCER, "securityGroups").length > 0;
    return !(isWeb && isBalancer && passage.protocol === "tcp");
  },
  message: "lets the whole internet in, and is not port 80 or 443 of a load balancer",
  fix: "name who may come in, or put a load balancer before it",
  wrong: [
    { cidrIpv4: "0.0.0.0/0", fromPort: 8443, toPort: 8443 },
    { cidrIpv6: "::/0", fromPort: 5433, toPort: 5433 },
    { cidrIpv4: "0.0.0.0/0", fromPort: 80, toPort: 443 },
    { cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" },
    { cidrIpv4: "0.0.0.0/0", fromPort: 443, toPort: 443, ipProtocol: "udp" },
  ],
});

const noRiskyPorts = ingressRule({
  isBroken: (passage) => isOpen(passage) && RISKY_PORTS.some((port) => includesPort(passage, port)),
  message: "opens a port of administration or of a database to the whole internet",
  fix: "remove it: the bastion and ECS Exec need no open port",
  wrong: [
    ...RISKY_PORTS.map((port) => ({ cidrIpv4: "0.0.0.0/0", fromPort: port, toPort: port })),
    { cidrIpv6: "::/0", fromPort: 0, toPort: 65535 },
    { cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" },
  ],
});

const narrowRemoteAccess = ingressRule({
  isBroken: (passage) =>
    REMOTE_PORTS.some((port) => includesPort(passage, port)) &&
    passage.cidrs.some((cidr) => {
      const least = cidr.includes(":") ? LEAST_PREFIX.ipv6 : LEAST_PREFIX.ipv4;
      return Number(cidr.split("/")[1]) < least;
    }),
  message: "lets a large part of the internet in by SSH or RDP",
  fix: "remove it, or name a network of /24 (IPv4) or /64 (IPv6) at most",
  wrong: REMOTE_PORTS.flatMap((port) =>
    [{ cidrIpv4: "0.0.0.0/1" }, { cidrIpv4: "203.0.0.0/23" }, { cidrIpv6: "2000::/63" }].map(
      (source) => ({ ...source, fromPort: port, toPort: port }),
    ),
  ),
});

export const securityGroupControls: readonly Control[] = [
  {
    id: "NET-09",
    title: "Only load balancers are open to the internet, and only on ports 80 and 443",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["EC2.18", "cdk-nag EC23", "CKV_AWS_260", "CKV_AWS_277"],
    status: { kind: "held" },
    rule: onlyWeb,
  },
  {
    id: "NET-10",
    title: "No port of administration or of a database is open to the internet",
    severity: "critical",
    appliesTo: "every-stack",
    sources: ["EC2.19", "EC2.13", "EC2.14", "EC2.53", "EC2.54", "CIS 6.3", "CIS 6.4", "AWS-0107"],
    status: { kind: "held" },
    rule: noRiskyPorts,
  },
  {
    id: "NET-11",
    title: "SSH and RDP come from a network of /24 (IPv4) or /64 (IPv6) at most",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["hardening of EC2.13"],
    status: { kind: "held" },
    rule: narrowRemoteAccess,
  },
];
