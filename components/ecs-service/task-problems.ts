import { joinKey } from "../support/parse-settings";
import type { Problem } from "../support/problem";
import { mapOf } from "../support/rules";
import { capacityProblems } from "./capacity";
import { connectionParts, connectionProblems } from "./connection";
import type { TaskNeighbours } from "./task";
import { TRACE_COLLECTOR } from "./tracing";

type Given = Readonly<Record<string, unknown>>;

/** What is wrong between a task's settings, as they were given, and what stands around it. */
export function taskProblems(name: string, neighbours: TaskNeighbours, given: Given): Problem[] {
  const { cluster, network, connections = {}, fileSystems = {}, vault } = neighbours;
  return [
    ...connectionProblems("", given, connectionParts(connections)),
    ...capacityProblems("", mapOf(given["capacity"]), {
      hasEc2: cluster.ec2CapacityProviderName !== undefined,
      hasFargate: cluster.fargate ?? true,
    }),
    ...ownNameProblems("", name, given),
    ...fileSystemProblems("", given, Object.keys(fileSystems)),
    ...vaultProblems("", given, vault !== undefined),
    ...(given["publicIpBecause"] !== undefined && network.publicSubnetIds === undefined
      ? [PUBLIC_SUBNETS_MISSING]
      : []),
  ];
}

/** A service that is found by Service Connect, or calls one that is, needs the namespace of its cluster. */
export function namespaceProblems(
  { cluster, connections = {} }: Pick<TaskNeighbours, "cluster" | "connections">,
  hasConnect: boolean,
): Problem[] {
  const needs = [
    ...(hasConnect ? ["connect"] : []),
    ...Object.entries(connections)
      .filter(([, { connection }]) => connection.isFoundByServiceConnect)
      .map(([key]) => `connections.${key}`),
  ];
  return needs.length === 0 || cluster.serviceConnectNamespaceArn !== undefined
    ? []
    : [
        {
          key: "cluster.serviceConnectNamespaceArn",
          value: undefined,
          rule: `is required with ${needs.join(", ")}`,
          allowed: "an EcsCluster with serviceConnect, or the ARN of a namespace",
          fix: "turn serviceConnect on in the cluster",
        },
      ];
}

/** ECS knows the task's own container by the task's name. */
export function ownNameProblems(base: string, name: string, given: Given): Problem[] {
  const isTraced = given["tracing"] !== undefined && name === TRACE_COLLECTOR;
  return [
    ...["sidecars", "initContainers"]
      .filter((section) => Object.hasOwn(mapOf(given[section]), name))
      .map((section) => [section, name]),
    ...(isTraced ? [["tracing"]] : []),
  ].map((path) => ({
    key: joinKey(base, path),
    value: name,
    rule: "is the name of the task's own container",
    allowed: `any other name than ${name}`,
    fix: "rename it",
  }));
}

export function fileSystemProblems(
  base: string,
  { volumes }: Given,
  fileSystems: readonly string[],
): Problem[] {
  return Object.entries(mapOf(volumes)).flatMap(([name, volume]) => {
    const { fileSystem } = mapOf(volume);
    return typeof fileSystem !== "string" || fileSystems.includes(fileSystem)
      ? []
      : [
          {
            key: joinKey(base, ["volumes", name, "fileSystem"]),
            value: fileSystem,
            rule: "names no file system that is there",
            allowed:
              fileSystems.length === 0 ? "none: there is no file system" : fileSystems.join(", "),
            fix: "correct the name, or add the file system",
          },
        ];
  });
}

/** Keys of a vault that is not there, and variables that something else gives, too. */
export function vaultProblems(base: string, given: Given, hasVault: boolean): Problem[] {
  const { vaultKeys } = given;
  const keys: unknown[] = Array.isArray(vaultKeys) ? vaultKeys : [];
  if (!hasVault) {
    return keys.length === 0
      ? []
      : [
          {
            key: joinKey(base, ["vaultKeys"]),
            value: vaultKeys,
            rule: "needs a vault",
            allowed: "no keys without a vault",
            fix: "give it a vault, or remove vaultKeys",
          },
        ];
  }
  const variables = new Set(["PORT", ...keys.map(String)]);
  return ["environment", "secrets"].flatMap((kind) =>
    Object.keys(mapOf(given[kind]))
      .filter((variable) => variables.has(variable))
      .map((variable) => ({
        key: joinKey(base, [kind, variable]),
        value: kind === "secrets" ? "(hidden)" : mapOf(given[kind])[variable],
        rule: "is a variable that the vault gives",
        allowed: `any other name than ${[...variables].join(", ")}`,
        fix: "remove it, or rename it",
      })),
  );
}

const PUBLIC_SUBNETS_MISSING: Problem = {
  key: "network.publicSubnetIds",
  value: undefined,
  rule: "is required with publicIpBecause",
  allowed: "ids of subnets that have a route to an internet gateway",
  fix: "pass a Network, or the ids",
};
