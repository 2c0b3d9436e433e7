export { Bastion, type BastionArgs } from "./bastion/bastion";
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
export { Redeployment, type RedeploymentArgs } from "./redeployment/redeployment";
export { ArtifactStore, type ArtifactStoreArgs } from "./pipeline/artifact-store";
export { Pipeline, type PipelineArgs } from "./pipeline/pipeline";
export { SourceConnection, type SourceConnectionArgs } from "./source-connection/source-connection";
export { Table, type TableArgs } from "./table/table";
export { Vault, type VaultArgs } from "./vault/vault";
export { StateBackend, type StateBackendArgs } from "./state-backend/state-backend";
