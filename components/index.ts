export { Bastion, type BastionArgs } from "./bastion/bastion";
export { Database, type DatabaseArgs } from "./database/database";
export { EcsCluster, type EcsClusterArgs } from "./ecs-cluster/ecs-cluster";
export { EcsService, type EcsServiceArgs } from "./ecs-service/ecs-service";
export { LoadBalancer, type LoadBalancerArgs } from "./load-balancer/load-balancer";
export { Monitoring, type MonitoringArgs } from "./monitoring/monitoring";
export { Network, type NetworkArgs } from "./network/network";
