import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type Statement, arnBeside } from "../support/iam";
import {
  type LambdaFunction,
  createLambdaFunction,
  functionArchive,
} from "../support/lambda-function";
import { NAMESPACE, type Plan } from "./spot-users";

const FOLDER = path.join(__dirname, "functions");
const FILES = ["aws.mjs", "fallback.mjs", "index.mjs"];

/** The function that moves services and hosts to on-demand capacity, and back. */
export function createFunction(
  name: string,
  plan: pulumi.Output<Plan>,
  clusterArn: pulumi.Input<string>,
  child: pulumi.CustomResourceOptions,
): LambdaFunction {
  return createLambdaFunction(
    name,
    {
      description: "Falls back from Spot to on-demand capacity, and returns",
      code: plan.apply((known) => functionArchive(FOLDER, FILES, { "plan.json": known })),
      timeoutSeconds: 120,
      rights: pulumi.all([plan, clusterArn]).apply(([known, arn]) => statements(known, arn)),
      logRetentionDays: 30,
    },
    child,
  );
}

/** These services and hosts alone, and one metric. */
function statements({ services, hosts }: Plan, clusterArn: string): Statement[] {
  const group = hosts && `autoScalingGroup:*:autoScalingGroupName/${hosts.groupName}`;
  return [
    {
      actions: ["ecs:DescribeServices", "ecs:UpdateService"],
      resources: Object.values(services).map(({ serviceArn }) => serviceArn),
    },
    {
      actions: ["autoscaling:UpdateAutoScalingGroup"],
      resources: group === undefined ? [] : [arnBeside(clusterArn, "autoscaling", group)],
    },
    // IAM knows no narrower resource for them.
    {
      actions: ["autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeScalingActivities"],
      resources: group === undefined ? [] : ["*"],
    },
    {
      actions: ["cloudwatch:PutMetricData"],
      resources: ["*"],
      conditions: { StringEquals: { "cloudwatch:namespace": NAMESPACE } },
    },
  ].filter(({ resources }) => resources.length > 0);
}
