import type * as pulumi from "@pulumi/pulumi";
import {
  Bastion,
  Database,
  EcsCluster,
  EcsService,
  EcsTask,
  FileSystem,
  ImageRepository,
  LoadBalancer,
  Network,
} from "../components";
import { createAwsClients } from "./aws-clients";
import { backupTagOf, createBackups } from "./backups";
import { createBudget } from "./budget";
import type { PlatformConfig } from "./config";
import { connect } from "./connected";
import { type Place, createDomains, createEntrance } from "./domains";
import { type ImageSource, imageOf } from "./images";
import { createFirewall } from "./firewall";
import { createObservability, pagesOf } from "./observability";
import { createOffHours, hostsSleep, serviceSleeps } from "./off-hours";
import type { Region } from "./outputs";
import { createPipelines } from "./pipelines";
import { createRedeployment } from "./redeployment";
import { createServices } from "./services";
import { createSpotFallback } from "./spot-fallback";
import { createDataStores, createVault } from "./stores";
import { stackTags } from "./tags";

/** Everything of a platform that lies in one region. What it has is in the configuration alone. */
export function createRegion(
  config: PlatformConfig,
  opts: pulumi.ComponentResourceOptions,
  place: Place = {},
): Region {
  const deletionProtection = config.unprotectedBecause === undefined;
  const awsClients = createAwsClients(config.aws);

  const network = new Network("network", { ...config.network, deletionProtection }, opts);
  const cluster = new EcsCluster(
    "platform",
    {
      ...config.cluster,
      network,
      hostTags: stackTags(config),
      sleeps: hostsSleep(config),
    },
    opts,
  );
  const domains = createDomains(config, place, opts);
  const { waf: _, ...loadBalancerSettings } = config.loadBalancer;
  const loadBalancer = new LoadBalancer(
    "load-balancer",
    { ...loadBalancerSettings, network, domains, deletionProtection },
    opts,
  );
  const databases = mapValues(
    config.databases,
    (settings, name) =>
      new Database(
        name,
        { ...settings, network, deletionProtection, backupTag: backupTagOf(config) },
        opts,
      ),
  );
  const { caches, buckets, tables } = createDataStores(config, network, opts);
  const stores = { databases, caches, buckets, tables };
  const fileSystems = mapValues(
    config.fileSystems,
    (settings, name) =>
      new FileSystem(
        name,
        { ...settings, network, deletionProtection, backupTag: backupTagOf(config, settings) },
        opts,
      ),
  );
  const repositories = mapValues(
    config.repositories,
    (settings, name) => new ImageRepository(name, { ...settings, deletionProtection }, opts),
  );
  const imageFor = (name: string, source: ImageSource) =>
    imageOf(name, { ...source, repositories, deletionProtection }, opts);
  const services = createServices(config.services, (given, name, called) => {
    const { image, build, repository, calls: _, connections, ...settings } = connect(given, stores);
    return new EcsService(
      name,
      {
        ...settings,
        image: imageFor(name, { image, build, repository, architecture: settings.architecture }),
        cluster,
        network,
        loadBalancer,
        awsClients,
        connections: { ...connections, ...called },
        fileSystems,
        vault: createVault(config, { name, port: settings.port, network }, opts),
        sleeps: serviceSleeps(config, name),
      },
      opts,
    );
  });
  const tasks = mapValues(config.tasks, (given, name) => {
    const { image, build, repository, ...settings } = connect(given, stores);
    return new EcsTask(
      name,
      {
        ...settings,
        image: imageFor(name, { image, build, repository, architecture: settings.architecture }),
        cluster,
        network,
        fileSystems,
      },
      opts,
    );
  });
  const { sourceConnections, pipelines } = createPipelines(
    config,
    { cluster, services, repositories },
    opts,
  );
  const { monitoring, grafana, logSearch } = createObservability(
    config,
    { network, cluster, domains, loadBalancer, services, databases, awsClients },
    opts,
  );
  const firewall = createFirewall(config, place, { loadBalancer, monitoring }, opts);
  const cdn = createEntrance(config, place, { domains, loadBalancer, firewall }, opts);
  const backups = createBackups(
    config,
    { databases, tables, buckets, fileSystems, monitoring },
    opts,
  );
  const budget = createBudget(config, { monitoring }, opts);
  const redeployment = createRedeployment(config, { services, repositories, monitoring }, opts);
  const bastion =
    config.bastion &&
    new Bastion(
      "bastion",
      {
        ...config.bastion,
        network,
        connections: { ...databases, ...caches, ...pagesOf({ grafana, logSearch }) },
        hostSecurityGroupId: cluster.hostSecurityGroupId,
      },
      opts,
    );
  const spotFallback = createSpotFallback(config, { cluster, services, monitoring }, opts);
  const offHours = createOffHours(
    config,
    { network, cluster, services, databases, bastion, monitoring },
    opts,
  );

  return {
    network,
    cluster,
    domains,
    loadBalancer,
    firewall,
    cdn,
    databases,
    caches,
    buckets,
    tables,
    fileSystems,
    repositories,
    services,
    tasks,
    sourceConnections,
    pipelines,
    redeployment,
    backups,
    budget,
    monitoring,
    grafana,
    logSearch,
    bastion,
    spotFallback,
    offHours,
  };
}

function mapValues<Value, Result>(
  map: Readonly<Record<string, Value>>,
  convert: (value: Value, key: string) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, convert(value, key)]));
}
