import * as pulumi from "@pulumi/pulumi";

/** One share of a capacity provider strategy. */
export interface Share {
  readonly capacityProvider: string;
  readonly base: number;
  readonly weight: number;
}

/** How an Auto Scaling group is shared out between on-demand and Spot hosts. */
export interface Distribution {
  readonly onDemandBase: number;
  readonly onDemandPercentageAboveBase: number;
  readonly spotAllocationStrategy: string;
}

/** Everything that runs on Spot capacity. */
export interface SpotUsers {
  /** Services with a share of FARGATE_SPOT, by name. */
  readonly services?: Readonly<
    Record<
      string,
      { readonly serviceArn: pulumi.Input<string>; readonly strategy: readonly Share[] }
    >
  >;
  /** Container hosts some of which are Spot. */
  readonly hosts?:
    { readonly groupName: pulumi.Input<string>; readonly distribution: Distribution } | undefined;
}

/** The same as the function reads it. */
export interface Plan {
  readonly services: Readonly<
    Record<string, { readonly serviceArn: string; readonly strategy: readonly Share[] }>
  >;
  readonly hosts?: { readonly groupName: string; readonly distribution: Distribution };
  readonly returnAfterMinutes: number;
  /** Where it counts what has fallen back. */
  readonly metric: { readonly namespace: string; readonly clusterName: string };
}

/** All of them, once everything about them is known. */
export function planOf(
  { services = {}, hosts }: SpotUsers,
  returnAfterMinutes: number,
  clusterName: pulumi.Input<string>,
): pulumi.Output<Plan> {
  const known = Object.entries(services).map(([name, { serviceArn, strategy }]) =>
    pulumi
      .output(serviceArn)
      .apply((arn): [string, Plan["services"][string]] => [name, { serviceArn: arn, strategy }]),
  );
  return pulumi
    .all([pulumi.all(known), pulumi.output(hosts?.groupName), clusterName])
    .apply(([entries, groupName, cluster]) => ({
      services: Object.fromEntries(entries),
      ...(hosts !== undefined &&
        groupName !== undefined && { hosts: { groupName, distribution: hosts.distribution } }),
      returnAfterMinutes,
      metric: { namespace: NAMESPACE, clusterName: cluster },
    }));
}

export const NAMESPACE = "EcsPlatform/SpotFallback";
export const METRIC = "OnDemandInPlaceOfSpot";
