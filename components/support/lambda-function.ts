import * as path from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Statement, managedPolicyArn, policyDocument, serviceTrust } from "./iam";
import type { Metric } from "./metric-math";

export interface LambdaFunctionArgs {
  readonly description?: string;
  readonly code: pulumi.Input<pulumi.asset.Archive>;
  /** Default "index.handler". */
  readonly handler?: string;
  readonly timeoutSeconds: number;
  /** Default 128. */
  readonly memoryMiB?: number;
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** What it may do beside writing its own log. */
  readonly rights?: pulumi.Input<readonly Statement[]>;
  readonly logRetentionDays: number;
  /** Where it stands inside the VPC. Without it: outside. */
  readonly vpcConfig?: aws.types.input.lambda.FunctionVpcConfig;
  /** What must stand before its first call. */
  readonly dependsOn?: readonly pulumi.Resource[];
}

export interface LambdaFunction {
  readonly lambda: aws.lambda.Function;
  readonly role: aws.iam.Role;
  readonly policy: aws.iam.RolePolicy;
  readonly logGroup: aws.cloudwatch.LogGroup;
}

/** A function in JavaScript with a log group and a role of its own, which may do what `rights` say and nothing else. */
export function createLambdaFunction(
  name: string,
  args: LambdaFunctionArgs,
  child: pulumi.CustomResourceOptions,
): LambdaFunction {
  const { environment, vpcConfig } = args;
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-logs`,
    { retentionInDays: args.logRetentionDays },
    child,
  );
  const role = new aws.iam.Role(
    `${name}-role`,
    { assumeRolePolicy: serviceTrust("lambda.amazonaws.com") },
    child,
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-policy`,
    {
      role: role.name,
      policy: pulumi.output(args.rights ?? []).apply((rights) =>
        policyDocument([
          {
            actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
            resources: [pulumi.interpolate`${logGroup.arn}:*`],
          },
          ...rights,
        ]),
      ),
    },
    child,
  );
  const network =
    vpcConfig &&
    new aws.iam.RolePolicyAttachment(
      `${name}-network`,
      {
        role: role.name,
        policyArn: managedPolicyArn(role.arn, "service-role/AWSLambdaENIManagementAccess"),
      },
      child,
    );
  const lambda = new aws.lambda.Function(
    `${name}-function`,
    {
      description: args.description,
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: args.handler ?? "index.handler",
      code: args.code,
      role: role.arn,
      memorySize: args.memoryMiB,
      timeout: args.timeoutSeconds,
      ...(environment && { environment: { variables: { ...environment } } }),
      loggingConfig: { logGroup: logGroup.name, logFormat: "JSON" },
      ...(vpcConfig && { vpcConfig }),
    },
    // Lambda refuses a VPC to a role that may not make interfaces in it.
    { ...child, dependsOn: [policy, ...(network ? [network] : []), ...(args.dependsOn ?? [])] },
  );
  return { lambda, role, policy, logGroup };
}

/** Files of a function in a folder, and beside them what it is to know: variables have no room for many services. */
export function functionArchive(
  folder: string,
  files: readonly string[],
  known: Readonly<Record<string, unknown>>,
): pulumi.asset.Archive {
  return new pulumi.asset.AssetArchive({
    ...Object.fromEntries(
      files.map((file) => [file, new pulumi.asset.FileAsset(path.join(folder, file))]),
    ),
    ...Object.fromEntries(
      Object.entries(known).map(([file, content]) => [
        file,
        new pulumi.asset.StringAsset(JSON.stringify(content)),
      ]),
    ),
  });
}

/** Calls of a function that ended with an error. */
export function failedCalls(lambda: aws.lambda.Function): Metric {
  return {
    namespace: "AWS/Lambda",
    metricName: "Errors",
    dimensions: { FunctionName: lambda.name },
    statistic: "Sum",
  };
}
