import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { domainSettings } from "../../components/domain/settings";
import { itBounds, itRefuses, itTakes, listWith, noChoice, outOfBounds } from "./support";

const happy = { zone: "example.com", zoneId: "Z0123456789ABCDEFGHIJ", names: ["app.example.com"] };
const checked = { ...happy, healthCheck: {} };
const CLOUDFLARE_ZONE = "0123456789abcdef0123456789abcdef";
const atCloudflare = { ...happy, provider: "cloudflare", zoneId: CLOUDFLARE_ZONE };

const NAME =
  "lower-case labels of letters, digits and hyphens joined by dots, the first of them may be *";

const noName = (name: unknown) => ({
  change: { names: [name] },
  problem: {
    key: "names[0]",
    value: name,
    rule: "must be a host name",
    allowed: NAME,
    fix: 'write it like "app.example.com" or "*.example.com", without https://',
  },
});
const noZone = (zone: string) => ({
  change: { zone, names: [`app.${zone}`] },
  problem: {
    key: "zone",
    value: zone,
    rule: "must be the name of a DNS zone",
    allowed: "lower-case labels of letters, digits and hyphens joined by dots",
    fix: 'write it like "example.com"',
  },
});
const outside = (names: readonly string[]) => ({
  change: { names },
  problem: {
    key: "names",
    value: names,
    rule: "has a name outside the zone",
    allowed: "the zone's own name, and names that end with a dot and it",
    fix: "correct the name, or put it into a domain with its own zone",
  },
});
const noId = (change: Record<string, unknown>) => ({
  change,
  problem: {
    key: "zoneId",
    value: change["zoneId"],
    rule: "is not the id of a zone at this provider",
    allowed: "route53: Z and up to 31 capital letters and digits; cloudflare: 32 of 0-9 and a-f",
    fix: "find it by `aws route53 list-hosted-zones-by-name`, or on the zone's page at Cloudflare",
  },
});
const whichZone = (change: Record<string, unknown>, value: unknown) => ({
  change,
  problem: {
    key: "zoneId",
    value,
    rule: "contradicts createZone: exactly one of the two says where the zone is",
    allowed: "zoneId without createZone, or createZone: true without zoneId",
    fix: "give the id of the zone, or let it be made by createZone: true at Route 53",
  },
});
const elevenNames = Array.from({ length: 11 }, (_, index) => `a${index}.example.com`);
const longName = (length: number) => {
  const end = ".example.com";
  const label = "a".repeat(length - end.length - 31);
  return `${"b".repeat(30)}.${label}${end}`;
};

describe("Domain settings", () => {
  it("have these defaults", () => {
    assert.deepEqual(domainSettings.parse(checked), {
      ...happy,
      provider: "route53",
      createZone: false,
      proxied: false,
      ttlSeconds: 300,
      healthCheck: { path: "/health", intervalSeconds: 30, failureThreshold: 3 },
    });
  });

  itTakes(domainSettings, happy, {
    "the zone's own name": { names: ["example.com"] },
    "a wildcard": { names: ["*.example.com"] },
    "a wildcard below a name": { names: ["*.app.example.com"] },
    "ten names": { names: elevenNames.slice(1) },
    "a first name of 64 characters": { names: [longName(64)] },
    "a longer name behind it": { names: ["app.example.com", longName(65)] },
    "a zone whose name nobody says": { zone: undefined, names: ["a.example.com", "example.org"] },
    "a zone to be made": { zoneId: undefined, createZone: true },
    "the id of a zone that is made elsewhere": { zoneId: pulumi.output("Z1") },
    "a zone at Cloudflare": { provider: "cloudflare", zoneId: CLOUDFLARE_ZONE },
    "Cloudflare's proxy": { provider: "cloudflare", zoneId: CLOUDFLARE_ZONE, proxied: true },
    "a mark as the default": { default: true },
  });
  itTakes(domainSettings, checked, {
    "checks every 10 seconds": { "healthCheck.intervalSeconds": 10 },
    "a check of the name behind a wildcard": { names: ["*.example.com", "example.com"] },
    "a path of 255 characters": { "healthCheck.path": `/${"a".repeat(254)}` },
  });
  itBounds(domainSettings, checked, {
    ttlSeconds: [60, 86400],
    "healthCheck.failureThreshold": [1, 10],
  });

  itRefuses(domainSettings, happy, {
    "no name": {
      change: { names: [] },
      problem: outOfBounds("names", [], listWith("at least 1 entry", NAME)),
    },
    "eleven names": {
      change: { names: elevenNames },
      problem: outOfBounds("names", elevenNames, listWith("at most 10 entries", NAME)),
    },
    "a name twice": {
      change: { names: ["app.example.com", "app.example.com"] },
      problem: {
        key: "names",
        value: ["app.example.com", "app.example.com"],
        rule: "has an entry twice",
        allowed: "different names",
        fix: "remove the repeated entry",
      },
    },
    "a first name of 65 characters": {
      change: { names: [longName(65)] },
      problem: {
        key: "names",
        value: [longName(65)],
        rule: "starts with a name that is too long for a certificate's subject",
        allowed: "a first name of at most 64 characters",
        fix: "put a shorter name first",
      },
    },
    "a URL": noName("https://app.example.com"),
    capitals: noName("App.example.com"),
    "an underscore": noName("_any.example.com"),
    "a wildcard in the middle": noName("app.*.example.com"),
    "a label that ends with a hyphen": noName("app-.example.com"),
    "a name of two dots": noName("app..example.com"),
    "a name of another zone": outside(["app.example.com", "app.example.org"]),
    "a name that only ends like the zone": outside(["myexample.com"]),
    "a zone of one label": noZone("localhost"),
    "neither id nor zone to be made": whichZone({ zoneId: undefined }, undefined),
    "an id and a zone to be made": whichZone({ createZone: true }, happy.zoneId),
    "no name of a zone to be made": {
      change: { zone: undefined, zoneId: undefined, createZone: true },
      problem: {
        key: "zone",
        value: undefined,
        rule: "is required with createZone",
        allowed: "the name of the zone to be made",
        fix: 'add it, like "example.com"',
      },
    },
    "a name as id": noId({ zoneId: "example.com" }),
    "an id of Cloudflare at Route 53": noId({ zoneId: CLOUDFLARE_ZONE }),
    "a provider that there is not": {
      change: { provider: "godaddy" },
      problem: noChoice("provider", "godaddy", ["route53", "cloudflare"]),
    },
    "a proxy at Route 53": {
      change: { proxied: true },
      problem: {
        key: "proxied",
        value: true,
        rule: "stands at Route 53, which proxies nothing",
        allowed: "false, or provider: cloudflare",
        fix: "remove it; for CloudFront in front see the section cdn",
      },
    },
  });
  itRefuses(domainSettings, atCloudflare, {
    "an id of Route 53 at Cloudflare": noId({ zoneId: happy.zoneId }),
    "a zone to be made at Cloudflare": {
      change: { zoneId: undefined, createZone: true },
      problem: {
        key: "createZone",
        value: true,
        rule: "makes zones at Route 53 only",
        allowed: "false with provider: cloudflare",
        fix: "add the zone at Cloudflare, and give its zoneId",
      },
    },
    "a health check at Cloudflare": {
      change: { healthCheck: { path: "/" } },
      problem: {
        key: "healthCheck",
        value: { path: "/" },
        rule: "is made by Route 53 alone",
        allowed: "nothing with provider: cloudflare",
        fix: "remove it, and check from Cloudflare, which sells health checks of its own",
      },
    },
  });
  itRefuses(domainSettings, checked, {
    "a health check with wildcards alone": {
      change: { names: ["*.example.com"] },
      problem: {
        key: "healthCheck",
        value: {},
        rule: "has nothing to check: every name is a wildcard",
        allowed: "names with one that is no wildcard",
        fix: 'add a name such as "app.example.com", or remove the health check',
      },
    },
    "checks every 20 seconds": {
      change: { "healthCheck.intervalSeconds": 20 },
      problem: noChoice("healthCheck.intervalSeconds", 20, [10, 30]),
    },
    "a path without slash": {
      change: { "healthCheck.path": "health" },
      problem: {
        key: "healthCheck.path",
        value: "health",
        rule: "must be a path",
        allowed: "a slash and up to 254 characters without space",
        fix: 'write it like "/health"',
      },
    },
    "a path of 256 characters": {
      change: { "healthCheck.path": `/${"a".repeat(255)}` },
      problem: {
        key: "healthCheck.path",
        value: `/${"a".repeat(255)}`,
        rule: "must be a path",
        allowed: "a slash and up to 254 characters without space",
        fix: 'write it like "/health"',
      },
    },
  });
});
