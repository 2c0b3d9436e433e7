import { companionRule } from "../companions";
import type { Control } from "../control";
import { type Graph, type PolicyResource, UNKNOWN, type ValueMap } from "../graph";
import { withInput } from "../mutants";
import { allOf, inputRule, resourceRule, type ResourceCondition } from "../rule";
import { inputAt, isMap, mapsOf, valueAt } from "../values";

const ACL = "aws:wafv2/webAcl:WebAcl";
const LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
/** Managed groups that production must have: CKV2_AWS_76 wants the second and third together. */
const GROUPS = [
  "AWSManagedRulesCommonRuleSet",
  "AWSManagedRulesKnownBadInputsRuleSet",
  "AWSManagedRulesAnonymousIpList",
] as const;

const rules = resourceRule(
  ...GROUPS.map((group): ResourceCondition => ({
    type: ACL,
    problem: (acl) =>
      rulesOf(acl).some((rule) => groupOf(rule) === group) ? undefined : `lacks ${group}`,
    fix: "remove its offBecause",
    broken: (acl, graph) => [
      {
        title: `without ${group}`,
        graph: withRules(graph, acl, (rule) => groupOf(rule) !== group),
      },
    ],
  })),
  {
    type: ACL,
    problem: (acl) => {
      const limits = rulesOf(acl)
        .map(limitOf)
        .filter((limit) => limit !== undefined);
      const isRight = limits.some((limit) => Number(limit) >= 10 && Number(limit) <= 2e9);
      return isRight ? undefined : "lets one client send as many requests as it likes";
    },
    fix: "remove waf.rateLimit.offBecause",
    broken: (acl, graph) => [
      {
        title: "without a limit",
        graph: withRules(graph, acl, (rule) => limitOf(rule) === undefined),
      },
    ],
  },
);

const metrics = allOf(
  inputRule({
    type: ACL,
    path: "visibilityConfig.cloudwatchMetricsEnabled",
    holds: (value) => value === true,
    message: "counts nothing",
    fix: "set cloudwatchMetricsEnabled to true",
    wrong: [false, undefined],
  }),
  resourceRule({
    type: ACL,
    problem: (acl) =>
      rulesOf(acl).every(
        (rule) => valueAt(rule, "visibilityConfig.cloudwatchMetricsEnabled") === true,
      )
        ? undefined
        : "has a rule that counts nothing",
    fix: "set cloudwatchMetricsEnabled to true",
    broken: (acl, graph) =>
      rulesOf(acl).map((_, index) => ({
        title: `rule ${index} without metrics`,
        graph: withInput(
          graph,
          acl,
          `rules.${index}.visibilityConfig.cloudwatchMetricsEnabled`,
          false,
        ),
      })),
  }),
);

const log = allOf(
  companionRule({
    of: ACL,
    type: LOGGING,
    input: "resourceArn",
    message: "logs nothing of what it blocks",
    fix: "remove waf.logs.disabledBecause",
  }),
  resourceRule({
    type: LOG_GROUP,
    of: (group, graph) => graph.referrers(group, LOGGING, "logDestinationConfigs").length > 0,
    problem: (group) => {
      const name = inputAt(group, "namePrefix") ?? inputAt(group, "name");
      const isRight =
        name === UNKNOWN || (typeof name === "string" && name.startsWith("aws-waf-logs-"));
      return isRight ? undefined : "has a name that AWS WAF refuses to write to";
    },
    fix: "begin its name with aws-waf-logs-",
    broken: (group, graph) => [
      { title: "another name", graph: withInput(graph, group, "namePrefix", "waf-logs-") },
    ],
  }),
);

const blocks = resourceRule({
  type: ACL,
  problem: (acl) => {
    const groups = rulesOf(acl).filter((rule) => groupOf(rule) !== undefined);
    const isCounting = groups.every((rule) => isMap(valueAt(rule, "overrideAction.count")));
    return groups.length > 0 && isCounting ? "counts attacks and blocks none" : undefined;
  },
  fix: "remove countBecause from a group",
  broken: (acl, graph) => [
    {
      title: "all counted",
      graph: rulesOf(acl).reduce(
        (changed, rule, index) =>
          groupOf(rule) === undefined
            ? changed
            : withInput(changed, acl, `rules.${index}.overrideAction`, { count: {} }),
        graph,
      ),
    },
  ],
});

function rulesOf(acl: PolicyResource): readonly ValueMap[] {
  return mapsOf(inputAt(acl, "rules"));
}

function groupOf(rule: ValueMap) {
  return valueAt(rule, "statement.managedRuleGroupStatement.name");
}

function limitOf(rule: ValueMap) {
  return valueAt(rule, "statement.rateBasedStatement.limit");
}

function withRules(graph: Graph, acl: PolicyResource, keep: (rule: ValueMap) => boolean): Graph {
  return withInput(graph, acl, "rules", rulesOf(acl).filter(keep));
}

export const firewallControls: readonly Control[] = [
  {
    id: "WAF-01",
    title: "The firewall has the common rules, known bad inputs, anonymous addresses and a rate",
    severity: "medium",
    appliesTo: "production",
    sources: ["WAF.10", "CKV_AWS_192", "CKV2_AWS_76"],
    status: { kind: "held", setting: "loadBalancer.waf.groups.*.offBecause" },
    rule: rules,
  },
  {
    id: "WAF-02",
    title: "The firewall and each of its rules are counted in CloudWatch",
    severity: "medium",
    appliesTo: "production",
    sources: ["WAF.12"],
    status: { kind: "held" },
    rule: metrics,
  },
  {
    id: "WAF-03",
    title: "What the firewall blocks is logged",
    severity: "low",
    appliesTo: "production",
    sources: ["WAF.11", "CKV2_AWS_31"],
    status: { kind: "held", setting: "loadBalancer.waf.logs.disabledBecause" },
    rule: log,
  },
  {
    id: "WAF-04",
    title: "The firewall blocks, and does not just count",
    severity: "medium",
    appliesTo: "production",
    sources: ["CKV_AWS_192"],
    status: { kind: "held", setting: "loadBalancer.waf.groups.*.countBecause" },
    rule: blocks,
  },
];
