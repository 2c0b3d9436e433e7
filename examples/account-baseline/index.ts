import { loadBaselineConfig } from "./config";
import { createBaseline } from "./program";

const { home, others, auditTrail, costReport } = createBaseline(loadBaselineConfig());

/** Where notices are told, by region, for more subscribers. */
export const topicArns = Object.fromEntries(
  Object.entries({ home, ...others }).map(([region, { notices }]) => [region, notices.topicArn]),
);
/** The records of all calls; nothing where the part is off. */
export const auditBucketName = auditTrail?.bucketName;
/** Their copy for searches. */
export const auditLogGroupName = auditTrail?.logGroupName;
/** The home region's detector. */
export const detectorId = home.threatDetection?.detectorId;
/** The report of costs. */
export const costBucketName = costReport?.bucketName;
