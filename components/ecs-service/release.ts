import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { z } from "zod";
import type { AwsClients } from "../support/aws-clients";
import { ofThisProgram, resolved } from "../support/hooks";
import { type Capacity, capacityProviderStrategies, placementStrategies } from "./capacity";
import { type ReleaseRun, runRelease } from "./release-run";
import type { Task, TaskNeighbours } from "./task";

export const release = z.strictObject({
  command: z
    .array(z.string().min(1))
    .min(1)
    .describe(
      "What to run, in the service's own container, as a task in its network: a database migration, say. It must bear to be run again, as after a failure.",
    ),
  timeoutMinutes: z
    .int()
    .min(1)
    .max(360)
    .default(15)
    .describe("Minutes that it may take before it is stopped, and counts as failed."),
});

export type Release = z.output<typeof release>;

/**
 * A record of the last image whose release went well. It is made anew for another image or command, and the release is run
 * before that: where it fails, whatever waits for the record stays as it is.
 */
export function createRelease(
  name: string,
  args: {
    readonly clients: AwsClients;
    readonly cluster: TaskNeighbours["cluster"];
    readonly capacity: Capacity;
    readonly image: pulumi.Input<string>;
    readonly release: Release;
    readonly task: Task;
    /** What progress is shown at. */
    readonly component: pulumi.ComponentResource;
  },
  child: pulumi.CustomResourceOptions,
): random.RandomId {
  const { clients, cluster, capacity, component, task } = args;
  const { command, timeoutMinutes } = args.release;
  const { subnets, securityGroups, assignPublicIp } = task.networkConfiguration;
  const known = pulumi.output({
    image: args.image,
    cluster: cluster.arn,
    taskDefinition: task.taskDefinition.arn,
    logGroupName: task.logGroup.name,
    capacityProviderStrategy: capacityProviderStrategies(capacity, cluster),
    placementStrategy: placementStrategies(capacity).orderedPlacementStrategies,
    subnets,
    securityGroups,
  });
  const run = async () => {
    const {
      image,
      logGroupName,
      placementStrategy,
      subnets: subnetIds,
      ...others
    } = await resolved(known);
    const { securityGroups: groups, ...where } = others;
    await runRelease(
      clients,
      {
        name,
        image,
        command,
        timeoutMinutes,
        logGroupName,
        where: {
          ...where,
          placementStrategy: placementStrategy as ReleaseRun["where"]["placementStrategy"],
          networkConfiguration: {
            awsvpcConfiguration: {
              subnets: subnetIds,
              securityGroups: groups,
              assignPublicIp: assignPublicIp ? "ENABLED" : "DISABLED",
            },
          },
        },
      },
      { tell: (message) => void pulumi.log.info(message, component, undefined, true) },
    );
  };
  const hook = new pulumi.ResourceHook(`${name}-release-${clients.region}`, ofThisProgram(run));
  return new random.RandomId(
    `${name}-release`,
    { byteLength: 4, keepers: { image: args.image, command: JSON.stringify(command) } },
    {
      ...child,
      hooks: { beforeCreate: [hook] },
      // The task of the release is the service's own, and needs its rights and its ways out.
      dependsOn: [task.taskDefinition, ...task.rights, ...task.passages],
    },
  );
}
