/** A group of rules that AWS keeps up to date. */
export interface ManagedGroup {
  /** Its name at AWS. */
  readonly name: string;
  /** Place in the order: fixed for each group, so that another one moves none. */
  readonly priority: number;
  /** Capacity units that it takes (WAF guide, "AWS Managed Rules rule groups list"). */
  readonly capacity: number;
}

/** What every firewall has, by the key in the settings: where requests come from first, as that is looked up fastest. */
export const CORE_GROUPS = {
  ipReputation: { name: "AWSManagedRulesAmazonIpReputationList", priority: 40, capacity: 25 },
  anonymousIps: { name: "AWSManagedRulesAnonymousIpList", priority: 50, capacity: 50 },
  common: { name: "AWSManagedRulesCommonRuleSet", priority: 60, capacity: 700 },
  knownBadInputs: { name: "AWSManagedRulesKnownBadInputsRuleSet", priority: 80, capacity: 200 },
  sql: { name: "AWSManagedRulesSQLiRuleSet", priority: 90, capacity: 200 },
} as const satisfies Record<string, ManagedGroup>;

/** What one adds for what the applications are written in. */
export const FURTHER_GROUPS = {
  linux: { name: "AWSManagedRulesLinuxRuleSet", priority: 100, capacity: 200 },
  posix: { name: "AWSManagedRulesUnixRuleSet", priority: 110, capacity: 100 },
  windows: { name: "AWSManagedRulesWindowsRuleSet", priority: 120, capacity: 200 },
  php: { name: "AWSManagedRulesPHPRuleSet", priority: 130, capacity: 100 },
  wordPress: { name: "AWSManagedRulesWordPressRuleSet", priority: 140, capacity: 100 },
  adminPages: { name: "AWSManagedRulesAdminProtectionRuleSet", priority: 150, capacity: 100 },
} as const satisfies Record<string, ManagedGroup>;

export const GROUPS = { ...CORE_GROUPS, ...FURTHER_GROUPS };
export type GroupKey = keyof typeof GROUPS;
