import type { Control } from "../control";
import type { PolicyResource, Value } from "../graph";
import { withInput } from "../mutants";
import { allOf, inputRule, type Rule } from "../rule";
import { inputAt, isAbsent, isMap, mapsOf } from "../values";

const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const ORIGIN = "aws:cloudfront/vpcOrigin:VpcOrigin";

const ENCRYPTED: readonly unknown[] = ["redirect-to-https", "https-only"];

/** CFR-01: nobody is answered by plain HTTP, on whichever path. */
const speaksTls: Rule = {
  check: (graph) =>
    graph
      .ofType(DISTRIBUTION)
      .filter((distribution) =>
        policiesOf(distribution).some((policy) => !ENCRYPTED.includes(policy)),
      )
      .map((resource) => ({
        resource,
        message: "answers by plain HTTP",
        fix: "set viewerProtocolPolicy to redirect-to-https",
      })),
  mutants: (graph) =>
    graph.ofType(DISTRIBUTION).flatMap((distribution) =>
      [
        "defaultCacheBehavior.viewerProtocolPolicy",
        ...mapsOf(inputAt(distribution, "orderedCacheBehaviors")).map(
          (_, index) => `orderedCacheBehaviors.${index}.viewerProtocolPolicy`,
        ),
      ].map((path) => ({
        title: `${distribution.name}: ${path} = allow-all`,
        graph: withInput(graph, distribution, path, "allow-all"),
        finds: distribution.urn,
      })),
    ),
};

function policiesOf(distribution: PolicyResource): (Value | undefined)[] {
  const fallback = inputAt(distribution, "defaultCacheBehavior");
  return [
    ...(isMap(fallback) ? [fallback] : []),
    ...mapsOf(inputAt(distribution, "orderedCacheBehaviors")),
  ].map((behavior) => behavior["viewerProtocolPolicy"]);
}

export const cdnControls: readonly Control[] = [
  {
    id: "CFR-01",
    title: "CloudFront speaks TLS 1.2 or newer on both sides",
    severity: "medium",
    appliesTo: "every-stack",
    sources: [
      "CloudFront.3",
      "CloudFront.7",
      "CloudFront.8",
      "CloudFront.9",
      "CloudFront.10",
      "CloudFront.15",
    ],
    status: { kind: "held" },
    rule: allOf(
      speaksTls,
      inputRule(
        {
          type: DISTRIBUTION,
          path: "viewerCertificate.minimumProtocolVersion",
          holds: (value) => typeof value === "string" && /^TLSv1\.(2_2021|[3-9])/.test(value),
          message: "takes old versions of TLS",
          fix: "set minimumProtocolVersion to TLSv1.2_2021",
          wrong: ["TLSv1", "TLSv1.2_2019", undefined],
        },
        {
          type: DISTRIBUTION,
          path: "viewerCertificate.acmCertificateArn",
          holds: (value) => !isAbsent(value),
          message: "shows CloudFront's own certificate",
          fix: "name a certificate for the names",
          wrong: [undefined],
        },
        {
          type: ORIGIN,
          path: "vpcOriginEndpointConfig.originProtocolPolicy",
          holds: (value) => value === "https-only",
          message: "is reached by plain HTTP",
          fix: "set originProtocolPolicy to https-only",
          wrong: ["http-only", "match-viewer", undefined],
        },
        {
          type: ORIGIN,
          path: "vpcOriginEndpointConfig.originSslProtocols.items",
          holds: (value) => JSON.stringify(value) === '["TLSv1.2"]',
          message: "is reached by old versions of TLS",
          fix: 'set originSslProtocols to ["TLSv1.2"]',
          wrong: [["TLSv1", "TLSv1.2"], undefined],
        },
      ),
    ),
  },
];
