/** A kind of finding that people are told of: which events of EventBridge, and in which words. */
export interface Finding {
  readonly description: string;
  readonly pattern: Readonly<Record<string, unknown>>;
  /** Values of the event, by the name that `text` has them under. */
  readonly values: Readonly<Record<string, string>>;
  readonly text: string;
}

/** All kinds, by the name of the rule that looks for them. */
export function findings(threatSeverity: number): Record<string, Finding> {
  return {
    "guardduty-finding": {
      description: `Findings of GuardDuty of severity ${threatSeverity} and more`,
      pattern: {
        source: ["aws.guardduty"],
        "detail-type": ["GuardDuty Finding"],
        detail: { severity: [{ numeric: [">=", threatSeverity] }] },
      },
      values: {
        account: "$.account",
        region: "$.region",
        severity: "$.detail.severity",
        type: "$.detail.type",
        id: "$.detail.id",
      },
      text: "GuardDuty found <type> of severity <severity> in account <account>, region <region> (finding <id>).",
    },
    "config-noncompliant": {
      description: "Resources that begin to break a rule of AWS Config",
      pattern: {
        source: ["aws.config"],
        "detail-type": ["Config Rules Compliance Change"],
        detail: {
          messageType: ["ComplianceChangeNotification"],
          newEvaluationResult: { complianceType: ["NON_COMPLIANT"] },
        },
      },
      values: {
        account: "$.account",
        region: "$.region",
        rule: "$.detail.configRuleName",
        kind: "$.detail.resourceType",
        resource: "$.detail.resourceId",
      },
      text: "<kind> <resource> breaks the rule <rule> in account <account>, region <region>.",
    },
    "security-hub-finding": {
      description: "Open findings of Security Hub itself that are high or critical",
      pattern: {
        source: ["aws.securityhub"],
        "detail-type": ["Security Hub Findings - Imported"],
        detail: {
          findings: {
            // GuardDuty and Config tell of theirs themselves. Its name AWS has changed; its ARN not.
            ProductArn: [{ suffix: "::product/aws/securityhub" }],
            Severity: { Label: ["HIGH", "CRITICAL"] },
            Compliance: { Status: ["FAILED"] },
            Workflow: { Status: ["NEW"] },
            RecordState: ["ACTIVE"],
          },
        },
      },
      values: {
        account: "$.account",
        region: "$.region",
        severity: "$.detail.findings[0].Severity.Label",
        title: "$.detail.findings[0].Title",
        resource: "$.detail.findings[0].Resources[0].Id",
      },
      text: "Security Hub, <severity>: <title> (<resource>) in account <account>, region <region>.",
    },
  };
}
