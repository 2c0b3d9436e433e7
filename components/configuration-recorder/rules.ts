/** A rule that AWS keeps, and the controls of docs/controls.md that it watches. */
export interface ConfigRule {
  readonly identifier: string;
  readonly controls: string;
  /** What AWS wants to be told. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * What the account is held to, by the key in the settings. Each watches outside of the platform, too, what the policies
 * of docs/controls.md hold a stack to.
 */
export const CONFIG_RULES = {
  "trail-multi-region": { identifier: "MULTI_REGION_CLOUD_TRAIL_ENABLED", controls: "AUD-01" },
  "trail-encrypted": { identifier: "CLOUD_TRAIL_ENCRYPTION_ENABLED", controls: "AUD-01" },
  "trail-validated": { identifier: "CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED", controls: "AUD-01" },
  "threats-detected": { identifier: "GUARDDUTY_ENABLED_CENTRALIZED", controls: "AUD-02" },
  "security-hub": { identifier: "SECURITYHUB_ENABLED", controls: "AUD-03" },
  "ebs-encrypted-by-default": {
    identifier: "EC2_EBS_ENCRYPTION_BY_DEFAULT",
    controls: "AUD-03",
  },
  "volumes-encrypted": { identifier: "ENCRYPTED_VOLUMES", controls: "EC2" },
  "instances-imdsv2": { identifier: "EC2_IMDSV2_CHECK", controls: "EC2, BAS-02" },
  "ssh-closed": { identifier: "INCOMING_SSH_DISABLED", controls: "NET" },
  "default-security-group-closed": {
    identifier: "VPC_DEFAULT_SECURITY_GROUP_CLOSED",
    controls: "NET",
  },
  "flow-logs": { identifier: "VPC_FLOW_LOGS_ENABLED", controls: "NET" },
  "load-balancer-redirects": {
    identifier: "ALB_HTTP_TO_HTTPS_REDIRECTION_CHECK",
    controls: "ALB",
  },
  "load-balancer-logs": { identifier: "ELB_LOGGING_ENABLED", controls: "ALB" },
  "task-not-privileged": { identifier: "ECS_CONTAINERS_NONPRIVILEGED", controls: "ECS" },
  "task-root-read-only": { identifier: "ECS_CONTAINERS_READONLY_ACCESS", controls: "ECS" },
  "task-no-plain-secrets": {
    identifier: "ECS_NO_ENVIRONMENT_SECRETS",
    controls: "ECS",
    // The names of variables that are secrets wherever they stand.
    parameters: { secretKeys: "AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY,ECS_ENGINE_AUTH_DATA" },
  },
  "task-logs": { identifier: "ECS_TASK_DEFINITION_LOG_CONFIGURATION", controls: "ECS-06" },
  "images-scanned": { identifier: "ECR_PRIVATE_IMAGE_SCANNING_ENABLED", controls: "ECR-01" },
  "databases-encrypted": { identifier: "RDS_STORAGE_ENCRYPTED", controls: "RDS" },
  "databases-private": { identifier: "RDS_INSTANCE_PUBLIC_ACCESS_CHECK", controls: "RDS" },
  "databases-backed-up": { identifier: "DB_INSTANCE_BACKUP_ENABLED", controls: "RDS, BKP" },
  "buckets-private": { identifier: "S3_BUCKET_PUBLIC_READ_PROHIBITED", controls: "S3" },
  "buckets-tls-only": { identifier: "S3_BUCKET_SSL_REQUESTS_ONLY", controls: "S3" },
  "account-buckets-private": {
    identifier: "S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC",
    controls: "S3",
  },
  "keys-rotate": { identifier: "CMK_BACKING_KEY_ROTATION_ENABLED", controls: "KMS" },
  "root-without-keys": { identifier: "IAM_ROOT_ACCESS_KEY_CHECK", controls: "IAM" },
  "root-with-mfa": { identifier: "ROOT_ACCOUNT_MFA_ENABLED", controls: "IAM" },
  "console-with-mfa": { identifier: "MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS", controls: "IAM" },
  "password-policy": { identifier: "IAM_PASSWORD_POLICY", controls: "IAM" },
  "no-admin-policies": {
    identifier: "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS",
    controls: "IAM",
  },
} as const satisfies Record<string, ConfigRule>;

export type ConfigRuleKey = keyof typeof CONFIG_RULES;
export const CONFIG_RULE_KEYS = Object.keys(CONFIG_RULES) as [ConfigRuleKey, ...ConfigRuleKey[]];
