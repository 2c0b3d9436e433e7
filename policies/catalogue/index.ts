import type { Control } from "../control";
import { CONTROL_IDS } from "../control-ids";
import { alarmControls } from "../rules/alarms";
import { auditControls } from "../rules/audit";
import { backupControls } from "../rules/backups";
import { bastionControls } from "../rules/bastion";
import { bucketContentsControls } from "../rules/bucket-contents";
import { bucketControls } from "../rules/buckets";
import { cdnControls } from "../rules/cdn";
import { clusterControls } from "../rules/clusters";
import { containerControls } from "../rules/containers";
import { costControls } from "../rules/cost";
import { dataStoreControls } from "../rules/data-stores";
import { databaseAccessControls } from "../rules/database-access";
import { databaseEventControls } from "../rules/database-events";
import { databaseOperationControls } from "../rules/database-operation";
import { databaseParameterControls } from "../rules/database-parameters";
import { databaseProtectionControls } from "../rules/database-protection";
import { deliveryControls } from "../rules/delivery";
import { descriptionControls } from "../rules/descriptions";
import { domainControls } from "../rules/domains";
import { endpointControls } from "../rules/endpoints";
import { firewallControls } from "../rules/firewall";
import { groupMemberControls } from "../rules/group-members";
import { hostControls } from "../rules/hosts";
import { identityControls } from "../rules/identity";
import { keyControls } from "../rules/keys";
import { listenerControls } from "../rules/listeners";
import { loadBalancerControls } from "../rules/load-balancers";
import { logControls } from "../rules/logs";
import { networkControls } from "../rules/network";
import { noticeControls } from "../rules/notices";
import { repositoryControls } from "../rules/repositories";
import { routingControls } from "../rules/routing";
import { secretControls } from "../rules/secrets";
import { securityGroupControls } from "../rules/security-groups";
import { serviceCapacityControls } from "../rules/service-capacity";
import { serviceControls } from "../rules/services";
import { stackControls } from "../rules/stack";
import { subnetPlanControls } from "../rules/subnet-plan";
import { targetGroupControls } from "../rules/target-groups";
import { taskControls } from "../rules/tasks";

const families: readonly (readonly Control[])[] = [
  networkControls,
  subnetPlanControls,
  routingControls,
  endpointControls,
  securityGroupControls,
  groupMemberControls,
  descriptionControls,
  firewallControls,
  loadBalancerControls,
  listenerControls,
  targetGroupControls,
  containerControls,
  taskControls,
  clusterControls,
  serviceControls,
  serviceCapacityControls,
  hostControls,
  bastionControls,
  repositoryControls,
  databaseProtectionControls,
  databaseEventControls,
  databaseOperationControls,
  databaseParameterControls,
  databaseAccessControls,
  secretControls,
  keyControls,
  bucketControls,
  bucketContentsControls,
  dataStoreControls,
  logControls,
  auditControls,
  costControls,
  backupControls,
  noticeControls,
  alarmControls,
  identityControls,
  deliveryControls,
  domainControls,
  cdnControls,
  stackControls,
];

/** Every control of the list, in its order. */
export const controls: readonly Control[] = families
  .flat()
  .sort((left, right) => positionOf(left) - positionOf(right));

function positionOf({ id }: Control): number {
  return (CONTROL_IDS as readonly string[]).indexOf(id);
}
