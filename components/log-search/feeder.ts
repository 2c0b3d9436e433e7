import * as path from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf, logGroupArnBeside } from "../support/iam";
import { createLambdaFunction } from "../support/lambda-function";
import { allowHttpsOut, openPassage } from "../support/passage";
import type { LogStore } from "./domain";
import type { OpenSearchSettings } from "./settings";

const FILES = ["forwarder.mjs", "setup.mjs", "sign.mjs"];

/** What indices of log lines begin with; the day follows. */
export const INDEX_PREFIX = "logs";

/**
 * What fills the store: a function that CloudWatch hands the services' log lines to, and one that sets the store up and
 * is called once for each deployment that changes something. Hands back the store's endpoint, once the store is set up.
 */
export function createFeeder(
  name: string,
  args: {
    readonly settings: OpenSearchSettings;
    readonly store: LogStore;
    readonly vpcId: pulumi.Input<string>;
    readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Groups of the services' logs, by key. */
    readonly logGroupNames: Readonly<Record<string, pulumi.Input<string>>>;
    /** Any log group of the stack: the others are beside it. */
    readonly logGroupArn: pulumi.Input<string>;
  },
  child: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { settings, store } = args;
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-feeder-security-group`,
    { vpcId: args.vpcId, description: `Feeder of ${name}`, tags: { Name: `${name}-feeder` } },
    child,
  );
  allowHttpsOut(`${name}-feeder`, securityGroup.id, "HTTPS to Secrets Manager", child);
  openPassage(
    `${name}-feeder-to-store`,
    {
      from: securityGroup.id,
      to: store.securityGroup.id,
      port: 443,
      description: `Log lines of the services to ${name}`,
    },
    child,
  );

  const common = {
    code: archive(),
    memoryMiB: 256,
    logRetentionDays: 14,
    vpcConfig: { subnetIds: args.subnetIds, securityGroupIds: [securityGroup.id] },
  };
  const forwarder = createLambdaFunction(
    `${name}-forwarder`,
    {
      ...common,
      handler: "forwarder.handler",
      timeoutSeconds: 60,
      environment: { ENDPOINT: store.domain.endpoint, INDEX_PREFIX },
      rights: [
        {
          actions: ["es:ESHttpPost"],
          resources: [pulumi.interpolate`${store.domain.arn}/_bulk`],
        },
      ],
    },
    child,
  );
  const setup = createLambdaFunction(
    `${name}-setup`,
    {
      ...common,
      handler: "setup.handler",
      timeoutSeconds: 300,
      environment: {
        ENDPOINT: store.domain.endpoint,
        MASTER_SECRET_ARN: store.masterSecret.arn,
        UI_SECRET_ARN: store.uiSecret.arn,
      },
      rights: [
        {
          actions: ["secretsmanager:GetSecretValue"],
          resources: [store.masterSecret.arn, store.uiSecret.arn],
        },
      ],
    },
    child,
  );
  const setUp = new aws.lambda.Invocation(
    `${name}-setup`,
    {
      functionName: setup.lambda.name,
      input: pulumi.jsonStringify({
        indexPrefix: INDEX_PREFIX,
        retentionDays: settings.retentionDays,
        replicas: settings.instances > 1 ? 1 : 0,
        writerRoleArn: forwarder.role.arn,
      }),
      // A store that was made anew is set up anew.
      triggers: { store: store.domain.domainId },
    },
    { ...child, dependsOn: [store.policy, setup.policy] },
  );

  for (const [key, logGroupName] of Object.entries(args.logGroupNames)) {
    const permission = new aws.lambda.Permission(
      `${name}-from-${key}`,
      {
        action: "lambda:InvokeFunction",
        function: forwarder.lambda.name,
        principal: "logs.amazonaws.com",
        sourceArn: pulumi.interpolate`${logGroupArnBeside(args.logGroupArn, logGroupName)}:*`,
        sourceAccount: accountOf(args.logGroupArn),
      },
      child,
    );
    new aws.cloudwatch.LogSubscriptionFilter(
      `${name}-from-${key}`,
      {
        logGroup: logGroupName,
        destinationArn: forwarder.lambda.arn,
        filterPattern: "",
        distribution: "ByLogStream",
      },
      // CloudWatch tries the way at once.
      { ...child, dependsOn: [permission, forwarder.policy] },
    );
  }
  return pulumi.all([store.domain.endpoint, setUp.result]).apply(([endpoint]) => endpoint);
}

function archive(): pulumi.asset.Archive {
  const folder = path.join(__dirname, "functions");
  return new pulumi.asset.AssetArchive(
    Object.fromEntries(
      FILES.map((file) => [file, new pulumi.asset.FileAsset(path.join(folder, file))]),
    ),
  );
}
