import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { partitionOf, regionOf } from "../support/iam";
import { checkSettings } from "../support/parse-settings";
import { type SecurityHubSettings, securityHubSettings } from "./settings";

export type SecurityHubArgs = SecurityHubSettings;

/** Standards by their keys in the settings, as AWS names them. */
const STANDARDS = {
  bestPractices: "aws-foundational-security-best-practices/v/1.0.0",
  cis: "cis-aws-foundations-benchmark/v/3.0.0",
  nist: "nist-800-53/v/5.0.0",
} as const;

/**
 * Security Hub (CSPM): measures a region of an account by standards, and gathers what the other services of AWS find
 * there. `AccountNotices` tells people what is high or critical. It needs AWS Config to record the region.
 *
 * ```ts
 * new SecurityHub("security-hub", { standards: { cis: true } }, { dependsOn: [recorder] });
 * ```
 *
 * Once in an account and region: AWS refuses to turn it on twice.
 *
 * Cost: 30 days free, then 0.001 USD for each check of a resource, of which the best practices make some thousands a
 * month. (AWS price page of Security Hub for us-east-1.)
 */
export class SecurityHub extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: SecurityHubArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const settings = checkSettings(`SecurityHub "${name}"`, securityHubSettings, args);
    super("ecs-platform:index:SecurityHub", name, {}, opts);
    const child = { parent: this };

    const account = new aws.securityhub.Account(
      `${name}-account`,
      {
        // Which standards there are is said below, and nowhere else.
        enableDefaultStandards: false,
        autoEnableControls: true,
        // One finding for a control, however many standards have it.
        controlFindingGenerator: "SECURITY_CONTROL",
      },
      child,
    );
    for (const [key, path] of Object.entries(STANDARDS)) {
      if (!settings.standards[key as keyof typeof STANDARDS]) continue;
      new aws.securityhub.StandardsSubscription(
        `${name}-${key}`,
        {
          standardsArn: pulumi.interpolate`arn:${partitionOf(account.arn)}:securityhub:${regionOf(account.arn)}::standards/${path}`,
        },
        child,
      );
    }

    this.arn = account.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
