import * as assert from "node:assert/strict";
import { DomainRecords, type DomainRecordsArgs, type Routing } from "../../components";
import { build, inputsByName, refusal, sourcesOf } from "./support";

const RECORD = "aws:route53/record:Record";
const HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck";
const CLOUDFLARE_RECORD = "cloudflare:index/dnsRecord:DnsRecord";

const target = { dnsName: "lb.elb.amazonaws.com", zoneId: "Z35SXDOTRQ7X7K", dualStack: false };
const happy = (): DomainRecordsArgs => ({
  domain: { zoneId: "Z1", records: { names: ["app.example.com", "*.app.example.com"] } },
  target,
});
const checked = (): DomainRecordsArgs => ({
  domain: {
    zoneId: "Z1",
    records: {
      names: ["*.app.example.com", "app.example.com"],
      healthCheck: { path: "/ready", intervalSeconds: 10, failureThreshold: 2 },
    },
  },
  target,
});
const atCloudflare = (proxied: boolean): DomainRecordsArgs => ({
  domain: {
    zoneId: "z2",
    records: { provider: "cloudflare", names: ["app.example.com"], ttlSeconds: 120, proxied },
  },
  target,
});
const routed = (routing: Routing): DomainRecordsArgs => ({
  ...checked(),
  routing,
  setIdentifier: "eu-west-1",
});

const alias = (name: string, type: string, evaluateTargetHealth = true) => ({
  zoneId: "Z1",
  name,
  type,
  aliases: [{ name: "lb.elb.amazonaws.com", zoneId: "Z35SXDOTRQ7X7K", evaluateTargetHealth }],
});

describe("DomainRecords", () => {
  it("leads every name to the target, and asks it whether it is healthy", async () => {
    const run = await build(() => new DomainRecords("app", happy()));
    assert.equal(run.component.type, "ecs-platform:index:DomainRecords");
    assert.equal(run.resources.length, 3);
    assert.deepEqual(inputsByName(run, RECORD), {
      "app-app.example.com-a": alias("app.example.com", "A"),
      "app-_any.app.example.com-a": alias("*.app.example.com", "A"),
    });
  });

  for (const [title, args, type] of [
    ["Route 53", happy(), RECORD],
    ["Cloudflare", atCloudflare(false), CLOUDFLARE_RECORD],
  ] as const) {
    it(`takes a record at ${title} away before another of its name comes`, async () => {
      const run = await build(() => new DomainRecords("app", args));
      assert.deepEqual(
        run.all(type).filter(({ deleteBeforeReplace }) => deleteBeforeReplace !== true),
        [],
      );
    });
  }

  it("has AAAA records exactly where the target answers over IPv6", async () => {
    const dualStack = { ...target, dualStack: true };
    const run = await build(() => new DomainRecords("app", { ...happy(), target: dualStack }));
    assert.deepEqual(inputsByName(run, RECORD), {
      "app-app.example.com-a": alias("app.example.com", "A"),
      "app-app.example.com-aaaa": alias("app.example.com", "AAAA"),
      "app-_any.app.example.com-a": alias("*.app.example.com", "A"),
      "app-_any.app.example.com-aaaa": alias("*.app.example.com", "AAAA"),
    });
  });

  it("does not ask a target that cannot say", async () => {
    const silent = { ...target, reportsHealth: false };
    const run = await build(() => new DomainRecords("app", { ...happy(), target: silent }));
    assert.deepEqual(
      run.one(RECORD, "app-app.example.com-a").inputs,
      alias("app.example.com", "A", false),
    );
  });

  it("points a name at Cloudflare to the target", async () => {
    const run = await build(() => new DomainRecords("app", atCloudflare(false)));
    assert.equal(run.resources.length, 2);
    assert.deepEqual(inputsByName(run, CLOUDFLARE_RECORD), {
      "app-app.example.com": {
        zoneId: "z2",
        name: "app.example.com",
        type: "CNAME",
        content: "lb.elb.amazonaws.com",
        proxied: false,
        ttl: 120,
      },
    });
  });

  it("leaves the lifetime of a proxied record to Cloudflare", async () => {
    const run = await build(() => new DomainRecords("app", atCloudflare(true)));
    const record = run.one(CLOUDFLARE_RECORD);
    assert.equal(record.input("proxied"), true);
    assert.equal(record.input("ttl"), 1);
  });

  it("checks the first name that is no wildcard by HTTPS", async () => {
    const run = await build(() => new DomainRecords("app", checked()));
    assert.deepEqual(inputsByName(run, HEALTH_CHECK), {
      "app-health-check": {
        type: "HTTPS",
        fqdn: "app.example.com",
        resourcePath: "/ready",
        port: 443,
        requestInterval: 10,
        failureThreshold: 2,
        tags: { Name: "app" },
      },
    });
    assert.equal(run.component.outputs["healthCheckId"], "app-health-check-id");
    assert.equal(run.one(RECORD, "app-app.example.com-a").input("healthCheckId"), undefined);
  });

  for (const role of ["PRIMARY", "SECONDARY"] as const) {
    it(`stands as ${role} for the other region, which takes over when it is unhealthy`, async () => {
      const run = await build(() => new DomainRecords("app", routed({ policy: "failover", role })));
      const record = run.one(RECORD, "app-app.example.com-a");
      assert.deepEqual(record.inputs, {
        ...alias("app.example.com", "A"),
        setIdentifier: "eu-west-1",
        failoverRoutingPolicies: [{ type: role }],
        healthCheckId: "app-health-check-id",
      });
      assert.deepEqual(sourcesOf(run, record, "healthCheckId"), [
        "aws:route53/healthCheck:HealthCheck app-health-check",
      ]);
    });
  }

  it("stands for the clients that are near", async () => {
    const routing = { policy: "latency", region: "eu-west-1" } as const;
    const run = await build(
      () => new DomainRecords("app", { ...happy(), routing, setIdentifier: "eu-west-1" }),
    );
    assert.deepEqual(run.one(RECORD, "app-app.example.com-a").inputs, {
      ...alias("app.example.com", "A"),
      setIdentifier: "eu-west-1",
      latencyRoutingPolicies: [{ region: "eu-west-1" }],
    });
  });

  it("checks the region's load balancer itself where the names may lead to another", async () => {
    const run = await build(
      () => new DomainRecords("app", routed({ policy: "failover", role: "PRIMARY" })),
    );
    assert.deepEqual(run.one(HEALTH_CHECK).inputs, {
      type: "TCP",
      fqdn: "lb.elb.amazonaws.com",
      port: 443,
      requestInterval: 10,
      failureThreshold: 2,
      tags: { Name: "app" },
    });
  });

  it("refuses to share requests out at Cloudflare", async () => {
    const routing = { policy: "latency", region: "eu-west-1" } as const;
    const error = await refusal(
      () =>
        new DomainRecords("app", { ...atCloudflare(false), routing, setIdentifier: "eu-west-1" }),
    );
    assert.deepEqual(error.problems, [
      {
        key: "routing",
        value: routing,
        rule: "is done by Route 53 alone",
        allowed: "nothing for a zone at Cloudflare",
        fix: "remove it, or move the zone to Route 53",
      },
    ]);
  });

  for (const [title, args, value] of [
    ["no mark of the region", { routing: { policy: "failover", role: "PRIMARY" } }, undefined],
    ["the mark of a region alone", { setIdentifier: "eu-west-1" }, "eu-west-1"],
  ] as const) {
    it(`refuses ${title}`, async () => {
      const error = await refusal(() => new DomainRecords("app", { ...happy(), ...args }));
      assert.deepEqual(error.problems, [
        {
          key: "setIdentifier",
          value,
          rule: "goes with routing: it tells the records of one name apart",
          allowed: "text with routing, nothing without",
          fix: "give the region's name, or remove it",
        },
      ]);
    });
  }

  it("lists every problem and registers nothing", async () => {
    const records = { names: ["app"], ttlSeconds: 1 };
    const error = await refusal(
      () => new DomainRecords("app", { domain: { zoneId: "Z1", records }, target }),
    );
    assert.match(error.message, /^DomainRecords "app": 2 problems; nothing was created\.\n/);
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      ["domain.records.names[0]", "domain.records.ttlSeconds"],
    );
  });
});
