import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { CheckedWebAclSettings } from "./settings";

/** Headers by which clients prove who they are. */
const SECRET_HEADERS = ["authorization", "cookie"];

/**
 * A log of what the rules found. The right to write to it AWS adds by itself, as a policy of this one log: another of ours
 * would be refused there, or be one of the ten that a region takes.
 */
export function createLog(
  name: string,
  {
    webAclArn,
    metricName,
    settings: { retentionDays, allRequests },
  }: {
    readonly webAclArn: pulumi.Input<string>;
    readonly metricName: string;
    readonly settings: CheckedWebAclSettings["logs"];
  },
  child: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup {
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-logs`,
    // WAF writes to groups of this prefix alone.
    { namePrefix: `aws-waf-logs-${metricName}-`, retentionInDays: retentionDays },
    child,
  );
  new aws.wafv2.WebAclLoggingConfiguration(
    `${name}-logging`,
    {
      resourceArn: webAclArn,
      logDestinationConfigs: [logGroup.arn],
      redactedFields: SECRET_HEADERS.map((header) => ({ singleHeader: { name: header } })),
      ...(!allRequests && {
        loggingFilter: {
          defaultBehavior: "DROP",
          filters: [
            {
              behavior: "KEEP",
              requirement: "MEETS_ANY",
              conditions: ["BLOCK", "COUNT"].map((action) => ({ actionCondition: { action } })),
            },
          ],
        },
      }),
    },
    child,
  );
  return logGroup;
}
