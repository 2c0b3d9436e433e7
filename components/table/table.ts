import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { backupTag } from "../support/backup-tag";
import type { Connection } from "../support/connection";
import { checkSettings } from "../support/parse-settings";
import {
  type CheckedTableSettings,
  KEY_TYPES,
  type TableSettings,
  keysOf,
  tableSettings,
} from "./settings";

/** Variables that a service gets, by what follows the key. */
export const TABLE_VARIABLES = ["NAME"];

export interface TableArgs extends TableSettings {
  /** Whether AWS and Pulumi refuse to delete it. Default true. */
  readonly deletionProtection?: boolean;
  /** Value of its tag `Backup`, by which a `Backups` finds it. Without it: no tag. */
  readonly backupTag?: string | undefined;
}

/**
 * A DynamoDB table that is paid by request: encrypted, to be restored to any second of the last 35 days. Whoever is
 * connected to it may use its items; nobody may change the table.
 *
 * ```ts
 * const orders = new Table("orders", { partitionKey: { name: "id" } });
 * const api = new EcsService("api", { …, connections: { orders } });
 * ```
 *
 * Cost: 0.625 USD per million writes of 1 KiB, 0.125 USD per million reads of 4 KiB, 0.25 USD a month per GB beyond the
 * first 25; nothing while nobody uses it. (AWS price pages for us-east-1, read in November 2026.)
 */
export class Table extends pulumi.ComponentResource {
  /** Its name, which is Pulumi's: the key and a random suffix. */
  public readonly tableName: pulumi.Output<string>;
  public readonly arn: pulumi.Output<string>;
  /** Stream of its changes; undefined without `stream`. */
  public readonly streamArn: pulumi.Output<string> | undefined;
  /** For services that read and write. */
  public readonly connection: Connection;
  /** For services that only read: in `connections`, write `{ connection: table.readConnection }`. */
  public readonly readConnection: Connection;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: TableArgs, opts?: pulumi.ComponentResourceOptions) {
    const { deletionProtection = true, backupTag: backup, ...rest } = args;
    const settings = checkSettings(`Table "${name}"`, tableSettings, rest);
    super("ecs-platform:index:Table", name, {}, opts);
    const child = { parent: this };

    const kmsKey = settings.kms
      ? new aws.kms.Key(
          `${name}-key`,
          {
            description: `Items in the table ${name}`,
            enableKeyRotation: true,
            // Without its key, a backup of the table is lost: long enough for somebody to notice.
            deletionWindowInDays: deletionProtection ? 30 : 7,
          },
          { ...child, protect: deletionProtection },
        )
      : undefined;
    const table = new aws.dynamodb.Table(
      `${name}-table`,
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: settings.partitionKey.name,
        rangeKey: settings.sortKey?.name,
        attributes: attributeList(settings),
        globalSecondaryIndexes: indexList(settings),
        ...(settings.ttlAttribute !== undefined && {
          ttl: { attributeName: settings.ttlAttribute, enabled: true },
        }),
        ...(settings.stream !== undefined && {
          streamEnabled: true,
          streamViewType: settings.stream,
        }),
        pointInTimeRecovery:
          settings.noRecoveryBecause === undefined
            ? { enabled: true, recoveryPeriodInDays: settings.recoveryDays }
            : { enabled: false },
        // Without this, DynamoDB's own key encrypts it.
        ...(kmsKey && { serverSideEncryption: { enabled: true, kmsKeyArn: kmsKey.arn } }),
        deletionProtectionEnabled: deletionProtection,
        ...(backup !== undefined && { tags: backupTag(backup) }),
      },
      { ...child, protect: deletionProtection },
    );

    this.tableName = table.name;
    this.arn = table.arn;
    this.streamArn = settings.stream === undefined ? undefined : table.streamArn;
    const connect = (access: Access) => ({
      environment: { NAME: table.name },
      secrets: {},
      permissions: statements(settings, table.arn, kmsKey?.arn, access),
    });
    this.connection = connect("read-write");
    this.readConnection = connect("read");
    this.registerOutputs({
      tableName: this.tableName,
      arn: this.arn,
      streamArn: this.streamArn,
    });
  }
}

/** Every attribute that is a key of the table or of an index, once. */
function attributeList(settings: CheckedTableSettings): { name: string; type: string }[] {
  const types = new Map(keysOf(settings).map(({ name, type }) => [name, KEY_TYPES[type]]));
  return [...types]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, type]) => ({ name, type }));
}

/** Sorted, so that the order of the stack file means nothing. */
function indexList({
  indexes,
}: CheckedTableSettings): aws.types.input.dynamodb.TableGlobalSecondaryIndex[] {
  return Object.entries(indexes)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, { partitionKey, sortKey, attributes }]) => ({
      name,
      keySchemas: [
        { attributeName: partitionKey.name, keyType: "HASH" },
        ...(sortKey === undefined ? [] : [{ attributeName: sortKey.name, keyType: "RANGE" }]),
      ],
      ...projection(attributes),
    }));
}

function projection(attributes: readonly string[] | undefined): {
  projectionType: string;
  nonKeyAttributes?: string[];
} {
  if (attributes === undefined) return { projectionType: "ALL" };
  if (attributes.length === 0) return { projectionType: "KEYS_ONLY" };
  return { projectionType: "INCLUDE", nonKeyAttributes: [...attributes].sort() };
}

type Access = "read" | "read-write";

const READ = [
  "dynamodb:BatchGetItem",
  "dynamodb:ConditionCheckItem",
  "dynamodb:DescribeTable",
  "dynamodb:GetItem",
  "dynamodb:Query",
  "dynamodb:Scan",
];
const WRITE = [
  "dynamodb:BatchWriteItem",
  "dynamodb:DeleteItem",
  "dynamodb:PutItem",
  "dynamodb:UpdateItem",
];

function statements(
  { indexes }: CheckedTableSettings,
  arn: pulumi.Output<string>,
  kmsKeyArn: pulumi.Output<string> | undefined,
  access: Access,
): Connection["permissions"] {
  const hasIndexes = Object.keys(indexes).length > 0;
  return [
    {
      actions: access === "read" ? READ : [...READ, ...WRITE].sort(),
      resources: [arn, ...(hasIndexes ? [pulumi.interpolate`${arn}/index/*`] : [])],
    },
    // DynamoDB uses the key in the caller's name, for every access.
    ...(kmsKeyArn === undefined ? [] : [{ actions: ["kms:Decrypt"], resources: [kmsKeyArn] }]),
  ];
}
