import * as assert from "node:assert/strict";
import type { Run } from "../support/run";
import { routing, textOf } from "./reading";
import { runExample } from "./support";

const EXAMPLE = "fargate-reference";
const NAMES = ["app.example.com", "*.example.com"];
const RECORD = "aws:route53/record:Record";
const CERTIFICATE = "aws:acm/certificate:Certificate";

/** Records of a type, by their names. */
function recordsOf(run: Run, type: string) {
  const records = run.all(RECORD).filter((record) => record.input("type") === type);
  return Object.fromEntries(records.map((record) => [textOf(record, "name"), record]));
}

/** Alias records of both kinds lead here. */
function assertAliasesLeadTo(run: Run, target: { name: unknown; zoneId: unknown }): void {
  for (const type of ["A", "AAAA"]) {
    const records = recordsOf(run, type);
    assert.deepEqual(Object.keys(records).sort(), [...NAMES].sort());
    for (const record of Object.values(records)) {
      assert.equal(record.input("aliases.0.name"), target.name);
      assert.equal(record.input("aliases.0.zoneId"), target.zoneId);
    }
  }
}

/** With CloudFront in front, which keeps answers below /static/. */
const cdn = { "loadBalancer.scheme": "internal", cdn: { cachedPaths: ["/static/*"] } };

describe("seed 002, names of the reference architecture on Fargate", () => {
  let run: Run;
  before(async () => {
    run = await runExample(EXAMPLE);
  });

  it("S002-141: the zone is made, or an existing one is used by its id", async () => {
    assert.equal(run.one("aws:route53/zone:Zone").input("name"), "example.com");
    const existing = await runExample(EXAMPLE, {
      "domains.main.createZone": undefined,
      "domains.main.zoneId": "Z0123456789ABCDEFGHIJ",
    });
    assert.deepEqual(existing.all("aws:route53/zone:Zone"), []);
    for (const record of existing.all(RECORD)) {
      assert.equal(record.input("zoneId"), "Z0123456789ABCDEFGHIJ");
    }
  });

  it("S002-142: A records are aliases of the load balancer", () => {
    const { outputs } = run.one("aws:lb/loadBalancer:LoadBalancer");
    assertAliasesLeadTo(run, { name: outputs["dnsName"], zoneId: outputs["zoneId"] });
    assert.equal(
      recordsOf(run, "A")["app.example.com"]?.input("aliases.0.evaluateTargetHealth"),
      true,
    );
  });

  it("S002-143: AAAA records lead to a load balancer that has IPv6, and there are none without it", async () => {
    assert.deepEqual(Object.keys(recordsOf(run, "AAAA")).sort(), [...NAMES].sort());
    assert.equal(run.one("aws:lb/loadBalancer:LoadBalancer").input("ipAddressType"), "dualstack");
    assert.equal(run.one("aws:ec2/vpc:Vpc").input("assignGeneratedIpv6CidrBlock"), true);
    for (const name of ["network-public-a", "network-public-b"]) {
      assert.ok(run.one("aws:ec2/subnet:Subnet", name).input("ipv6CidrBlock"));
    }
    const ingress = run
      .all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
      .filter((rule) => rule.input("cidrIpv6") === "::/0");
    assert.deepEqual(
      ingress.map((rule) => [rule.input("securityGroupId"), rule.input("toPort")]),
      [443, 80].map((port) => ["load-balancer-security-group-id", port]),
    );
    const without = await runExample(EXAMPLE, { "network.ipv6": false });
    assert.deepEqual(recordsOf(without, "AAAA"), {});
    assert.notEqual(
      without.one("aws:lb/loadBalancer:LoadBalancer").input("ipAddressType"),
      "dualstack",
    );
  });

  it("S002-144: Route 53 asks the name for its health by HTTPS", () => {
    const check = run.one("aws:route53/healthCheck:HealthCheck");
    assert.equal(check.input("type"), "HTTPS");
    assert.equal(check.input("fqdn"), "app.example.com");
    assert.equal(check.input("resourcePath"), "/health");
  });

  it("S002-145, S002-146: a certificate for the one name and for all below the domain", () => {
    const certificate = run.one(CERTIFICATE);
    assert.equal(certificate.input("domainName"), "app.example.com");
    assert.deepEqual(certificate.input("subjectAlternativeNames"), ["*.example.com"]);
    assert.equal(
      run.one("aws:lb/listener:Listener", "load-balancer-https").input("certificateArn"),
      certificate.outputs["arn"],
    );
  });

  it("S002-147, S002-148: it is proven by a record for each name, which stays, so that ACM renews it", () => {
    const certificate = run.one(CERTIFICATE);
    assert.equal(certificate.input("validationMethod"), "DNS");
    assert.equal(certificate.input("certificateBody"), undefined);
    const records = Object.values(recordsOf(run, "CNAME"));
    assert.equal(records.length, NAMES.length);
    for (const record of records) {
      assert.equal(record.retainOnDelete, false);
      assert.equal(record.kind, "custom");
    }
    const validation = run.one("aws:acm/certificateValidation:CertificateValidation");
    assert.equal(validation.input("certificateArn"), certificate.outputs["arn"]);
    assert.deepEqual(
      [...(validation.propertyDependencies["validationRecordFqdns"] ?? [])].sort(),
      records.map(({ urn }) => urn).sort(),
    );
  });

  it("S002-149, S002-150: the listener takes TLS 1.2 and 1.3", () => {
    assert.match(
      textOf(run.one("aws:lb/listener:Listener", "load-balancer-https"), "sslPolicy"),
      /^ELBSecurityPolicy-TLS13-1-2-/,
    );
  });

  it("S002-151, S002-207: CloudFront is an option in front, to which the names move, and keeps static paths", async () => {
    const type = "aws:cloudfront/distribution:Distribution";
    assert.deepEqual(run.all(type), []);
    const withCdn = await runExample(EXAMPLE, cdn);
    const distribution = withCdn.one(type);
    const loadBalancer = withCdn.one("aws:lb/loadBalancer:LoadBalancer");
    assert.equal(distribution.input("origins.0.domainName"), loadBalancer.outputs["dnsName"]);
    assert.equal(loadBalancer.input("internal"), true);
    assert.deepEqual(distribution.input("aliases"), NAMES);
    assertAliasesLeadTo(withCdn, {
      name: distribution.outputs["domainName"],
      zoneId: distribution.outputs["hostedZoneId"],
    });

    assert.equal(distribution.input("orderedCacheBehaviors.0.pathPattern"), "/static/*");
    // The policies of AWS called UseOriginCacheControlHeaders-QueryStrings, and CachingDisabled.
    assert.equal(
      distribution.input("orderedCacheBehaviors.0.cachePolicyId"),
      "4cc15a8a-d715-48a4-82b8-cc0b614638fe",
    );
    assert.equal(
      distribution.input("defaultCacheBehavior.cachePolicyId"),
      "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    );
  });

  it("S002-152: the record's name is one of the certificate's, and one that a route answers", () => {
    const names = [
      run.one(CERTIFICATE).input("domainName"),
      ...(run.one(CERTIFICATE).input("subjectAlternativeNames") as string[]),
    ];
    assert.deepEqual(Object.keys(recordsOf(run, "A")).sort(), [...names].sort());
    const [rule, ...others] = routing(run);
    assert.deepEqual(rule?.hosts, ["app.example.com"]);
    assert.deepEqual(others, []);
  });
});
