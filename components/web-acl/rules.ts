import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { groupsOf } from "./capacity";
import { GROUPS, type GroupKey } from "./groups";
import type { CheckedWebAclSettings } from "./settings";
import { type Statement, anyOf, hostIsOneOf, pathIsOneOf } from "./statements";

type Rule = aws.types.input.wafv2.WebAclRule;

/** What the rules speak of beside the settings. */
export interface Surroundings {
  /** Sets of the blocked blocks, by the version of IP that they are of. */
  readonly ipSetArns: Readonly<Partial<Record<"IPV4" | "IPV6", pulumi.Input<string>>>>;
  /** Hosts of pages with a login. */
  readonly pageHosts: readonly (readonly string[])[];
}

/** Label that the group common gives to a body above 8 KiB. */
const LARGE_BODY = {
  rule: "SizeRestrictions_BODY",
  label: "awswaf:managed:aws:core-rule-set:SizeRestrictions_Body",
};

/** All rules, in the order of their priorities, which belong to the names: another rule moves none. */
export function rulesOf(settings: CheckedWebAclSettings, around: Surroundings): Rule[] {
  return [
    ...blockedRules(settings, around),
    ...rateRules(settings),
    ...exemptionRules(settings, around),
    ...groupsOf(settings.groups).map((key) => groupRule(settings, key)),
    ...largeBodyRules(settings),
  ].sort((left, right) => Number(left.priority) - Number(right.priority));
}

function blockedRules(
  { clientAddressHeader }: CheckedWebAclSettings,
  { ipSetArns }: Surroundings,
): Rule[] {
  const sets = [
    { arn: ipSetArns.IPV4, name: "blocked-ipv4", priority: 0 },
    { arn: ipSetArns.IPV6, name: "blocked-ipv6", priority: 10 },
  ];
  return sets.flatMap(({ arn, name, priority }) =>
    arn === undefined
      ? []
      : [
          ownRule(
            name,
            priority,
            { block: {} },
            {
              ipSetReferenceStatement: {
                arn,
                ...(clientAddressHeader !== undefined && {
                  ipSetForwardedIpConfig: {
                    headerName: clientAddressHeader,
                    // Of several addresses the proxy's own word counts, wherever it put it.
                    position: "ANY",
                    fallbackBehavior: "NO_MATCH",
                  },
                }),
              },
            },
          ),
        ],
  );
}

function rateRules({ rateLimit, clientAddressHeader }: CheckedWebAclSettings): Rule[] {
  if (rateLimit.offBecause !== undefined) return [];
  return [
    ownRule(
      "rate-limit",
      20,
      { block: { customResponse: { responseCode: 429 } } },
      {
        rateBasedStatement: {
          limit: rateLimit.requests,
          evaluationWindowSec: rateLimit.minutes * 60,
          ...(clientAddressHeader === undefined
            ? { aggregateKeyType: "IP" }
            : {
                aggregateKeyType: "FORWARDED_IP",
                // What is no address, no proxy wrote. A request without the header AWS does not count at all.
                forwardedIpConfig: { headerName: clientAddressHeader, fallbackBehavior: "MATCH" },
              }),
        },
      },
    ),
  ];
}

/** Allowing ends the search: the rules before it alone hold for these requests. */
function exemptionRules(
  { exemptions }: CheckedWebAclSettings,
  { pageHosts }: Surroundings,
): Rule[] {
  const statements = [
    ...Object.entries(exemptions)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, { paths }]) => pathIsOneOf(paths)),
    ...pageHosts.map(hostIsOneOf),
  ];
  return statements.length === 0
    ? []
    : [ownRule("exemptions", 30, { allow: {} }, anyOf(statements))];
}

function groupRule({ groups, largeBodyPaths }: CheckedWebAclSettings, key: GroupKey): Rule {
  const { name, priority } = GROUPS[key];
  const { countBecause, countedRules = {} } = groups[key] ?? {};
  // The rule `large-bodies` decides about these, by the label that counting leaves.
  const decidedLater = key === "common" && largeBodyPaths !== undefined ? [LARGE_BODY.rule] : [];
  const counted = [...new Set([...Object.keys(countedRules), ...decidedLater])].sort();
  return {
    name,
    priority,
    overrideAction: countBecause === undefined ? { none: {} } : { count: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name,
        ...(counted.length > 0 && {
          ruleActionOverrides: counted.map((counting) => ({
            name: counting,
            actionToUse: { count: {} },
          })),
        }),
      },
    },
    visibilityConfig: visibility(name),
  };
}

/** Blocks large bodies everywhere but where they are taken. */
function largeBodyRules({ groups, largeBodyPaths }: CheckedWebAclSettings): Rule[] {
  const { offBecause, countBecause, countedRules } = groups.common;
  const isOff = [offBecause, countBecause, countedRules[LARGE_BODY.rule]].some(
    (because) => because !== undefined,
  );
  if (largeBodyPaths === undefined || isOff) return [];
  return [
    ownRule(
      "large-bodies",
      70,
      { block: {} },
      {
        andStatement: {
          statements: [
            { labelMatchStatement: { scope: "LABEL", key: LARGE_BODY.label } },
            { notStatement: { statement: pathIsOneOf(largeBodyPaths) } },
          ],
        },
      },
    ),
  ];
}

function ownRule(
  name: string,
  priority: number,
  action: NonNullable<Rule["action"]>,
  statement: Statement,
): Rule {
  return { name, priority, action, statement, visibilityConfig: visibility(name) };
}

/** Counted in CloudWatch under its name. A sample would show whole requests, with what the log leaves out. */
export function visibility(metricName: string): Rule["visibilityConfig"] {
  return { cloudwatchMetricsEnabled: true, metricName, sampledRequestsEnabled: false };
}
