import * as assert from "node:assert/strict";
import { WebAcl, type WebAclArgs } from "../../components";
import { type Built, build, refusal } from "./support";

const ACL = "aws:wafv2/webAcl:WebAcl";
const ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation";
const LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const IP_SET = "aws:wafv2/ipSet:IpSet";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const BECAUSE = "our devices do it so";

const loadBalancer = {
  arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/lb/50dc6c495c0c9188",
};
const telling = {
  topics: { critical: "arn:critical", warning: "arn:warning", info: "arn:info" },
  runbooksUrl: "docs/runbooks",
  silenced: false,
};
const webAcl = (args: Partial<WebAclArgs> = {}) =>
  build(() => new WebAcl("waf", { loadBalancer, metricName: "shop-prod", ...args }));

interface Rule {
  readonly name: string;
  readonly priority: number;
  readonly action?: unknown;
  readonly overrideAction?: unknown;
  readonly statement: unknown;
  readonly visibilityConfig: unknown;
}

const rulesOf = (run: Built) => run.one(ACL).input("rules") as unknown as Rule[];

function ruleOf(run: Built, name: string): Rule {
  const found = rulesOf(run).find((rule) => rule.name === name);
  return found ?? assert.fail(`no rule ${name}`);
}

const visible = (metricName: string) => ({
  cloudwatchMetricsEnabled: true,
  metricName,
  sampledRequestsEnabled: false,
});

const managed = (name: string, priority: number) => ({
  name,
  priority,
  overrideAction: { none: {} },
  statement: { managedRuleGroupStatement: { vendorName: "AWS", name } },
  visibilityConfig: visible(name),
});

const regex = (regexString: string) => ({
  regexMatchStatement: {
    regexString,
    fieldToMatch: { uriPath: {} },
    textTransformations: [{ priority: 0, type: "NONE" }],
  },
});

describe("WebAcl", () => {
  it("creates this and nothing else", async () => {
    const { children } = await webAcl({ telling });
    assert.deepEqual(children, [
      `${LOG_GROUP} waf-logs`,
      `${ALARM} waf-blocked`,
      `${ACL} waf-acl`,
      `${ASSOCIATION} waf-association`,
      `${LOGGING} waf-logging`,
    ]);
  });

  it("lets pass what no rule blocks: AWS's lists of attacks, and a limit for each address", async () => {
    const run = await webAcl();
    assert.deepEqual(run.one(ACL).inputs, {
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      rules: [
        {
          name: "rate-limit",
          priority: 20,
          action: { block: { customResponse: { responseCode: 429 } } },
          statement: {
            rateBasedStatement: { limit: 2000, evaluationWindowSec: 300, aggregateKeyType: "IP" },
          },
          visibilityConfig: visible("rate-limit"),
        },
        managed("AWSManagedRulesAmazonIpReputationList", 40),
        managed("AWSManagedRulesAnonymousIpList", 50),
        managed("AWSManagedRulesCommonRuleSet", 60),
        managed("AWSManagedRulesKnownBadInputsRuleSet", 80),
        managed("AWSManagedRulesSQLiRuleSet", 90),
      ],
      visibilityConfig: visible("shop-prod"),
      tags: { Name: "waf" },
    });
  });

  it("stands before the load balancer", async () => {
    const run = await webAcl();
    assert.deepEqual(run.one(ASSOCIATION).inputs, {
      resourceArn: loadBalancer.arn,
      webAclArn: run.one(ACL).outputs["arn"],
    });
  });

  it("stands before CloudFront where it is given no load balancer: whose ARN it is, CloudFront says", async () => {
    const run = await build(() => new WebAcl("waf", { metricName: "shop", telling }));
    assert.equal(run.one(ACL).input("scope"), "CLOUDFRONT");
    assert.equal(run.all(ASSOCIATION).length, 0);
    assert.deepEqual(run.one(ALARM).input("dimensions"), { WebACL: "shop", Rule: "ALL" });
    const set = await build(
      () => new WebAcl("waf", { metricName: "shop", blockedCidrs: ["203.0.113.0/24"] }),
    );
    assert.equal(set.one(IP_SET).input("scope"), "CLOUDFRONT");
  });

  it("has the priority of a rule go by its name, so that no other one moves it", async () => {
    const few = rulesOf(await webAcl());
    const all = rulesOf(
      await webAcl({
        blockedCidrs: ["203.0.113.0/24"],
        blockedIpv6Cidrs: ["2001:db8::/32"],
        exemptions: { hooks: { paths: ["/hooks"], because: BECAUSE } },
        largeBodyPaths: ["/uploads"],
        groups: { linux: {}, posix: {} },
      }),
    );
    const places = (rules: readonly Rule[]) => rules.map(({ name, priority }) => [priority, name]);
    assert.deepEqual(places(all), [
      [0, "blocked-ipv4"],
      [10, "blocked-ipv6"],
      [20, "rate-limit"],
      [30, "exemptions"],
      [40, "AWSManagedRulesAmazonIpReputationList"],
      [50, "AWSManagedRulesAnonymousIpList"],
      [60, "AWSManagedRulesCommonRuleSet"],
      [70, "large-bodies"],
      [80, "AWSManagedRulesKnownBadInputsRuleSet"],
      [90, "AWSManagedRulesSQLiRuleSet"],
      [100, "AWSManagedRulesLinuxRuleSet"],
      [110, "AWSManagedRulesUnixRuleSet"],
    ]);
    for (const rule of places(few)) {
      assert.ok(
        places(all).some((other) => String(other) === String(rule)),
        String(rule),
      );
    }
  });

  it("adds what fits the applications", async () => {
    const groups = { windows: {}, php: {}, wordPress: {}, adminPages: {} };
    const common = { offBecause: "no pages for people" };
    const run = await webAcl({ groups: { ...groups, common } });
    assert.deepEqual(
      rulesOf(run)
        .filter(({ priority }) => priority > 90)
        .map(({ name, priority }) => [priority, name]),
      [
        [120, "AWSManagedRulesWindowsRuleSet"],
        [130, "AWSManagedRulesPHPRuleSet"],
        [140, "AWSManagedRulesWordPressRuleSet"],
        [150, "AWSManagedRulesAdminProtectionRuleSet"],
      ],
    );
    assert.ok(!rulesOf(run).some(({ name }) => name === "AWSManagedRulesCommonRuleSet"));
  });

  it("only counts what a group finds, or one of its rules", async () => {
    const run = await webAcl({
      groups: {
        sql: { countBecause: BECAUSE },
        common: {
          countedRules: { NoUserAgent_HEADER: BECAUSE, CrossSiteScripting_BODY: BECAUSE },
        },
      },
    });
    assert.deepEqual(ruleOf(run, "AWSManagedRulesSQLiRuleSet").overrideAction, { count: {} });
    const common = ruleOf(run, "AWSManagedRulesCommonRuleSet");
    assert.deepEqual(common.overrideAction, { none: {} });
    assert.deepEqual(common.statement, {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name: "AWSManagedRulesCommonRuleSet",
        ruleActionOverrides: [
          { name: "CrossSiteScripting_BODY", actionToUse: { count: {} } },
          { name: "NoUserAgent_HEADER", actionToUse: { count: {} } },
        ],
      },
    });
  });

  it("blocks large bodies everywhere but where they are taken", async () => {
    const run = await webAcl({ largeBodyPaths: ["/uploads/*", "/v1/files.zip"] });
    assert.deepEqual(ruleOf(run, "AWSManagedRulesCommonRuleSet").statement, {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name: "AWSManagedRulesCommonRuleSet",
        ruleActionOverrides: [{ name: "SizeRestrictions_BODY", actionToUse: { count: {} } }],
      },
    });
    assert.deepEqual(ruleOf(run, "large-bodies"), {
      name: "large-bodies",
      priority: 70,
      action: { block: {} },
      statement: {
        andStatement: {
          statements: [
            {
              labelMatchStatement: {
                scope: "LABEL",
                key: "awswaf:managed:aws:core-rule-set:SizeRestrictions_Body",
              },
            },
            { notStatement: { statement: regex("^(?:/uploads/.*|/v1/files\\.zip)$") } },
          ],
        },
      },
      visibilityConfig: visible("large-bodies"),
    });
  });

  it("blocks them nowhere where the rule that finds them only counts, or does not look", async () => {
    for (const common of [
      { offBecause: BECAUSE },
      { countBecause: BECAUSE },
      { countedRules: { SizeRestrictions_BODY: BECAUSE } },
    ]) {
      const run = await webAcl({ largeBodyPaths: ["/uploads"], groups: { common } });
      assert.ok(!rulesOf(run).some(({ name }) => name === "large-bodies"), JSON.stringify(common));
    }
  });

  it("exempts paths, and pages with a login whose hosts it is told", async () => {
    const hooks = { paths: ["/hooks/*"], because: BECAUSE };
    const only = ruleOf(await webAcl({ exemptions: { hooks } }), "exemptions");
    assert.deepEqual(only.statement, regex("^(?:/hooks/.*)$"));
    assert.deepEqual(only.action, { allow: {} });

    const run = await webAcl({
      exemptions: { hooks, another: { paths: ["/a", "/b"], because: BECAUSE } },
      pages: { grafana: ["Grafana.example.com", "*.example.org"] },
    });
    assert.deepEqual(ruleOf(run, "exemptions").statement, {
      orStatement: {
        statements: [
          regex("^(?:/a|/b)$"),
          regex("^(?:/hooks/.*)$"),
          {
            regexMatchStatement: {
              regexString: "^(?:grafana\\.example\\.com|.*\\.example\\.org)$",
              fieldToMatch: { singleHeader: { name: "host" } },
              textTransformations: [{ priority: 0, type: "LOWERCASE" }],
            },
          },
        ],
      },
    });
  });

  it("shuts out blocks", async () => {
    const run = await webAcl({
      blockedCidrs: ["203.0.113.0/24", "198.51.100.7/32"],
      blockedIpv6Cidrs: ["2001:db8::/32"],
    });
    assert.deepEqual(run.one(IP_SET, "waf-blocked-ipv4").inputs, {
      scope: "REGIONAL",
      ipAddressVersion: "IPV4",
      addresses: ["198.51.100.7/32", "203.0.113.0/24"],
    });
    assert.deepEqual(run.one(IP_SET, "waf-blocked-ipv6").inputs, {
      scope: "REGIONAL",
      ipAddressVersion: "IPV6",
      addresses: ["2001:db8::/32"],
    });
    for (const version of ["ipv4", "ipv6"]) {
      const rule = ruleOf(run, `blocked-${version}`);
      assert.deepEqual(rule.action, { block: {} });
      assert.deepEqual(rule.statement, {
        ipSetReferenceStatement: { arn: run.one(IP_SET, `waf-blocked-${version}`).outputs["arn"] },
      });
    }
  });

  it("goes by the address in a header where a proxy stands in front", async () => {
    const run = await webAcl({
      clientAddressHeader: "CF-Connecting-IP",
      rateLimit: { requests: 100, minutes: 1 },
      blockedCidrs: ["203.0.113.0/24"],
    });
    assert.deepEqual(ruleOf(run, "rate-limit").statement, {
      rateBasedStatement: {
        limit: 100,
        evaluationWindowSec: 60,
        aggregateKeyType: "FORWARDED_IP",
        forwardedIpConfig: { headerName: "CF-Connecting-IP", fallbackBehavior: "MATCH" },
      },
    });
    assert.deepEqual(ruleOf(run, "blocked-ipv4").statement, {
      ipSetReferenceStatement: {
        arn: run.one(IP_SET).outputs["arn"],
        ipSetForwardedIpConfig: {
          headerName: "CF-Connecting-IP",
          position: "ANY",
          fallbackBehavior: "NO_MATCH",
        },
      },
    });
  });

  it("limits nobody where there is a reason", async () => {
    const run = await webAcl({ rateLimit: { offBecause: BECAUSE } });
    assert.ok(!rulesOf(run).some(({ name }) => name === "rate-limit"));
  });

  it("logs what a rule found, without what clients prove themselves by", async () => {
    const run = await webAcl({ logs: { retentionDays: 90 } });
    assert.deepEqual(run.one(LOG_GROUP).inputs, {
      namePrefix: "aws-waf-logs-shop-prod-",
      retentionInDays: 90,
    });
    assert.deepEqual(run.one(LOGGING).inputs, {
      resourceArn: run.one(ACL).outputs["arn"],
      logDestinationConfigs: [run.one(LOG_GROUP).outputs["arn"]],
      redactedFields: [
        { singleHeader: { name: "authorization" } },
        { singleHeader: { name: "cookie" } },
      ],
      loggingFilter: {
        defaultBehavior: "DROP",
        filters: [
          {
            behavior: "KEEP",
            requirement: "MEETS_ANY",
            conditions: [
              { actionCondition: { action: "BLOCK" } },
              { actionCondition: { action: "COUNT" } },
            ],
          },
        ],
      },
    });
  });

  it("logs everything, or nothing, where that is asked for", async () => {
    const all = await webAcl({ logs: { allRequests: true } });
    assert.equal(all.one(LOGGING).input("loggingFilter"), undefined);
    assert.equal(all.one(LOG_GROUP).input("retentionInDays"), 30);
    const none = await webAcl({ logs: { disabledBecause: BECAUSE } });
    assert.deepEqual(none.children, [`${ACL} waf-acl`, `${ASSOCIATION} waf-association`]);
  });

  it("alarms where it blocks far more than usual", async () => {
    const run = await webAcl({ telling, blockedPerMinute: 250 });
    assert.deepEqual(run.one(ALARM).inputs, {
      alarmDescription:
        "The firewall has blocked more than 250 requests a minute for five minutes: an attack, or a rule that mistakes clients for one. What to do: docs/runbooks/waf-blocked.md",
      namespace: "AWS/WAFV2",
      metricName: "BlockedRequests",
      dimensions: { WebACL: "shop-prod", Rule: "ALL", Region: "us-east-1" },
      statistic: "Sum",
      period: 60,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 250,
      evaluationPeriods: 5,
      treatMissingData: "notBreaching",
      alarmActions: ["arn:info"],
      okActions: ["arn:info"],
    });
    assert.equal((await webAcl({ telling })).one(ALARM).input("threshold"), 1000);
    assert.equal((await webAcl()).all(ALARM).length, 0);
  });

  it("lists every problem and registers nothing", async () => {
    const { problems } = await refusal(
      () =>
        new WebAcl("waf", {
          metricName: "shop",
          rateLimit: { requests: 1 },
          blockedCidrs: ["0.0.0.0/0"],
        }),
    );
    assert.deepEqual(
      problems.map(({ key }) => key),
      ["rateLimit.requests", "blockedCidrs[0]"],
    );
  });
});
