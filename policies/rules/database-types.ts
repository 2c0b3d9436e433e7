import type { Graph, PolicyResource } from "../graph";
import type { InputCondition } from "../rule";
import { inputAt, isAbsent } from "../values";

export const INSTANCE = "aws:rds/instance:Instance";
export const CLUSTER = "aws:rds/cluster:Cluster";
/** An instance of an Aurora cluster: computes, and holds no data. */
export const MEMBER = "aws:rds/clusterInstance:ClusterInstance";

/** Whether an instance holds data of its own. What a replica holds, its source holds. */
export function isNoReplica(instance: PolicyResource): boolean {
  return isAbsent(inputAt(instance, "replicateSourceDb"));
}

/** Everything that holds data: instances but their replicas, and clusters. */
export function databasesOf(graph: Graph): readonly PolicyResource[] {
  return [...graph.ofType(INSTANCE).filter(isNoReplica), ...graph.ofType(CLUSTER)];
}

/** The same condition for everything that holds data: instances but their replicas, and clusters. */
export function ofDatabases(condition: Omit<InputCondition, "type" | "of">): InputCondition[] {
  return [
    { ...condition, type: INSTANCE, of: isNoReplica },
    { ...condition, type: CLUSTER },
  ];
}

/** The same condition for everything that computes: instances with their replicas, and those of clusters. */
export function ofInstances(condition: Omit<InputCondition, "type" | "of">): InputCondition[] {
  return [
    { ...condition, type: INSTANCE },
    { ...condition, type: MEMBER },
  ];
}

/** "mysql" of "aurora-mysql8.0", "postgres" of "aurora-postgresql17"; undefined of other engines. */
export function familyOf(engine: unknown): "mysql" | "postgres" | undefined {
  const [, family] = /^(?:aurora-)?(mysql|postgres)/.exec(String(engine)) ?? [];
  return family as "mysql" | "postgres" | undefined;
}
