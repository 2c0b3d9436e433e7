import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkSettings } from "../support/parse-settings";
import { type ResourceScanSettings, resourceScanSettings } from "./settings";

export interface ResourceScanArgs extends ResourceScanSettings {
  readonly accountId: pulumi.Input<string>;
}

/**
 * Looks through the resources of a region: IAM Access Analyzer for what somebody outside the account may use, Inspector
 * for images with known holes, again whenever a new hole becomes known. Both tell Security Hub.
 *
 * ```ts
 * new ResourceScan("scan", { accountId: notices.accountId });
 * ```
 *
 * Cost: Access Analyzer is free for access from outside; Inspector costs by the image. (AWS price pages for us-east-1.)
 */
export class ResourceScan extends pulumi.ComponentResource {
  public readonly analyzerArn: pulumi.Output<string>;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: ResourceScanArgs, opts?: pulumi.ComponentResourceOptions) {
    const { accountId, ...rest } = args;
    const settings = checkSettings(`ResourceScan "${name}"`, resourceScanSettings, rest);
    super("ecs-platform:index:ResourceScan", name, {}, opts);
    const child = { parent: this };

    const analyzer = new aws.accessanalyzer.Analyzer(
      `${name}-outside-access`,
      // Its name is all that tells it apart.
      { analyzerName: "outside-access", type: "ACCOUNT" },
      { ...child, deleteBeforeReplace: true },
    );
    const resourceTypes = [
      ...(settings.hosts ? ["EC2"] : []),
      ...(settings.images ? ["ECR"] : []),
      ...(settings.functions ? ["LAMBDA"] : []),
    ];
    if (resourceTypes.length > 0) {
      new aws.inspector2.Enabler(
        `${name}-inspector`,
        { accountIds: [accountId], resourceTypes },
        child,
      );
    }
    this.analyzerArn = analyzer.arn;
    this.registerOutputs({ analyzerArn: this.analyzerArn });
  }
}
