import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "../support/iam";
import {
  type Publisher,
  createNoticeKey,
  createTopic,
  subscribeEmails,
} from "../support/notice-topic";
import { checkSettings } from "../support/parse-settings";
import { findings } from "./findings";
import { type AccountNoticesSettings, accountNoticesSettings } from "./settings";

export type AccountNoticesArgs = AccountNoticesSettings;

/** Events of EventBridge, and alarms of CloudWatch such as that of an `AuditTrail`. */
const PUBLISHERS: readonly Publisher[] = ["cloudwatch.amazonaws.com", "events.amazonaws.com"];

/**
 * Tells people, through an encrypted SNS topic, what GuardDuty, AWS Config and Security Hub find in one region of an
 * account, whoever turned these on.
 *
 * ```ts
 * const notices = new AccountNotices("notices", { emails: { security: "security@example.com" } });
 * ```
 *
 * Cost: 1 USD a month for the key. (AWS price page of KMS for us-east-1.)
 */
export class AccountNotices extends pulumi.ComponentResource {
  /** Where notices are told, for more subscribers and for alarms. */
  public readonly topicArn: pulumi.Output<string>;
  public readonly accountId: pulumi.Output<string>;
  /** The page that says what to do. */
  public readonly runbook: string;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: AccountNoticesArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const settings = checkSettings(`AccountNotices "${name}"`, accountNoticesSettings, args);
    super("ecs-platform:index:AccountNotices", name, {}, opts);
    const child = { parent: this };
    this.runbook = `${settings.runbooksUrl}/account-findings.md`;

    const rules = Object.entries(findings(settings.threatSeverity)).map(([kind, finding]) => ({
      kind,
      finding,
      rule: new aws.cloudwatch.EventRule(
        `${name}-${kind}`,
        { description: finding.description, eventPattern: JSON.stringify(finding.pattern) },
        child,
      ),
    }));
    const [first] = rules;
    if (first === undefined) throw new Error("there is a kind of finding at least");
    // The key's policy names the account, which the rules' ARNs tell without a look-up.
    this.accountId = accountOf(first.rule.arn);
    const topicArgs = { accountId: this.accountId, publishers: PUBLISHERS };
    const key = createNoticeKey(
      `${name}-key`,
      { ...topicArgs, description: "Encrypts notices about the account" },
      child,
    );
    const { topic, arn } = createTopic(
      { topic: `${name}-topic`, policy: `${name}-topic-policy` },
      { ...topicArgs, key },
      child,
    );
    subscribeEmails(`${name}-email`, topic.arn, settings.emails, child);
    for (const { kind, finding, rule } of rules) {
      new aws.cloudwatch.EventTarget(
        `${name}-${kind}`,
        {
          rule: rule.name,
          arn,
          inputTransformer: {
            inputPaths: finding.values,
            // A text in quotes is what EventBridge takes for one that is not JSON.
            inputTemplate: `"${finding.text} What to do: ${this.runbook}"`,
          },
        },
        child,
      );
    }

    this.topicArn = arn;
    this.registerOutputs({ topicArn: this.topicArn, accountId: this.accountId });
  }
}
