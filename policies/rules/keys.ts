import type { Control } from "../control";
import { isLimitedBy, statementsOf, withStatements } from "../documents";
import type { Graph, PolicyResource } from "../graph";
import { withInput } from "../mutants";
import { allOf, inputRule, type Rule } from "../rule";
import { inputAt } from "../values";

export const KEY = "aws:kms/key:Key";

/** Conditions by which "everybody" is nobody outside the account or organization. */
const OWN_ACCOUNT = [
  "kms:CallerAccount",
  "aws:PrincipalAccount",
  "aws:PrincipalOrgID",
  "aws:SourceAccount",
];

/** KMS-02, first half: nobody of another account may use the key. */
const closedKeys: Rule = {
  check: (graph) =>
    graph
      .ofType(KEY)
      .filter((key) =>
        statementsOf(key, "policy").some(
          (statement) =>
            statement.allows &&
            statement.principals.includes("*") &&
            !isLimitedBy(statement, ...OWN_ACCOUNT),
        ),
      )
      .map((resource) => ({
        resource,
        message: "may be used by every account of AWS",
        fix: "name the account, or add a condition on kms:CallerAccount",
      })),
  mutants: (graph) =>
    graph.ofType(KEY).flatMap((key) =>
      ["*", { AWS: "*" }].map((Principal) => ({
        title: `${key.name}: open to ${JSON.stringify(Principal)}`,
        graph: withStatements(graph, key, "policy", (statements) => [
          ...statements,
          { Effect: "Allow", Principal, Action: "kms:Decrypt", Resource: "*" },
        ]),
        finds: key.urn,
      })),
    ),
};

/** What stays encrypted with a key for as long as it is there, and its input that refers to the key. */
const KEPT: readonly (readonly [type: string, input: string])[] = [
  ["aws:dynamodb/table:Table", "serverSideEncryption"],
  ["aws:secretsmanager/secret:Secret", "kmsKeyId"],
  [
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "rules",
  ],
  ["aws:backup/vault:Vault", "kmsKeyArn"],
  ["aws:rds/instance:Instance", "kmsKeyId"],
  ["aws:rds/cluster:Cluster", "kmsKeyId"],
  ["aws:efs/fileSystem:FileSystem", "kmsKeyId"],
];

/** KMS-02, second half: nobody has the data back without its key, so there is a month to notice. */
const slowlyDeleted: Rule = {
  check: (graph) =>
    graph
      .ofType(KEY)
      .filter((key) => keepsData(graph, key))
      .filter((key) => {
        const days = inputAt(key, "deletionWindowInDays");
        // AWS's own default is 30.
        return typeof days === "number" && days < 30;
      })
      .map((resource) => ({
        resource,
        message: "can be gone in less than 30 days, and with it all that it encrypts",
        fix: "set deletionWindowInDays to 30",
      })),
  mutants: (graph) =>
    graph
      .ofType(KEY)
      .filter((key) => keepsData(graph, key))
      .map((key) => ({
        title: `${key.name}: 7 days`,
        graph: withInput(graph, key, "deletionWindowInDays", 7),
        finds: key.urn,
      })),
};

/** Whether something is lost with the key: nothing is that a pipeline's bucket held, which may be deleted with all that is in it. */
export function keepsData(graph: Graph, key: PolicyResource): boolean {
  return KEPT.flatMap(([type, input]) => graph.referrers(key, type, input)).some((user) => {
    const buckets = graph.references(user, "bucket");
    return buckets.length === 0 || buckets.some((one) => inputAt(one, "forceDestroy") !== true);
  });
}

export const keyControls: readonly Control[] = [
  {
    id: "KMS-01",
    title: "Keys change every year",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["KMS.4", "CIS 4.6", "CKV_AWS_7", "AWS-0065"],
    status: { kind: "held" },
    rule: inputRule({
      type: KEY,
      path: "enableKeyRotation",
      holds: (value) => value === true,
      message: "stays the same for ever",
      fix: "set enableKeyRotation to true",
      wrong: [false, undefined],
    }),
  },
  {
    id: "KMS-02",
    title: "Keys are closed to other accounts, and one that keeps data takes 30 days to delete",
    severity: "critical",
    appliesTo: "production",
    sources: ["KMS.3", "KMS.5", "CKV_AWS_33", "CKV_AWS_227", "CKV2_AWS_64"],
    status: { kind: "held", setting: "unprotectedBecause" },
    rule: allOf(
      closedKeys,
      slowlyDeleted,
      inputRule({
        type: KEY,
        path: "isEnabled",
        holds: (value) => value !== false,
        message: "is turned off, and with it all that it encrypts",
        fix: "remove isEnabled",
        wrong: [false],
      }),
    ),
  },
];
