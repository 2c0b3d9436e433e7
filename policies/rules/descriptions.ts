import type { Control } from "../control";
import type { PolicyResource, Value } from "../graph";
import { twin, withResource } from "../mutants";
import { allOf, inputRule, resourceRule } from "../rule";
import { EGRESS, GROUP, INGRESS } from "../traffic";
import { isAbsent } from "../values";

const ADDRESS = "aws:ec2/eip:Eip";
/** What belongs to a group without using it. */
const OWN_RULES: ReadonlySet<string> = new Set([INGRESS, EGRESS]);

const described = inputRule(
  ...[GROUP, INGRESS, EGRESS].map((type) => ({
    type,
    path: "description",
    // What the provider puts where nothing is given.
    holds: (value: Value | undefined) => !isAbsent(value) && value !== "Managed by Pulumi",
    message: "does not say what it is for",
    fix: "give it a description",
    wrong: ["", undefined, "Managed by Pulumi"],
  })),
);

const unused = resourceRule(
  ...[GROUP, ADDRESS].map((type) => ({
    type,
    problem: (
      resource: PolicyResource,
      { resources }: { resources: readonly PolicyResource[] },
    ) => {
      const isUsed = resources.some(
        (other) =>
          !OWN_RULES.has(other.type) &&
          Object.values(other.propertyDependencies).some((urns) => urns.includes(resource.urn)),
      );
      const isAttached = Object.values(resource.propertyDependencies).some(
        (urns) => urns.length > 0,
      );
      return isUsed || (type === ADDRESS && isAttached) ? undefined : "is used by nothing";
    },
    fix: "remove it",
    broken: (resource: PolicyResource, graph: Parameters<typeof withResource>[0]) => {
      const spare = { ...twin(resource, `${resource.name}-spare`, {}), propertyDependencies: {} };
      return [{ title: "a spare one", graph: withResource(graph, spare), finds: spare.urn }];
    },
  })),
);

export const descriptionControls: readonly Control[] = [
  {
    id: "NET-13",
    title: "Security groups and their rules say what they are for, and none is left over",
    severity: "low",
    appliesTo: "every-stack",
    sources: ["CKV_AWS_23", "cdk-nag EC27", "AWS-0099", "AWS-0124", "CKV2_AWS_5", "CKV2_AWS_19"],
    status: { kind: "held" },
    rule: allOf(described, unused),
  },
];
