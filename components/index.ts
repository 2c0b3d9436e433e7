export { Backups, type BackupsArgs } from "./backups/backups";
export { AccountDefaults, type AccountDefaultsArgs } from "./account-defaults/account-defaults";
export { RegionDefaults, type RegionDefaultsArgs } from "./account-defaults/region-defaults";
export { AccountNotices, type AccountNoticesArgs } from "./account-notices/account-notices";
export { AuditTrail, type AuditTrailArgs } from "./audit-trail/audit-trail";
export {
  ConfigurationRecorder,
  type ConfigurationRecorderArgs,
} from "./configuration-recorder/configuration-recorder";
export { CostReport, type CostReportArgs } from "./cost-report/cost-report";
export { ResourceScan, type ResourceScanArgs } from "./resource-scan/resource-scan";
export { SecurityHub, type SecurityHubArgs } from "./security-hub/security-hub";
export { ThreatDetection, type ThreatDetectionArgs } from "./threat-detection/threat-detection";
export { Bastion, type BastionArgs } from "./bastion/bastion";
export { Budget, type BudgetArgs } from "./budget/budget";
export { CostAllocationTags, type CostAllocationTagsArgs } from "./budget/cost-allocation-tags";
export { Bucket, type BucketArgs } from "./bucket/bucket";
export { Cache, type CacheArgs } from "./cache/cache";
export { CiRoles, type CiRolesArgs } from "./ci-roles/ci-roles";
export { ContainerImage, type ContainerImageArgs } from "./image/container-image";
export { ImageRepository, type ImageRepositoryArgs } from "./image/image-repository";
export { Cdn, type CdnArgs } from "./cdn/cdn";
export { Database, type DatabaseArgs } from "./database/database";
export { Domain, type DomainArgs } from "./domain/domain";
export {
  DomainRecords,
  type DomainRecordsArgs,
  type RecordTarget,
  type Routing,
} from "./domain/domain-records";
export { EcsCluster, type EcsClusterArgs } from "./ecs-cluster/ecs-cluster";
export { EcsService, type EcsServiceArgs } from "./ecs-service/ecs-service";
export { Grafana, type GrafanaArgs } from "./grafana/grafana";
export { EcsTask, type EcsTaskArgs } from "./ecs-task/ecs-task";
export { FileSystem, type FileSystemArgs } from "./file-system/file-system";
export { LoadBalancer, type LoadBalancerArgs } from "./load-balancer/load-balancer";
export { LogSearch, type LogSearchArgs } from "./log-search/log-search";
export { Monitoring, type MonitoringArgs } from "./monitoring/monitoring";
export { Network, type NetworkArgs } from "./network/network";
export { OffHours, type OffHoursArgs } from "./off-hours/off-hours";
export { Redeployment, type RedeploymentArgs } from "./redeployment/redeployment";
export { ArtifactStore, type ArtifactStoreArgs } from "./pipeline/artifact-store";
export { Pipeline, type PipelineArgs } from "./pipeline/pipeline";
export { SourceConnection, type SourceConnectionArgs } from "./source-connection/source-connection";
export { SpotFallback, type SpotFallbackArgs } from "./spot-fallback/spot-fallback";
export { Table, type TableArgs } from "./table/table";
export { Vault, type VaultArgs } from "./vault/vault";
export { WebAcl, type WebAclArgs } from "./web-acl/web-acl";
export { StateBackend, type StateBackendArgs } from "./state-backend/state-backend";
