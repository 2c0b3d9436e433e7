import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../support/problem";

/** Names that ACM puts on one certificate, unless asked to raise the quota. */
const MOST_NAMES = 10;

/** Names, and the records by which ACM knows their owner; a `Domain` will do. */
export interface ProvenNames {
  readonly names: readonly string[];
  readonly validationRecordFqdns: readonly pulumi.Input<string>[];
}

/** One certificate for all names: a distribution has no more. It proves itself by the records that the domains have. */
export function createCertificate(
  name: string,
  domains: readonly ProvenNames[],
  child: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const [domainName = "", ...subjectAlternativeNames] = domains.flatMap(({ names }) => names);
  const certificate = new aws.acm.Certificate(
    `${name}-certificate`,
    {
      domainName,
      ...(subjectAlternativeNames.length > 0 && { subjectAlternativeNames }),
      validationMethod: "DNS",
      tags: { Name: name },
    },
    child,
  );
  const validation = new aws.acm.CertificateValidation(
    `${name}-validation`,
    {
      certificateArn: certificate.arn,
      validationRecordFqdns: domains.flatMap((domain) => domain.validationRecordFqdns),
    },
    { ...child, customTimeouts: { create: "30m" } },
  );
  return validation.certificateArn;
}

/** What is wrong with the names that a distribution shall answer. */
export function nameProblems(key: string, names: readonly string[]): Problem[] {
  if (names.length > 0 && names.length <= MOST_NAMES) return [];
  return [
    {
      key,
      value: names,
      rule: "do not fit the one certificate of CloudFront",
      allowed: `1 to ${MOST_NAMES} names in all`,
      fix:
        names.length === 0
          ? "add a domain with a name"
          : "put a wildcard in the place of several names",
    },
  ];
}
