import type { Control } from "../control";
import type { Graph, PolicyResource } from "../graph";
import { twin, withResource } from "../mutants";
import type { Finding, Rule } from "../rule";
import { EGRESS, GROUP, INGRESS, isOpen, passages } from "../traffic";
import { changed } from "./security-groups";

const noWayOutForEverything: Rule = {
  check: (graph) => [
    ...passages(graph, "egress")
      .filter((passage) => isOpen(passage) && passage.ports[0] !== passage.ports[1])
      .map(({ resource }) => ({
        resource,
        message: "lets more than one port out to the whole internet",
        fix: "name the ports",
      })),
    ...databaseGroups(graph).flatMap((group) =>
      passages(graph, "egress")
        .filter((passage) => passage.group === group)
        .map(({ resource }) => ({
          resource,
          message: "lets a database open connections of its own",
          fix: "remove it: answers need no rule",
        })),
    ),
  ],
  mutants: (graph) => [
    ...graph.ofType(EGRESS).flatMap((resource) =>
      [
        { cidrIpv4: "0.0.0.0/0", ipProtocol: "-1", fromPort: undefined, toPort: undefined },
        { cidrIpv6: "::/0", ipProtocol: "tcp", fromPort: 0, toPort: 65535 },
      ].map((wrong) => changed(graph, resource, wrong)),
    ),
    ...databaseGroups(graph).flatMap((group) =>
      graph
        .ofType(EGRESS)
        .slice(0, 1)
        .map((resource) => {
          const out = twin(resource, "database-out", {
            cidrIpv4: "10.0.0.1/32",
            cidrIpv6: undefined,
          });
          const propertyDependencies = { securityGroupId: [group.urn] };
          return {
            title: `${group.name}: out to one address`,
            graph: withResource(graph, { ...out, propertyDependencies }),
            finds: out.urn,
          };
        }),
    ),
  ],
};

const onlyGroups: Rule = {
  check: (graph) => {
    const groups = [...databaseGroups(graph), ...taskGroups(graph)];
    return passages(graph, "ingress")
      .filter(
        ({ group, namesGroup }) => group !== undefined && groups.includes(group) && !namesGroup,
      )
      .map(({ resource }): Finding => ({
        resource,
        message: "lets addresses in to tasks or data, where it could name a security group",
        fix: "name the security group that the requests come from",
      }));
  },
  mutants: (graph) => {
    const groups = [...databaseGroups(graph), ...taskGroups(graph)];
    return graph
      .ofType(INGRESS)
      .filter((rule) =>
        graph.references(rule, "securityGroupId", GROUP).some((group) => groups.includes(group)),
      )
      .map((rule) => changed(graph, rule, { cidrIpv4: "10.0.0.0/16" }));
  },
};

/** Inputs by which databases and caches name their groups. */
const DATA: readonly (readonly [type: string, input: string])[] = [
  ["aws:rds/instance:Instance", "vpcSecurityGroupIds"],
  ["aws:rds/cluster:Cluster", "vpcSecurityGroupIds"],
  ["aws:elasticache/replicationGroup:ReplicationGroup", "securityGroupIds"],
  ["aws:elasticache/serverlessCache:ServerlessCache", "securityGroupIds"],
];

function databaseGroups(graph: Graph): readonly PolicyResource[] {
  return groupsOf(graph, DATA);
}

function taskGroups(graph: Graph): readonly PolicyResource[] {
  return groupsOf(graph, [["aws:ecs/service:Service", "networkConfiguration"]]);
}

function groupsOf(
  graph: Graph,
  users: readonly (readonly [type: string, input: string])[],
): readonly PolicyResource[] {
  return users.flatMap(([type, input]) =>
    graph.ofType(type).flatMap((user) => graph.references(user, input, GROUP)),
  );
}

export const groupMemberControls: readonly Control[] = [
  {
    id: "NET-12",
    title: "No group lets everything out, and databases open no connections",
    severity: "critical",
    appliesTo: "every-stack",
    sources: ["CKV_AWS_382", "AWS-0104"],
    status: { kind: "held" },
    rule: noWayOutForEverything,
  },
  {
    id: "NET-14",
    title: "Tasks, databases and caches are reached from named security groups, not addresses",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["seed 002", "seed 004"],
    status: { kind: "held" },
    rule: onlyGroups,
  },
];
