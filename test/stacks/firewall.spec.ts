import * as assert from "node:assert/strict";
import { SettingsError } from "../../components/support/problem";
import { loadConfig } from "../../stacks/config";
import { type StackConfig, runPlatform, smallConfig, sourceOf } from "./support";

const ACL = "aws:wafv2/webAcl:WebAcl";
const ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation";
const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

const LOAD_BALANCER = { plainHttpBecause: "a test sends no requests" };
const FURTHER = { linux: {}, posix: {} };

/** The smallest stack with a firewall before its load balancer. */
const small = (waf: unknown = {}, more: StackConfig = {}): StackConfig => ({
  ...smallConfig(),
  "ecs-platform:loadBalancer": { ...LOAD_BALANCER, waf },
  ...more,
});

/** The same behind CloudFront. */
const behindCloudFront = (region: string, cdn: unknown = { waf: {} }): StackConfig => ({
  ...smallConfig(),
  "aws:region": region,
  "ecs-platform:network": { availabilityZones: [`${region}a`, `${region}b`], nat: "single" },
  "ecs-platform:loadBalancer": { scheme: "internal" },
  "ecs-platform:domains": {
    app: { provider: "route53", names: ["app.example.com"], zoneId: "Z0123456789ABC" },
  },
  "ecs-platform:cdn": cdn,
});

function problemsOf(config: StackConfig) {
  try {
    loadConfig(sourceOf(config));
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

/** The same with Grafana at an address of its own. */
const withGrafana = (waf: unknown = {}): StackConfig =>
  small(waf, {
    "ecs-platform:grafana": {
      route: {
        priority: 10,
        hosts: ["grafana.example.com"],
        unencryptedBecause: "a test sends no passwords",
      },
    },
  });

describe("the firewall of a stack", () => {
  it("is none until it is asked for", async () => {
    const run = await runPlatform(smallConfig());
    assert.equal(run.all(ACL).length, 0);
  });

  it("stands before the load balancer, counted and told by the stack's name", async () => {
    const run = await runPlatform(small(), "prod.eu");
    const acl = run.one(ACL);
    assert.equal(acl.input("scope"), "REGIONAL");
    assert.equal(acl.input("visibilityConfig.metricName"), "ecs-platform-prod-eu");
    assert.equal(
      run.one(ASSOCIATION).input("resourceArn"),
      run.one("aws:lb/loadBalancer:LoadBalancer").outputs["arn"],
    );
    const ids = run.outputs["ids"] as Record<string, unknown>;
    assert.equal(ids["webAclArn"], acl.outputs["arn"]);
    assert.equal(
      ids["webAclLogGroupName"],
      run.one("aws:cloudwatch/logGroup:LogGroup", "waf-logs").outputs["name"],
    );
    const alarm = run.one(ALARM, "waf-blocked");
    assert.equal(alarm.input("threshold"), 1000);
    assert.equal(alarm.input("dimensions.WebACL"), "ecs-platform-prod-eu");
  });

  it("raises its alarm where monitoring.thresholds says", async () => {
    const monitoring = { thresholds: { wafBlockedPerMinute: 50 } };
    const run = await runPlatform(small({}, { "ecs-platform:monitoring": monitoring }));
    assert.equal(run.one(ALARM, "waf-blocked").input("threshold"), 50);
  });

  it("lets the pages of Grafana pass, which ask for a password by themselves", async () => {
    const run = await runPlatform(withGrafana());
    const rules = run.one(ACL).input("rules") as { name: string; statement: unknown }[];
    const exemptions = rules.find(({ name }) => name === "exemptions");
    assert.deepEqual(exemptions?.statement, {
      regexMatchStatement: {
        regexString: "^(?:grafana\\.example\\.com)$",
        fieldToMatch: { singleHeader: { name: "host" } },
        textTransformations: [{ priority: 0, type: "LOWERCASE" }],
      },
    });
  });

  it("stands before CloudFront in us-east-1, wherever the stack is", async () => {
    const run = await runPlatform(behindCloudFront("eu-central-1"));
    const acl = run.one(ACL);
    assert.equal(acl.input("scope"), "CLOUDFRONT");
    assert.equal(run.byUrn(acl.provider ?? "").input("region"), "us-east-1");
    assert.equal(run.one(DISTRIBUTION).input("webAclId"), acl.outputs["arn"]);
    assert.equal(run.all(ASSOCIATION).length, 0);
    // An alarm in us-east-1 could not tell the topics of eu-central-1.
    assert.ok(!run.all(ALARM).some(({ name }) => name === "waf-blocked"));
  });

  it("has its alarm before CloudFront where the stack is in us-east-1", async () => {
    const run = await runPlatform(behindCloudFront("us-east-1"));
    assert.equal(run.one(DISTRIBUTION).input("webAclId"), run.one(ACL).outputs["arn"]);
    assert.equal(run.one(ALARM, "waf-blocked").input("dimensions.Region"), undefined);
  });

  it("leaves CloudFront as it is without one", async () => {
    const run = await runPlatform(behindCloudFront("us-east-1", {}));
    assert.equal(run.one(DISTRIBUTION).input("webAclId"), undefined);
  });

  it("is refused behind CloudFront, where every request comes from CloudFront", () => {
    const config = behindCloudFront("us-east-1", {});
    assert.deepEqual(problemsOf(config), []);
    const both = { ...config, "ecs-platform:loadBalancer": { scheme: "internal", waf: {} } };
    assert.deepEqual(
      problemsOf(both).map(({ value: _, ...problem }) => problem),
      [
        {
          key: "ecs-platform:loadBalancer.waf",
          rule: "stands behind CloudFront, where it sees no client's address",
          allowed: "nothing with cdn",
          fix: "move it to cdn.waf",
        },
      ],
    );
  });

  it("is refused where the pages with a login need more capacity than there is left", () => {
    const exemptions = { hooks: { paths: ["/hooks"], because: "they carry code" } };
    const waf = { groups: FURTHER, exemptions };
    assert.deepEqual(problemsOf(small(waf)), []);
    assert.deepEqual(
      problemsOf(withGrafana(waf)).map(({ value: _, ...problem }) => problem),
      [
        {
          key: "ecs-platform:loadBalancer.waf",
          rule: "needs more capacity units than are included, with the pages of grafana and logSearch",
          allowed: "groups, paths and pages of 1500 units together",
          fix: "remove a group that does not fit what the applications are written in",
        },
      ],
    );
  });

  it("reports what is wrong with it by its key in the stack file", () => {
    assert.deepEqual(
      problemsOf(small({ rateLimit: { requests: 1 } })).map(({ key }) => key),
      ["ecs-platform:loadBalancer.waf.rateLimit.requests"],
    );
  });
});
