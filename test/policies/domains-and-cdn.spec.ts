import * as assert from "node:assert/strict";
import { UNKNOWN, type ValueMap } from "../../policies/graph";
import { findings, resource } from "./fixtures";

const CERTIFICATE = "aws:acm/certificate:Certificate";
const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const ORIGIN = "aws:cloudfront/vpcOrigin:VpcOrigin";

describe("policies about names", () => {
  it("DNS-01: reports an alias that leads to what is ill, but for CloudFront, which does not say", () => {
    const alias = (evaluateTargetHealth: boolean): ValueMap => ({
      aliases: [{ name: "lb.example.com", evaluateTargetHealth }],
    });
    const distribution = resource(DISTRIBUTION, "cdn");
    const record = "aws:route53/record:Record";
    assert.deepEqual(
      findings("DNS-01", [
        distribution,
        resource(record, "asks", alias(true)),
        resource(record, "blind", alias(false)),
        resource(record, "to-cdn", alias(false), { aliases: distribution }),
        resource(record, "text", { records: ["v=spf1 -all"] }),
      ]),
      ["blind: leads to a load balancer whether anything behind it answers or not"],
    );
  });

  it("ACM-01: reports certificates that expire unread, are weak, hidden or waited for with too few records", () => {
    const certificate = (name: string, inputs: ValueMap = {}) =>
      resource(CERTIFICATE, name, {
        domainName: "example.com",
        validationMethod: "DNS",
        ...inputs,
      });
    const two = certificate("two", {
      subjectAlternativeNames: ["*.example.com", "shop.example.com"],
    });
    const validation = (name: string, validationRecordFqdns: ValueMap[string]) =>
      resource(
        "aws:acm/certificateValidation:CertificateValidation",
        name,
        { validationRecordFqdns },
        { certificateArn: two },
      );
    assert.deepEqual(
      findings("ACM-01", [
        two,
        // *.example.com is proven by the record of example.com.
        validation("enough", ["_1.example.com", "_2.shop.example.com"]),
        validation("later", UNKNOWN),
        validation("too-few", ["_1.example.com"]),
        certificate("by-mail", { validationMethod: "EMAIL" }),
        certificate("weak", { keyAlgorithm: "RSA_1024" }),
        certificate("strong", { keyAlgorithm: "EC_prime256v1" }),
        certificate("hidden", {
          options: { certificateTransparencyLoggingPreference: "DISABLED" },
        }),
      ]),
      [
        "too-few: waits for fewer records than its certificate has names",
        "by-mail: is renewed only if somebody reads an email",
        "weak: has a weak key",
        "hidden: is refused by browsers, which want it in a public log",
      ],
    );
  });
});

describe("policies about CloudFront", () => {
  it("CFR-01: reports plain HTTP and old TLS on either side", () => {
    const certificate = {
      acmCertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1",
      minimumProtocolVersion: "TLSv1.2_2021",
    };
    const behavior = { viewerProtocolPolicy: "redirect-to-https" };
    const distribution = (name: string, inputs: ValueMap) =>
      resource(DISTRIBUTION, name, {
        viewerCertificate: certificate,
        defaultCacheBehavior: behavior,
        ...inputs,
      });
    const origin = (name: string, inputs: ValueMap) =>
      resource(ORIGIN, name, {
        vpcOriginEndpointConfig: {
          originProtocolPolicy: "https-only",
          originSslProtocols: { items: ["TLSv1.2"] },
          ...inputs,
        },
      });
    assert.deepEqual(
      findings("CFR-01", [
        distribution("strict", { orderedCacheBehaviors: [behavior] }),
        distribution("plain-path", {
          orderedCacheBehaviors: [behavior, { viewerProtocolPolicy: "allow-all" }],
        }),
        distribution("old", {
          viewerCertificate: { ...certificate, minimumProtocolVersion: "TLSv1" },
        }),
        distribution("others-certificate", {
          viewerCertificate: { minimumProtocolVersion: "TLSv1.2_2021" },
        }),
        origin("strict-origin", {}),
        origin("plain-origin", { originProtocolPolicy: "match-viewer" }),
        origin("old-origin", { originSslProtocols: { items: ["TLSv1.1", "TLSv1.2"] } }),
      ]),
      [
        "plain-path: answers by plain HTTP",
        "old: takes old versions of TLS",
        "others-certificate: shows CloudFront's own certificate",
        "plain-origin: is reached by plain HTTP",
        "old-origin: is reached by old versions of TLS",
      ],
    );
  });
});
