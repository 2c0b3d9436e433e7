import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allLogGroupsBeside, policyDocument, serviceTrust } from "../support/iam";

/** Records the VPC's traffic in a log group of its own. */
export function createFlowLog(
  name: string,
  vpc: aws.ec2.Vpc,
  settings: { retentionDays: number; traffic: string; aggregationSeconds: number },
  child: pulumi.CustomResourceOptions,
): void {
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-flow-logs`,
    { retentionInDays: settings.retentionDays },
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
  new aws.ec2.FlowLog(
    `${name}-flow-log`,
    {
      vpcId: vpc.id,
      trafficType: settings.traffic,
      maxAggregationInterval: settings.aggregationSeconds,
      logDestinationType: "cloud-watch-logs",
      logDestination: logGroup.arn,
      iamRoleArn: role.arn,
      tags: { Name: name },
    },
    // Without its policy the role is refused or, worse, accepted and silent.
    { ...child, dependsOn: [policy] },
  );
}
