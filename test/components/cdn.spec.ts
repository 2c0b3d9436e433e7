import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { Cdn, type CdnArgs } from "../../components";
import { runProgram } from "../support/run-program";
import { sourcesOf } from "./support";
import { SettingsError } from "../../components/support/problem";

const CERTIFICATE = "aws:acm/certificate:Certificate";
const VALIDATION = "aws:acm/certificateValidation:CertificateValidation";
const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const ORIGIN = "aws:cloudfront/vpcOrigin:VpcOrigin";
const PROVIDER = "pulumi:providers:aws";

const loadBalancer = {
  arn: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/lb-alb-1a2b3c4/50dc6c495c0c9188",
  dnsName: "internal-lb.eu-central-1.elb.amazonaws.com",
};
const domains = {
  app: {
    names: ["app.example.com", "*.example.com"],
    validationRecordFqdns: ["_a.app.example.com", "_b.example.com"],
  },
  shop: { names: ["shop.example.org"], validationRecordFqdns: ["_c.shop.example.org"] },
};

/** A run of a distribution beside the provider of us-east-1 that it needs. */
const build = (settings: Partial<CdnArgs> = {}, preview = false) =>
  runProgram(
    () => {
      const usEast1Provider = new aws.Provider("us-east-1", { region: "us-east-1" });
      const { dnsName, zoneId, dualStack, reportsHealth } = new Cdn("cdn", {
        loadBalancer,
        domains,
        usEast1Provider,
        ...settings,
      });
      return { dnsName, zoneId, dualStack, reportsHealth };
    },
    { preview },
  );

const behavior = (cachePolicyId: string) => ({
  targetOriginId: "load-balancer",
  viewerProtocolPolicy: "redirect-to-https",
  allowedMethods: ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
  cachedMethods: ["GET", "HEAD"],
  compress: true,
  cachePolicyId,
  originRequestPolicyId: "216adef6-5c7f-47e4-b989-5492eafa07d3",
});

describe("Cdn", () => {
  it("creates this and nothing else", async () => {
    const run = await build();
    const component = run.one("ecs-platform:index:Cdn");
    assert.deepEqual(
      run.childrenOf(component).map(({ type, name }) => `${type} ${name}`),
      [
        `${CERTIFICATE} cdn-certificate`,
        `${VALIDATION} cdn-validation`,
        `${DISTRIBUTION} cdn-distribution`,
        `${ORIGIN} cdn-origin`,
      ],
    );
    assert.equal(run.resources.length, 6);
  });

  it("previews what it creates", async () => {
    const [preview, deployment] = [await build({}, true), await build()];
    assert.deepEqual(preview.names(), deployment.names());
  });

  it("reaches the load balancer inside the VPC, by HTTPS alone", async () => {
    const run = await build();
    assert.deepEqual(run.one(ORIGIN).inputs, {
      vpcOriginEndpointConfig: {
        name: "lb-alb-1a2b3c4",
        arn: loadBalancer.arn,
        httpPort: 80,
        httpsPort: 443,
        originProtocolPolicy: "https-only",
        originSslProtocols: { items: ["TLSv1.2"], quantity: 1 },
      },
      tags: { Name: "cdn" },
    });
  });

  it("answers all names by TLS 1.2 and newer, and keeps nothing", async () => {
    const run = await build();
    assert.deepEqual(run.one(DISTRIBUTION).inputs, {
      enabled: true,
      comment: "cdn",
      aliases: ["app.example.com", "*.example.com", "shop.example.org"],
      isIpv6Enabled: true,
      httpVersion: "http2and3",
      priceClass: "PriceClass_100",
      viewerCertificate: {
        acmCertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/cdn-certificate-id",
        sslSupportMethod: "sni-only",
        minimumProtocolVersion: "TLSv1.2_2021",
      },
      origins: [
        {
          originId: "load-balancer",
          domainName: loadBalancer.dnsName,
          vpcOriginConfig: {
            vpcOriginId: "cdn-origin-id",
            originReadTimeout: 30,
            originKeepaliveTimeout: 5,
          },
        },
      ],
      defaultCacheBehavior: behavior("4135ea2d-6df8-44a3-9df3-4b5a84be39ad"),
      restrictions: { geoRestriction: { restrictionType: "none" } },
      tags: { Name: "cdn" },
    });
  });

  it("keeps what Cache-Control says of the named paths, in the order given", async () => {
    const run = await build({ cachedPaths: ["/static/*", "/media/*"] });
    const policy = "4cc15a8a-d715-48a4-82b8-cc0b614638fe";
    assert.deepEqual(run.one(DISTRIBUTION).input("orderedCacheBehaviors"), [
      { pathPattern: "/static/*", ...behavior(policy) },
      { pathPattern: "/media/*", ...behavior(policy) },
    ]);
    assert.equal(
      run.one(DISTRIBUTION).input("defaultCacheBehavior.cachePolicyId"),
      "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    );
  });

  it("stands where the settings say, and waits as long", async () => {
    const run = await build({ priceClass: "PriceClass_200", answerTimeoutSeconds: 60 });
    assert.equal(run.one(DISTRIBUTION).input("priceClass"), "PriceClass_200");
    assert.equal(run.one(DISTRIBUTION).input("origins.0.vpcOriginConfig.originReadTimeout"), 60);
  });

  it("has its certificate made in us-east-1, on the strength of the domains' records", async () => {
    const run = await build();
    const provider = run.one(PROVIDER);
    for (const type of [CERTIFICATE, VALIDATION]) {
      assert.equal(run.one(type).provider?.startsWith(provider.urn), true, type);
    }
    assert.equal(run.one(DISTRIBUTION).provider?.startsWith(provider.urn) ?? false, false);
    assert.deepEqual(run.one(CERTIFICATE).inputs, {
      domainName: "app.example.com",
      subjectAlternativeNames: ["*.example.com", "shop.example.org"],
      validationMethod: "DNS",
      tags: { Name: "cdn" },
    });
    assert.deepEqual(run.one(VALIDATION).input("validationRecordFqdns"), [
      "_a.app.example.com",
      "_b.example.com",
      "_c.shop.example.org",
    ]);
    assert.deepEqual(sourcesOf(run, run.one(DISTRIBUTION), "viewerCertificate"), [
      `${VALIDATION} cdn-validation`,
    ]);
  });

  it("is a target for records, which cannot say whether it is healthy", async () => {
    const run = await build();
    assert.deepEqual(run.outputs, {
      dnsName: "cdn-distribution-id.cloudfront.net",
      zoneId: "Z2FDTNDATAQYW2",
      dualStack: true,
      reportsHealth: false,
    });
  });

  for (const [title, names, fix] of [
    ["no name", [], "add a domain with a name"],
    [
      "eleven names",
      Array.from({ length: 11 }, (_, index) => `a${index}.example.com`),
      "put a wildcard in the place of several names",
    ],
  ] as const) {
    it(`refuses ${title}, beside what is wrong with its settings`, async () => {
      let thrown: unknown;
      const run = await runProgram(() => {
        const usEast1Provider = new aws.Provider("us-east-1", { region: "us-east-1" });
        const few = { app: { names, validationRecordFqdns: [] } };
        try {
          new Cdn("cdn", {
            loadBalancer,
            domains: few,
            usEast1Provider,
            answerTimeoutSeconds: 0,
          });
        } catch (error) {
          thrown = error;
        }
      });
      assert.equal(run.resources.length, 1, "the provider alone");
      assert.ok(thrown instanceof SettingsError);
      assert.match(thrown.message, /^Cdn "cdn": 2 problems; nothing was created\.\n/);
      assert.deepEqual(thrown.problems[1], {
        key: "domains",
        value: names,
        rule: "do not fit the one certificate of CloudFront",
        allowed: "1 to 10 names in all",
        fix,
      });
    });
  }
});
