import * as assert from "node:assert/strict";
import { LoadBalancer, type LoadBalancerArgs } from "../../components";
import { runProgram } from "../support/run-program";
import { build, inputsByName, network, refusal } from "./support";

const arn = (id: string) => `arn:aws:acm:us-east-1:123456789012:certificate/${id}`;
const domain = (id: string, names: readonly string[], isDefault = false) => ({
  certificateArn: arn(id),
  names,
  isDefault,
});
const app = domain("a0", ["app.example.com", "*.example.com"], true);
const shop = domain("b0", ["shop.example.org"]);
const withDomains = (domains: NonNullable<LoadBalancerArgs["domains"]>): LoadBalancerArgs => ({
  network,
  domains,
});

const LISTENER = "aws:lb/listener:Listener";
const LISTENER_CERTIFICATE = "aws:lb/listenerCertificate:ListenerCertificate";
const HTTPS_ARN =
  "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/lb-https/50dc6c495c0c9188/1a2b3c4";

const further = (id: string) => ({ listenerArn: HTTPS_ARN, certificateArn: arn(id) });

describe("LoadBalancer, certificates", () => {
  it("speaks HTTPS for its only domain, and redirects HTTP", async () => {
    const run = await build(() => new LoadBalancer("lb", withDomains({ shop })));
    const https = run.one(LISTENER, "lb-https");
    assert.equal(https.input("certificateArn"), arn("b0"));
    assert.equal(https.input("port"), 443);
    assert.equal(https.input("sslPolicy"), "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09");
    assert.equal(run.one(LISTENER, "lb-http").input("defaultActions.0.type"), "redirect");
    assert.deepEqual(run.all(LISTENER_CERTIFICATE), []);
  });

  it("has the default domain's certificate first, and the others for clients that name their host", async () => {
    const blog = domain("c0", ["blog.example.net"]);
    const run = await build(() => new LoadBalancer("lb", withDomains({ blog, app, shop })));
    assert.equal(run.one(LISTENER, "lb-https").input("certificateArn"), arn("a0"));
    assert.deepEqual(inputsByName(run, LISTENER_CERTIFICATE), {
      "lb-certificate-blog": further("c0"),
      "lb-certificate-shop": further("b0"),
    });
  });

  it("has an existing certificate first, and those of all domains beside it", async () => {
    const blog = domain("c0", ["blog.example.net"]);
    const args = { ...withDomains({ blog, shop }), certificateArn: arn("d0") };
    const run = await build(() => new LoadBalancer("lb", args));
    assert.equal(run.one(LISTENER, "lb-https").input("certificateArn"), arn("d0"));
    assert.deepEqual(inputsByName(run, LISTENER_CERTIFICATE), {
      "lb-certificate-blog": further("c0"),
      "lb-certificate-shop": further("b0"),
    });
  });

  it("has further existing certificates, each by its own name", async () => {
    const run = await build(
      () =>
        new LoadBalancer("lb", {
          network,
          certificateArn: arn("d0"),
          additionalCertificateArns: { old: arn("e0"), older: arn("f0") },
        }),
    );
    assert.deepEqual(inputsByName(run, LISTENER_CERTIFICATE), {
      "lb-certificate-old": further("e0"),
      "lb-certificate-older": further("f0"),
    });
  });

  it("closes port 80 where told to", async () => {
    const args = { ...withDomains({ shop }), http: "closed" } as const;
    const run = await build(() => new LoadBalancer("lb", args));
    assert.deepEqual(Object.keys(inputsByName(run, LISTENER)), ["lb-https"]);
    assert.deepEqual(
      run
        .all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        .map((rule) => rule.input("fromPort")),
      [443],
    );
  });

  it("offers the names of its domains to services that name no host, but for wildcards", async () => {
    const run = await runProgram(() => ({
      domains: new LoadBalancer("lb", withDomains({ app, shop })).defaultHosts,
      wildcards: new LoadBalancer("any", withDomains({ any: domain("c0", ["*.example.com"]) }))
        .defaultHosts,
      none: new LoadBalancer("plain", { network }).defaultHosts,
    }));
    assert.deepEqual(run.outputs, {
      domains: ["app.example.com", "shop.example.org"],
      wildcards: ["any-alb-1a2b3c4-1234567890.us-east-1.elb.amazonaws.com"],
      none: ["plain-alb-1a2b3c4-1234567890.us-east-1.elb.amazonaws.com"],
    });
  });

  const reason = "nobody sends it anything";
  const CASES: Record<string, { args: Partial<LoadBalancerArgs>; problem: object }> = {
    "a reason for plain HTTP beside a certificate": {
      args: { certificateArn: arn("d0"), plainHttpBecause: reason },
      problem: {
        key: "plainHttpBecause",
        value: reason,
        rule: "stands beside a certificate or domain, with which nothing is plain",
        allowed: "nothing with certificateArn or domains",
        fix: "remove it",
      },
    },
    "a reason for plain HTTP beside a domain": {
      args: { domains: { shop }, plainHttpBecause: reason },
      problem: {
        key: "plainHttpBecause",
        value: reason,
        rule: "stands beside a certificate or domain, with which nothing is plain",
        allowed: "nothing with certificateArn or domains",
        fix: "remove it",
      },
    },
    "no port at all": {
      args: { http: "closed" },
      problem: {
        key: "http",
        value: "closed",
        rule: "leaves no port open without a certificate",
        allowed: "closed with certificateArn or domains only",
        fix: "remove it, or add a certificate",
      },
    },
    "a further certificate without a first": {
      args: { additionalCertificateArns: { old: arn("e0") } },
      problem: {
        key: "additionalCertificateArns.old",
        value: arn("e0"),
        rule: "comes without a first certificate",
        allowed: "nothing without certificateArn or domains",
        fix: "give it as certificateArn",
      },
    },
    "a further certificate by the name of a domain": {
      args: { domains: { shop }, additionalCertificateArns: { shop: arn("e0") } },
      problem: {
        key: "additionalCertificateArns.shop",
        value: arn("e0"),
        rule: "bears the name of a domain",
        allowed: "names that no domain has",
        fix: "rename it",
      },
    },
    "several domains of which none is the default": {
      args: { domains: { shop, blog: shop } },
      problem: {
        key: "domains",
        value: ["shop", "blog"],
        rule: "does not say whose certificate clients get that name no host",
        allowed: "default: true at one of several domains",
        fix: "add default: true to the main one",
      },
    },
    "two defaults": {
      args: { domains: { app, shop, other: app } },
      problem: {
        key: "domains.other.default",
        value: true,
        rule: "is said of app too, and there is one default",
        allowed: "true at one domain",
        fix: "remove it from all but one",
      },
    },
    "a default beside an existing certificate": {
      args: { domains: { app }, certificateArn: arn("d0") },
      problem: {
        key: "domains.app.default",
        value: true,
        rule: "contradicts certificateArn, which clients get that name no host",
        allowed: "nothing with certificateArn",
        fix: "remove it, or certificateArn",
      },
    },
  };
  for (const [title, { args, problem }] of Object.entries(CASES)) {
    it(`refuses ${title}`, async () => {
      const error = await refusal(() => new LoadBalancer("lb", { network, ...args }));
      assert.deepEqual(error.problems, [problem]);
    });
  }
});
