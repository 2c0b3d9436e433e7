import * as pulumi from "@pulumi/pulumi";
import { EcsService, type EcsServiceArgs } from "../ecs-service/ecs-service";
import { routeOfLogin } from "../ecs-service/login-route";
import type { LogStore } from "./domain";
import type { OpenSearchSettings } from "./settings";

export const SEARCH_PAGE_PORT = 5601;

const CONFIG_PATH = "/usr/share/search-page";
const DATA_PATH = "/usr/share/opensearch-dashboards/data";
/** User of the official image. */
const USER = "1000";

export interface SearchPageArgs extends Pick<
  EcsServiceArgs,
  "cluster" | "network" | "loadBalancer" | "awsClients"
> {
  readonly settings: OpenSearchSettings;
  readonly store: LogStore;
  readonly endpoint: pulumi.Input<string>;
  readonly isEncrypted: boolean;
}

/** OpenSearch Dashboards as a service: the page to search on. People log in to it by name and password. */
export function createSearchPage(
  name: string,
  args: SearchPageArgs,
  opts: pulumi.ComponentResourceOptions,
): EcsService {
  const { settings, store } = args;
  const { ui } = settings;
  const image =
    ui.image ?? `docker.io/opensearchproject/opensearch-dashboards:${settings.version}.0`;
  const { arn } = store.uiSecret;
  return new EcsService(
    name,
    {
      cluster: args.cluster,
      network: args.network,
      ...(args.loadBalancer && { loadBalancer: args.loadBalancer }),
      ...(args.awsClients && { awsClients: args.awsClients }),
      image,
      architecture: ui.architecture,
      cpu: ui.cpu,
      memoryMiB: ui.memoryMiB,
      capacity: ui.capacity,
      port: SEARCH_PAGE_PORT,
      desiredCount: 1,
      user: USER,
      environment: { OSD_PATH_CONF: CONFIG_PATH },
      initContainers: {
        configuration: {
          image,
          entryPoint: ["/bin/sh", "-c"],
          command: [SCRIPT],
          user: "0",
          environment: { ENDPOINT: args.endpoint, COOKIE_SECURE: String(args.isEncrypted) },
          secrets: {
            UI_USERNAME: pulumi.interpolate`${arn}:username::`,
            UI_PASSWORD: pulumi.interpolate`${arn}:password::`,
            UI_COOKIE: pulumi.interpolate`${arn}:cookie::`,
          },
          writablePaths: [],
        },
      },
      sharedVolumes: {
        configuration: { main: { path: CONFIG_PATH }, configuration: { path: CONFIG_PATH } },
        data: { main: { path: DATA_PATH }, configuration: { path: DATA_PATH } },
        tmp: { main: { path: "/tmp" }, configuration: { path: "/tmp" } },
      },
      writablePaths: [],
      connections: {
        store: {
          connection: {
            environment: {},
            secrets: {},
            listener: { securityGroupId: store.securityGroup.id, port: 443 },
            permissions: [],
          },
        },
      },
      ...(ui.route && { route: routeOfLogin(ui.route) }),
      healthCheck: { path: "/app/login", statusCodes: "200,302", gracePeriodSeconds: 300 },
      exec: ui.exec,
      logRetentionDays: ui.logRetentionDays,
    },
    opts,
  );
}

/**
 * Writes the configuration: the image takes none of the security plugin's settings from the environment, and its own
 * cookie password is known to everybody.
 */
const SCRIPT = [
  "set -eu",
  `cat > ${CONFIG_PATH}/opensearch_dashboards.yml <<EOF`,
  "server.host: 0.0.0.0",
  `server.port: ${SEARCH_PAGE_PORT}`,
  'opensearch.hosts: ["https://$ENDPOINT:443"]',
  "opensearch.ssl.verificationMode: full",
  'opensearch.username: "$UI_USERNAME"',
  'opensearch.password: "$UI_PASSWORD"',
  "opensearch.requestHeadersAllowlist: [authorization, securitytenant]",
  "opensearch_security.multitenancy.enabled: true",
  "opensearch_security.readonly_mode.roles: [kibana_read_only]",
  'opensearch_security.cookie.password: "$UI_COOKIE"',
  "opensearch_security.cookie.secure: $COOKIE_SECURE",
  "EOF",
  `chmod 400 ${CONFIG_PATH}/opensearch_dashboards.yml`,
  // An empty volume is root's, and Dashboards is not root.
  `chown -R ${USER}:${USER} ${CONFIG_PATH} ${DATA_PATH} /tmp`,
].join("\n");
