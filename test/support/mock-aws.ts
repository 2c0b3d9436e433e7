import type { JsonObject, JsonValue } from "./json";

/** The account every mocked resource belongs to. */
export const mockAccountId = "123456789012";

/** Where a resource lives whose provider does not name a region. */
export const mockRegion = "us-east-1";

/** What Pulumi's auto-naming would make up; the same for every resource, so that tests can spell it. */
export const nameHash = "1a2b3c4";

/** What AWS appends to the names of load balancers and their parts. */
export const balancerHash = "50dc6c495c0c9188";

/** A resource about to be answered, as the rows of the table of outputs see it. */
export interface Subject {
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** Physical name: the program's, or what auto-naming would make of the logical one. */
  readonly physicalName: string;
  readonly id: string;
  readonly region: string;
  readonly inputs: JsonObject;
  /** An ARN in the resource's account and region. */
  readonly arn: (service: string, resource: string) => string;
}

/** One row of the table: only what differs from a plain AWS resource with a name and an ARN. */
export interface Row {
  /** The property that holds the physical name, when it is not `name`. */
  readonly nameProperty?: string;
  /** The ARN, when it is not `arn:aws:<service>:<region>:<account>:<kind>/<physical name>`. */
  readonly arn?: (subject: Subject) => string;
  /** Further outputs that AWS would compute. */
  readonly outputs?: (subject: Subject & { readonly ownArn: string }) => JsonObject;
}

/** The row of a resource of IAM, whose ARNs have no region. */
export function iam(kind: string): Row {
  return {
    arn: ({ physicalName }) => `arn:aws:iam::${mockAccountId}:${kind}/${physicalName}`,
    outputs: () => ({ uniqueId: "AROATEST" }),
  };
}

/** The part of a load balancer's ARN by which CloudWatch knows it. */
export function loadBalancerPath({ physicalName, inputs }: Subject): string {
  const kind = inputs["loadBalancerType"] === "network" ? "net" : "app";
  return `${kind}/${physicalName}/${balancerHash}`;
}

/** The ARN of a secret of this name. */
export function secretArn(subject: Subject, secretName: string): string {
  return subject.arn("secretsmanager", `secret:${secretName}-AbCdEf`);
}

/** What RDS fills in for a database instance, its managed password's secret included. */
export function databaseOutputs(subject: Subject): JsonObject {
  const { physicalName, inputs, region } = subject;
  const address = `${physicalName}.c1a2b3c4d5e6.${region}.rds.amazonaws.com`;
  const isPostgres = typeof inputs["engine"] === "string" && inputs["engine"].includes("postgres");
  const port = typeof inputs["port"] === "number" ? inputs["port"] : isPostgres ? 5432 : 3306;
  const masterUserSecret = {
    kmsKeyId: subject.arn("kms", "key/rds-managed"),
    secretArn: secretArn(subject, `rds!db-${physicalName}`),
    secretStatus: "active",
  };
  return {
    address,
    port,
    endpoint: `${address}:${port}`,
    resourceId: `db-${physicalName}`,
    status: "available",
    masterUserSecrets: inputs["manageMasterUserPassword"] === true ? [masterUserSecret] : [],
  };
}

/** The same for a cluster of Aurora. */
export function clusterOutputs(subject: Subject): JsonObject {
  const { port = null, masterUserSecrets = [] } = databaseOutputs(subject);
  const host = (kind: string) =>
    `${subject.physicalName}.${kind}-c1a2b3c4d5e6.${subject.region}.rds.amazonaws.com`;
  return {
    port,
    masterUserSecrets,
    endpoint: host("cluster"),
    readerEndpoint: host("cluster-ro"),
    clusterResourceId: `cluster-${subject.physicalName}`,
  };
}

/** What one has to create to prove to ACM that one owns the domains of a certificate. */
export function domainValidations(inputs: JsonObject): JsonValue {
  const alternatives = inputs["subjectAlternativeNames"];
  return [inputs["domainName"], ...(Array.isArray(alternatives) ? alternatives : [])]
    .filter((domain) => typeof domain === "string")
    .map((domain) => ({
      domainName: domain,
      // A wildcard shares the record of the name below it, and names in DNS end with a dot.
      resourceRecordName: `_validation.${domain.replace(/^\*\./, "")}.`,
      resourceRecordType: "CNAME",
      resourceRecordValue: "_value.acm-validations.aws.",
    }));
}
