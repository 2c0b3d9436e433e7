import * as pulumi from "@pulumi/pulumi";
import type {
  Backups,
  Bastion,
  Bucket,
  Budget,
  Cache,
  Cdn,
  Database,
  EcsCluster,
  EcsService,
  EcsTask,
  FileSystem,
  Grafana,
  ImageRepository,
  LoadBalancer,
  LogSearch,
  Monitoring,
  Network,
  OffHours,
  Pipeline,
  SourceConnection,
  Redeployment,
  SpotFallback,
  Table,
  WebAcl,
} from "../components";
import { approvalCommands } from "./approvals";
import type { PlatformConfig } from "./config";
import { type Domains, nameServersOf } from "./domains";
import { pageCommands } from "./observability";
import { pipelineCommands } from "./pipelines";
import { pushCommands } from "./push-commands";
import { testCommands } from "./test-commands";

/** Port on the user's own machine at which a tunnel to a database begins. */
const TUNNEL_PORT = 15432;

/** Everything of a platform that lies in one region. */
export interface Region {
  readonly network: Network;
  readonly cluster: EcsCluster;
  readonly domains: Domains;
  readonly loadBalancer: LoadBalancer;
  readonly firewall: WebAcl | undefined;
  readonly cdn: Cdn | undefined;
  readonly databases: Readonly<Record<string, Database>>;
  readonly caches: Readonly<Record<string, Cache>>;
  readonly buckets: Readonly<Record<string, Bucket>>;
  readonly tables: Readonly<Record<string, Table>>;
  readonly fileSystems: Readonly<Record<string, FileSystem>>;
  readonly services: Readonly<Record<string, EcsService>>;
  readonly tasks: Readonly<Record<string, EcsTask>>;
  readonly sourceConnections: Readonly<Record<string, SourceConnection>>;
  readonly pipelines: Readonly<Record<string, Pipeline>>;
  readonly repositories: Readonly<Record<string, ImageRepository>>;
  readonly redeployment: Redeployment | undefined;
  readonly backups: Backups | undefined;
  readonly budget: Budget | undefined;
  readonly grafana: Grafana | undefined;
  readonly logSearch: LogSearch | undefined;
  readonly bastion: Bastion | undefined;
  readonly spotFallback: SpotFallback | undefined;
  readonly offHours: OffHours | undefined;
  readonly monitoring: Monitoring;
}

/** What `pulumi stack output` shows: what a person can act on, and what other stacks build on. Nothing secret. */
export interface PlatformOutputs {
  /** Address of the first service that gets requests, by priority; of the load balancer where there is none. */
  readonly url: pulumi.Output<string>;
  /** Address of the load balancer itself, whatever names lead to it. */
  readonly albUrl: pulumi.Output<string>;
  /** Address of every service that gets requests. */
  readonly serviceEndpoints: Readonly<Record<string, pulumi.Output<string>>>;
  /** The CloudWatch dashboard. */
  readonly dashboardUrl: pulumi.Output<string>;
  /** Commands to copy: a shell in a task, its logs, a run of a task, a tunnel to a database, a shell on a host. */
  readonly commands: {
    readonly exec: Readonly<Record<string, pulumi.Output<string>>>;
    readonly logs: Readonly<Record<string, pulumi.Output<string>>>;
    readonly run: Readonly<Record<string, pulumi.Output<string>>>;
    /** Build an image in the current folder and push it, by repository; only with repositories. */
    readonly push?: Readonly<Record<string, pulumi.Output<string>>>;
    /** A request that new tasks answer before anybody else's; only with services whose requests ECS moves. */
    readonly test?: Readonly<Record<string, pulumi.Output<string>>>;
    readonly tunnels: Readonly<Record<string, pulumi.Output<string>>>;
    /** Both answers to a deployment that waits at a gate; only with gates for people. */
    readonly approve?: Readonly<Record<string, pulumi.Output<string>>>;
    readonly reject?: Readonly<Record<string, pulumi.Output<string>>>;
    /** Passwords of Grafana and of the logs' search page; only with one of the two. */
    readonly passwords?: Readonly<Record<string, pulumi.Output<string>>>;
    /** For each pipeline: run it now, show how it stands, agree to what waits; only with pipelines. */
    readonly pipelines?: Readonly<
      Record<"start" | "show" | "approve", Readonly<Record<string, pulumi.Output<string>>>>
    >;
    /** A session on the first container host; only with hosts. */
    readonly host?: pulumi.Output<string>;
    /** Wake what sleeps, and put it to sleep; only with off-hours. */
    readonly wake?: pulumi.Output<string>;
    readonly sleep?: pulumi.Output<string>;
  };
  /** Ids that other stacks need, through a StackReference. */
  readonly ids: Readonly<Record<string, pulumi.Input<unknown>>>;
  /** The same of the second region, where there is one. */
  readonly secondRegion?: PlatformOutputs;
}

export function describePlatform(config: PlatformConfig, platform: Region): PlatformOutputs {
  const {
    network,
    cluster,
    domains,
    loadBalancer,
    cdn,
    databases,
    caches,
    services,
    tasks,
    repositories,
    bastion,
    monitoring,
  } = platform;
  const { region } = config.aws;
  const pages = pageCommands(config, platform);
  const [mainHost = loadBalancer.dnsName] = loadBalancer.defaultHosts;

  const routed = Object.entries(config.services).flatMap(([name, { route }]) =>
    route === undefined ? [] : [{ name, route }],
  );
  const serviceEndpoints = Object.fromEntries(
    routed.map(({ name, route }) => [
      name,
      pulumi.interpolate`${loadBalancer.protocol}://${route.hosts?.[0] ?? mainHost}${entryPath(route.paths)}`,
    ]),
  );
  const [first] = [...routed].sort((left, right) => left.route.priority - right.route.priority);

  const withExec = Object.entries(services).filter(
    ([name]) => config.services[name]?.exec === true,
  );
  return {
    url:
      (first && serviceEndpoints[first.name]) ??
      pulumi.interpolate`${loadBalancer.protocol}://${mainHost}`,
    albUrl: pulumi.interpolate`${loadBalancer.protocol}://${loadBalancer.dnsName}`,
    serviceEndpoints,
    dashboardUrl: monitoring.dashboardUrl,
    commands: {
      exec: Object.fromEntries(
        withExec.map(([name, { serviceName }]) => [
          name,
          execCommand(region, cluster.clusterName, serviceName, name),
        ]),
      ),
      logs: Object.fromEntries(
        Object.entries({ ...services, ...tasks }).map(([name, { logGroupName }]) => [
          name,
          pulumi.interpolate`aws logs tail ${logGroupName} --follow --region ${region}`,
        ]),
      ),
      run: mapValue(tasks, ({ runCommand }) => runCommand),
      ...testCommands(services, serviceEndpoints),
      ...approvalCommands(config, platform),
      ...(Object.keys(repositories).length > 0 && { push: pushCommands(config, repositories) }),
      tunnels: {
        ...(bastion === undefined
          ? {}
          : Object.fromEntries(
              Object.entries({ ...databases, ...caches }).map(([name, store]) => [
                name,
                tunnelCommand(region, bastion.instanceId, store),
              ]),
            )),
        ...pages.tunnels,
      },
      ...(Object.keys(pages.passwords).length > 0 && { passwords: pages.passwords }),
      ...(Object.keys(platform.pipelines).length > 0 && {
        pipelines: pipelineCommands(config, platform),
      }),
      ...(cluster.hostGroupName && { host: hostCommand(region, cluster.hostGroupName) }),
      ...platform.offHours?.commands,
    },
    ids: {
      vpcId: network.vpcId,
      publicSubnetIds: network.publicSubnetIds,
      appSubnetIds: network.appSubnetIds,
      dataSubnetIds: network.dataSubnetIds,
      natPublicIps: network.natPublicIps,
      clusterArn: cluster.arn,
      listenerArn: loadBalancer.listenerArn,
      loadBalancerDnsName: loadBalancer.dnsName,
      ...nameServersOf(domains),
      ...describeFirewall(platform),
      ...(cdn && { distributionId: cdn.distributionId, distributionDnsName: cdn.dnsName }),
      loadBalancerZoneId: loadBalancer.zoneId,
      loadBalancerSecurityGroupId: loadBalancer.securityGroupId,
      serviceNames: mapValue(services, ({ serviceName }) => serviceName),
      logGroupNames: mapValue({ ...services, ...tasks }, ({ logGroupName }) => logGroupName),
      serviceSecurityGroupIds: mapValue(services, ({ securityGroupId }) => securityGroupId),
      databaseIdentifiers: mapValue(databases, ({ identifier }) => identifier),
      databaseSecurityGroupIds: mapValue(databases, ({ securityGroupId }) => securityGroupId),
      databaseSecretArns: mapValue(databases, ({ secretArn }) => secretArn),
      ...describeStores(platform),
      ...describeDelivery(platform),
      ...(platform.backups && {
        backupVaultName: platform.backups.vaultName,
        backupVaultArn: platform.backups.vaultArn,
        ...(platform.backups.copiesVaultArn && {
          backupCopiesVaultArn: platform.backups.copiesVaultArn,
        }),
      }),
      ...(platform.budget && { budgetName: platform.budget.budgetName }),
      ...(bastion && { bastionSessionPolicyArn: bastion.sessionPolicyArn }),
      ...(cluster.hostGroupName && { hostGroupName: cluster.hostGroupName }),
      ...(cluster.hostSecurityGroupId && { hostSecurityGroupId: cluster.hostSecurityGroupId }),
      ...(cluster.spotTopicArn && { spotTopicArn: cluster.spotTopicArn }),
      alarmTopicArn: monitoring.topicArn,
      alarmTopicArns: monitoring.topicArns,
    },
  };
}

/** A path that a browser can open: what stands before the first wildcard. */
function entryPath([path = "/"]: readonly string[]): string {
  return path.split(/[*?]/)[0] ?? "/";
}

function execCommand(
  region: string,
  clusterName: pulumi.Output<string>,
  serviceName: pulumi.Output<string>,
  container: string,
): pulumi.Output<string> {
  const task = pulumi.interpolate`aws ecs list-tasks --cluster ${clusterName} --service-name ${serviceName} --query 'taskArns[0]' --output text --region ${region}`;
  return pulumi.interpolate`aws ecs execute-command --cluster ${clusterName} --task "$(${task})" --container ${container} --interactive --command /bin/sh --region ${region}`;
}

function hostCommand(region: string, groupName: pulumi.Output<string>): pulumi.Output<string> {
  const first = pulumi.interpolate`aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names ${groupName} --query 'AutoScalingGroups[0].Instances[0].InstanceId' --output text --region ${region}`;
  return pulumi.interpolate`aws ssm start-session --target "$(${first})" --region ${region}`;
}

function tunnelCommand(
  region: string,
  instanceId: pulumi.Output<string>,
  { host, port }: Database | Cache,
): pulumi.Output<string> {
  return pulumi.interpolate`aws ssm start-session --target ${instanceId} --document-name AWS-StartPortForwardingSessionToRemoteHost --parameters host=${host},portNumber=${port},localPortNumber=${TUNNEL_PORT} --region ${region}`;
}

/** Nothing where there is none, so that no other stack's reading of the ids changes. */
function describeStores({
  caches,
  buckets,
  tables,
  fileSystems,
  repositories,
}: Region): PlatformOutputs["ids"] {
  return {
    ...(Object.keys(repositories).length > 0 && {
      repositoryUrls: mapValue(repositories, ({ repositoryUrl }) => repositoryUrl),
    }),
    ...(Object.keys(caches).length > 0 && {
      cacheSecurityGroupIds: mapValue(caches, ({ securityGroupId }) => securityGroupId),
      cacheSecretArns: mapValue(caches, ({ secretArn }) => secretArn),
    }),
    ...(Object.keys(buckets).length > 0 && {
      bucketNames: mapValue(buckets, ({ bucketName }) => bucketName),
    }),
    ...(Object.keys(tables).length > 0 && {
      tableNames: mapValue(tables, ({ tableName }) => tableName),
    }),
    ...(Object.keys(fileSystems).length > 0 && {
      fileSystemIds: mapValue(fileSystems, ({ fileSystemId }) => fileSystemId),
    }),
  };
}

function describeFirewall({ firewall }: Region): PlatformOutputs["ids"] {
  if (firewall === undefined) return {};
  const { arn, logGroupName } = firewall;
  return { webAclArn: arn, ...(logGroupName && { webAclLogGroupName: logGroupName }) };
}

function describeDelivery({ sourceConnections, pipelines }: Region): PlatformOutputs["ids"] {
  return {
    ...(Object.keys(sourceConnections).length > 0 && {
      sourceConnectionArns: mapValue(sourceConnections, ({ arn }) => arn),
      // A new connection does nothing until a person confirms it on this page.
      sourceConnectionPages: mapValue(sourceConnections, ({ confirmUrl }) => confirmUrl),
    }),
    ...(Object.keys(pipelines).length > 0 && {
      pipelineNames: mapValue(pipelines, ({ pipelineName }) => pipelineName),
      pipelinePages: mapValue(pipelines, ({ consoleUrl }) => consoleUrl),
    }),
  };
}

function mapValue<Value>(
  map: Readonly<Record<string, Value>>,
  convert: (value: Value) => pulumi.Output<string>,
): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, convert(value)]));
}
