import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { joinKey } from "../support/parse-settings";
import type { Problem } from "../support/problem";
import { ruleAcross } from "../support/rules";

const capacityShare = z.strictObject({
  base: z.int().min(0).max(100000).default(0).describe("Tasks that run here before weights count."),
  weight: z.int().min(0).max(1000).default(1).describe("Share of the other tasks."),
});

export const capacity = ruleAcross(
  ruleAcross(
    z.strictObject({
      FARGATE: capacityShare.optional().describe("On-demand capacity."),
      FARGATE_SPOT: capacityShare
        .optional()
        .describe(
          "Spare capacity, about 70 % cheaper. AWS may stop its tasks with 2 minutes' notice.",
        ),
      EC2: capacityShare
        .optional()
        .describe("The hosts of the cluster, which needs ec2. Stands alone."),
    }),
    ["EC2"],
    ({ EC2, FARGATE, FARGATE_SPOT }) =>
      EC2 === undefined || (FARGATE === undefined && FARGATE_SPOT === undefined),
    {
      rule: "cannot stand beside FARGATE or FARGATE_SPOT: ECS takes one kind of capacity in a service",
      allowed: "EC2 alone, or FARGATE, FARGATE_SPOT or both",
      fix: "remove EC2, or the other two",
    },
  ),
  [],
  (shares) => {
    const given = Object.values(shares).filter(
      (share) => typeof share === "object" && share !== null,
    );
    return (
      given.some(({ weight = 1 }) => weight > 0) &&
      given.filter(({ base = 0 }) => base > 0).length <= 1
    );
  },
  {
    rule: "is not a mixture that ECS takes",
    allowed:
      "EC2 alone, or FARGATE, FARGATE_SPOT or both; one weight above 0, a base above 0 on one of them",
    fix: "give, for example, FARGATE: {base: 1, weight: 1} and FARGATE_SPOT: {weight: 4}",
  },
);

export type Capacity = z.output<typeof capacity>;

/** What a cluster offers; an `EcsCluster` will do. */
export interface ClusterCapacity {
  /** Name of the capacity provider of its own hosts; undefined where it has none. */
  readonly ec2CapacityProviderName?: pulumi.Input<string>;
  /** Whether it offers Fargate and Fargate Spot. Default true. */
  readonly fargate?: boolean;
}

/** Whether tasks run on the cluster's own hosts instead of on Fargate. */
export function runsOnEc2(given: { readonly EC2?: unknown } | undefined): boolean {
  return given?.EC2 !== undefined;
}

/** The strategy as ECS takes it, in a fixed order: the order of the stack file means nothing. */
export function capacityProviderStrategies(
  { FARGATE, FARGATE_SPOT, EC2 }: Capacity,
  cluster: ClusterCapacity,
): { capacityProvider: pulumi.Input<string>; base: number; weight: number }[] {
  const shares: [pulumi.Input<string> | undefined, typeof EC2][] = [
    ["FARGATE", FARGATE],
    ["FARGATE_SPOT", FARGATE_SPOT],
    [cluster.ec2CapacityProviderName, EC2],
  ];
  return shares.flatMap(([capacityProvider, share]) =>
    capacityProvider === undefined || share === undefined
      ? []
      : [{ capacityProvider, base: share.base, weight: share.weight }],
  );
}

/** Capacity that the cluster at hand does not have. */
export function capacityProblems(
  base: string,
  given: z.input<typeof capacity> | undefined,
  { hasEc2, hasFargate }: { readonly hasEc2: boolean; readonly hasFargate: boolean },
): Problem[] {
  const key = joinKey(base, ["capacity"]);
  if (runsOnEc2(given)) {
    return hasEc2
      ? []
      : [
          {
            key,
            value: given,
            rule: "names EC2, and the cluster has no hosts",
            allowed: "FARGATE, FARGATE_SPOT or both",
            fix: "add ec2 to the cluster, or take Fargate",
          },
        ];
  }
  return hasFargate
    ? []
    : [
        {
          key,
          value: given,
          rule: "is Fargate, also when it is left out, and the cluster has fargate: false",
          allowed: "EC2",
          fix: "give EC2: {}, or remove fargate: false from the cluster",
        },
      ];
}

/**
 * Over zones first, then over hosts. On Fargate there is nothing to say: it spreads over the zones of its subnets by
 * itself, and refuses strategies.
 */
export function placementStrategies(
  given: Capacity,
): Pick<aws.ecs.ServiceArgs, "orderedPlacementStrategies"> {
  if (!runsOnEc2(given)) return {};
  return {
    orderedPlacementStrategies: [
      { type: "spread", field: "attribute:ecs.availability-zone" },
      { type: "spread", field: "instanceId" },
    ],
  };
}
