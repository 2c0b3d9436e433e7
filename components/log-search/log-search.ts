import * as pulumi from "@pulumi/pulumi";
import type { EcsServiceArgs } from "../ecs-service/ecs-service";
import { unencryptedRoute } from "../ecs-service/login-route";
import { parseSettings } from "../support/parse-settings";
import { SettingsError } from "../support/problem";
import { createLogStore } from "./domain";
import { createFeeder } from "./feeder";
import { createQueries } from "./queries";
import { SEARCH_PAGE_PORT, createSearchPage } from "./search-page";
import { type LogSearchSettings, logSearchSettings } from "./settings";

export interface LogSearchArgs extends LogSearchSettings {
  /** What the saved queries are filed under in the console, unique in the account. */
  readonly folder: string;
  /** Services whose logs are searched, by name; an `EcsService` will do. */
  readonly services: Readonly<Record<string, { readonly logGroupName: pulumi.Input<string> }>>;
  /** Group with the events of stopped tasks, as `Monitoring` keeps it. */
  readonly stoppedTasksLogGroupName?: pulumi.Input<string>;
  /** Where the search page is run; an `EcsCluster` will do. */
  readonly cluster: EcsServiceArgs["cluster"];
  /** Where store, feeder and search page stand; a `Network` will do. */
  readonly network: EcsServiceArgs["network"];
  /** Where requests come from with `opensearch.ui.route`; a `LoadBalancer` will do. */
  readonly loadBalancer: NonNullable<EcsServiceArgs["loadBalancer"]> & {
    readonly protocol: "http" | "https";
  };
  /** As for an `EcsService`. */
  readonly awsClients?: EcsServiceArgs["awsClients"];
}

/** What a person, or a bastion, needs to get at the search page. */
export interface SearchPage {
  readonly serviceName: pulumi.Output<string>;
  /** Group of its tasks: a bastion may open a passage to it. */
  readonly securityGroupId: pulumi.Output<string>;
  readonly port: number;
  /** Secret with name and password to log in with for the first time. */
  readonly passwordSecretArn: pulumi.Output<string>;
}

/**
 * Ways to search the logs of all services: saved queries of CloudWatch Logs Insights, or an OpenSearch domain that every
 * line is sent to as it is written, with OpenSearch Dashboards as the page to search on; or both.
 *
 * ```ts
 * const logSearch = new LogSearch("log-search", {
 *   cluster, network, loadBalancer, services: { api }, folder: "shop-prod", insights: {},
 * });
 * ```
 *
 * Cost: saved queries nothing, and 0.005 USD for each GB that a query reads. OpenSearch about 48 USD a month at the
 * smallest: a t3.small.search 26, its disk 2.50, the page's task 18, secrets 0.80; lines sent to it 0.05 a GB at most.
 * (AWS price pages for us-east-1, read in November 2026.)
 *
 * The store holds copies: CloudWatch keeps the lines for as long as the services say, whatever happens to the store.
 */
export class LogSearch extends pulumi.ComponentResource {
  /** The page to search on; undefined without OpenSearch. */
  public readonly page: SearchPage | undefined;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: LogSearchArgs, opts?: pulumi.ComponentResourceOptions) {
    const { folder, services, stoppedTasksLogGroupName, cluster, network, ...others } = args;
    const { loadBalancer, awsClients, ...rest } = others;
    const { value: settings, problems } = parseSettings(logSearchSettings, rest, "");
    const isEncrypted = loadBalancer.protocol === "https";
    const unencrypted = unencryptedRoute("opensearch.ui", rest.opensearch?.ui?.route, isEncrypted);
    if (settings === undefined || unencrypted.length > 0) {
      throw new SettingsError(`LogSearch "${name}"`, [...problems, ...unencrypted]);
    }
    super("ecs-platform:index:LogSearch", name, {}, opts);
    const child = { parent: this };

    const logGroupNames = Object.fromEntries(
      Object.entries(services).map(([key, { logGroupName }]) => [key, logGroupName]),
    );
    if (settings.insights !== undefined) {
      createQueries(
        name,
        {
          settings: settings.insights,
          folder,
          logGroupNames: Object.values(logGroupNames),
          stoppedTasksLogGroupName,
        },
        child,
      );
    }
    if (settings.opensearch !== undefined) {
      const { opensearch } = settings;
      const place = { vpcId: network.vpcId, subnetIds: network.appSubnetIds };
      const store = createLogStore(name, { settings: opensearch, ...place }, child);
      const endpoint = createFeeder(
        name,
        {
          settings: opensearch,
          store,
          ...place,
          logGroupNames,
          logGroupArn: cluster.execLogGroupArn,
        },
        child,
      );
      const page = createSearchPage(
        `${name}-ui`,
        {
          cluster,
          network,
          loadBalancer,
          ...(awsClients && { awsClients }),
          settings: opensearch,
          store,
          // Known once the store is set up: without its user the page never gets healthy.
          endpoint,
          isEncrypted: opensearch.ui.route !== undefined && isEncrypted,
        },
        child,
      );
      this.page = {
        serviceName: page.serviceName,
        securityGroupId: page.securityGroupId,
        port: SEARCH_PAGE_PORT,
        passwordSecretArn: store.masterSecret.arn,
      };
    }
    this.registerOutputs({ page: this.page });
  }
}
