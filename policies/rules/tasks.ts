import { TASK } from "../containers";
import type { Control } from "../control";
import { UNKNOWN } from "../graph";
import { referringTo, withInput } from "../mutants";
import { allOf, inputRule, resourceRule } from "../rule";
import { inputAt, isAbsent, mapsOf, valueAt } from "../values";
import { isSet } from "./subnets";

const ROLE = "aws:iam/role:Role";

const ownNamespaces = inputRule(
  {
    type: TASK,
    path: "pidMode",
    holds: (value) => isAbsent(value) || value === "task",
    message: "sees the processes of its host",
    fix: "remove pidMode",
    wrong: ["host"],
  },
  {
    type: TASK,
    path: "ipcMode",
    holds: (value) => value !== "host",
    message: "shares memory with its host",
    fix: "remove ipcMode",
    wrong: ["host"],
  },
);

const ownNetwork = inputRule({
  type: TASK,
  path: "networkMode",
  holds: (value) => value === "awsvpc",
  message: "has no network interface of its own, and so no security group",
  fix: "set networkMode to awsvpc",
  wrong: ["host", "bridge", "none", undefined],
});

/** Two roles: what ECS may do to start the task, and what the code may do. */
const twoRoles = resourceRule({
  type: TASK,
  problem: (task, graph) => {
    const missing = ["executionRoleArn", "taskRoleArn"].find((input) => !isSet(task, input));
    if (missing !== undefined) return `has no ${missing}`;
    const [execution, own] = ["executionRoleArn", "taskRoleArn"].map(
      (input) => graph.references(task, input, ROLE)[0]?.urn ?? inputAt(task, input),
    );
    const isSame = execution === own && execution !== UNKNOWN;
    return isSame ? "gives its code the rights of ECS" : undefined;
  },
  fix: "give it two roles",
  broken: (task, graph) => [
    { title: "no task role", graph: withInput(graph, task, "taskRoleArn", undefined) },
    { title: "no execution role", graph: withInput(graph, task, "executionRoleArn", undefined) },
    {
      title: "one role",
      graph: referringTo(
        graph,
        task,
        "taskRoleArn",
        graph.references(task, "executionRoleArn", ROLE),
      ),
    },
  ],
});

const encryptedFiles = allOf(
  resourceRule({
    type: TASK,
    of: (task) => efsOf(task).length > 0,
    problem: (task) => {
      const isOpen = efsOf(task).some(
        ({ volume }) =>
          valueAt(volume, "transitEncryption") !== "ENABLED" ||
          valueAt(volume, "authorizationConfig.iam") !== "ENABLED",
      );
      return isOpen ? "reaches a file system without TLS, or without its role" : undefined;
    },
    fix: "set transitEncryption and authorizationConfig.iam to ENABLED",
    broken: (task, graph) =>
      efsOf(task).flatMap(({ index }) =>
        ["transitEncryption", "authorizationConfig.iam"].flatMap((key) =>
          ["DISABLED", undefined].map((value) => ({
            title: `${key} ${value ?? "missing"}`,
            graph: withInput(graph, task, `volumes.${index}.efsVolumeConfiguration.${key}`, value),
          })),
        ),
      ),
  }),
);

function efsOf(task: Parameters<typeof inputAt>[0]) {
  return mapsOf(inputAt(task, "volumes")).flatMap((entry, index) => {
    const volume = entry["efsVolumeConfiguration"];
    return isAbsent(volume) ? [] : [{ index, volume }];
  });
}

export const taskControls: readonly Control[] = [
  {
    id: "ECS-02",
    title: "No task shares processes or memory with its host",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["ECS.3", "CKV_AWS_335"],
    status: { kind: "held" },
    rule: ownNamespaces,
  },
  {
    id: "ECS-09",
    title: "Every task has a network interface of its own",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["ECS.17", "ECS.1", "CT.ECS.PR.4"],
    status: { kind: "held" },
    rule: ownNetwork,
  },
  {
    id: "ECS-10",
    title: "Tasks reach file systems by TLS and with their own role",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["ECS.18", "CKV_AWS_97"],
    status: { kind: "held" },
    rule: encryptedFiles,
  },
  {
    id: "ECS-13",
    title: "What ECS may do to start a task is another role than what its code may do",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["CKV_AWS_249"],
    status: { kind: "held" },
    rule: twoRoles,
  },
];
