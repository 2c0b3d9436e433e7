import { z } from "zod";
import { isIpv6Block } from "../support/ipv6";
import {
  cidrBlock,
  different,
  logRetentionDays,
  nameKey,
  reason,
  rule,
  ruleAcross,
} from "../support/rules";
import { MOST_CAPACITY, capacityOf } from "./capacity";
import { MOST_PATTERN, patternOf } from "./statements";

const ruleName = rule(z.string(), (name) => /^[A-Za-z0-9_-]{1,128}$/.test(name), {
  rule: "is not the name of a rule",
  allowed: "1 to 128 letters, digits, underscores and hyphens",
  fix: "copy it from the WAF guide's list of managed rule groups, or from the log of the firewall",
});

const group = z.strictObject({
  countBecause: reason
    .optional()
    .describe("Counts what the group finds instead of blocking it, and says why."),
  countedRules: z
    .record(ruleName, reason)
    .default({})
    .describe("Rules of the group that only count, by name, each with the reason."),
});

const coreGroup = group.extend({
  offBecause: reason.optional().describe("Leaves the group out, and says why."),
});

const groups = z.strictObject({
  ipReputation: coreGroup
    .prefault({})
    .describe("Addresses that attack others. It sees who connects: behind a proxy, the proxy."),
  anonymousIps: coreGroup
    .prefault({})
    .describe(
      "VPNs, Tor and clouds other than AWS: also a partner's server or an outside monitor there. Like ipReputation it sees who connects.",
    ),
  common: coreGroup
    .prefault({})
    .describe("What is common to attacks on any application, such as scripts in parameters."),
  knownBadInputs: coreGroup.prefault({}).describe("Requests known to use holes, such as Log4j's."),
  sql: coreGroup.prefault({}).describe("Attempts to slip SQL to a database."),
  linux: group.optional().describe("Attempts to read files of Linux. Without it: not looked for."),
  posix: group.optional().describe("Attempts to run shell commands. Without it: not looked for."),
  windows: group.optional().describe("Attempts on PowerShell. Without it: not looked for."),
  php: group.optional().describe("Attempts to run PHP. Without it: not looked for."),
  wordPress: group.optional().describe("Attempts on WordPress. Without it: not looked for."),
  adminPages: group
    .optional()
    .describe("Blocks paths that administration pages commonly have. Without it: left alone."),
});

const path = rule(z.string(), (text) => /^\/[\w\-.$/~:@!%+=,;*]{0,127}$/.test(text), {
  rule: "must be a path",
  allowed: "a slash, then at most 127 characters of an address, with * for any",
  fix: 'write it like "/uploads/*"',
});

/** A dot, for one, takes two characters of a pattern. */
const paths = rule(
  different(z.array(path).min(1).max(3), "paths"),
  (given) => patternOf(given).length <= MOST_PATTERN,
  {
    rule: "makes too long a pattern",
    allowed: `${MOST_PATTERN} characters together, where * . + and $ count twice`,
    fix: "shorten them by a *",
  },
);

const exemption = z.strictObject({
  paths: paths.describe('Up to 3 paths, with * for any characters, such as "/webhooks/*".'),
  because: reason.describe("Why nothing looks at these requests."),
});

const exemptions = rule(z.record(nameKey, exemption), (given) => Object.keys(given).length <= 10, {
  rule: "has too many entries",
  allowed: "10 at most",
  fix: "join some",
});

const ipv6Block = rule(z.string(), isIpv6Block, {
  rule: "must be an IPv6 block in CIDR notation",
  allowed:
    "an address in its shortest form, in lower case, a slash, and 0 to 128, with no bit set behind the prefix",
  fix: "write it like 2001:db8::/32",
});

/** WAF has no block of all addresses in a set (its guide, "Creating an IP set"). */
const isNotEverybody = (block: string) => !block.endsWith("/0");
const everybody = {
  rule: "is everybody",
  allowed: "a prefix of 1 or more",
  fix: "name the block that shall be shut out",
};

const rateLimit = z.strictObject({
  requests: z
    .int()
    .min(10)
    .max(2_000_000_000)
    .default(2000)
    .describe("Requests that one address may send in the time; beyond it gets status 429."),
  minutes: z.literal([1, 2, 5, 10]).default(5).describe("The time, in minutes."),
  offBecause: reason.optional().describe("Lets everybody send as many as they like, and says why."),
});

const logs = z.strictObject({
  retentionDays: logRetentionDays.default(30).describe("Days that the log is kept."),
  allRequests: z
    .boolean()
    .default(false)
    .describe("Whether requests are logged that no rule found, too: 0.50 USD for each GB."),
  disabledBecause: reason.optional().describe("Turns the log off, and says why."),
});

const settings = z.strictObject({
  rateLimit: rateLimit.prefault({}).describe("How many requests one address may send."),
  clientAddressHeader: rule(z.string(), (name) => /^[A-Za-z0-9-]{1,255}$/.test(name), {
    rule: "must be the name of a header",
    allowed: "1 to 255 letters, digits and hyphens",
    fix: 'write it like "CF-Connecting-IP"',
  })
    .optional()
    .describe(
      "Header by which a proxy in front tells the client's address, for rateLimit and the blocked blocks. Whoever gets past the proxy can forge it or leave it out, and is then not counted: let in the proxy alone, by allowedCidrs. Default: who connects.",
    ),
  groups: groups.prefault({}).describe("What is looked for. 1 USD a month for each group."),
  blockedCidrs: different(z.array(rule(cidrBlock, isNotEverybody, everybody)).max(10_000), "blocks")
    .default([])
    .describe("Who gets nothing, as IPv4 blocks."),
  blockedIpv6Cidrs: different(
    z.array(rule(ipv6Block, isNotEverybody, everybody)).max(10_000),
    "blocks",
  )
    .default([])
    .describe("Who gets nothing, as IPv6 blocks."),
  largeBodyPaths: paths
    .optional()
    .describe(
      "Up to 3 paths that take bodies above 8 KiB, such as uploads; the group common blocks these elsewhere. What follows the first 8 KiB (16 KiB at CloudFront) is looked at nowhere.",
    ),
  exemptions: exemptions
    .default({})
    .describe("Requests that only rateLimit and the blocked blocks look at, by a name."),
  logs: logs.prefault({}).describe("A line for every request that a rule found."),
});

export const webAclSettings = ruleAcross(
  settings,
  ["groups"],
  (given) => capacityOf(given) <= MOST_CAPACITY,
  {
    rule: "needs more capacity units than are included",
    allowed: `groups and paths of ${MOST_CAPACITY} units together`,
    fix: "remove a group that does not fit what the applications are written in",
  },
);

export type WebAclSettings = z.input<typeof webAclSettings>;
/** As checked, with the defaults filled in. */
export type CheckedWebAclSettings = z.output<typeof webAclSettings>;
