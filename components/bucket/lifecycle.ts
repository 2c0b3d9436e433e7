import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { CheckedBucketSettings } from "./settings";
import { inOrder } from "./storage-classes";

/** What S3 does with objects as they age: one rule for all of them. */
export function createLifecycle(
  name: string,
  bucket: aws.s3.Bucket,
  settings: CheckedBucketSettings,
  child: pulumi.CustomResourceOptions,
): void {
  const { expirationDays, intelligentTiering: tiering } = settings;
  const moves = [
    ...(tiering === undefined ? [] : [{ days: 0, storageClass: "INTELLIGENT_TIERING" }]),
    ...inOrder(settings.transitions).map(([storageClass, days]) => ({ days, storageClass })),
  ];
  new aws.s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    {
      bucket: bucket.id,
      rules: [
        {
          id: "age",
          status: "Enabled",
          filter: { prefix: "" },
          ...(expirationDays !== undefined && { expiration: { days: expirationDays } }),
          ...(moves.length > 0 && { transitions: moves }),
          noncurrentVersionExpiration: { noncurrentDays: settings.noncurrentRetentionDays },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    },
    child,
  );

  const tierings = [
    { accessTier: "ARCHIVE_ACCESS", days: tiering?.archiveAfterDays },
    { accessTier: "DEEP_ARCHIVE_ACCESS", days: tiering?.deepArchiveAfterDays },
  ].flatMap(({ accessTier, days }) => (days === undefined ? [] : [{ accessTier, days }]));
  if (tierings.length > 0) {
    new aws.s3.BucketIntelligentTieringConfiguration(
      `${name}-tiers`,
      { bucket: bucket.id, tierings },
      child,
    );
  }
}
