import type * as pulumi from "@pulumi/pulumi";
import { SpotFallback } from "../components";
import { hasSpot } from "../components/ecs-cluster/ec2-settings";
import type { PlatformConfig } from "./config";
import type { Region } from "./outputs";

/** What moves a region's services and hosts to on-demand capacity when Spot is short; undefined without spotFallback. */
export function createSpotFallback(
  config: PlatformConfig,
  { cluster, services, monitoring }: Pick<Region, "cluster" | "services" | "monitoring">,
  opts: pulumi.ComponentResourceOptions,
): SpotFallback | undefined {
  if (config.spotFallback === undefined) return undefined;
  const { except, ...settings } = config.spotFallback;
  const { ec2 } = config.cluster;
  return new SpotFallback(
    "spot-fallback",
    {
      ...settings,
      cluster,
      services: Object.fromEntries(
        Object.entries(services).flatMap(([name, { serviceArn }]) => {
          const { FARGATE, FARGATE_SPOT } = config.services[name]?.capacity ?? {};
          if (FARGATE_SPOT === undefined || except.includes(name)) return [];
          const strategy = [
            ...(FARGATE ? [{ capacityProvider: "FARGATE", ...FARGATE }] : []),
            { capacityProvider: "FARGATE_SPOT", ...FARGATE_SPOT },
          ];
          return [[name, { serviceArn, strategy }]];
        }),
      ),
      ...(ec2 &&
        hasSpot(ec2) &&
        cluster.hostGroupName && {
          hosts: {
            groupName: cluster.hostGroupName,
            distribution: {
              onDemandBase: ec2.onDemandBase,
              onDemandPercentageAboveBase: ec2.onDemandPercentageAboveBase,
              spotAllocationStrategy: ec2.spotAllocationStrategy,
            },
          },
        }),
      telling: monitoring.telling,
    },
    opts,
  );
}
