import type { Control } from "../control";
import { type Graph, type PolicyResource, UNKNOWN } from "../graph";
import { referringTo, withInput } from "../mutants";
import { allOf, inputRule, resourceRule } from "../rule";
import { inputAt, isAbsent, listOf, mapsOf } from "../values";
import { hasSpot } from "./service-capacity";
import { SUBNET, zoneOf } from "./subnets";

export const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const HOSTS = "aws:autoscaling/group:Group";
const LAUNCH_CONFIGURATION = "launchConfiguration";

const metadataByToken = inputRule({
  type: TEMPLATE,
  path: "metadataOptions.httpTokens",
  holds: (value) => value === "required",
  message: "hands out its role's credentials without a token",
  fix: "set metadataOptions.httpTokens to required",
  wrong: ["optional", undefined],
});

const unreachable = inputRule(
  {
    type: TEMPLATE,
    path: "metadataOptions.httpPutResponseHopLimit",
    holds: (value) => value === 1,
    message: "hands out the host's credentials to its containers",
    fix: "set metadataOptions.httpPutResponseHopLimit to 1",
    wrong: [2, 64, undefined],
  },
  {
    type: TEMPLATE,
    path: "networkInterfaces",
    holds: (value) =>
      mapsOf(value).every(
        ({ associatePublicIpAddress: given }) => given !== true && given !== "true",
      ),
    message: "gives its instances public addresses",
    fix: "remove associatePublicIpAddress",
    wrong: [[{ associatePublicIpAddress: "true" }]],
  },
  {
    type: TEMPLATE,
    of: isOfHosts,
    path: "monitoring.enabled",
    holds: (value) => value === true,
    message: "is measured every five minutes",
    fix: "set monitoring.enabled to true",
    wrong: [false, undefined],
  },
);

const encryptedDisks = resourceRule({
  type: TEMPLATE,
  problem: (template) => {
    const disks = mapsOf(inputAt(template, "blockDeviceMappings")).filter(
      ({ ebs }) => !isAbsent(ebs),
    );
    const isOpen = disks.some(({ ebs }) => !isTrue((ebs as { encrypted?: unknown }).encrypted));
    return isOpen || disks.length === 0 ? "has a disk that is not encrypted" : undefined;
  },
  fix: "map every disk with ebs.encrypted",
  broken: (template, graph) => [
    ...mapsOf(inputAt(template, "blockDeviceMappings")).flatMap((_, index) =>
      ["false", undefined].map((value) => ({
        title: `disk ${index}: ${value ?? "missing"}`,
        graph: withInput(graph, template, `blockDeviceMappings.${index}.ebs.encrypted`, value),
      })),
    ),
    { title: "no disk mapped", graph: withInput(graph, template, "blockDeviceMappings", []) },
  ],
});

const OVERRIDES = "mixedInstancesPolicy.launchTemplate.overrides";
const DISTRIBUTION = "mixedInstancesPolicy.instancesDistribution";

const manyKindsOfHosts = allOf(
  resourceRule(
    {
      type: HOSTS,
      problem: (group, graph) => {
        const zones = new Set(graph.references(group, "vpcZoneIdentifiers", SUBNET).map(zoneOf));
        return zones.size === 1 && !zones.has(undefined) ? "stands in one zone" : undefined;
      },
      fix: "give it subnets in two zones or more",
      broken: (group, graph) => [
        {
          title: "one subnet",
          graph: referringTo(
            graph,
            group,
            "vpcZoneIdentifiers",
            graph.references(group, "vpcZoneIdentifiers", SUBNET).slice(0, 1),
          ),
        },
      ],
    },
    {
      type: HOSTS,
      of: hasSpot,
      problem: (group) =>
        inputAt(group, "capacityRebalance") === true
          ? undefined
          : "loses Spot hosts before others have come",
      fix: "set capacityRebalance to true",
      broken: (group, graph) => [
        { title: "no rebalance", graph: withInput(graph, group, "capacityRebalance", false) },
      ],
    },
  ),
  inputRule(
    {
      type: HOSTS,
      path: OVERRIDES,
      holds: (value) => listOf(value).length >= 2,
      message: "has one type of instance, which may be sold out",
      fix: "name two types or more under cluster.ec2.instanceTypes",
      wrong: [[{ instanceType: "t3.medium" }], undefined],
    },
    {
      type: HOSTS,
      path: `${DISTRIBUTION}.spotAllocationStrategy`,
      holds: (value) => value === "price-capacity-optimized",
      message: "takes Spot hosts from where they are soonest taken back",
      fix: "set spotAllocationStrategy to price-capacity-optimized",
      wrong: ["lowest-price", undefined],
    },
    {
      type: HOSTS,
      path: LAUNCH_CONFIGURATION,
      holds: isAbsent,
      message: "uses a launch configuration, which AWS no longer improves",
      fix: "use a launch template",
      wrong: ["old"],
    },
  ),
);

/** Whether a template is for container hosts, and not for one instance. */
function isOfHosts(template: PolicyResource, graph: Graph): boolean {
  return graph.referrers(template, HOSTS, "mixedInstancesPolicy").length > 0;
}

/** The provider has some switches as text. */
export function isTrue(value: unknown): boolean {
  return value === true || value === "true" || value === UNKNOWN;
}

export const hostControls: readonly Control[] = [
  {
    id: "EC2-01",
    title: "Instances hand out credentials only to who asks with a token (IMDSv2)",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["EC2.170", "AutoScaling.3", "CIS 6.7", "CKV_AWS_79"],
    status: { kind: "held" },
    rule: metadataByToken,
  },
  {
    id: "EC2-02",
    title: "Containers do not reach their host's credentials, and hosts have no public address",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["AutoScaling.4", "EC2.25", "CKV_AWS_341", "CKV_AWS_88", "cdk-nag EC28"],
    status: { kind: "held" },
    rule: unreachable,
  },
  {
    id: "EC2-04",
    title: "Every disk is encrypted",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["EC2.181", "CKV_AWS_8", "cdk-nag EC26"],
    status: { kind: "held" },
    rule: encryptedDisks,
  },
  {
    id: "EC2-05",
    title: "Hosts are of several types, in several zones, and Spot hosts are replaced in time",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["AutoScaling.2", "AutoScaling.6", "AutoScaling.9", "CKV_AWS_315", "seed 004"],
    status: { kind: "held" },
    rule: manyKindsOfHosts,
  },
];
