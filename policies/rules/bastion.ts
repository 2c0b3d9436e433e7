import type { Control } from "../control";
import type { Graph, PolicyResource } from "../graph";
import { referringTo, twin, withInput, withResource } from "../mutants";
import { allOf, inputRule, resourceRule } from "../rule";
import { GROUP, INGRESS, passages } from "../traffic";
import { inputAt, isAbsent, mapsOf } from "../values";
import { isTrue, TEMPLATE } from "./hosts";
import { isSet, SUBNET, tierOf } from "./subnets";

const INSTANCE = "aws:ec2/instance:Instance";

/** A NAT instance passes on what is not for it, and stands in a public subnet. */
function isNoNat(instance: PolicyResource): boolean {
  return inputAt(instance, "sourceDestCheck") !== false;
}

const unreachable = allOf(
  resourceRule(
    {
      type: INSTANCE,
      of: isNoNat,
      problem: (instance, graph) =>
        graph.references(instance, "subnetId", SUBNET).some((subnet) => tierOf(subnet) === "public")
          ? "stands in a public subnet"
          : undefined,
      fix: "put it into a private subnet",
      broken: (instance, graph) => {
        const open = graph.ofType(SUBNET).filter((subnet) => tierOf(subnet) === "public");
        if (open.length === 0) return [];
        return [{ title: "in public", graph: referringTo(graph, instance, "subnetId", open) }];
      },
    },
    {
      type: INSTANCE,
      of: isNoNat,
      problem: (instance, graph) =>
        groupsOf(instance, graph).some((group) =>
          passages(graph, "ingress").some((passage) => passage.group === group),
        )
          ? "lets connections in"
          : undefined,
      fix: "remove them: Session Manager connects from within",
      broken: (instance, graph) =>
        groupsOf(instance, graph).flatMap((group) =>
          graph
            .ofType(INGRESS)
            .slice(0, 1)
            .map((rule) => ({
              title: "a way in",
              graph: withResource(graph, {
                ...twin(rule, "way-in", {}),
                propertyDependencies: { securityGroupId: [group.urn] },
              }),
            })),
        ),
    },
  ),
  inputRule(
    {
      type: INSTANCE,
      of: isNoNat,
      path: "associatePublicIpAddress",
      holds: (value) => value !== true,
      message: "has a public address",
      fix: "remove associatePublicIpAddress",
      wrong: [true],
    },
    ...[INSTANCE, TEMPLATE].map((type) => ({
      type,
      path: "keyName",
      holds: isAbsent,
      message: "takes a key that somebody keeps",
      fix: "remove keyName: people come by Session Manager",
      wrong: ["ssh-key"],
    })),
  ),
);

/** What an instance is given itself, or by its template. */
const hardened = resourceRule({
  type: INSTANCE,
  problem: (instance, graph) => {
    const [template] = graph.references(instance, "launchTemplate", TEMPLATE);
    const given = (own: string, inTemplate: string) =>
      inputAt(instance, own) ?? (template && inputAt(template, inTemplate));
    const disks = template === undefined ? [] : mapsOf(inputAt(template, "blockDeviceMappings"));
    const isEncrypted =
      isTrue(inputAt(instance, "rootBlockDevice.encrypted")) ||
      disks.some(({ ebs }) => isTrue((ebs as { encrypted?: unknown } | undefined)?.encrypted));
    if (given("metadataOptions.httpTokens", "metadataOptions.httpTokens") !== "required") {
      return "hands out its role's credentials without a token";
    }
    if (!isEncrypted) return "has a disk that is not encrypted";
    if (!isTrue(given("monitoring", "monitoring.enabled"))) return "is measured every five minutes";
    const hasRole =
      isSet(instance, "iamInstanceProfile") ||
      (template !== undefined && inputAt(template, "iamInstanceProfile") !== undefined);
    return hasRole ? undefined : "has no role, so that Session Manager does not reach it";
  },
  fix: "give it IMDSv2, an encrypted disk, monitoring and an instance profile",
  broken: (instance, graph) => {
    const [template] = graph.references(instance, "launchTemplate", TEMPLATE);
    return [
      { title: "no monitoring", graph: withInput(graph, instance, "monitoring", false) },
      ...(template === undefined
        ? []
        : [
            ["metadataOptions.httpTokens", "optional"],
            ["blockDeviceMappings.0.ebs.encrypted", "false"],
            ["iamInstanceProfile", undefined],
          ].map(([path = "", value]) => ({
            title: `${path} ${value ?? "missing"}`,
            graph: withInput(graph, template, path, value),
          }))),
    ];
  },
});

function groupsOf(instance: PolicyResource, graph: Graph): readonly PolicyResource[] {
  return [
    ...graph.references(instance, "vpcSecurityGroupIds", GROUP),
    ...graph
      .references(instance, "launchTemplate", TEMPLATE)
      .flatMap((template) => graph.references(template, "vpcSecurityGroupIds", GROUP)),
  ];
}

export const bastionControls: readonly Control[] = [
  {
    id: "BAS-01",
    title: "Nobody connects to the bastion: no address, no key, no open port",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["EC2.9", "SSM.1", "CKV_AWS_88"],
    status: { kind: "held" },
    rule: unreachable,
  },
  {
    id: "BAS-02",
    title: "The bastion has IMDSv2, an encrypted disk, a role and monitoring",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["EC2.8", "CKV_AWS_79", "CKV_AWS_8", "CKV_AWS_126", "CKV_AWS_135", "CKV2_AWS_41"],
    status: { kind: "held" },
    rule: hardened,
  },
];
