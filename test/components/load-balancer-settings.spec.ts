import * as assert from "node:assert/strict";
import { loadBalancerSettings } from "../../components/load-balancer/settings";
import { itBounds, itRefuses, itTakes, listWith, noChoice, noReason, outOfBounds } from "./support";

const happy = {};

const BLOCK = "four numbers from 0 to 255, a slash, and 0 to 32, with no bit set behind the prefix";

const IPV6_BLOCK =
  "an address in its shortest form, in lower case, a slash, and 0 to 128, with no bit set behind the prefix";

const noCertificate = (value: string) => ({
  change: { certificateArn: value },
  problem: {
    key: "certificateArn",
    value,
    rule: "must be the ARN of an ACM certificate",
    allowed: "arn:aws:acm:REGION:ACCOUNT:certificate/ID",
    fix: "list certificates by `aws acm list-certificates`, in the region of the load balancer",
  },
});

describe("LoadBalancer settings", () => {
  it("have these defaults", () => {
    assert.deepEqual(loadBalancerSettings.parse(happy), {
      scheme: "internet-facing",
      additionalCertificateArns: {},
      http: "redirect",
      allowedPrefixListIds: [],
      idleTimeoutSeconds: 60,
      accessLogs: { retentionDays: 90 },
    });
  });

  itTakes(loadBalancerSettings, happy, {
    "a certificate": {
      certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b-2c3d",
    },
    "a certificate of another partition": {
      certificateArn: "arn:aws-us-gov:acm:us-gov-west-1:123456789012:certificate/0a1b",
    },
    "another certificate": {
      additionalCertificateArns: { shop: "arn:aws:acm:us-east-1:123456789012:certificate/0a1b" },
    },
    "the app subnets": { scheme: "internal" },
    "a closed port 80": { http: "closed" },
    "a reason for plain HTTP": { plainHttpBecause: "0123456789" },
    "everybody over IPv6": { allowedIpv6Cidrs: ["::/0"] },
    "a prefix list": { allowedPrefixListIds: ["pl-3b927c52"] },
    "logs that are archived the day before they go": {
      accessLogs: { retentionDays: 90, archiveAfterDays: 89 },
    },
    "one address": { allowedCidrs: ["203.0.113.7/32"] },
    "a reason of 10 characters": { "accessLogs.disabledBecause": "0123456789" },
  });

  itBounds(loadBalancerSettings, happy, {
    idleTimeoutSeconds: [1, 4000],
    "accessLogs.retentionDays": [1, 3650],
  });
  itBounds(
    loadBalancerSettings,
    { accessLogs: { retentionDays: 3650 } },
    { "accessLogs.archiveAfterDays": [1, 3649] },
  );

  itRefuses(loadBalancerSettings, happy, {
    "a certificate of IAM": noCertificate("arn:aws:iam::123456789012:server-certificate/name"),
    "the bare id of a certificate": noCertificate("0a1b-2c3d"),
    "a certificate with something before it": noCertificate(
      "the arn:aws:acm:us-east-1:123456789012:certificate/0a1b",
    ),
    "a certificate with something behind it": noCertificate(
      "arn:aws:acm:us-east-1:123456789012:certificate/0a1b 2c3d",
    ),
    "a scheme that there is not": {
      change: { scheme: "public" },
      problem: noChoice("scheme", "public", ["internet-facing", "internal"]),
    },
    "a port 80 that serves beside HTTPS": {
      change: { http: "open" },
      problem: noChoice("http", "open", ["redirect", "closed"]),
    },
    "no reason for plain HTTP": {
      change: { plainHttpBecause: "dev" },
      problem: noReason("plainHttpBecause", "dev"),
    },
    "another certificate by its bare id": {
      change: { additionalCertificateArns: { shop: "0a1b-2c3d" } },
      problem: { ...noCertificate("0a1b-2c3d").problem, key: "additionalCertificateArns.shop" },
    },
    "another certificate of no usable name": {
      change: {
        additionalCertificateArns: { Shop: "arn:aws:acm:us-east-1:123456789012:certificate/0a1b" },
      },
      problem: {
        key: "additionalCertificateArns.Shop",
        value: "Shop",
        rule: "is not a usable name",
        allowed:
          'lower-case letters, digits and single hyphens, starting with a letter, at most 20 characters, not starting with "sg-"',
        fix: "rename it",
      },
    },
    "an IPv6 block with bits behind the prefix": {
      change: { allowedIpv6Cidrs: ["2001:db8::1/64"] },
      problem: {
        key: "allowedIpv6Cidrs[0]",
        value: "2001:db8::1/64",
        rule: "must be an IPv6 block in CIDR notation",
        allowed: IPV6_BLOCK,
        fix: "write it like 2001:db8::/32",
      },
    },
    "nobody who may connect over IPv6": {
      change: { allowedIpv6Cidrs: [] },
      problem: outOfBounds("allowedIpv6Cidrs", [], listWith("at least 1 entry", IPV6_BLOCK)),
    },
    "the name of a prefix list": {
      change: { allowedPrefixListIds: ["com.amazonaws.global.cloudfront.origin-facing"] },
      problem: {
        key: "allowedPrefixListIds[0]",
        value: "com.amazonaws.global.cloudfront.origin-facing",
        rule: "must be the id of a prefix list",
        allowed: "pl- and 8 to 17 of 0-9 and a-f",
        fix: "list them by `aws ec2 describe-managed-prefix-lists`, in the region of the load balancer",
      },
    },
    "logs that are archived when they go": {
      change: { accessLogs: { retentionDays: 30, archiveAfterDays: 30 } },
      problem: {
        key: "accessLogs.archiveAfterDays",
        value: 30,
        rule: "must come before the logs are deleted",
        allowed: "a whole number below retentionDays",
        fix: "lower it, or raise retentionDays",
      },
    },
    "logs that are archived after the default days": {
      change: { accessLogs: { archiveAfterDays: 90 } },
      problem: {
        key: "accessLogs.archiveAfterDays",
        value: 90,
        rule: "must come before the logs are deleted",
        allowed: "a whole number below retentionDays",
        fix: "lower it, or raise retentionDays",
      },
    },
    "nobody who may connect": {
      change: { allowedCidrs: [] },
      problem: outOfBounds("allowedCidrs", [], listWith("at least 1 entry", BLOCK)),
    },
    "a block with bits behind the prefix": {
      change: { allowedCidrs: ["203.0.113.7/24"] },
      problem: {
        key: "allowedCidrs[0]",
        value: "203.0.113.7/24",
        rule: "must be an IPv4 block in CIDR notation",
        allowed: BLOCK,
        fix: "write it like 203.0.113.0/24",
      },
    },
    "a block twice": {
      change: { allowedCidrs: ["10.0.0.0/8", "10.0.0.0/8"] },
      problem: {
        key: "allowedCidrs",
        value: ["10.0.0.0/8", "10.0.0.0/8"],
        rule: "has an entry twice",
        allowed: "different blocks",
        fix: "remove the repeated entry",
      },
    },
    "no access logs without a reason": {
      change: { "accessLogs.disabledBecause": "cost" },
      problem: noReason("accessLogs.disabledBecause", "cost"),
    },
  });
});
