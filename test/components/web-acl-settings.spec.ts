import * as assert from "node:assert/strict";
import { MOST_CAPACITY, capacityOf } from "../../components/web-acl/capacity";
import { webAclSettings } from "../../components/web-acl/settings";
import {
  RETENTION_DAYS,
  itBounds,
  itRefuses,
  itTakes,
  listWith,
  noChoice,
  noReason,
  outOfBounds,
} from "./support";

const BECAUSE = "our partners sit behind VPNs";
const everything = { linux: {}, posix: {}, windows: {}, php: {}, wordPress: {}, adminPages: {} };

describe("settings of a WebAcl", () => {
  describe("groups", () => {
    itTakes(
      webAclSettings,
      {},
      {
        "none but what every firewall has": {},
        "one of AWS's groups more": { "groups.linux": {} },
        "one off, with the reason": { "groups.anonymousIps.offBecause": BECAUSE },
        "one that only counts, with the reason": { "groups.common.countBecause": BECAUSE },
        "a rule that only counts, with the reason": {
          "groups.common.countedRules": { NoUserAgent_HEADER: BECAUSE },
        },
        "as much as the price includes": { "groups.linux": {}, "groups.posix": {} },
        "all that may be added, in the place of others": {
          groups: { common: { offBecause: BECAUSE }, ...everything },
        },
      },
    );
    itRefuses(
      webAclSettings,
      {},
      {
        "one off without a reason": {
          change: { "groups.sql.offBecause": "no" },
          problem: noReason("groups.sql.offBecause", "no"),
        },
        "one that only counts without a reason": {
          change: { "groups.php.countBecause": "no" },
          problem: noReason("groups.php.countBecause", "no"),
        },
        "a rule that only counts without a reason": {
          change: { "groups.sql.countedRules": { SQLi_BODY: "no" } },
          problem: noReason("groups.sql.countedRules.SQLi_BODY", "no"),
        },
        "a rule whose name AWS would not take": {
          change: { "groups.sql.countedRules": { "SQLi BODY": BECAUSE } },
          problem: {
            key: "groups.sql.countedRules.SQLi BODY",
            value: "SQLi BODY",
            rule: "is not the name of a rule",
            allowed: "1 to 128 letters, digits, underscores and hyphens",
            fix: "copy it from the WAF guide's list of managed rule groups, or from the log of the firewall",
          },
        },
        "more than the price includes": {
          change: { groups: everything },
          problem: {
            key: "groups",
            value: everything,
            rule: "needs more capacity units than are included",
            allowed: "groups and paths of 1500 units together",
            fix: "remove a group that does not fit what the applications are written in",
          },
        },
      },
    );

    it("count with all else that takes capacity", () => {
      assert.equal(MOST_CAPACITY, 1500);
      assert.equal(capacityOf({}), 1187);
      assert.equal(capacityOf({ groups: { sql: { offBecause: BECAUSE }, php: {} } }), 1087);
      assert.equal(capacityOf({ exemptions: { a: {}, b: {} }, largeBodyPaths: ["/"] }), 1197);
      assert.equal(capacityOf({}, 2), 1213);
    });
  });

  describe("rateLimit", () => {
    itTakes(
      webAclSettings,
      {},
      {
        "none, with the reason": { "rateLimit.offBecause": BECAUSE },
        ...Object.fromEntries(
          [1, 2, 5, 10].map((minutes) => [`${minutes} minutes`, { "rateLimit.minutes": minutes }]),
        ),
      },
    );
    itBounds(webAclSettings, {}, { "rateLimit.requests": [10, 2_000_000_000] });
    itRefuses(
      webAclSettings,
      {},
      {
        "a time that WAF does not count in": {
          change: { "rateLimit.minutes": 3 },
          problem: noChoice("rateLimit.minutes", 3, [1, 2, 5, 10]),
        },
        "none without a reason": {
          change: { "rateLimit.offBecause": "slow" },
          problem: noReason("rateLimit.offBecause", "slow"),
        },
      },
    );
  });

  describe("clientAddressHeader", () => {
    itTakes(
      webAclSettings,
      {},
      {
        "the one of Cloudflare": { clientAddressHeader: "CF-Connecting-IP" },
      },
    );
    itRefuses(
      webAclSettings,
      {},
      {
        "what is no name of a header": {
          change: { clientAddressHeader: "X-Forwarded-For:" },
          problem: {
            key: "clientAddressHeader",
            value: "X-Forwarded-For:",
            rule: "must be the name of a header",
            allowed: "1 to 255 letters, digits and hyphens",
            fix: 'write it like "CF-Connecting-IP"',
          },
        },
      },
    );
  });

  describe("blocked blocks", () => {
    itTakes(
      webAclSettings,
      {},
      {
        "of both versions": {
          blockedCidrs: ["203.0.113.0/24"],
          blockedIpv6Cidrs: ["2001:db8::/32"],
        },
        "of a single address": { blockedCidrs: ["203.0.113.7/32"] },
      },
    );
    const everybody = {
      rule: "is everybody",
      allowed: "a prefix of 1 or more",
      fix: "name the block that shall be shut out",
    };
    itRefuses(
      webAclSettings,
      {},
      {
        "of everybody": {
          change: { blockedCidrs: ["0.0.0.0/0"] },
          problem: { key: "blockedCidrs[0]", value: "0.0.0.0/0", ...everybody },
        },
        "of everybody over IPv6": {
          change: { blockedIpv6Cidrs: ["::/0"] },
          problem: { key: "blockedIpv6Cidrs[0]", value: "::/0", ...everybody },
        },
        "with bits behind the prefix": {
          change: { blockedCidrs: ["203.0.113.1/24"] },
          problem: {
            key: "blockedCidrs[0]",
            value: "203.0.113.1/24",
            rule: "must be an IPv4 block in CIDR notation",
            allowed:
              "four numbers from 0 to 255, a slash, and 0 to 32, with no bit set behind the prefix",
            fix: "write it like 203.0.113.0/24",
          },
        },
        "of IPv4 where IPv6 belongs": {
          change: { blockedIpv6Cidrs: ["203.0.113.0/24"] },
          problem: {
            key: "blockedIpv6Cidrs[0]",
            value: "203.0.113.0/24",
            rule: "must be an IPv6 block in CIDR notation",
            allowed:
              "an address in its shortest form, in lower case, a slash, and 0 to 128, with no bit set behind the prefix",
            fix: "write it like 2001:db8::/32",
          },
        },
        "with one twice": {
          change: { blockedCidrs: ["203.0.113.0/24", "203.0.113.0/24"] },
          problem: {
            key: "blockedCidrs",
            value: ["203.0.113.0/24", "203.0.113.0/24"],
            rule: "has an entry twice",
            allowed: "different blocks",
            fix: "remove the repeated entry",
          },
        },
      },
    );
  });

  describe("paths", () => {
    const pathRule = {
      rule: "must be a path",
      allowed: "a slash, then at most 127 characters of an address, with * for any",
      fix: 'write it like "/uploads/*"',
    };
    itTakes(
      webAclSettings,
      {},
      {
        "of uploads": { largeBodyPaths: ["/uploads/*", "/v1/files"] },
        "of 128 characters": { largeBodyPaths: [`/${"a".repeat(127)}`] },
        // ^(?:…)$ and two bars take 8 of the 512 characters.
        "of 512 characters as a pattern": {
          largeBodyPaths: [`/a${".".repeat(126)}`, `/b${".".repeat(123)}`, "/c"],
        },
        "of exemptions": { exemptions: { hooks: { paths: ["/hooks/*"], because: BECAUSE } } },
      },
    );
    itRefuses(
      webAclSettings,
      {},
      {
        "without a slash": {
          change: { largeBodyPaths: ["uploads"] },
          problem: { key: "largeBodyPaths[0]", value: "uploads", ...pathRule },
        },
        "with what WAF would read as a pattern": {
          change: { largeBodyPaths: ["/(a|b)"] },
          problem: { key: "largeBodyPaths[0]", value: "/(a|b)", ...pathRule },
        },
        "of 129 characters": {
          change: { largeBodyPaths: [`/${"a".repeat(128)}`] },
          problem: { key: "largeBodyPaths[0]", value: `/${"a".repeat(128)}`, ...pathRule },
        },
        "of 513 characters as a pattern": {
          change: { largeBodyPaths: [`/a${".".repeat(126)}`, `/b${".".repeat(123)}`, "/cd"] },
          problem: {
            key: "largeBodyPaths",
            value: [`/a${".".repeat(126)}`, `/b${".".repeat(123)}`, "/cd"],
            rule: "makes too long a pattern",
            allowed: "512 characters together, where * . + and $ count twice",
            fix: "shorten them by a *",
          },
        },
        "of which there are none": {
          change: { largeBodyPaths: [] },
          problem: outOfBounds(
            "largeBodyPaths",
            [],
            listWith("at least 1 entry", pathRule.allowed),
          ),
        },
        "an exemption without a reason": {
          change: { exemptions: { hooks: { paths: ["/hooks"], because: "no" } } },
          problem: noReason("exemptions.hooks.because", "no"),
        },
      },
    );
    const eleven = Object.fromEntries(
      Array.from({ length: 11 }, (_, index) => [
        `hook-${index}`,
        { paths: ["/hooks"], because: BECAUSE },
      ]),
    );
    itRefuses(
      webAclSettings,
      {},
      {
        "exemptions without end": {
          change: { exemptions: eleven },
          problem: {
            key: "exemptions",
            value: eleven,
            rule: "has too many entries",
            allowed: "10 at most",
            fix: "join some",
          },
        },
      },
    );
  });

  describe("logs", () => {
    itTakes(
      webAclSettings,
      {},
      {
        "none, with the reason": { "logs.disabledBecause": BECAUSE },
        "of all requests": { "logs.allRequests": true },
      },
    );
    itRefuses(
      webAclSettings,
      {},
      {
        "none without a reason": {
          change: { "logs.disabledBecause": "dear" },
          problem: noReason("logs.disabledBecause", "dear"),
        },
        "a time that CloudWatch does not keep logs for": {
          change: { "logs.retentionDays": 31 },
          problem: noChoice("logs.retentionDays", 31, RETENTION_DAYS),
        },
      },
    );
  });
});
