/** Lines that tell of something gone wrong, JSON or not, by the words that most languages and libraries use. */
const LOOKS_LIKE_AN_ERROR = "filter @message like /(?i)(error|exception|fatal|panic)/";

/** The newest of them, of every service. Queries are in the language of CloudWatch Logs Insights. */
export const LATEST_ERRORS = query(
  "fields @timestamp, @log, @message",
  LOOKS_LIKE_AN_ERROR,
  "sort @timestamp desc",
  "limit 50",
);

/** How many there are, in which service, and since when. */
export const ERRORS_OVER_TIME = query(
  LOOKS_LIKE_AN_ERROR,
  "stats count(*) as errors by @log, bin(5m)",
);

/** Which requests took longest, where lines say so in durationMs. */
export const SLOWEST_REQUESTS = query(
  "fields @timestamp, @log, durationMs, message, requestId, traceId",
  "filter ispresent(durationMs)",
  "sort durationMs desc",
  "limit 50",
);

/** Everything that all services said of one request: the placeholder is to be replaced by its request or trace id. */
export const ONE_REQUEST = query(
  "fields @timestamp, @log, @message",
  "filter @message like /REQUEST-OR-TRACE-ID/",
  "sort @timestamp asc",
  "limit 1000",
);

/** Why tasks stopped, of the events that ECS publishes then. */
export const STOP_REASONS = query(
  "fields @timestamp, detail.group, detail.stopCode, detail.stoppedReason, detail.containers.0.exitCode",
  "sort @timestamp desc",
  "limit 100",
);

/** What went wrong by the events that raise alarms: deployments that failed, tasks that ended with an error. */
export const FAILURES = query(
  "fields @timestamp, `detail-type`, resources.0, detail.group, detail.reason, detail.stoppedReason",
  "sort @timestamp desc",
  "limit 100",
);

/** Who was turned away by security groups: the flow log's own fields. */
export const REJECTED_TRAFFIC = query(
  'filter action = "REJECT"',
  "stats count(*) as attempts, sum(packets) as packets by srcAddr, dstAddr, dstPort, protocol",
  "sort attempts desc",
  "limit 100",
);

/** What was typed and shown in shells that somebody opened in a task. */
export const SHELL_SESSIONS = query(
  "fields @timestamp, @logStream, @message",
  "sort @timestamp desc",
  "limit 500",
);

function query(...steps: readonly string[]): string {
  return steps.join("\n| ");
}
