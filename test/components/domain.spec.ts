import * as assert from "node:assert/strict";
import { Domain, type DomainArgs } from "../../components";
import { runProgram } from "../support/run-program";
import { build, customTimeouts, inputsByName, refusal, sourcesOf } from "./support";

const CERTIFICATE = "aws:acm/certificate:Certificate";
const VALIDATION = "aws:acm/certificateValidation:CertificateValidation";
const RECORD = "aws:route53/record:Record";
const CLOUDFLARE_RECORD = "cloudflare:index/dnsRecord:DnsRecord";
const ZONE = "aws:route53/zone:Zone";

const happy = (): DomainArgs => ({
  zone: "example.com",
  zoneId: "Z0123456789",
  names: ["app.example.com", "example.com", "*.example.com"],
});
const atCloudflare = (): DomainArgs => ({
  ...happy(),
  provider: "cloudflare",
  zoneId: "0123456789abcdef0123456789abcdef",
});
const created = (): DomainArgs => {
  const { zoneId: _, ...rest } = happy();
  return { ...rest, createZone: true };
};
const CERTIFICATE_ARN = "arn:aws:acm:us-east-1:123456789012:certificate/app-certificate-id";

describe("Domain", () => {
  it("creates this and nothing else", async () => {
    const { component, children } = await build(() => new Domain("app", happy()));
    assert.equal(component.type, "ecs-platform:index:Domain");
    assert.deepEqual(children, [
      "aws:acm/certificate:Certificate app-certificate",
      "aws:acm/certificateValidation:CertificateValidation app-validation",
      "aws:route53/record:Record app-validation-app.example.com",
      "aws:route53/record:Record app-validation-example.com",
    ]);
  });

  it("previews what it creates", async () => {
    const make = () => new Domain("app", created());
    const [preview, deployment] = [await build(make, { preview: true }), await build(make)];
    assert.deepEqual(preview.children, deployment.children);
  });

  it("has a certificate for all names made, which ACM renews", async () => {
    const run = await build(() => new Domain("app", happy()));
    assert.deepEqual(run.one(CERTIFICATE).inputs, {
      domainName: "app.example.com",
      subjectAlternativeNames: ["example.com", "*.example.com"],
      validationMethod: "DNS",
      tags: { Name: "app" },
    });
  });

  for (const name of ["app.example.com", "*.example.com"]) {
    it(`has a certificate made for ${name} alone`, async () => {
      const run = await build(() => new Domain("app", { ...happy(), names: [name] }));
      assert.equal(run.one(CERTIFICATE).input("domainName"), name);
      assert.equal(run.one(CERTIFICATE).input("subjectAlternativeNames"), undefined);
    });
  }

  it("proves itself by one record for each name, which a wildcard shares with the name below it", async () => {
    const run = await build(() => new Domain("app", { ...happy(), ttlSeconds: 60 }));
    const [options] = [run.one(CERTIFICATE).outputs["domainValidationOptions"]];
    const expected = (options as Record<string, string>[])
      .filter(({ domainName }) => domainName !== "*.example.com")
      .map(({ domainName, resourceRecordName, resourceRecordType, resourceRecordValue }) => [
        `app-validation-${domainName ?? ""}`,
        {
          zoneId: "Z0123456789",
          name: resourceRecordName,
          type: resourceRecordType,
          records: [resourceRecordValue],
          ttl: 60,
          allowOverwrite: true,
        },
      ]);
    assert.deepEqual(inputsByName(run, RECORD), Object.fromEntries(expected));
  });

  for (const [title, make, type] of [
    ["Route 53", happy, RECORD],
    ["Cloudflare", atCloudflare, CLOUDFLARE_RECORD],
  ] as const) {
    it(`takes a record at ${title} away before another of its name comes`, async () => {
      const run = await build(() => new Domain("app", make()));
      assert.deepEqual(
        run.all(type).map(({ deleteBeforeReplace }) => deleteBeforeReplace),
        [true, true],
      );
    });
  }

  it("waits until ACM has seen the records, for half an hour", async () => {
    const run = await build(() => new Domain("app", happy()));
    const validation = run.one(VALIDATION);
    assert.equal(validation.input("certificateArn"), CERTIFICATE_ARN);
    assert.deepEqual(validation.input("validationRecordFqdns"), [
      "_validation.app.example.com",
      "_validation.example.com",
    ]);
    assert.deepEqual(sourcesOf(run, validation, "validationRecordFqdns"), [
      "aws:route53/record:Record app-validation-app.example.com",
      "aws:route53/record:Record app-validation-example.com",
    ]);
    const timeouts = await customTimeouts((opts) => new Domain("app", happy(), opts));
    assert.deepEqual(timeouts, { [VALIDATION]: { create: "30m" } });
  });

  it("proves itself at Cloudflare by plain records, written as Cloudflare gives them back", async () => {
    const run = await build(() => new Domain("app", { ...atCloudflare(), proxied: true }));
    assert.deepEqual(run.all(RECORD), []);
    const record = run.one(CLOUDFLARE_RECORD, "app-validation-example.com");
    const [options] = [run.one(CERTIFICATE).outputs["domainValidationOptions"]];
    const asked = (options as Record<string, string>[]).find(
      ({ domainName }) => domainName === "example.com",
    );
    assert.match(asked?.["resourceRecordName"] ?? "", /\.$/);
    assert.match(asked?.["resourceRecordValue"] ?? "", /\.$/);
    assert.deepEqual(record.inputs, {
      zoneId: "0123456789abcdef0123456789abcdef",
      name: asked?.["resourceRecordName"]?.slice(0, -1),
      type: "CNAME",
      content: asked?.["resourceRecordValue"]?.slice(0, -1),
      proxied: false,
      ttl: 300,
    });
    assert.deepEqual(sourcesOf(run, run.one(VALIDATION), "validationRecordFqdns"), [
      "cloudflare:index/dnsRecord:DnsRecord app-validation-app.example.com",
      "cloudflare:index/dnsRecord:DnsRecord app-validation-example.com",
    ]);
  });

  it("makes the zone where told to, and keeps it", async () => {
    const run = await build(() => new Domain("app", created()));
    const zone = run.one(ZONE);
    assert.deepEqual(zone.inputs, {
      comment: "Managed by Pulumi",
      name: "example.com",
      forceDestroy: false,
    });
    assert.equal(zone.protect, true);
    assert.deepEqual(
      run.all(RECORD).map((record) => record.input("zoneId")),
      ["app-zone-id", "app-zone-id"],
    );
  });

  it("gives a zone up that is not protected, with what others wrote into it", async () => {
    const run = await build(() => new Domain("app", { ...created(), deletionProtection: false }));
    assert.equal(run.one(ZONE).input("forceDestroy"), true);
    assert.equal(run.one(ZONE).protect, false);
  });

  it("has only a certificate made in a second region", async () => {
    const primary = { zoneId: "Z9" as never, validationRecordFqdns: ["_x.example.com" as never] };
    const run = await build(() => new Domain("app", { ...created(), primary }));
    assert.deepEqual(run.children, [
      "aws:acm/certificate:Certificate app-certificate",
      "aws:acm/certificateValidation:CertificateValidation app-validation",
    ]);
    assert.deepEqual(run.one(VALIDATION).input("validationRecordFqdns"), ["_x.example.com"]);
    assert.equal(run.component.outputs["zoneId"], "Z9");
  });

  it("registers what others need", async () => {
    const { component } = await build(() => new Domain("app", created()));
    const { validationRecordFqdns, ...others } = component.outputs;
    assert.deepEqual(others, {
      certificateArn: CERTIFICATE_ARN,
      zoneId: "app-zone-id",
      nameServers: ["ns-1.awsdns-01.com", "ns-2.awsdns-02.net"],
    });
    assert.equal((validationRecordFqdns as string[]).length, 2);
  });

  it("tells a load balancer its names, and whether it is the default", async () => {
    const run = await runProgram(() => {
      const domains = [
        new Domain("app", happy()),
        new Domain("shop", { ...happy(), default: true }),
      ];
      return { said: domains.map(({ names, isDefault }) => ({ names, isDefault })) };
    });
    const names = ["app.example.com", "example.com", "*.example.com"];
    assert.deepEqual(run.outputs["said"], [
      { names, isDefault: false },
      { names, isDefault: true },
    ]);
  });

  it("lists every problem and registers nothing", async () => {
    const error = await refusal(
      () => new Domain("app", { ...happy(), names: ["app.example.org"], ttlSeconds: 1 }),
    );
    assert.match(error.message, /^Domain "app": 2 problems; nothing was created\.\n/);
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      ["ttlSeconds", "names"],
    );
  });
});
