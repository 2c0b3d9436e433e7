import { containersOf, TASK, withContainer } from "../containers";
import type { Control } from "../control";
import { withInput } from "../mutants";
import { allOf, inputRule, resourceRule } from "../rule";
import { inputAt, isAbsent, mapsOf } from "../values";

const CLUSTER = "aws:ecs/cluster:Cluster";
const SERVICE = "aws:ecs/service:Service";
const CAPACITY_PROVIDER = "aws:ecs/capacityProvider:CapacityProvider";
/** What the agent of ECS Exec writes to (containers-roadmap issue 1359). */
const AGENT_FOLDERS = ["/var/lib/amazon/ssm", "/var/log/amazon/ssm"];

const insights = resourceRule({
  type: CLUSTER,
  problem: (cluster) => {
    const setting = mapsOf(inputAt(cluster, "settings")).find(
      ({ name }) => name === "containerInsights",
    );
    const isOn = setting?.["value"] === "enabled" || setting?.["value"] === "enhanced";
    return isOn ? undefined : "measures nothing of its tasks";
  },
  fix: "set cluster.containerInsights to enabled or enhanced",
  broken: (cluster, graph) =>
    [[], [{ name: "containerInsights", value: "disabled" }]].map((settings) => ({
      title: JSON.stringify(settings),
      graph: withInput(graph, cluster, "settings", settings),
    })),
});

const recordedShells = allOf(
  inputRule(
    {
      type: CLUSTER,
      path: "configuration.executeCommandConfiguration.logging",
      holds: (value) => value === "OVERRIDE",
      message: "does not record what people do in shells",
      fix: "set the logging of executeCommandConfiguration to OVERRIDE",
      wrong: ["NONE", "DEFAULT", undefined],
    },
    {
      type: CLUSTER,
      path: "configuration.executeCommandConfiguration.logConfiguration.cloudWatchLogGroupName",
      holds: (value) => !isAbsent(value),
      message: "records what people do in shells nowhere",
      fix: "name a log group",
      wrong: [undefined, ""],
    },
  ),
  resourceRule({
    type: TASK,
    of: (task, graph) =>
      graph
        .referrers(task, SERVICE, "taskDefinition")
        .some((service) => inputAt(service, "enableExecuteCommand") === true),
    problem: (task) => {
      const isStuck = containersOf(task)
        // One that ends, as those do that prepare something, is gone before anybody opens a shell.
        .filter(
          ({ readonlyRootFilesystem, essential }) =>
            readonlyRootFilesystem === true && essential !== false,
        )
        .some(({ mountPoints }) => {
          const paths = mapsOf(mountPoints).map(({ containerPath }) => containerPath);
          return AGENT_FOLDERS.some((folder) => !paths.includes(folder));
        });
      return isStuck ? "allows shells, and the agent for them has nowhere to write" : undefined;
    },
    fix: "mount volumes at /var/lib/amazon/ssm and /var/log/amazon/ssm",
    broken: (task, graph) =>
      containersOf(task)
        .slice(0, 1)
        .flatMap((container) =>
          AGENT_FOLDERS.map((folder) => ({
            title: `without ${folder}`,
            graph: withContainer(graph, task, container, {
              mountPoints: mapsOf(container["mountPoints"]).filter(
                ({ containerPath }) => containerPath !== folder,
              ),
            }),
          })),
        ),
  }),
);

const managedHosts = inputRule(
  {
    type: CAPACITY_PROVIDER,
    path: "autoScalingGroupProvider.managedScaling.status",
    holds: (value) => value === "ENABLED",
    message: "adds no hosts when tasks wait for them",
    fix: "set managedScaling.status to ENABLED",
    wrong: ["DISABLED", undefined],
  },
  {
    type: CAPACITY_PROVIDER,
    path: "autoScalingGroupProvider.managedDraining",
    holds: (value) => value === "ENABLED",
    message: "ends hosts with tasks on them",
    fix: "set managedDraining to ENABLED",
    wrong: ["DISABLED"],
  },
);

export const clusterControls: readonly Control[] = [
  {
    id: "ECS-08",
    title: "Container Insights measures every cluster",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["ECS.12", "CKV_AWS_65", "cdk-nag ECS4", "AWS-0034"],
    status: { kind: "held" },
    rule: insights,
  },
  {
    id: "ECS-11",
    title: "ECS adds and removes hosts as tasks need them, and empties them first",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["ECS.19"],
    status: {
      kind: "optional",
      setting: "cluster.ec2.terminationProtection",
      because:
        "draining, which is always on, moves the tasks off a host before it ends; protection besides keeps hosts from being renewed while a task runs on each",
    },
    rule: managedHosts,
  },
  {
    id: "ECS-14",
    title: "What people do in shells is recorded, and shells work on a read-only file system",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["CKV_AWS_223", "CKV_AWS_224", "containers-roadmap issue 1359"],
    status: { kind: "held" },
    rule: recordedShells,
  },
];
