import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkSettings } from "../support/parse-settings";
import { type AccountDefaultsSettings, accountDefaultsSettings } from "./settings";

export type AccountDefaultsArgs = AccountDefaultsSettings;

/**
 * What holds for a whole account, whoever makes things in it: no bucket is public, and passwords of IAM users are long.
 *
 * ```ts
 * new AccountDefaults("account", {});
 * ```
 *
 * Cost: none.
 */
export class AccountDefaults extends pulumi.ComponentResource {
  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(
    name: string,
    args: AccountDefaultsArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const settings = checkSettings(`AccountDefaults "${name}"`, accountDefaultsSettings, args);
    super("ecs-platform:index:AccountDefaults", name, {}, opts);
    const child = { parent: this };

    if (settings.publicBucketsBecause === undefined) {
      new aws.s3.AccountPublicAccessBlock(
        `${name}-no-public-buckets`,
        {
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        },
        child,
      );
    }
    new aws.iam.AccountPasswordPolicy(
      `${name}-passwords`,
      {
        minimumPasswordLength: settings.passwordLength,
        requireLowercaseCharacters: true,
        requireUppercaseCharacters: true,
        requireNumbers: true,
        requireSymbols: true,
        passwordReusePrevention: 24,
        maxPasswordAge: 90,
        allowUsersToChangePassword: true,
        hardExpiry: false,
      },
      child,
    );
    this.registerOutputs({});
  }
}
