import * as pulumi from "@pulumi/pulumi";
import type {
  Bastion,
  Database,
  EcsCluster,
  EcsService,
  LoadBalancer,
  Monitoring,
  Network,
} from "../components";
import type { PlatformConfig } from "./config";

/** Port on the user's own machine at which a tunnel to a database begins. */
const TUNNEL_PORT = 15432;

/** Everything of a platform that lies in one region. */
export interface Region {
  readonly network: Network;
  readonly cluster: EcsCluster;
  readonly loadBalancer: LoadBalancer;
  readonly databases: Readonly<Record<string, Database>>;
  readonly services: Readonly<Record<string, EcsService>>;
  readonly bastion: Bastion | undefined;
  readonly monitoring: Monitoring;
}

/** What `pulumi stack output` shows: what a person can act on, and what other stacks build on. Nothing secret. */
export interface PlatformOutputs {
  /** Address of the first service that gets requests, by priority; of the load balancer where there is none. */
  readonly url: pulumi.Output<string>;
  /** Address of every service that gets requests. */
  readonly urls: Readonly<Record<string, pulumi.Output<string>>>;
  /** The CloudWatch dashboard. */
  readonly dashboardUrl: pulumi.Output<string>;
  /** Commands to copy: a shell in a task, its logs, a tunnel to a database. */
  readonly commands: {
    readonly exec: Readonly<Record<string, pulumi.Output<string>>>;
    readonly logs: Readonly<Record<string, pulumi.Output<string>>>;
    readonly tunnels: Readonly<Record<string, pulumi.Output<string>>>;
  };
  /** Ids that other stacks need, through a StackReference. */
  readonly ids: Readonly<Record<string, pulumi.Input<unknown>>>;
}

export function describePlatform(config: PlatformConfig, platform: Region): PlatformOutputs {
  const { network, cluster, loadBalancer, databases, services, bastion, monitoring } = platform;
  const { region } = config.aws;

  const routed = Object.entries(config.services).flatMap(([name, { route }]) =>
    route === undefined ? [] : [{ name, route }],
  );
  const urls = Object.fromEntries(
    routed.map(({ name, route }) => [
      name,
      pulumi.interpolate`${loadBalancer.protocol}://${route.hosts?.[0] ?? loadBalancer.dnsName}${entryPath(route.paths)}`,
    ]),
  );
  const [first] = [...routed].sort((left, right) => left.route.priority - right.route.priority);

  const withExec = Object.entries(services).filter(
    ([name]) => config.services[name]?.exec === true,
  );
  return {
    url:
      (first && urls[first.name]) ??
      pulumi.interpolate`${loadBalancer.protocol}://${loadBalancer.dnsName}`,
    urls,
    dashboardUrl: monitoring.dashboardUrl,
    commands: {
      exec: Object.fromEntries(
        withExec.map(([name, { serviceName }]) => [
          name,
          execCommand(region, cluster.clusterName, serviceName, name),
        ]),
      ),
      logs: Object.fromEntries(
        Object.entries(services).map(([name, { logGroupName }]) => [
          name,
          pulumi.interpolate`aws logs tail ${logGroupName} --follow --region ${region}`,
        ]),
      ),
      tunnels:
        bastion === undefined
          ? {}
          : Object.fromEntries(
              Object.entries(databases).map(([name, database]) => [
                name,
                tunnelCommand(region, bastion.instanceId, database),
              ]),
            ),
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
      loadBalancerZoneId: loadBalancer.zoneId,
      loadBalancerSecurityGroupId: loadBalancer.securityGroupId,
      serviceSecurityGroupIds: mapValue(services, ({ securityGroupId }) => securityGroupId),
      databaseSecurityGroupIds: mapValue(databases, ({ securityGroupId }) => securityGroupId),
      databaseSecretArns: mapValue(databases, ({ secretArn }) => secretArn),
      alarmTopicArn: monitoring.topicArn,
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

function tunnelCommand(
  region: string,
  instanceId: pulumi.Output<string>,
  { host, port }: Database,
): pulumi.Output<string> {
  return pulumi.interpolate`aws ssm start-session --target ${instanceId} --document-name AWS-StartPortForwardingSessionToRemoteHost --parameters host=${host},portNumber=${port},localPortNumber=${TUNNEL_PORT} --region ${region}`;
}

function mapValue<Value>(
  map: Readonly<Record<string, Value>>,
  convert: (value: Value) => pulumi.Output<string>,
): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, convert(value)]));
}
