import { contains, parseCidr } from "../../components/support/cidr";
import type { Control } from "../control";
import { UNKNOWN } from "../graph";
import { twin, without, withInput, withResource } from "../mutants";
import { allOf, inputRule, resourceRule } from "../rule";
import { inputAt } from "../values";
import { SUBNET, VPC } from "./subnets";

const DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";

const FLOW_LOG = "aws:ec2/flowLog:FlowLog";

/** RFC 1918. Addresses of anybody else's would be cut off from the internet. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].flatMap(
  (block) => parseCidr(block) ?? [],
);

const ownAddresses = inputRule(
  ...["enableDnsSupport", "enableDnsHostnames"].map((path) => ({
    type: VPC,
    path,
    holds: (value: unknown) => value === true,
    message: `has ${path} off, without which endpoints and service names do not resolve`,
    fix: `set ${path} to true`,
    wrong: [false],
  })),
  {
    type: VPC,
    path: "cidrBlock",
    holds: (value) => {
      const block = typeof value === "string" ? parseCidr(value) : undefined;
      if (block === undefined || block.prefix < 16 || block.prefix > 24) return false;
      return PRIVATE.some((range) => contains(range, block));
    },
    message: "has addresses that are not private, or a block that is no /16 to /24",
    fix: "choose a block of /16 to /24 in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
    wrong: ["8.8.0.0/16", "10.0.0.0/12", "10.0.0.0/26", undefined],
  },
);

/** What nobody gave a security group of its own is in the default one, which lets all of its members talk. */
const defaultGroupClosed = allOf(
  resourceRule({
    type: VPC,
    problem: (vpc, graph) =>
      graph.referrers(vpc, DEFAULT_GROUP, "vpcId").length === 1
        ? undefined
        : "has no closed default security group",
    fix: "add one aws.ec2.DefaultSecurityGroup with no ingress and no egress",
    broken: (vpc, graph) => {
      const groups = graph.referrers(vpc, DEFAULT_GROUP, "vpcId");
      return [
        { title: "no default group", graph: without(graph, ...groups) },
        ...groups.map((group) => ({
          title: "two default groups",
          graph: withResource(graph, twin(group, "second", {})),
        })),
      ];
    },
  }),
  inputRule(
    ...["ingress", "egress"].map((path) => ({
      type: DEFAULT_GROUP,
      path,
      holds: (value: unknown) => Array.isArray(value) && value.length === 0,
      message: `has ${path} rules, or those that AWS made`,
      fix: `set ${path} to []`,
      wrong: [[{ protocol: "-1", fromPort: 0, toPort: 0, self: true }], undefined],
    })),
  ),
);

const flowLogs = allOf(
  resourceRule(
    {
      type: VPC,
      problem: (vpc, graph) =>
        graph.referrers(vpc, FLOW_LOG, "vpcId").length > 0 ? undefined : "has no flow log",
      fix: "remove network.flowLogs.disabledBecause",
      broken: (vpc, graph) => [
        {
          title: "no flow log",
          graph: without(graph, ...graph.referrers(vpc, FLOW_LOG, "vpcId")),
        },
      ],
    },
    {
      type: FLOW_LOG,
      problem: (log, _graph, { level }) => {
        const seconds = inputAt(log, "maxAggregationInterval");
        if (level !== "production" || seconds === UNKNOWN || seconds === 60) return undefined;
        return "gathers for ten minutes before it tells, in production";
      },
      fix: "set network.flowLogs.aggregationSeconds to 60",
      broken: (log, graph) =>
        [600, undefined].map((seconds) => ({
          title: `aggregation of ${seconds ?? "AWS's own"} seconds`,
          graph: withInput(graph, log, "maxAggregationInterval", seconds),
        })),
    },
  ),
  inputRule({
    type: FLOW_LOG,
    path: "trafficType",
    holds: (value) => value === "ALL" || value === "REJECT",
    message: "does not log what was refused",
    fix: "set network.flowLogs.traffic to ALL or REJECT",
    wrong: ["ACCEPT"],
  }),
);

const noPublicAddresses = inputRule({
  type: SUBNET,
  path: "mapPublicIpOnLaunch",
  // AWS's own default is none.
  holds: (value) => value !== true,
  message: "gives a public address to whatever starts in it",
  fix: "remove network.publicIpOnLaunchBecause, or keep the reason there",
  wrong: [true],
});

export const networkControls: readonly Control[] = [
  {
    id: "NET-01",
    title: "A VPC resolves names and has a private block of addresses, /16 to /24",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["seed 002", "EC2 quotas"],
    status: { kind: "held" },
    rule: ownAddresses,
  },
  {
    id: "NET-02",
    title: "The default security group of a VPC lets nothing in or out",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["EC2.2", "CIS 6.5", "CKV2_AWS_12"],
    status: { kind: "held" },
    rule: defaultGroupClosed,
  },
  {
    id: "NET-03",
    title: "Every VPC has a flow log, which in production tells each minute",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["EC2.6", "CIS 4.7", "CKV2_AWS_11", "cdk-nag VPC7", "AWS-0178"],
    status: { kind: "held", setting: "network.flowLogs.disabledBecause" },
    rule: flowLogs,
  },
  {
    id: "NET-04",
    title: "No subnet gives public addresses to what starts in it",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["EC2.15", "CKV_AWS_130", "AWS-0164"],
    status: { kind: "held", setting: "network.publicIpOnLaunchBecause" },
    rule: noPublicAddresses,
  },
];
