import { companionRule } from "../companions";
import type { Control } from "../control";
import { statementsOf, withStatements } from "../documents";
import type { Value, ValueMap } from "../graph";
import { allOf, inputRule, type Rule } from "../rule";
import { listOf, valueAt } from "../values";

export const BUCKET = "aws:s3/bucket:Bucket";
const CLOSED = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const ENCRYPTION =
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls";

/** What a bucket must have beside it. */
export function beside(type: string, message: string, fix: string): Rule {
  return companionRule({ of: BUCKET, type, input: "bucket", message, fix });
}

const FLAGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

/** S3-02: plain HTTP is refused, for the bucket and all that is in it, and nobody is let in by everybody's name. */
const refusesPlainHttp: Rule = {
  check: (graph) =>
    graph.ofType(POLICY).flatMap((resource) => {
      const statements = statementsOf(resource, "policy");
      if (statements.length === 0) return [];
      const refuses = statements.some(
        ({ allows, principals, actions, resources, conditions }) =>
          !allows &&
          principals.includes("*") &&
          actions.includes("s3:*") &&
          resources.some((arn) => !arn.includes("/")) &&
          resources.some((arn) => arn.endsWith("/*")) &&
          conditions.some(
            ({ operator, key, values }) =>
              operator === "Bool" && key === "aws:SecureTransport" && values.includes("false"),
          ),
      );
      const open = statements.some(
        ({ allows, principals, conditions }) =>
          allows && principals.includes("*") && conditions.length === 0,
      );
      return [
        ...(refuses
          ? []
          : [
              {
                resource,
                message: "lets requests in by plain HTTP",
                fix: "deny s3:* to everybody where aws:SecureTransport is false",
              },
            ]),
        ...(open
          ? [{ resource, message: "lets everybody in", fix: "name who may, and what" }]
          : []),
      ];
    }),
  mutants: (graph) =>
    graph.ofType(POLICY).flatMap((policy) => {
      const changed = (
        title: string,
        change: (all: readonly ValueMap[]) => readonly ValueMap[],
      ) => ({
        title: `${policy.name}: ${title}`,
        graph: withStatements(graph, policy, "policy", change),
        finds: policy.urn,
      });
      const inDeny = (key: string, value: Value | undefined) => (all: readonly ValueMap[]) =>
        all.map((one) => (one["Effect"] === "Deny" ? { ...one, [key]: value } : one));
      const anybody = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" };
      return [
        changed("HTTP let in", (all) => [
          ...all.filter((one) => one["Effect"] !== "Deny"),
          { Effect: "Deny", Principal: "*", Action: "s3:DeleteBucket", Resource: "*" },
        ]),
        changed("HTTP refused to one user", inDeny("Principal", { AWS: "123456789012" })),
        changed("HTTP refused to readers", inDeny("Action", ["s3:GetObject"])),
        changed("HTTPS refused", inDeny("Condition", { Bool: { "aws:SecureTransport": "true" } })),
        changed("HTTP to objects let in", (all) =>
          all.map((one) =>
            one["Effect"] === "Deny"
              ? { ...one, Resource: listOf(one["Resource"]).slice(0, 1) }
              : one,
          ),
        ),
        changed("open to everybody", (all) => [...all, anybody]),
      ];
    }),
};

/** Who gets at the objects in buckets. */
export const bucketControls: readonly Control[] = [
  {
    id: "S3-01",
    title: "Buckets are closed to the public in every way that S3 has",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["S3.1", "S3.8", "CIS 3.1.4", "CKV2_AWS_6"],
    status: { kind: "held" },
    rule: allOf(
      beside(CLOSED, "can be opened to the public", "add a BucketPublicAccessBlock"),
      inputRule(
        ...FLAGS.map((path) => ({
          type: CLOSED,
          path,
          holds: (value: Value | undefined) => value === true,
          message: `leaves a way to open the bucket: ${path} is off`,
          fix: `set ${path} to true`,
          wrong: [false, undefined],
        })),
      ),
    ),
  },
  {
    id: "S3-02",
    title: "Buckets refuse plain HTTP, and let nobody in by everybody's name",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["S3.5", "CIS 3.1.1", "cdk-nag S10"],
    status: { kind: "held" },
    rule: allOf(
      beside(POLICY, "lets requests in by plain HTTP", "add a BucketPolicy that denies it"),
      refusesPlainHttp,
    ),
  },
  {
    id: "S3-03",
    title: "Buckets say how they encrypt, and ask KMS once for many objects",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["S3.17", "CKV_AWS_145", "AWS-0132"],
    status: { kind: "held" },
    rule: allOf(
      beside(ENCRYPTION, "does not say how it encrypts", "add an encryption configuration"),
      inputRule({
        type: ENCRYPTION,
        path: "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm",
        holds: (value) => value === "AES256" || value === "aws:kms",
        message: "names no way to encrypt",
        fix: "set sseAlgorithm to AES256 or aws:kms",
        wrong: [undefined, "none"],
      }),
      inputRule({
        type: ENCRYPTION,
        of: (resource) =>
          valueAt(resource.inputs, "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm") ===
          "aws:kms",
        path: "rules.0.bucketKeyEnabled",
        holds: (value) => value === true,
        message: "asks and pays KMS for each object",
        fix: "set bucketKeyEnabled to true",
        wrong: [false, undefined],
      }),
    ),
  },
  {
    id: "S3-06",
    title: "Buckets own what others put into them, and know no access control lists",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["S3.12", "CKV2_AWS_65"],
    status: { kind: "held" },
    rule: allOf(
      beside(OWNERSHIP, "has access control lists", "add BucketOwnershipControls"),
      inputRule({
        type: OWNERSHIP,
        path: "rule.objectOwnership",
        holds: (value) => value === "BucketOwnerEnforced",
        message: "has access control lists",
        fix: "set objectOwnership to BucketOwnerEnforced",
        wrong: ["ObjectWriter", "BucketOwnerPreferred", undefined],
      }),
    ),
  },
];
