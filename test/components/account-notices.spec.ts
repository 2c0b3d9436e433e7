import * as assert from "node:assert/strict";
import { AccountNotices, type AccountNoticesArgs } from "../../components";
import { findings } from "../../components/account-notices/findings";
import { accountNoticesSettings } from "../../components/account-notices/settings";
import { build, itRefuses, itTakes, refusal } from "./support";

const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const KEY = "aws:kms/key:Key";
const TOPIC = "aws:sns/topic:Topic";
const TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

const notices = (args: AccountNoticesArgs = {}) => build(() => new AccountNotices("notices", args));

describe("AccountNotices", () => {
  it("creates this and nothing else", async () => {
    const { children } = await notices({ emails: { security: "security@example.com" } });
    assert.deepEqual(children, [
      `${RULE} notices-config-noncompliant`,
      `${RULE} notices-guardduty-finding`,
      `${RULE} notices-security-hub-finding`,
      `${TARGET} notices-config-noncompliant`,
      `${TARGET} notices-guardduty-finding`,
      `${TARGET} notices-security-hub-finding`,
      `${KEY} notices-key`,
      `${TOPIC} notices-topic`,
      `${TOPIC_POLICY} notices-topic-policy`,
      `${SUBSCRIPTION} notices-email-security`,
    ]);
  });

  it("looks for what GuardDuty holds to be high, and for more where that is said", async () => {
    const severityOf = async (args: AccountNoticesArgs) => {
      const rule = (await notices(args)).one(RULE, "notices-guardduty-finding");
      return rule.jsonInput("eventPattern");
    };
    assert.deepEqual(await severityOf({}), {
      source: ["aws.guardduty"],
      "detail-type": ["GuardDuty Finding"],
      detail: { severity: [{ numeric: [">=", 7] }] },
    });
    assert.deepEqual(await severityOf({ threatSeverity: 4.5 }), {
      source: ["aws.guardduty"],
      "detail-type": ["GuardDuty Finding"],
      detail: { severity: [{ numeric: [">=", 4.5] }] },
    });
  });

  it("looks for what begins to break a rule of Config", async () => {
    const rule = (await notices()).one(RULE, "notices-config-noncompliant");
    assert.deepEqual(rule.jsonInput("eventPattern"), {
      source: ["aws.config"],
      "detail-type": ["Config Rules Compliance Change"],
      detail: {
        messageType: ["ComplianceChangeNotification"],
        newEvaluationResult: { complianceType: ["NON_COMPLIANT"] },
      },
    });
  });

  it("looks for what Security Hub itself finds, not for what others tell it", async () => {
    const rule = (await notices()).one(RULE, "notices-security-hub-finding");
    assert.deepEqual(rule.jsonInput("eventPattern"), {
      source: ["aws.securityhub"],
      "detail-type": ["Security Hub Findings - Imported"],
      detail: {
        findings: {
          ProductArn: [{ suffix: "::product/aws/securityhub" }],
          Severity: { Label: ["HIGH", "CRITICAL"] },
          Compliance: { Status: ["FAILED"] },
          Workflow: { Status: ["NEW"] },
          RecordState: ["ACTIVE"],
        },
      },
    });
  });

  it("tells people in words, with the page that says what to do", async () => {
    const run = await notices({ runbooksUrl: "https://wiki.example.com/runbooks" });
    const target = run.one(TARGET, "notices-guardduty-finding");
    assert.deepEqual(target.input("inputTransformer"), {
      inputPaths: {
        account: "$.account",
        region: "$.region",
        severity: "$.detail.severity",
        type: "$.detail.type",
        id: "$.detail.id",
      },
      inputTemplate:
        '"GuardDuty found <type> of severity <severity> in account <account>, region <region> (finding <id>). What to do: https://wiki.example.com/runbooks/account-findings.md"',
    });
    assert.equal(target.input("rule"), run.one(RULE, "notices-guardduty-finding").outputs["name"]);
    assert.equal(target.input("arn"), run.one(TOPIC).outputs["arn"]);
  });

  it("names in every text only values that the event has", () => {
    for (const { text, values } of Object.values(findings(7))) {
      const named = [...text.matchAll(/<(\w+)>/g)].map(([, name]) => name).sort();
      assert.deepEqual(named, Object.keys(values).sort());
    }
  });

  it("lets EventBridge and the alarms of this account publish, and nobody else", async () => {
    const run = await notices();
    const topic = run.one(TOPIC).outputs["arn"];
    const ofAccount = { StringEquals: { "aws:SourceAccount": "123456789012" } };
    assert.deepEqual(run.one(TOPIC_POLICY).jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: ["sns:Publish"],
          Resource: [topic],
          Condition: ofAccount,
        },
        {
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: ["sns:Publish"],
          Resource: [topic],
        },
      ],
    });
    const key = run.one(KEY);
    assert.equal(key.input("enableKeyRotation"), true);
    assert.deepEqual(key.jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: "123456789012" },
          Action: ["kms:*"],
          Resource: ["*"],
        },
        {
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
          Resource: ["*"],
          Condition: ofAccount,
        },
        {
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
          Resource: ["*"],
          Condition: {
            ArnLike: {
              "kms:EncryptionContext:aws:sns:topicArn": "arn:*:sns:*:123456789012:*",
            },
          },
        },
      ],
    });
    assert.equal(run.one(TOPIC).input("kmsMasterKeyId"), key.outputs["arn"]);
  });

  it("lists every problem and registers nothing", async () => {
    const { problems } = await refusal(
      () => new AccountNotices("notices", { threatSeverity: 0, emails: { me: "nobody" } }),
    );
    assert.deepEqual(
      problems.map(({ key }) => key),
      ["emails.me", "threatSeverity"],
    );
  });

  describe("settings", () => {
    itTakes(
      accountNoticesSettings,
      {},
      {
        "the least severity": { threatSeverity: 1 },
        "the greatest severity": { threatSeverity: 10 },
        "an address of runbooks": { runbooksUrl: "https://wiki.example.com" },
      },
    );
    const severity = (value: number) => ({
      change: { threatSeverity: value },
      problem: {
        key: "threatSeverity",
        value,
        rule: "is out of bounds",
        allowed: "a number from 1 to 10",
        fix: "set a number from 1 to 10",
      },
    });
    itRefuses(
      accountNoticesSettings,
      {},
      {
        "a severity below all": severity(0.9),
        "a severity above all": severity(10.1),
        "an address that ends in a slash": {
          change: { runbooksUrl: "https://wiki.example.com/" },
          problem: {
            key: "runbooksUrl",
            value: "https://wiki.example.com/",
            rule: "must be an address or a path",
            allowed: "1 to 300 characters without spaces, and without a slash at the end",
            fix: 'write it like "https://wiki.example.com/runbooks"',
          },
        },
      },
    );
  });
});
