import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf, policyDocument, serviceTrust } from "../support/iam";

export interface LedgerArgs {
  readonly bucket: aws.s3.Bucket;
  readonly retentionDays: number;
  readonly logRetentionDays: number;
  readonly deletionProtection: boolean;
}

/** A table with an entry for every version of every state: S3 calls a function for each, and the function enters it. */
export function createLedger(
  name: string,
  { bucket, retentionDays, logRetentionDays, deletionProtection }: LedgerArgs,
  child: pulumi.CustomResourceOptions,
): aws.dynamodb.Table {
  const table = new aws.dynamodb.Table(
    `${name}-ledger`,
    {
      billingMode: "PAY_PER_REQUEST",
      hashKey: "state",
      rangeKey: "savedAt",
      attributes: [
        { name: "savedAt", type: "S" },
        { name: "state", type: "S" },
      ],
      ttl: { attributeName: "expires", enabled: true },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: deletionProtection,
    },
    { ...child, protect: deletionProtection },
  );
  const recorder = createFunction(name, { table, retentionDays, logRetentionDays }, child);
  const permission = new aws.lambda.Permission(
    `${name}-ledger-permission`,
    {
      function: recorder.name,
      action: "lambda:InvokeFunction",
      principal: "s3.amazonaws.com",
      sourceArn: bucket.arn,
      // A bucket's ARN has no account: somebody else could make one of the same name once ours is deleted.
      sourceAccount: accountOf(recorder.arn),
    },
    child,
  );
  new aws.s3.BucketNotification(
    `${name}-ledger-notification`,
    {
      bucket: bucket.id,
      lambdaFunctions: [
        {
          lambdaFunctionArn: recorder.arn,
          events: ["s3:ObjectCreated:*"],
          // States alone: locks, history and backups lie elsewhere or end otherwise.
          filterPrefix: ".pulumi/stacks/",
          filterSuffix: ".json",
        },
      ],
    },
    // S3 tries whether it may call the function.
    { ...child, dependsOn: [permission] },
  );
  return table;
}

function createFunction(
  name: string,
  args: {
    readonly table: aws.dynamodb.Table;
    readonly retentionDays: number;
    readonly logRetentionDays: number;
  },
  child: pulumi.CustomResourceOptions,
): aws.lambda.Function {
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-ledger-logs`,
    { retentionInDays: args.logRetentionDays },
    child,
  );
  const role = new aws.iam.Role(
    `${name}-ledger-role`,
    { assumeRolePolicy: serviceTrust("lambda.amazonaws.com") },
    child,
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-ledger-policy`,
    {
      role: role.name,
      policy: policyDocument([
        { actions: ["dynamodb:PutItem"], resources: [args.table.arn] },
        {
          actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
          resources: [pulumi.interpolate`${logGroup.arn}:*`],
        },
      ]),
    },
    child,
  );
  return new aws.lambda.Function(
    `${name}-ledger-function`,
    {
      description: "Enters versions of Pulumi states into the ledger",
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      code: new pulumi.asset.FileArchive(join(__dirname, "ledger")),
      role: role.arn,
      timeout: 10,
      environment: {
        variables: { TABLE_NAME: args.table.name, RETENTION_DAYS: String(args.retentionDays) },
      },
      loggingConfig: { logGroup: logGroup.name, logFormat: "JSON" },
    },
    { ...child, dependsOn: [policy] },
  );
}
