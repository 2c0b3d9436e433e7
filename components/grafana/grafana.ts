import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { EcsService, type EcsServiceArgs } from "../ecs-service/ecs-service";
import { type LoginRoute, routeOfLogin, unencryptedRoute } from "../ecs-service/login-route";
import type { Watched } from "../monitoring/watched";
import type { Alarm } from "../support/alarm";
import { afterwards } from "../support/afterwards";
import { regionOf } from "../support/iam";
import { parseSettings } from "../support/parse-settings";
import { SettingsError } from "../support/problem";
import { dashboards } from "./dashboards";
import { unknownDashboards } from "./problems";
import {
  DATA_PATH,
  GRAFANA_USER,
  HOME_DASHBOARD,
  PROVISIONING_PATH,
  provisioning,
} from "./provisioning";
import { readOnlyRights } from "./rights";
import { type GrafanaSettings, grafanaSettings } from "./settings";

const PORT = 3000;

export interface GrafanaArgs extends GrafanaSettings, Pick<Watched, "services" | "databases"> {
  /** Where its tasks are run, and what is watched; an `EcsCluster` will do. */
  readonly cluster: EcsServiceArgs["cluster"] & Watched["cluster"];
  /** Where its tasks live; a `Network` will do. */
  readonly network: EcsServiceArgs["network"];
  /** Where requests come from with `route`, and what is watched; a `LoadBalancer` will do. */
  readonly loadBalancer: NonNullable<EcsServiceArgs["loadBalancer"]> &
    Watched["loadBalancer"] & { readonly protocol: "http" | "https" };
  /** NAT gateways, by zone, as a `Network` has them. */
  readonly natGatewayIds?: Watched["natGatewayIds"];
  /** Alarms whose limits the graphs show, as `Monitoring` has them. Default: none. */
  readonly alarms?: readonly Alarm[];
  /** As for an `EcsService`. */
  readonly awsClients?: EcsServiceArgs["awsClients"];
}

/**
 * Grafana as a service of the platform, showing the CloudWatch metrics of everything in it: an overview, and a dashboard
 * for each service and database. Data source and dashboards are files that every task writes when it starts, so that a
 * restart loses nothing; what people change in the browser is gone with the task. The administrator's password is made up
 * and kept in Secrets Manager. Nobody gets in from the internet unless `route` says so.
 *
 * ```ts
 * const grafana = new Grafana("grafana", {
 *   cluster, network, loadBalancer, services: { api }, databases: { database },
 * });
 * ```
 *
 * Cost: about 9 USD a month for its task, 0.40 for the secret, 0.01 for 1000 metrics asked for: ten lines of graphs open all
 * day, renewed every minute, are about 5 USD a month. (AWS price pages for us-east-1, read in November 2026.)
 */
export class Grafana extends pulumi.ComponentResource {
  /** Secret with the password of the user "admin". */
  public readonly passwordSecretArn: pulumi.Output<string>;
  public readonly serviceName: pulumi.Output<string>;
  public readonly logGroupName: pulumi.Output<string>;
  /** Group of its tasks: a bastion may open a passage to it. */
  public readonly securityGroupId: pulumi.Output<string>;
  public readonly port = PORT;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: GrafanaArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, network, loadBalancer, services, databases, ...others } = args;
    const { natGatewayIds = {}, alarms = [], awsClients, ...rest } = others;
    const { value: settings, problems } = parseSettings(grafanaSettings, rest, "");
    const neighbourProblems = [
      ...unencryptedRoute("", rest.route, loadBalancer.protocol === "https"),
      ...unknownDashboards("", rest.dashboards ?? {}, { services, databases }),
    ];
    if (settings === undefined || neighbourProblems.length > 0) {
      throw new SettingsError(`Grafana "${name}"`, [...problems, ...neighbourProblems]);
    }
    super("ecs-platform:index:Grafana", name, {}, opts);
    const child = { parent: this };

    const passwordArn = createPassword(name, child);
    const init = provisioning(
      regionOf(cluster.arn),
      dashboards({
        watched: { cluster, loadBalancer, services, databases, natGatewayIds },
        logGroupArn: cluster.execLogGroupArn,
        alarms,
        shown: {
          services: settings.dashboards.services ?? Object.keys(services),
          databases: settings.dashboards.databases ?? Object.keys(databases),
        },
      }),
    );
    const logGroupNames = Object.values(services).flatMap(({ logGroupName }) => logGroupName ?? []);
    const service = new EcsService(
      name,
      {
        cluster,
        network,
        loadBalancer,
        ...(awsClients && { awsClients }),
        image: settings.image,
        architecture: settings.architecture,
        cpu: settings.cpu,
        memoryMiB: settings.memoryMiB,
        capacity: settings.capacity,
        port: PORT,
        desiredCount: 1,
        user: GRAFANA_USER,
        environment: environment(settings.route, loadBalancer.protocol),
        secrets: { GF_SECURITY_ADMIN_PASSWORD: passwordArn },
        initContainers: {
          provisioning: {
            image: settings.image,
            entryPoint: ["/bin/sh", "-c"],
            command: [init.script],
            user: "0",
            environment: init.environment,
            writablePaths: [],
          },
        },
        sharedVolumes: {
          data: { main: { path: DATA_PATH }, provisioning: { path: DATA_PATH } },
          tmp: { main: { path: "/tmp" }, provisioning: { path: "/tmp" } },
        },
        writablePaths: [],
        connections: {
          cloudwatch: {
            connection: {
              environment: {},
              secrets: {},
              permissions: readOnlyRights(cluster.execLogGroupArn, logGroupNames),
            },
          },
        },
        ...(settings.route && { route: routeOfLogin(settings.route) }),
        healthCheck: { path: "/api/health" },
        exec: settings.exec,
        logRetentionDays: settings.logRetentionDays,
      },
      child,
    );

    this.passwordSecretArn = passwordArn;
    this.serviceName = service.serviceName;
    this.logGroupName = service.logGroupName;
    this.securityGroupId = service.securityGroupId;
    this.registerOutputs({
      passwordSecretArn: this.passwordSecretArn,
      serviceName: this.serviceName,
      logGroupName: this.logGroupName,
      securityGroupId: this.securityGroupId,
      port: this.port,
    });
  }
}

/** The administrator's password: made up here, known to the state (encrypted) and to Secrets Manager. */
function createPassword(name: string, child: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const password = new random.RandomPassword(
    `${name}-password`,
    { length: 32, special: false },
    child,
  );
  const secret = new aws.secretsmanager.Secret(
    `${name}-password`,
    { description: `Password of the user "admin" of ${name}`, recoveryWindowInDays: 7 },
    child,
  );
  const version = new aws.secretsmanager.SecretVersion(
    `${name}-password`,
    { secretId: secret.id, secretString: password.result },
    child,
  );
  // Known once the password is in it: a task that finds none does not start.
  return afterwards(secret.arn, version);
}

/** Grafana's own settings: GF_SECTION_KEY for each key of its configuration file. */
function environment(
  route: LoginRoute | undefined,
  protocol: "http" | "https",
): Record<string, string> {
  const [host] = route?.hosts ?? [];
  return {
    GF_PATHS_PROVISIONING: PROVISIONING_PATH,
    GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: HOME_DASHBOARD,
    GF_AUTH_ANONYMOUS_ENABLED: "false",
    GF_USERS_ALLOW_SIGN_UP: "false",
    GF_SECURITY_COOKIE_SAMESITE: "strict",
    // A browser keeps such a cookie from plain HTTP, and a tunnel ends in plain HTTP.
    GF_SECURITY_COOKIE_SECURE: String(host !== undefined && protocol === "https"),
    GF_SECURITY_DISABLE_GRAVATAR: "true",
    GF_ANALYTICS_REPORTING_ENABLED: "false",
    GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
    // Nothing is fetched from the internet when a task starts.
    GF_PLUGINS_PREINSTALL_DISABLED: "true",
    ...(host !== undefined && { GF_SERVER_ROOT_URL: `${protocol}://${host}/` }),
  };
}
