import type { Control } from "../control";
import type { Graph, PolicyResource, Value } from "../graph";
import { referringTo, withResource } from "../mutants";
import { inputRule, type Rule } from "../rule";
import { inputAt, isAbsent } from "../values";
import { CLUSTER, INSTANCE, isNoReplica } from "./database-types";

const SUBNET_GROUP = "aws:rds/subnetGroup:SubnetGroup";
const SUBNET = "aws:ec2/subnet:Subnet";
const PROXY = "aws:rds/proxy:Proxy";
/** Users that every attacker tries first. */
const COMMON_USERS: readonly unknown[] = [
  "postgres",
  "admin",
  "root",
  "master",
  "rdsadmin",
  "administrator",
];

/** RDS-14: RDS makes the password up, or Pulumi knows it for a secret. */
const keepsPassword: Rule = {
  check: (graph) =>
    passwordsOf(graph).flatMap(({ resource, input }) =>
      inputAt(resource, "manageMasterUserPassword") === true ||
      isAbsent(inputAt(resource, input)) ||
      resource.isSecret?.(input) !== false
        ? []
        : [
            {
              resource,
              message: "has a password that anybody reads who sees the state or a preview",
              fix: "let RDS make it up (databases.NAME.password: managed), or wrap it in pulumi.secret",
            },
          ],
    ),
  mutants: (graph) =>
    passwordsOf(graph).map(({ resource, input }) => {
      const inputs = { ...resource.inputs, manageMasterUserPassword: false, [input]: "hunter2" };
      return {
        title: `${resource.name}: a password in plain`,
        graph: withResource(graph, { ...resource, inputs, isSecret: () => false }),
        finds: resource.urn,
      };
    }),
};

/** RDS-16: only subnets that nobody reaches from outside, in two zones at least. */
const standsInDataSubnets: Rule = {
  check: (graph) =>
    graph.ofType(SUBNET_GROUP).flatMap((resource) => {
      const subnets = graph.references(resource, "subnetIds", SUBNET);
      // Subnets of an adopted VPC are ids alone: nothing is known of them.
      if (subnets.length === 0) return [];
      const zones = new Set(subnets.map((subnet) => inputAt(subnet, "availabilityZone")));
      const outside = subnets.filter((subnet) => inputAt(subnet, "tags.Tier") !== "data");
      return [
        ...(zones.size < 2
          ? [
              {
                resource,
                message: "lies in one zone",
                fix: "give it the data subnets of two zones or more",
              },
            ]
          : []),
        ...(outside.length > 0
          ? [
              {
                resource,
                message: `has ${outside.map(({ name }) => name).join(", ")}, not of the data tier`,
                fix: "give it network.dataSubnetIds",
              },
            ]
          : []),
      ];
    }),
  mutants: (graph) =>
    graph.ofType(SUBNET_GROUP).flatMap((group) => {
      const [first, ...rest] = graph.references(group, "subnetIds", SUBNET);
      const other = graph.ofType(SUBNET).find((one) => inputAt(one, "tags.Tier") !== "data");
      if (first === undefined || other === undefined) return [];
      return [
        {
          title: `${group.name}: one zone`,
          graph: referringTo(graph, group, "subnetIds", [first]),
          finds: group.urn,
        },
        {
          title: `${group.name}: a subnet of another tier`,
          graph: referringTo(graph, group, "subnetIds", [first, ...rest, other]),
          finds: group.urn,
        },
      ];
    }),
};

/** Who gets in to databases, and how. */
export const databaseAccessControls: readonly Control[] = [
  {
    id: "RDS-13",
    title: "The first user of a database has no name that attackers try",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["RDS.24", "RDS.25", "cdk-nag RDS11"],
    status: { kind: "held" },
    rule: inputRule(
      ...userInputs().map(({ type, path, of }) => ({
        type,
        of,
        path,
        holds: (value: Value | undefined) => !COMMON_USERS.includes(value),
        message: "has a first user whose name attackers try",
        fix: "give databases.NAME.username another name before the database is made",
        wrong: ["postgres", "admin"],
      })),
    ),
  },
  {
    id: "RDS-14",
    title: "No password of a database is written down in plain",
    severity: "critical",
    appliesTo: "every-stack",
    sources: ["seed 000", "seed 004", "RDS user guide"],
    status: { kind: "held" },
    rule: keepsPassword,
  },
  {
    id: "RDS-16",
    title: "Databases stand in data subnets of two zones or more",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["RDS.46"],
    status: { kind: "held" },
    rule: standsInDataSubnets,
  },
  {
    id: "RDS-18",
    title: "A proxy before a database speaks TLS alone",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["RDS.43"],
    status: { kind: "held" },
    rule: inputRule({
      type: PROXY,
      path: "requireTls",
      holds: (value) => value === true,
      message: "takes connections that anybody on the way can read",
      fix: "set requireTls to true",
      wrong: [false, undefined],
    }),
  },
];

/** The inputs with the name of the first user. Replicas have that of their source. */
function userInputs() {
  return [
    { type: INSTANCE, path: "username", of: isNoReplica },
    { type: CLUSTER, path: "masterUsername", of: () => true },
  ];
}

function passwordsOf(graph: Graph): { resource: PolicyResource; input: string }[] {
  return [
    ...graph
      .ofType(INSTANCE)
      .filter(isNoReplica)
      .map((resource) => ({ resource, input: "password" })),
    ...graph.ofType(CLUSTER).map((resource) => ({ resource, input: "masterPassword" })),
  ];
}
