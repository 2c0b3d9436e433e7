import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allLogGroupsBeside, policyDocument, serviceTrust } from "../support/iam";
import { createFlowLogBucket } from "./flow-log-bucket";
import type { FlowLogSettings } from "./flow-log-settings";

/** Records the VPC's traffic in a log group or bucket of its own. Hands back the log group's name, where it is one. */
export function createFlowLog(
  name: string,
  vpc: aws.ec2.Vpc,
  settings: FlowLogSettings & { readonly forceDestroy: boolean },
  child: pulumi.CustomResourceOptions,
): pulumi.Output<string> | undefined {
  const { dependsOn, logGroupName, ...destination } =
    settings.destination === "s3"
      ? { ...createFlowLogBucket(name, vpc, settings, child), logGroupName: undefined }
      : createFlowLogGroup(name, vpc, settings.retentionDays, child);
  new aws.ec2.FlowLog(
    `${name}-flow-log`,
    {
      vpcId: vpc.id,
      trafficType: settings.traffic,
      maxAggregationInterval: settings.aggregationSeconds,
      ...destination,
      tags: { Name: name },
    },
    { ...child, dependsOn },
  );
  return logGroupName;
}

function createFlowLogGroup(
  name: string,
  vpc: aws.ec2.Vpc,
  retentionDays: number,
  child: pulumi.CustomResourceOptions,
): Pick<aws.ec2.FlowLogArgs, "logDestinationType" | "logDestination" | "iamRoleArn"> & {
  dependsOn: pulumi.Resource[];
  logGroupName: pulumi.Output<string>;
} {
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-flow-logs`,
    { retentionInDays: retentionDays },
    child,
  );
  const role = new aws.iam.Role(
    `${name}-flow-logs-role`,
    { assumeRolePolicy: serviceTrust("vpc-flow-logs.amazonaws.com", vpc.ownerId) },
    child,
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-flow-logs-policy`,
    {
      role: role.name,
      policy: policyDocument([
        {
          actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          resources: [pulumi.interpolate`${logGroup.arn}:*`],
        },
        // The delivery looks its group up by listing them, which IAM grants for the account's groups or not at all.
        { actions: ["logs:DescribeLogGroups"], resources: [allLogGroupsBeside(logGroup.arn)] },
      ]),
    },
    child,
  );
  return {
    logDestinationType: "cloud-watch-logs",
    logDestination: logGroup.arn,
    iamRoleArn: role.arn,
    logGroupName: logGroup.name,
    // Without its policy the role is refused or, worse, accepted and silent.
    dependsOn: [policy],
  };
}
