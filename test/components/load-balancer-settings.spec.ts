import * as assert from "node:assert/strict";
import { loadBalancerSettings } from "../../components/load-balancer/settings";
import { itBounds, itRefuses, itTakes, listWith, noReason, outOfBounds } from "./support";

const happy = {};

const BLOCK = "four numbers from 0 to 255, a slash, and 0 to 32, with no bit set behind the prefix";

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
      allowedCidrs: ["0.0.0.0/0"],
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
    "one address": { allowedCidrs: ["203.0.113.7/32"] },
    "a reason of 10 characters": { "accessLogs.disabledBecause": "0123456789" },
  });

  itBounds(loadBalancerSettings, happy, {
    idleTimeoutSeconds: [1, 4000],
    "accessLogs.retentionDays": [1, 3650],
  });

  itRefuses(loadBalancerSettings, happy, {
    "a certificate of IAM": noCertificate("arn:aws:iam::123456789012:server-certificate/name"),
    "the bare id of a certificate": noCertificate("0a1b-2c3d"),
    "a certificate with something before it": noCertificate(
      "the arn:aws:acm:us-east-1:123456789012:certificate/0a1b",
    ),
    "a certificate with something behind it": noCertificate(
      "arn:aws:acm:us-east-1:123456789012:certificate/0a1b 2c3d",
    ),
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
