import type { Control } from "../control";
import { type PolicyResource, UNKNOWN, type Value } from "../graph";
import { withInput } from "../mutants";
import { allOf, inputRule, type Rule } from "../rule";
import { inputAt, isAbsent, listOf, mapsOf, textOf } from "../values";

const RECORD = "aws:route53/record:Record";
const CERTIFICATE = "aws:acm/certificate:Certificate";
const VALIDATION = "aws:acm/certificateValidation:CertificateValidation";
const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";

const KEYS: readonly unknown[] = [
  "RSA_2048",
  "RSA_3072",
  "RSA_4096",
  "EC_prime256v1",
  "EC_secp384r1",
  "EC_secp521r1",
];

/** ACM-01: ACM issues and renews for names that have their record; *.example.com and example.com have the same one. */
const provesEachName: Rule = {
  check: (graph) =>
    graph.ofType(VALIDATION).flatMap((resource) => {
      const records = inputAt(resource, "validationRecordFqdns");
      const names = graph
        .references(resource, "certificateArn", CERTIFICATE)
        .flatMap(namesOf)
        .map((name) => textOf(name).replace(/^\*\./, ""));
      return records === UNKNOWN || listOf(records).length >= new Set(names).size
        ? []
        : [
            {
              resource,
              message: "waits for fewer records than its certificate has names",
              fix: "add a validation record for each name",
            },
          ];
    }),
  mutants: (graph) =>
    graph.ofType(VALIDATION).flatMap((validation) =>
      [[], undefined].map((records) => ({
        title: `${validation.name}: no record`,
        graph: withInput(graph, validation, "validationRecordFqdns", records),
        finds: validation.urn,
      })),
    ),
};

function namesOf(certificate: PolicyResource): readonly Value[] {
  const first = inputAt(certificate, "domainName");
  return [
    ...(first === undefined ? [] : [first]),
    ...listOf(inputAt(certificate, "subjectAlternativeNames")),
  ];
}

/** DNS-01: an alias that Route 53 asks how its target does. CloudFront does not say. */
const asksForHealth: Rule = inputRule({
  type: RECORD,
  of: (record, graph) =>
    mapsOf(inputAt(record, "aliases")).length > 0 &&
    graph.references(record, "aliases", DISTRIBUTION).length === 0,
  path: "aliases.0.evaluateTargetHealth",
  holds: (value) => value === true,
  message: "leads to a load balancer whether anything behind it answers or not",
  fix: "set evaluateTargetHealth to true",
  wrong: [false, undefined],
});

export const domainControls: readonly Control[] = [
  {
    id: "DNS-01",
    title: "Route 53 leads to what is healthy",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["seed 002", "REL11"],
    status: { kind: "held" },
    rule: asksForHealth,
  },
  {
    id: "ACM-01",
    title:
      "Certificates are proven by DNS for each name, have strong keys and are logged in public",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["ACM.2", "CKV_AWS_234"],
    status: { kind: "held" },
    rule: allOf(
      provesEachName,
      inputRule(
        {
          type: CERTIFICATE,
          path: "validationMethod",
          holds: (value) => value === "DNS",
          message: "is renewed only if somebody reads an email",
          fix: "set validationMethod to DNS",
          wrong: ["EMAIL", undefined],
        },
        {
          type: CERTIFICATE,
          path: "keyAlgorithm",
          // AWS's own default is RSA_2048.
          holds: (value) => isAbsent(value) || KEYS.includes(value),
          message: "has a weak key",
          fix: "remove keyAlgorithm",
          wrong: ["RSA_1024"],
        },
        {
          type: CERTIFICATE,
          path: "options.certificateTransparencyLoggingPreference",
          holds: (value) => value !== "DISABLED",
          message: "is refused by browsers, which want it in a public log",
          fix: "remove certificateTransparencyLoggingPreference",
          wrong: ["DISABLED"],
        },
      ),
    ),
  },
];
