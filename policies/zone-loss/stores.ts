import type { Graph, PolicyResource } from "../graph";
import { inputAt, isAbsent } from "../values";
import type { Loss } from "./zone-loss";
import { type Place, placeOf } from "./zones";

const RDS_SUBNETS = "aws:rds/subnetGroup:SubnetGroup";
const CACHE_SUBNETS = "aws:elasticache/subnetGroup:SubnetGroup";
const MOUNT_TARGET = "aws:efs/mountTarget:MountTarget";

/** Databases, caches and file systems that are gone with the zone, or may be. */
export function lostStores(graph: Graph, zone: string): Loss[] {
  return [
    ...graph
      .ofType("aws:rds/instance:Instance")
      .filter((instance) => isAbsent(inputAt(instance, "replicateSourceDb")))
      .flatMap((instance) =>
        lossOf(
          instance,
          groupPlace(graph, instance, "dbSubnetGroupName", RDS_SUBNETS, zone),
          zone,
          {
            hasStandby: inputAt(instance, "multiAz") === true,
          },
        ),
      ),
    ...graph.ofType("aws:rds/cluster:Cluster").flatMap((cluster) =>
      lossOf(cluster, groupPlace(graph, cluster, "dbSubnetGroupName", RDS_SUBNETS, zone), zone, {
        hasStandby:
          graph.referrers(cluster, "aws:rds/clusterInstance:ClusterInstance", "clusterIdentifier")
            .length > 1,
      }),
    ),
    ...graph.ofType("aws:elasticache/replicationGroup:ReplicationGroup").flatMap((cache) =>
      lossOf(cache, groupPlace(graph, cache, "subnetGroupName", CACHE_SUBNETS, zone), zone, {
        hasStandby:
          inputAt(cache, "multiAzEnabled") === true &&
          inputAt(cache, "automaticFailoverEnabled") === true,
      }),
    ),
    ...graph
      .ofType("aws:elasticache/serverlessCache:ServerlessCache")
      .flatMap((cache) =>
        lossOf(cache, placeOf(graph, cache, "subnetIds", zone), zone, { hasStandby: true }),
      ),
    ...graph.ofType("aws:efs/fileSystem:FileSystem").flatMap((files) =>
      lossOf(files, mountPlace(graph, files, zone), zone, {
        hasStandby: isAbsent(inputAt(files, "availabilityZoneName")),
      }),
    ),
  ];
}

function lossOf(
  resource: PolicyResource,
  { left, isHit }: Place,
  zone: string,
  { hasStandby }: { readonly hasStandby: boolean },
): Loss[] {
  if (!isHit) return [];
  if (left.length === 0) return [{ resource, message: `has no subnet left without ${zone}` }];
  return hasStandby
    ? []
    : [{ resource, message: `may be in ${zone}, and nothing elsewhere takes over` }];
}

/** Databases and caches name a group of subnets. */
function groupPlace(
  graph: Graph,
  resource: PolicyResource,
  input: string,
  type: string,
  zone: string,
): Place {
  return joined(
    graph
      .references(resource, input, type)
      .map((group) => placeOf(graph, group, "subnetIds", zone)),
  );
}

function mountPlace(graph: Graph, files: PolicyResource, zone: string): Place {
  return joined(
    graph
      .referrers(files, MOUNT_TARGET, "fileSystemId")
      .map((target) => placeOf(graph, target, "subnetId", zone)),
  );
}

function joined(places: readonly Place[]): Place {
  return {
    subnets: places.flatMap(({ subnets }) => subnets),
    left: places.flatMap(({ left }) => left),
    isHit: places.some(({ isHit }) => isHit),
  };
}
