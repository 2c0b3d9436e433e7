import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type Statement, arnBeside } from "../support/iam";
import {
  type LambdaFunction,
  createLambdaFunction,
  functionArchive,
} from "../support/lambda-function";
import type { Plan } from "./sleepers";

const FOLDER = path.join(__dirname, "functions");
const FILES = ["aws.mjs", "index.mjs", "turn.mjs"];

/** The function that puts everything to sleep and wakes it. */
export function createFunction(
  name: string,
  plan: pulumi.Output<Plan>,
  clusterArn: pulumi.Input<string>,
  child: pulumi.CustomResourceOptions,
): LambdaFunction {
  return createLambdaFunction(
    name,
    {
      description: "Puts an environment to sleep, and wakes it",
      code: plan.apply((known) => functionArchive(FOLDER, FILES, { "plan.json": known })),
      memoryMiB: 256,
      // It waits for databases; Lambda gives no more.
      timeoutSeconds: 900,
      rights: pulumi.all([plan, clusterArn]).apply(([known, arn]) => statements(known, arn)),
      logRetentionDays: 30,
    },
    child,
  );
}

/**
 * What sleeps, and nothing beside it; but all services of the cluster and their scaling. To name each of them would take a
 * stack of thirty services beyond the 10,240 characters that IAM gives a role.
 */
function statements(
  { services, databases, hosts, instances, alarms }: Plan,
  clusterArn: string,
): Statement[] {
  const beside = (service: string, resource: string) => arnBeside(clusterArn, service, resource);
  const [, clusterName = ""] = clusterArn.split("/");
  const scales = Object.values(services).some(
    ({ scalingTargetArn }) => scalingTargetArn !== undefined,
  );
  const [single, clusters] = [false, true].map((isCluster) =>
    Object.values(databases)
      .filter((database) => database.isCluster === isCluster)
      .map(({ identifier }) => beside("rds", `${isCluster ? "cluster" : "db"}:${identifier}`)),
  );
  return [
    {
      actions: ["ecs:DescribeServices", "ecs:UpdateService"],
      resources:
        Object.keys(services).length > 0 ? [beside("ecs", `service/${clusterName}/*`)] : [],
    },
    {
      actions: ["application-autoscaling:RegisterScalableTarget"],
      resources: scales ? [beside("application-autoscaling", "scalable-target/*")] : [],
      // Its ARN does not say what a target belongs to.
      conditions: {
        StringEquals: {
          "application-autoscaling:service-namespace": "ecs",
          "application-autoscaling:scalable-dimension": "ecs:service:DesiredCount",
        },
      },
    },
    {
      actions: ["rds:DescribeDBInstances", "rds:StartDBInstance", "rds:StopDBInstance"],
      resources: single ?? [],
    },
    {
      actions: ["rds:DescribeDBClusters", "rds:StartDBCluster", "rds:StopDBCluster"],
      resources: clusters ?? [],
    },
    {
      actions: ["autoscaling:UpdateAutoScalingGroup"],
      resources: hosts
        ? [beside("autoscaling", `autoScalingGroup:*:autoScalingGroupName/${hosts.groupName}`)]
        : [],
    },
    {
      actions: ["ec2:StartInstances", "ec2:StopInstances"],
      resources: Object.values(instances).map((id) => beside("ec2", `instance/${id}`)),
    },
    {
      actions: ["cloudwatch:DisableAlarmActions", "cloudwatch:EnableAlarmActions"],
      resources: alarms.map((alarm) => beside("cloudwatch", `alarm:${alarm}`)),
    },
    // Asked for several alarms at once, IAM looks at all of them.
    {
      actions: ["cloudwatch:DescribeAlarms"],
      resources: alarms.length > 0 ? [beside("cloudwatch", "alarm:*")] : [],
    },
  ].filter(({ resources }) => resources.length > 0);
}
