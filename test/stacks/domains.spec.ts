import * as assert from "node:assert/strict";
import { SettingsError } from "../../components/support/problem";
import { loadConfig } from "../../stacks/config";
import { createPlatform } from "../../stacks/platform";
import type { RecordedResource } from "../support/recorded-resource";
import { runProgram } from "../support/run-program";
import { type StackConfig, runPlatform, smallConfig, sourceOf } from "./support";

const RECORD = "aws:route53/record:Record";
const CLOUDFLARE_RECORD = "cloudflare:index/dnsRecord:DnsRecord";
const RULE = "aws:lb/listenerRule:ListenerRule";
const PROVIDER = "pulumi:providers:aws";

const app = { zone: "example.com", zoneId: "Z1", names: ["app.example.com", "*.example.com"] };
const shop = { zone: "example.org", zoneId: "Z2", names: ["shop.example.org"] };

/** The small configuration by HTTPS at the names of its domains. */
function withDomains(domains: object, changes: StackConfig = {}): StackConfig {
  return {
    ...smallConfig(),
    "ecs-platform:loadBalancer": {},
    "ecs-platform:domains": domains,
    ...changes,
  };
}

function withRoute(route: object): StackConfig {
  const config = smallConfig();
  const { api } = config["ecs-platform:services"] as { api: object };
  return { "ecs-platform:services": { api: { ...api, route: { priority: 100, ...route } } } };
}

const secondRegion = {
  region: "eu-west-1",
  network: { cidr: "10.1.0.0/16", availabilityZones: ["eu-west-1a", "eu-west-1b"], nat: "single" },
};

describe("a stack with domains", () => {
  it("answers at them by HTTPS, each name leading to the load balancer", async () => {
    const run = await runPlatform(withDomains({ app }));
    assert.deepEqual(
      run
        .all(RECORD)
        .filter((record) => record.input("aliases") !== undefined)
        .map((record) => [
          record.input("name"),
          record.input("type"),
          record.input("aliases.0.name"),
        ]),
      [
        ["*.example.com", "A", run.one("aws:lb/loadBalancer:LoadBalancer").outputs["dnsName"]],
        ["app.example.com", "A", run.one("aws:lb/loadBalancer:LoadBalancer").outputs["dnsName"]],
      ],
    );
    assert.deepEqual(run.one(RULE).input("conditions.0.hostHeader.values"), ["app.example.com"]);
    assert.equal(run.outputs["url"], "https://app.example.com/");
    assert.equal("nameServers" in (run.outputs["ids"] as object), false);
  });

  it("serves HTTPS once its certificate is issued", async () => {
    const run = await runPlatform(withDomains({ app }));
    const https = run.one("aws:lb/listener:Listener", "load-balancer-https");
    assert.deepEqual(
      https.propertyDependencies["certificateArn"]?.map((urn) => run.byUrn(urn).name),
      ["app-validation"],
    );
  });

  it("has no record, zone or certificate without them", async () => {
    const run = await runPlatform(smallConfig());
    assert.deepEqual(
      run.names().filter((name) => /route53|acm|cloudflare|cloudfront/.test(name)),
      [],
    );
  });

  it("tells the name servers of the zones that it makes", async () => {
    const { zoneId: _, ...rest } = app;
    const run = await runPlatform(withDomains({ app: { ...rest, createZone: true } }));
    assert.deepEqual((run.outputs["ids"] as Record<string, unknown>)["nameServers"], {
      app: ["ns-1.awsdns-01.com", "ns-2.awsdns-02.net"],
    });
    assert.equal(run.one("aws:route53/zone:Zone").protect, true);
  });

  it("gives its zones up where nothing is protected", async () => {
    const { zoneId: _, ...rest } = app;
    const unprotected = { "ecs-platform:unprotectedBecause": "a test is made and destroyed" };
    const run = await runPlatform(withDomains({ app: { ...rest, createZone: true } }, unprotected));
    assert.equal(run.one("aws:route53/zone:Zone").protect, false);
  });

  it("keeps everything about a zone at Cloudflare there", async () => {
    const atCloudflare = {
      ...app,
      provider: "cloudflare",
      zoneId: "0123456789abcdef0123456789abcdef",
      names: ["app.example.com"],
    };
    const run = await runPlatform(withDomains({ app: atCloudflare }));
    assert.deepEqual(run.all(RECORD), []);
    assert.deepEqual(
      run.all(CLOUDFLARE_RECORD).map(({ name }) => name),
      ["app-app.example.com", "app-validation-app.example.com"],
    );
    const provider = run.one("pulumi:providers:cloudflare");
    assert.ok(
      run
        .all(CLOUDFLARE_RECORD)
        .every((record) => record.provider?.startsWith(provider.urn) === true),
    );
  });

  it("hands Cloudflare its token as a secret", async () => {
    const config = withDomains({
      app: { ...app, provider: "cloudflare", zoneId: "0123456789abcdef0123456789abcdef" },
    });
    const run = await runProgram(() => ({ ...createPlatform(loadConfig(sourceOf(config))) }), {
      config: { "cloudflare:apiToken": "token" },
      secretKeys: ["cloudflare:apiToken"],
    });
    const provider = run.one("pulumi:providers:cloudflare");
    assert.equal(provider.input("apiToken"), "token");
    assert.equal(provider.isSecret("apiToken"), true);
  });

  it("makes no provider of Cloudflare that nobody uses", async () => {
    const run = await runPlatform(withDomains({ app }));
    assert.deepEqual(run.all("pulumi:providers:cloudflare"), []);
  });

  it("stays the same for the rest when one more comes before the others", async () => {
    const [one, two] = await Promise.all([
      runPlatform(withDomains({ shop: { ...shop, default: true } })),
      runPlatform(withDomains({ app, shop: { ...shop, default: true } })),
    ]);
    const changed = one.resources.filter(({ urn, inputs }) => {
      const after = two.resources.find((resource) => resource.urn === urn);
      return JSON.stringify(after?.inputs) !== JSON.stringify(inputs);
    });
    // The service that names no host answers at the new name, too; the dashboard shows the new certificate's alarm.
    assert.deepEqual(
      changed.map(({ name }) => name),
      ["api-rule", "monitoring-dashboard"],
    );
  });
});

describe("a stack with domains in two regions", () => {
  const inRegion = (resource: RecordedResource) =>
    resource.urn.includes("SecondRegion") ? "second" : "first";

  for (const [routing, first, second] of [
    [
      "failover",
      { failoverRoutingPolicies: [{ type: "PRIMARY" }] },
      { failoverRoutingPolicies: [{ type: "SECONDARY" }] },
    ],
    [
      "latency",
      { latencyRoutingPolicies: [{ region: "us-east-1" }] },
      { latencyRoutingPolicies: [{ region: "eu-west-1" }] },
    ],
  ] as const) {
    it(`leads its names to both by ${routing}`, async () => {
      const run = await runPlatform(
        withDomains(
          { shop: { ...shop, healthCheck: {} } },
          { "ecs-platform:secondRegion": { ...secondRegion, routing } },
        ),
      );
      const aliases = run.all(RECORD).filter((record) => record.input("aliases") !== undefined);
      const balancers = run.all("aws:lb/loadBalancer:LoadBalancer");
      const expected = (place: "first" | "second", policy: object) => {
        const balancer = balancers.find((resource) => inRegion(resource) === place);
        return {
          zoneId: "Z2",
          name: "shop.example.org",
          type: "A",
          aliases: [
            {
              name: balancer?.outputs["dnsName"],
              zoneId: balancer?.outputs["zoneId"],
              evaluateTargetHealth: true,
            },
          ],
          setIdentifier: place === "first" ? "us-east-1" : "eu-west-1",
          healthCheckId: "shop-health-check-id",
          ...policy,
        };
      };
      assert.deepEqual(
        Object.fromEntries(aliases.map((record) => [inRegion(record), record.inputs])),
        { first: expected("first", first), second: expected("second", second) },
      );
    });
  }

  it("proves itself once, for a certificate in each", async () => {
    const { zoneId: _, ...rest } = shop;
    const run = await runPlatform(
      withDomains(
        { shop: { ...rest, createZone: true } },
        { "ecs-platform:secondRegion": secondRegion },
      ),
    );
    assert.equal(run.all("aws:route53/zone:Zone").length, 1);
    assert.equal(
      run.all(RECORD).filter((record) => record.input("aliases") === undefined).length,
      1,
    );
    const validations = run.all("aws:acm/certificateValidation:CertificateValidation");
    assert.deepEqual(validations.map(inRegion).sort(), ["first", "second"]);
    const [one, other] = validations.map((validation) => validation.input("validationRecordFqdns"));
    assert.deepEqual(one, other);
    assert.equal((one as string[]).length, 1);
  });
});

describe("a stack with CloudFront", () => {
  const withCdn = (region: string): StackConfig =>
    withDomains(
      { app, shop: { ...shop, default: true } },
      {
        "aws:region": region,
        "ecs-platform:network": {
          availabilityZones: [`${region}a`, `${region}b`],
          nat: "single",
        },
        "ecs-platform:loadBalancer": { scheme: "internal" },
        "ecs-platform:cdn": {},
      },
    );

  it("leads every name to it, over IPv6, too", async () => {
    const run = await runPlatform(withCdn("us-east-1"));
    const aliases = run.all(RECORD).filter((record) => record.input("aliases") !== undefined);
    assert.equal(aliases.length, 6);
    for (const record of aliases) {
      assert.deepEqual(record.input("aliases"), [
        {
          name: "cdn-distribution-id.cloudfront.net",
          zoneId: "Z2FDTNDATAQYW2",
          evaluateTargetHealth: false,
        },
      ]);
    }
    const { distributionId, distributionDnsName } = run.outputs["ids"] as Record<string, string>;
    assert.equal(distributionId, "cdn-distribution-id");
    assert.equal(distributionDnsName, "cdn-distribution-id.cloudfront.net");
  });

  it("uses its own provider for the certificate where it stands in us-east-1", async () => {
    const run = await runPlatform(withCdn("us-east-1"));
    assert.equal(run.all(PROVIDER).length, 1);
  });

  it("has a provider of us-east-1 for the certificate where it stands elsewhere", async () => {
    const run = await runPlatform(withCdn("eu-west-1"));
    const provider = run.one(PROVIDER, "aws-us-east-1");
    assert.equal(provider.input("region"), "us-east-1");
    assert.deepEqual(
      run.resources
        .filter((resource) => resource.provider?.startsWith(provider.urn) === true)
        .map(({ name }) => name)
        .sort(),
      ["cdn-certificate", "cdn-validation"],
    );
  });
});

interface Mistake {
  readonly config: StackConfig;
  readonly key: string;
  readonly rule: RegExp;
  readonly fix: RegExp;
}

const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b";
const names = ["a", "b", "c", "d", "e"].map((label) => `${label}.example.com`);

const MISTAKES: Record<string, Mistake> = {
  "plain HTTP without a reason": {
    config: { ...smallConfig(), "ecs-platform:loadBalancer": {} },
    key: "ecs-platform:loadBalancer.plainHttpBecause",
    rule: /is required without certificate and domain/,
    fix: /add a domain under ecs-platform:domains/,
  },
  "a reason for plain HTTP beside a domain": {
    config: withDomains(
      { app },
      { "ecs-platform:loadBalancer": { plainHttpBecause: "it is only dev" } },
    ),
    key: "ecs-platform:loadBalancer.plainHttpBecause",
    rule: /with which nothing is plain/,
    fix: /remove/,
  },
  "two domains without a default": {
    config: withDomains({ app, shop }),
    key: "ecs-platform:domains",
    rule: /does not say whose certificate/,
    fix: /add default: true/,
  },
  "two defaults": {
    config: withDomains({ app: { ...app, default: true }, shop: { ...shop, default: true } }),
    key: "ecs-platform:domains.shop.default",
    rule: /is said of app too/,
    fix: /remove it from all but one/,
  },
  "a name in two domains": {
    config: withDomains({
      app: { ...app, default: true },
      other: { ...app, names: ["api.example.com", "app.example.com"] },
    }),
    key: "ecs-platform:domains.other.names[1]",
    rule: /is a name of app too/,
    fix: /remove it from one of the two/,
  },
  "a name whose wildcard is in another domain": {
    config: withDomains({
      app: { ...app, names: ["example.com"], default: true },
      other: { ...app, names: ["*.example.com"] },
    }),
    key: "ecs-platform:domains.other.names[0]",
    rule: /is a name of app too, by itself or with a wildcard/,
    fix: /remove it from one of the two/,
  },
  "a host that no certificate covers": {
    config: withDomains({ app }, withRoute({ hosts: ["app.example.com", "a.b.example.com"] })),
    key: "ecs-platform:services.api.route.hosts[1]",
    rule: /is on no certificate/,
    fix: /add it to the names of a domain/,
  },
  "no host where there are wildcards only": {
    config: withDomains({ app: { ...app, names: ["*.example.com"] } }),
    key: "ecs-platform:services.api.route.hosts",
    rule: /have wildcards only/,
    fix: /name the hosts/,
  },
  "no host where names, paths and blocks are more than a rule takes": {
    config: withDomains(
      { app: { ...app, names: names.slice(0, 3) } },
      withRoute({ allowedCidrs: ["203.0.113.0/25", "203.0.113.128/25"] }),
    ),
    key: "ecs-platform:services.api.route.hosts",
    rule: /more names than a rule takes beside its paths and blocks/,
    fix: /name the hosts/,
  },
  "no host where there are more names than a rule takes": {
    config: withDomains({ app: { ...app, names } }),
    key: "ecs-platform:services.api.route.hosts",
    rule: /more names than a rule takes beside its paths and blocks/,
    fix: /name the hosts/,
  },
  "no host beside an existing certificate": {
    config: { ...smallConfig(), "ecs-platform:loadBalancer": { certificateArn } },
    key: "ecs-platform:services.api.route.hosts",
    rule: /is required with loadBalancer\.certificateArn/,
    fix: /add hosts: \["api\.example\.com"\]/,
  },
  "a health check of an internal load balancer": {
    config: withDomains(
      { app: { ...app, healthCheck: {} } },
      { "ecs-platform:loadBalancer": { scheme: "internal" } },
    ),
    key: "ecs-platform:domains.app.healthCheck",
    rule: /cannot reach an internal load balancer/,
    fix: /make the load balancer internet-facing/,
  },
  "Cloudflare for two regions": {
    config: withDomains(
      { app: { ...app, provider: "cloudflare", zoneId: "0123456789abcdef0123456789abcdef" } },
      { "ecs-platform:secondRegion": secondRegion },
    ),
    key: "ecs-platform:domains.app.provider",
    rule: /cannot share requests out between two regions/,
    fix: /move the zone to Route 53/,
  },
  "an existing certificate for two regions": {
    config: withDomains(
      { app },
      {
        "ecs-platform:loadBalancer": { additionalCertificateArns: { old: certificateArn } },
        "ecs-platform:secondRegion": secondRegion,
      },
    ),
    key: "ecs-platform:loadBalancer.additionalCertificateArns.old",
    rule: /is good for one region only/,
    fix: /make it a domain/,
  },
  "IPv6 in one of two regions": {
    config: withDomains(
      { app },
      {
        "ecs-platform:network": {
          availabilityZones: ["us-east-1a", "us-east-1b"],
          nat: "single",
          ipv6: true,
        },
        "ecs-platform:secondRegion": secondRegion,
      },
    ),
    key: "ecs-platform:secondRegion.network.ipv6",
    rule: /IPv6 clients had one region only/,
    fix: /set it to true, or change network\.ipv6/,
  },
  "CloudFront with a way around it": {
    config: withDomains({ app }, { "ecs-platform:cdn": {} }),
    key: "ecs-platform:loadBalancer.scheme",
    rule: /leaves a way around CloudFront/,
    fix: /set it to internal/,
  },
  "CloudFront without a name": {
    config: {
      ...smallConfig(),
      "ecs-platform:loadBalancer": { scheme: "internal", plainHttpBecause: "nobody reads along" },
      "ecs-platform:cdn": {},
    },
    key: "ecs-platform:domains",
    rule: /do not fit the one certificate of CloudFront/,
    fix: /add a domain/,
  },
  "CloudFront for two regions": {
    config: withDomains(
      { app },
      {
        "ecs-platform:loadBalancer": { scheme: "internal" },
        "ecs-platform:cdn": {},
        "ecs-platform:secondRegion": secondRegion,
      },
    ),
    key: "ecs-platform:cdn",
    rule: /stands in front of one region only/,
    fix: /remove it, or secondRegion/,
  },
};

const RIGHT: Record<string, StackConfig> = {
  "plain HTTP with a reason": smallConfig(),
  "two domains of which one is the default": withDomains({
    app: { ...app, default: true },
    shop,
  }),
  "hosts that a wildcard covers": withDomains(
    { app },
    withRoute({ hosts: ["a.example.com", "b.example.com"] }),
  ),
  "hosts of an existing certificate beside a domain": withDomains(
    { app },
    {
      ...withRoute({ hosts: ["app.example.net"] }),
      "ecs-platform:loadBalancer": { certificateArn },
    },
  ),
  "hosts of a further certificate": withDomains(
    { app },
    {
      ...withRoute({ hosts: ["app.example.net"] }),
      "ecs-platform:loadBalancer": { additionalCertificateArns: { old: certificateArn } },
    },
  ),
  "as many names as a rule takes": withDomains({ app: { ...app, names: names.slice(1) } }),
  "a domain beside an existing certificate": withDomains(
    { app },
    { "ecs-platform:loadBalancer": { certificateArn } },
  ),
  "IPv6 in both regions": withDomains(
    { app },
    {
      "ecs-platform:network": {
        availabilityZones: ["us-east-1a", "us-east-1b"],
        nat: "single",
        ipv6: true,
      },
      "ecs-platform:secondRegion": {
        ...secondRegion,
        network: { ...secondRegion.network, ipv6: true },
      },
    },
  ),
  "a health check through CloudFront": withDomains(
    { app: { ...app, healthCheck: {} } },
    { "ecs-platform:loadBalancer": { scheme: "internal" }, "ecs-platform:cdn": {} },
  ),
};

describe("rules between domains and the rest", () => {
  for (const [title, config] of Object.entries(RIGHT)) {
    it(`take ${title}`, () => {
      loadConfig(sourceOf(config));
    });
  }

  for (const [title, { config, key, rule, fix }] of Object.entries(MISTAKES)) {
    it(`refuse ${title}, naming ${key} alone`, () => {
      assert.throws(
        () => loadConfig(sourceOf(config)),
        (error) => {
          assert.ok(error instanceof SettingsError, String(error));
          assert.deepEqual(
            error.problems.map((problem) => problem.key),
            [key],
          );
          assert.match(error.problems[0]?.rule ?? "", rule);
          assert.match(error.problems[0]?.fix ?? "", fix);
          return true;
        },
      );
    });
  }
});
