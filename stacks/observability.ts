import * as pulumi from "@pulumi/pulumi";
import { Grafana, LogSearch, Monitoring } from "../components";
import { BUDGET_PUBLISHERS } from "../components/budget/budget";
import type { AwsClients } from "../components/support/aws-clients";
import type { PlatformConfig } from "./config";
import type { Domains } from "./domains";
import type { Region } from "./outputs";

export type Observability = Pick<Region, "monitoring" | "grafana" | "logSearch">;

/** What shows how a region does: alarms and dashboard, Grafana, and ways to search the logs. */
export function createObservability(
  config: PlatformConfig,
  region: Pick<
    Region,
    "network" | "cluster" | "domains" | "loadBalancer" | "services" | "databases"
  > & { readonly awsClients: AwsClients },
  opts: pulumi.ComponentResourceOptions,
): Observability {
  const { network, domains, awsClients, ...watched } = region;
  const stack = `${config.project}-${config.stack}`;
  const monitoring = new Monitoring(
    "monitoring",
    {
      ...config.monitoring,
      ...watched,
      ...(config.budget && { publishers: BUDGET_PUBLISHERS }),
      accountId: network.accountId,
      natGatewayIds: network.natGatewayIds,
      flowLogGroupName: network.flowLogGroupName,
      certificateArns: certificatesOf(config, domains),
      dashboardName: stack,
    },
    opts,
  );
  const grafana =
    config.grafana &&
    new Grafana(
      "grafana",
      {
        ...config.grafana,
        ...watched,
        network,
        natGatewayIds: network.natGatewayIds,
        alarms: monitoring.alarms,
        awsClients,
      },
      opts,
    );
  const logSearch =
    config.logSearch &&
    new LogSearch(
      "log-search",
      {
        ...config.logSearch,
        folder: stack,
        services: watched.services,
        ...(monitoring.stoppedTasksLogGroupName && {
          stoppedTasksLogGroupName: monitoring.stoppedTasksLogGroupName,
        }),
        cluster: watched.cluster,
        loadBalancer: watched.loadBalancer,
        network,
        awsClients,
      },
      opts,
    );
  return { monitoring, grafana, logSearch };
}

/** The certificates of the load balancer, by name: those that the stack made, and those that the stack file lists. */
function certificatesOf(
  { loadBalancer: { certificateArn, additionalCertificateArns } }: PlatformConfig,
  domains: Domains,
): Record<string, pulumi.Input<string>> {
  return {
    // No other can have a name with a capital letter.
    ...(certificateArn !== undefined && { loadBalancer: certificateArn }),
    ...additionalCertificateArns,
    ...Object.fromEntries(
      Object.entries(domains).map(([key, domain]) => [key, domain.certificateArn]),
    ),
  };
}

/** A page for people that runs as a service, and asks for a password. */
interface Page {
  readonly serviceName: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  readonly passwordSecretArn: pulumi.Output<string>;
  readonly container: string;
  readonly port: number;
  /** Port on the user's own machine at which a tunnel to it begins. */
  readonly localPort: number;
}

/** The pages that a region has, by name. */
export function pagesOf({
  grafana,
  logSearch,
}: Omit<Observability, "monitoring">): Record<string, Page> {
  const page = logSearch?.page;
  return {
    ...(grafana && {
      grafana: { ...fieldsOf(grafana), container: "grafana", localPort: 13000 },
    }),
    ...(page && {
      "log-search": { ...fieldsOf(page), container: "log-search-ui", localPort: 15601 },
    }),
  };
}

function fieldsOf(
  page: Pick<Page, "serviceName" | "securityGroupId" | "passwordSecretArn" | "port">,
) {
  const { serviceName, securityGroupId, passwordSecretArn, port } = page;
  return { serviceName, securityGroupId, passwordSecretArn, port };
}

/** Commands to copy: a tunnel to each page, and the password for it. */
export function pageCommands(
  config: PlatformConfig,
  { grafana, logSearch, cluster: { clusterName }, bastion }: Region,
): Record<"tunnels" | "passwords", Record<string, pulumi.Output<string>>> {
  const { region } = config.aws;
  const entries = Object.entries(pagesOf({ grafana, logSearch }));
  const hasExec: Record<string, boolean | undefined> = {
    grafana: config.grafana?.exec,
    "log-search": config.logSearch?.opensearch?.ui.exec,
  };
  return {
    tunnels: Object.fromEntries(
      entries.flatMap(([name, page]) => {
        const given = { region, clusterName, page };
        if (hasExec[name] === true) return [[name, tunnelToTask(given)]];
        return bastion === undefined ? [] : [[name, tunnelByBastion(given, bastion.instanceId)]];
      }),
    ),
    passwords: Object.fromEntries(
      entries.map(([name, { passwordSecretArn }]) => [
        name,
        pulumi.interpolate`aws secretsmanager get-secret-value --secret-id ${passwordSecretArn} --query SecretString --output text --region ${region}`,
      ]),
    ),
  };
}

interface TunnelArgs {
  readonly region: string;
  readonly clusterName: pulumi.Output<string>;
  readonly page: Page;
}

/** Session Manager knows a container by cluster, task and runtime id. */
function tunnelToTask(args: TunnelArgs): pulumi.Output<string> {
  const { region, clusterName, page } = args;
  const runtimeId = ofTask(args, `containers[?name=='${page.container}'].runtimeId`);
  return pulumi.interpolate`${taskVariable(args)}; aws ssm start-session --target ecs:${clusterName}_\${TASK##*/}_${runtimeId} --document-name AWS-StartPortForwardingSession --parameters portNumber=${page.port},localPortNumber=${page.localPort} --region ${region}`;
}

function tunnelByBastion(
  args: TunnelArgs,
  instanceId: pulumi.Output<string>,
): pulumi.Output<string> {
  const { region, page } = args;
  const address = ofTask(args, "attachments[0].details[?name=='privateIPv4Address'].value");
  return pulumi.interpolate`${taskVariable(args)}; aws ssm start-session --target ${instanceId} --document-name AWS-StartPortForwardingSessionToRemoteHost --parameters host=${address},portNumber=${page.port},localPortNumber=${page.localPort} --region ${region}`;
}

function taskVariable({ region, clusterName, page }: TunnelArgs): pulumi.Output<string> {
  return pulumi.interpolate`TASK=$(aws ecs list-tasks --cluster ${clusterName} --service-name ${page.serviceName} --query 'taskArns[0]' --output text --region ${region})`;
}

function ofTask({ region, clusterName }: TunnelArgs, path: string): pulumi.Output<string> {
  return pulumi.interpolate`$(aws ecs describe-tasks --cluster ${clusterName} --tasks $TASK --query "tasks[0].${path} | [0]" --output text --region ${region})`;
}
