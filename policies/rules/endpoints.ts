import type { Control } from "../control";
import { type Graph, type PolicyResource, UNKNOWN } from "../graph";
import { referringTo, without } from "../mutants";
import { allOf, inputRule, resourceRule } from "../rule";
import { GROUP, INGRESS } from "../traffic";
import { inputAt } from "../values";
import { SUBNET, tierOf, VPC } from "./subnets";

const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

const endpoints = allOf(
  resourceRule({
    type: VPC,
    of: (vpc, graph) => graph.referrers(vpc, SUBNET, "vpcId").some((one) => tierOf(one) === "app"),
    problem: (vpc, graph) => {
      const services = gatewaysOf(vpc, graph).map((endpoint) => inputAt(endpoint, "serviceName"));
      const hasS3 = services.some(
        (name) => name === UNKNOWN || (typeof name === "string" && name.endsWith(".s3")),
      );
      return hasS3 ? undefined : "reaches S3, where image layers are, by NAT and its price";
    },
    fix: "add a gateway endpoint for S3, which costs nothing",
    broken: (vpc, graph) => [
      { title: "no gateway endpoint", graph: without(graph, ...gatewaysOf(vpc, graph)) },
    ],
  }),
  inputRule({
    type: ENDPOINT,
    of: isInterface,
    path: "privateDnsEnabled",
    holds: (value) => value === true,
    message: "has no private DNS, so that nobody uses it",
    fix: "set privateDnsEnabled to true",
    wrong: [false, undefined],
  }),
  resourceRule({
    type: ENDPOINT,
    of: isInterface,
    problem: (endpoint, graph) => {
      const groups = graph.references(endpoint, "securityGroupIds", GROUP);
      if (groups.length === 0) return "has no security group of its own";
      const isLoose = groups
        .flatMap((group) => graph.referrers(group, INGRESS, "securityGroupId"))
        .some((rule) => inputAt(rule, "fromPort") !== 443 || inputAt(rule, "toPort") !== 443);
      return isLoose ? "lets in more than HTTPS" : undefined;
    },
    fix: "give it a security group that lets in port 443 from the VPC",
    broken: (endpoint, graph) => [
      {
        title: "no security group",
        graph: referringTo(graph, endpoint, "securityGroupIds", []),
      },
    ],
  }),
);

function gatewaysOf(vpc: PolicyResource, graph: Graph): readonly PolicyResource[] {
  return graph
    .referrers(vpc, ENDPOINT, "vpcId")
    .filter((endpoint) => inputAt(endpoint, "vpcEndpointType") === "Gateway");
}

function isInterface(endpoint: PolicyResource): boolean {
  return inputAt(endpoint, "vpcEndpointType") === "Interface";
}

export const endpointControls: readonly Control[] = [
  {
    id: "NET-08",
    title: "S3 has a gateway endpoint; interface endpoints are private and let in HTTPS alone",
    severity: "medium",
    appliesTo: "production",
    sources: ["EC2.10", "EC2.55", "EC2.56", "EC2.57", "seed 004"],
    status: {
      kind: "optional",
      setting: "network.interfaceEndpoints",
      because:
        "the gateway endpoint is there by default; an interface endpoint costs 7 USD a month and zone, and the same TLS goes by NAT",
    },
    rule: endpoints,
  },
];
