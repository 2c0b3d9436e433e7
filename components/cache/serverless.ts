import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Endpoints } from "./cache";

export interface ServerlessCacheArgs {
  readonly identifier: pulumi.Output<string>;
  readonly engineVersion: string;
  readonly backupRetentionDays: number;
  readonly limits: { readonly maxStorageGiB?: number; readonly maxEcpuPerSecond?: number };
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  readonly securityGroupId: pulumi.Output<string>;
  readonly userGroupId: pulumi.Output<string>;
  readonly protect: boolean;
}

/** A cache that follows the load; AWS spreads it over zones, encrypts it and speaks TLS alone, without being asked. */
export function createServerlessCache(
  name: string,
  args: ServerlessCacheArgs,
  child: pulumi.CustomResourceOptions,
): Endpoints {
  const cache = new aws.elasticache.ServerlessCache(
    `${name}-cache`,
    {
      name: args.identifier,
      description: `Cache ${name}`,
      engine: "valkey",
      majorEngineVersion: args.engineVersion.split(".")[0] ?? "",
      cacheUsageLimits: {
        dataStorage: { maximum: args.limits.maxStorageGiB, unit: "GB" },
        ecpuPerSeconds: [{ maximum: args.limits.maxEcpuPerSecond }],
      },
      subnetIds: args.subnetIds,
      securityGroupIds: [args.securityGroupId],
      userGroupId: args.userGroupId,
      snapshotRetentionLimit: args.backupRetentionDays,
      tags: { Name: name },
    },
    { ...child, protect: args.protect },
  );
  const host = cache.endpoints.apply(([endpoint]) => endpoint?.address ?? "");
  // Its endpoint for reads has a port of its own, for reads that may be older; the first one serves both.
  return { host, readerHost: host };
}
