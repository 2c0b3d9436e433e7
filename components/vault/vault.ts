import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { afterwards } from "../support/afterwards";
import { policyDocument } from "../support/iam";
import { checkSettings } from "../support/parse-settings";
import { type VaultSettings, vaultSettings } from "./settings";

/** Label that the first value keeps for ever. */
const FIRST_VALUE = "PLATFORM-PLACEHOLDER";

export interface VaultArgs extends VaultSettings {
  /** Service that it belongs to; its name ends the vault's. */
  readonly serviceName: string;
  /** Port that the service listens on: the one value that the vault is made with. */
  readonly port: number;
  /** Account that it lies in; only needed with `kms`. */
  readonly accountId: pulumi.Input<string>;
  /** Whether it can be had back for 30 days after it was deleted. Default true. */
  readonly deletionProtection?: boolean;
}

/**
 * A vault of one service: a secret in Secrets Manager, named after the service, whose values people enter and whose
 * keys the service gets as variables when its tasks start. It is made with PORT and never written to again: neither a
 * deployment nor a refresh reads or overwrites what people enter, so that no value of theirs gets into Pulumi's state.
 *
 * ```ts
 * const vault = new Vault("api", { serviceName: "api", port: 80, namePrefix: "", accountId });
 * const api = new EcsService("api", { …, port: 80, vault, vaultKeys: ["API_TOKEN"] });
 * ```
 *
 * Cost: 0.40 USD a month, 0.05 USD per 10,000 reads; with `kms` 1 USD more. (AWS price pages for us-east-1, read in
 * November 2026.)
 *
 * Nobody may read it but who is given the right: the execution role of its service.
 */
export class Vault extends pulumi.ComponentResource {
  public readonly secretName: pulumi.Output<string>;
  /** Known once the vault has its first value. */
  public readonly secretArn: pulumi.Output<string>;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: VaultArgs, opts?: pulumi.ComponentResourceOptions) {
    const { serviceName, port, accountId, deletionProtection = true, ...rest } = args;
    const settings = checkSettings(`Vault "${name}"`, vaultSettings, rest);
    super("ecs-platform:index:Vault", name, {}, opts);
    const child = { parent: this };
    const recoveryWindowInDays = settings.recoveryWindowDays ?? (deletionProtection ? 30 : 0);

    const kmsKey = settings.kms
      ? new aws.kms.Key(
          `${name}-key`,
          {
            description: `Vault of ${serviceName}`,
            enableKeyRotation: true,
            // A vault without its key could not be had back.
            deletionWindowInDays: deletionProtection ? 30 : 7,
            policy: keyPolicy(accountId),
          },
          { ...child, protect: deletionProtection },
        )
      : undefined;
    const secret = new aws.secretsmanager.Secret(
      `${name}-vault`,
      {
        name: `${settings.namePrefix ?? ""}${serviceName}`,
        description: `Values for ${serviceName}, entered by people`,
        kmsKeyId: kmsKey?.arn,
        recoveryWindowInDays,
      },
      { ...child, deleteBeforeReplace: true },
    );
    const firstValue = new aws.secretsmanager.SecretVersion(
      `${name}-vault-version`,
      {
        secretId: secret.id,
        secretString: JSON.stringify({ PORT: String(port) }),
        // Every value that people enter takes AWSCURRENT away from this one. After the second it would have no label
        // left, and Secrets Manager deletes such versions: Pulumi would miss it and enter it anew, over theirs. The
        // label of its own keeps it.
        versionStages: ["AWSCURRENT", FIRST_VALUE],
      },
      { ...child, ignoreChanges: ["secretString", "versionStages"] },
    );

    this.secretName = secret.name;
    // Known once there is a value: a task that starts before would find none.
    this.secretArn = afterwards(secret.arn, firstValue);
    this.registerOutputs({ secretName: this.secretName, secretArn: this.secretArn });
  }
}

/**
 * Lets whoever may read or write the secret use its key, through Secrets Manager alone: what the key
 * aws/secretsmanager, which AWS keeps, says too. So a right to the secret is all that a role needs.
 */
function keyPolicy(accountId: pulumi.Input<string>): pulumi.Output<string> {
  return policyDocument([
    { principal: { AWS: accountId }, actions: ["kms:*"], resources: ["*"] },
    {
      principal: { AWS: "*" },
      actions: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*"],
      resources: ["*"],
      conditions: {
        StringEquals: { "kms:CallerAccount": accountId },
        StringLike: { "kms:ViaService": "secretsmanager.*.amazonaws.com" },
      },
    },
  ]);
}
