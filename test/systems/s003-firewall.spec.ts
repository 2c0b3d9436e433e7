import * as assert from "node:assert/strict";
import { exampleConfig, runExample } from "./support";

const ACL = "aws:wafv2/webAcl:WebAcl";
const ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation";

interface Rule {
  readonly name: string;
  readonly overrideAction?: unknown;
  readonly statement: { readonly managedRuleGroupStatement?: object };
}

describe("seeds 003 and 004, the firewall", () => {
  it("S003-40: AWS WAF stands before the load balancer", async () => {
    const run = await runExample("go-server");
    assert.equal(run.one(ACL).input("scope"), "REGIONAL");
    assert.deepEqual(run.one(ASSOCIATION).inputs, {
      webAclArn: run.one(ACL).outputs["arn"],
      resourceArn: run.one("aws:lb/loadBalancer:LoadBalancer").outputs["arn"],
    });
  });

  it("S003-41: it blocks attacks of several kinds, and counts none of them only", async () => {
    const run = await runExample("go-server");
    const rules = run.one(ACL).input("rules") as unknown as Rule[];
    assert.deepEqual(
      rules.map(({ name }) => name),
      [
        "rate-limit",
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesAnonymousIpList",
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
        "AWSManagedRulesSQLiRuleSet",
      ],
    );
    for (const { name, overrideAction, statement } of rules) {
      if (statement.managedRuleGroupStatement === undefined) continue;
      assert.deepEqual(overrideAction, { none: {} }, name);
    }
  });

  it("S004-124: production has AWS WAF before the load balancer", async () => {
    const run = await runExample("ec2-production");
    assert.equal(
      run.one(ASSOCIATION).input("resourceArn"),
      run.one("aws:lb/loadBalancer:LoadBalancer").outputs["arn"],
    );
    const { waf } = exampleConfig("ec2-production")["ecs-platform:loadBalancer"] as {
      waf: unknown;
    };
    assert.deepEqual(waf, {});
  });
});
