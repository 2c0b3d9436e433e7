import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arnBeside } from "../support/iam";
import { checkSettings } from "../support/parse-settings";
import { createRecordBucket, createRecordKey } from "./records";
import { createRootAlarm, createSearchableLog } from "./search";
import { type AuditTrailSettings, auditTrailSettings } from "./settings";

export interface AuditTrailArgs extends AuditTrailSettings {
  /** Whom the alarm on root tells; an `AccountNotices` will do. */
  readonly notices: {
    readonly accountId: pulumi.Input<string>;
    readonly topicArn: pulumi.Input<string>;
    readonly runbook: string;
  };
  /** Whether AWS and Pulumi refuse to delete it. Default true; without it, deleting it deletes all records. */
  readonly deletionProtection?: boolean;
}

/**
 * A record of every call that changes or reads something in the account, in all regions (CloudTrail): encrypted with a
 * key of its own, in a bucket that keeps former versions, with digests that show whether a record was changed since. A
 * copy for searches lies in CloudWatch Logs, from which an alarm tells of whatever the root user does.
 *
 * ```ts
 * const notices = new AccountNotices("notices", { emails: { security: "security@example.com" } });
 * const trail = new AuditTrail("audit", { notices, lock: { days: 365 } });
 * ```
 *
 * Once in an account: AWS charges a second trail 2 USD for 100,000 calls. It records no reads of objects and items
 * themselves (data events), which cost by the call.
 *
 * Cost: the first trail is free; 1 USD a month for the key, storage, and 0.50 USD for each GB of the copy. (AWS price
 * pages for us-east-1.)
 */
export class AuditTrail extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;
  public readonly bucketName: pulumi.Output<string>;
  /** The copy for searches; undefined with `search.disabledBecause`. */
  public readonly logGroupName: pulumi.Output<string> | undefined;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: AuditTrailArgs, opts?: pulumi.ComponentResourceOptions) {
    const { notices, deletionProtection = true, ...rest } = args;
    const settings = checkSettings(`AuditTrail "${name}"`, auditTrailSettings, rest);
    super("ecs-platform:index:AuditTrail", name, {}, opts);
    const child = { parent: this };

    // Policies name the trail before it is there, so that no other one of the account can write in its place.
    const trailName = "account-audit";
    const trailArn = pulumi
      .output(notices.topicArn)
      .apply((arn) => arnBeside(arn, "cloudtrail", `trail/${trailName}`));
    const recordArgs = { accountId: notices.accountId, trailArn, settings, deletionProtection };
    const key = createRecordKey(name, recordArgs, child);
    const { bucket, policy } = createRecordBucket(name, recordArgs, child);
    const log =
      settings.search.disabledBecause === undefined
        ? createSearchableLog(name, settings.search, child)
        : undefined;
    const trail = new aws.cloudtrail.Trail(
      `${name}-trail`,
      {
        name: trailName,
        s3BucketName: bucket.id,
        kmsKeyId: key.arn,
        isMultiRegionTrail: true,
        includeGlobalServiceEvents: true,
        enableLogFileValidation: true,
        enableLogging: true,
        ...(log && {
          cloudWatchLogsGroupArn: pulumi.interpolate`${log.logGroup.arn}:*`,
          cloudWatchLogsRoleArn: log.role.arn,
        }),
        ...(settings.insights && {
          insightSelectors: [
            { insightType: "ApiCallRateInsight" },
            { insightType: "ApiErrorRateInsight" },
          ],
        }),
      },
      {
        ...child,
        protect: deletionProtection,
        deleteBeforeReplace: true,
        dependsOn: [policy, ...(log === undefined ? [] : [log.policy])],
      },
    );
    if (log !== undefined) createRootAlarm(name, { logGroup: log.logGroup, notices }, child);

    this.arn = trail.arn;
    this.bucketName = bucket.bucket;
    this.logGroupName = log?.logGroup.name;
    this.registerOutputs({ arn: this.arn, bucketName: this.bucketName });
  }
}
