import type { Control } from "../control";
import { allOf, type InputCondition, inputRule } from "../rule";
import { inputAt, isAbsent, listOf } from "../values";

const TABLE = "aws:dynamodb/table:Table";
const CACHE = "aws:elasticache/replicationGroup:ReplicationGroup";
const SERVERLESS_CACHE = "aws:elasticache/serverlessCache:ServerlessCache";

/** Daily snapshots, of either kind of cache. */
const snapshots: readonly InputCondition[] = [CACHE, SERVERLESS_CACHE].map((type) => ({
  type,
  path: "snapshotRetentionLimit",
  holds: (value) => Number(value) >= 1,
  message: "has no snapshot to start again from",
  fix: "set caches.NAME.backupRetentionDays to 1 or more",
  wrong: [0, undefined],
}));

export const dataStoreControls: readonly Control[] = [
  {
    id: "DDB-01",
    title:
      "Tables can be restored to any second, grow by themselves and are not deleted by one call",
    severity: "medium",
    appliesTo: "production",
    sources: ["DynamoDB.1", "DynamoDB.2", "DynamoDB.6", "CKV_AWS_28"],
    status: { kind: "held", setting: "tables.NAME.noRecoveryBecause" },
    rule: inputRule(
      {
        type: TABLE,
        path: "pointInTimeRecovery.enabled",
        holds: (value) => value === true,
        message: "cannot be restored",
        fix: "remove tables.NAME.noRecoveryBecause",
        wrong: [false, undefined],
      },
      {
        type: TABLE,
        path: "billingMode",
        holds: (value) => value === "PAY_PER_REQUEST",
        message: "refuses requests beyond a capacity that nothing raises",
        fix: "set billingMode to PAY_PER_REQUEST",
        wrong: ["PROVISIONED", undefined],
      },
      {
        type: TABLE,
        path: "deletionProtectionEnabled",
        holds: (value) => value === true,
        message: "can be deleted by one call",
        fix: "remove unprotectedBecause",
        wrong: [false, undefined],
      },
    ),
  },
  {
    id: "RED-01",
    title: "Caches encrypt, ask for a password, outlive a zone and keep a snapshot",
    severity: "high",
    appliesTo: "production",
    sources: [
      "ElastiCache.1",
      "ElastiCache.3",
      "ElastiCache.4",
      "ElastiCache.5",
      "ElastiCache.6",
      "ElastiCache.7",
      "CKV_AWS_29",
      "CKV_AWS_30",
      "CKV_AWS_31",
      "CKV2_AWS_50",
    ],
    status: {
      kind: "optional",
      setting: "caches.NAME.nodes.replicas",
      because:
        "encryption, password and snapshot are always there, but what takes over in another zone costs as much as the first node",
    },
    rule: allOf(
      inputRule(
        ...["atRestEncryptionEnabled", "transitEncryptionEnabled"].map((path): InputCondition => ({
          type: CACHE,
          path,
          holds: (value) => value === true,
          message: `is readable on the way or on the disk: ${path} is off`,
          fix: `set ${path} to true`,
          wrong: [false, undefined],
        })),
        ...["automaticFailoverEnabled", "multiAzEnabled"].map((path): InputCondition => ({
          type: CACHE,
          path,
          holds: (value) => value === true,
          message: "has nothing in another zone to take over",
          fix: "set caches.NAME.nodes.replicas to 1 or more",
          wrong: [false, undefined],
        })),
        {
          type: CACHE,
          path: "userGroupIds",
          holds: (value, resource) =>
            listOf(value).length > 0 || !isAbsent(inputAt(resource, "authToken")),
          message: "lets in whoever reaches it, without a password",
          fix: "give it a user group",
          wrong: [[], undefined],
        },
        {
          type: CACHE,
          path: "subnetGroupName",
          holds: (value) => !isAbsent(value) && value !== "default",
          message: "stands in the default subnets",
          fix: "give it a subnet group of its own",
          wrong: [undefined, "default"],
        },
        {
          type: SERVERLESS_CACHE,
          path: "userGroupId",
          holds: (value) => !isAbsent(value),
          message: "lets in whoever reaches it, without a password",
          fix: "give it a user group",
          wrong: [undefined],
        },
        ...snapshots,
      ),
    ),
  },
];
