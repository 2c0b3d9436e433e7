import type { Control } from "../control";
import type { Graph, PolicyResource, ValueMap } from "../graph";
import { without } from "../mutants";
import { inputRule, type Rule } from "../rule";
import { inputAt, isMap, mapsOf, textOf } from "../values";
import { CLUSTER, INSTANCE, isNoReplica, MEMBER } from "./database-types";

export const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const SERVICE = "aws:ecs/service:Service";
const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
const NAT = "aws:ec2/natGateway:NatGateway";
const SCALING = "aws:appautoscaling/policy:Policy";

/** Metrics whose silence means that nothing is left to report. */
const SILENCE_IS_BAD = ["RunningTaskCount", "HealthyHostCount"];

/** What must be watched of a resource: of each entry one metric, whichever of them its kind has. */
interface Watch {
  readonly type: string;
  readonly metrics: readonly (readonly string[])[];
  readonly of?: (resource: PolicyResource, graph: Graph) => boolean;
  /** What the alarms are made of in its place. */
  readonly by?: (resource: PolicyResource, graph: Graph) => readonly PolicyResource[];
}

const WATCHED: readonly Watch[] = [
  {
    type: SERVICE,
    metrics: [["CPUUtilization"], ["MemoryUtilization"]],
  },
  {
    type: SERVICE,
    metrics: [SILENCE_IS_BAD],
    by: (service, graph) => [service, ...targetGroupsOf(service, graph)],
  },
  {
    type: SERVICE,
    metrics: [["HTTPCode_Target_5XX_Count"], ["UnHealthyHostCount"], ["TargetResponseTime"]],
    of: (service, graph) => targetGroupsOf(service, graph).length > 0,
    by: targetGroupsOf,
  },
  {
    type: INSTANCE,
    metrics: [["CPUUtilization"], ["FreeStorageSpace"], ["DatabaseConnections"]],
    of: isNoReplica,
  },
  { type: INSTANCE, metrics: [["ReplicaLag"]], of: (instance) => !isNoReplica(instance) },
  { type: CLUSTER, metrics: [["CPUUtilization", "ACUUtilization"], ["DatabaseConnections"]] },
  {
    type: CLUSTER,
    metrics: [["AuroraReplicaLagMaximum"]],
    of: (cluster, graph) => graph.referrers(cluster, MEMBER, "clusterIdentifier").length > 1,
  },
  { type: NAT, metrics: [["ErrorPortAllocation"]] },
];

/** Those that a service has requests from, one or the two that it changes between. */
function targetGroupsOf(service: PolicyResource, graph: Graph): readonly PolicyResource[] {
  return graph.references(service, "loadBalancers", TARGET_GROUP);
}

/** MON-02: each part of a stack that can fail has somebody who hears of it. */
const watchesAll: Rule = {
  check: (graph) =>
    watches(graph)
      .filter(({ alarms }) => alarms.length === 0)
      .map(({ resource, metrics }) => ({
        resource,
        message: `has no alarm on ${metrics.join(" or ")}`,
        fix: "remove what keeps the section monitoring from making it",
      })),
  mutants: (graph) =>
    watches(graph).map(({ resource, metrics, alarms }) => ({
      title: `${resource.name}: without an alarm on ${metrics.join(" or ")}`,
      graph: without(graph, ...alarms),
      finds: resource.urn,
    })),
};

/** What must be watched, and the alarms that do. */
function watches(graph: Graph) {
  return WATCHED.flatMap(({ type, metrics, of = () => true, by = (one) => [one] }) =>
    graph
      .ofType(type)
      .filter((resource) => of(resource, graph))
      .flatMap((resource) =>
        metrics.map((wanted) => ({
          resource,
          metrics: wanted,
          alarms: by(resource, graph).flatMap((part) => alarmsOf(graph, part, wanted)),
        })),
      ),
  );
}

/** The alarms on one of these metrics of a resource. */
function alarmsOf(
  graph: Graph,
  resource: PolicyResource,
  metrics: readonly string[],
): readonly PolicyResource[] {
  return ["dimensions", "metricQueries"]
    .flatMap((input) => graph.referrers(resource, ALARM, input))
    .filter((alarm) => metricsOf(alarm).some((metric) => metrics.includes(metric)));
}

/** The names of an alarm's metrics, whether it has one or combines several. */
function metricsOf(alarm: PolicyResource): string[] {
  const queries = mapsOf(inputAt(alarm, "metricQueries"))
    .map(({ metric }) => metric)
    .filter((metric): metric is ValueMap => isMap(metric));
  return [inputAt(alarm, "metricName"), ...queries.map(({ metricName }) => metricName)].filter(
    (name) => typeof name === "string",
  );
}

type Subject = readonly [alarm: PolicyResource, graph: Graph];

/** Others are for machines: they scale a service, or have ECS take a deployment back. */
function tellsPeople(...[alarm, graph]: Subject): boolean {
  return (
    graph.references(alarm, "alarmActions", SCALING).length === 0 &&
    graph.referrers(alarm, SERVICE, "alarms").length === 0
  );
}

/** A metric of AWS goes on; lines that are counted in a log are over as soon as they are there. */
function isState(alarm: PolicyResource): boolean {
  const namespace = inputAt(alarm, "namespace");
  return namespace === undefined || /^(AWS|ECS)\//.test(textOf(namespace));
}

export const alarmControls: readonly Control[] = [
  {
    id: "MON-01",
    title: "Alarms tell somebody, also when all is well again, and know what silence means",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["CloudWatch.15", "CloudWatch.17", "CKV_AWS_319"],
    status: { kind: "held", setting: "monitoring.silencedBecause" },
    rule: inputRule(
      ...[
        { path: "alarmActions", of: tellsPeople },
        { path: "okActions", of: (...of: Subject) => tellsPeople(...of) && isState(of[0]) },
      ].map(({ path, of }) => ({
        type: ALARM,
        of,
        path,
        holds: (value: unknown) => Array.isArray(value) && value.length > 0,
        message: `tells nobody: ${path} is empty`,
        fix: "remove monitoring.silencedBecause",
        wrong: [[], undefined],
      })),
      {
        type: ALARM,
        path: "actionsEnabled",
        // Nights of off-hours turn it off in AWS, not in the program.
        holds: (value) => value !== false,
        message: "tells nobody: its actions are turned off",
        fix: "remove actionsEnabled",
        wrong: [false],
      },
      {
        type: ALARM,
        of: (alarm) =>
          inputAt(alarm, "comparisonOperator") === "LessThanThreshold" &&
          metricsOf(alarm).some((metric) => SILENCE_IS_BAD.includes(metric)),
        path: "treatMissingData",
        holds: (value) => value === "breaching",
        message: "is quiet when nothing is left to report",
        fix: "set treatMissingData to breaching",
        wrong: ["notBreaching", "missing", undefined],
      },
    ),
  },
  {
    id: "MON-02",
    title: "Services, databases and ways out have the alarms of the seeds",
    severity: "medium",
    appliesTo: "production",
    sources: ["seed 002", "REL06"],
    status: { kind: "held", setting: "monitoring.noAlarmsBecause" },
    rule: watchesAll,
  },
];
