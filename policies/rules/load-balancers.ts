import type { Control } from "../control";
import type { PolicyResource } from "../graph";
import { without, withResource } from "../mutants";
import { allOf, inputRule, resourceRule } from "../rule";
import { inputAt } from "../values";
import { SUBNET, zoneOf } from "./subnets";

export const LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer";

const BUCKET = "aws:s3/bucket:Bucket";

const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";

const ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation";

const invalidHeaders = inputRule({
  type: LOAD_BALANCER,
  of: isApplication,
  path: "dropInvalidHeaderFields",
  holds: (value) => value === true,
  message: "passes malformed headers on",
  fix: "set dropInvalidHeaderFields to true",
  wrong: [false, undefined],
});

const accessLogs = allOf(
  inputRule({
    type: LOAD_BALANCER,
    path: "accessLogs.enabled",
    holds: (value) => value === true,
    message: "keeps no access logs",
    fix: "remove loadBalancer.accessLogs.disabledBecause",
    wrong: [false, undefined],
  }),
  resourceRule({
    type: BUCKET,
    of: (bucket, graph) => graph.referrers(bucket, LOAD_BALANCER, "accessLogs").length > 0,
    problem: (bucket, graph) =>
      graph.referrers(bucket, BUCKET_POLICY, "bucket").length > 0
        ? undefined
        : "is where access logs should go, and lets nobody deliver them",
    fix: "add a bucket policy that lets the log delivery of load balancers write",
    broken: (bucket, graph) => [
      {
        title: "no policy",
        graph: without(graph, ...graph.referrers(bucket, BUCKET_POLICY, "bucket")),
      },
    ],
  }),
);

const deletionProtection = inputRule({
  type: LOAD_BALANCER,
  path: "enableDeletionProtection",
  holds: (value) => value === true,
  message: "may be deleted by whoever may delete load balancers",
  fix: "remove unprotectedBecause",
  wrong: [false, undefined],
});

const desync = inputRule({
  type: LOAD_BALANCER,
  of: isApplication,
  path: "desyncMitigationMode",
  // AWS's own default is "defensive".
  holds: (value) => [undefined, "defensive", "strictest"].includes(value as string | undefined),
  message: "lets requests pass that servers understand in different ways",
  fix: "set desyncMitigationMode to defensive or strictest",
  wrong: ["monitor"],
});

const twoZones = resourceRule({
  type: LOAD_BALANCER,
  problem: (balancer, graph) => {
    const zones = new Set(graph.references(balancer, "subnets", SUBNET).map(zoneOf));
    // Subnets of another program are not known here.
    return zones.size === 1 && !zones.has(undefined)
      ? "stands in one availability zone"
      : undefined;
  },
  fix: "give it subnets in two zones or more",
  broken: (balancer, graph) => {
    const [first] = graph.references(balancer, "subnets", SUBNET);
    if (first === undefined) return [];
    const propertyDependencies = { ...balancer.propertyDependencies, subnets: [first.urn] };
    return [
      { title: "one subnet", graph: withResource(graph, { ...balancer, propertyDependencies }) },
    ];
  },
});

const firewall = resourceRule({
  type: LOAD_BALANCER,
  of: (balancer) => isApplication(balancer) && inputAt(balancer, "internal") !== true,
  problem: (balancer, graph) =>
    graph.referrers(balancer, ASSOCIATION, "resourceArn").length > 0
      ? undefined
      : "is open to the internet without a firewall for requests",
  fix: "add loadBalancer.waf: {}",
  broken: (balancer, graph) => [
    {
      title: "no firewall",
      graph: without(graph, ...graph.referrers(balancer, ASSOCIATION, "resourceArn")),
    },
  ],
});

function isApplication(balancer: PolicyResource): boolean {
  const type = inputAt(balancer, "loadBalancerType");
  return type === undefined || type === "application";
}

export const loadBalancerControls: readonly Control[] = [
  {
    id: "ALB-03",
    title: "Load balancers drop malformed headers",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["ELB.4", "CKV_AWS_131", "AWS-0052"],
    status: { kind: "held" },
    rule: invalidHeaders,
  },
  {
    id: "ALB-04",
    title: "Load balancers of production keep access logs",
    severity: "medium",
    appliesTo: "production",
    sources: ["ELB.5", "CKV_AWS_91", "cdk-nag ELB2"],
    status: { kind: "held", setting: "loadBalancer.accessLogs.disabledBecause" },
    rule: accessLogs,
  },
  {
    id: "ALB-05",
    title: "AWS refuses to delete load balancers of production",
    severity: "medium",
    appliesTo: "production",
    sources: ["ELB.6", "CKV_AWS_150"],
    status: { kind: "held", setting: "unprotectedBecause" },
    rule: deletionProtection,
  },
  {
    id: "ALB-06",
    title: "Requests that servers could understand in different ways are refused",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["ELB.12", "CKV_AWS_328"],
    status: { kind: "held" },
    rule: desync,
  },
  {
    id: "ALB-07",
    title: "Load balancers stand in two zones or more",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["ELB.13"],
    status: { kind: "held" },
    rule: twoZones,
  },
  {
    id: "ALB-08",
    title: "A firewall stands before every load balancer of production that the internet reaches",
    severity: "medium",
    appliesTo: "production",
    sources: ["ELB.16", "CKV2_AWS_28"],
    status: {
      kind: "optional",
      setting: "loadBalancer.waf",
      because:
        "it costs 11 USD a month and blocks what its rules mistake for attacks, so that somebody should look",
    },
    rule: firewall,
  },
];
