import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { regionOf } from "../support/iam";
import { checkSettings } from "../support/parse-settings";
import { type SourceConnectionSettings, sourceConnectionSettings } from "./settings";

export type SourceConnectionArgs = SourceConnectionSettings;

/**
 * The way of pipelines to the code: a connection of AWS CodeConnections (once CodeStar) to GitHub, GitLab or Bitbucket,
 * or one that is there already.
 *
 * ```ts
 * const github = new SourceConnection("github", { provider: "GitHub" });
 * ```
 *
 * A new connection is PENDING, and pipelines that use it fail, until a person opens `confirmUrl` and lets AWS in:
 * no program can (CodeConnections guide, "Update a pending connection").
 *
 * Cost: nothing.
 */
export class SourceConnection extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;
  /** Page on which a person confirms the connection, and chooses the repositories that AWS may read. */
  public readonly confirmUrl: pulumi.Output<string>;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: SourceConnectionArgs, opts?: pulumi.ComponentResourceOptions) {
    const settings = checkSettings(`SourceConnection "${name}"`, sourceConnectionSettings, args);
    super("ecs-platform:index:SourceConnection", name, {}, opts);
    const { provider, hostArn, arn } = settings;

    this.arn =
      arn === undefined
        ? new aws.codeconnections.Connection(
            // AWS takes 32 characters, of which the longest key leaves this many.
            `${name}-git`,
            hostArn === undefined ? { providerType: provider } : { hostArn },
            { parent: this },
          ).arn
        : pulumi.output(arn);
    const region = regionOf(this.arn);
    this.confirmUrl = pulumi.interpolate`https://${region}.console.aws.amazon.com/codesuite/settings/connections?region=${region}`;
    this.registerOutputs({ arn: this.arn, confirmUrl: this.confirmUrl });
  }
}
