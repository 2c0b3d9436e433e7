import type * as pulumi from "@pulumi/pulumi";
import {
  Bastion,
  Database,
  EcsCluster,
  EcsService,
  LoadBalancer,
  Monitoring,
  Network,
} from "../components";
import type { PlatformConfig } from "./config";
import type { Region } from "./outputs";

/** Everything of a platform that lies in one region. What it has is in the configuration alone. */
export function createRegion(
  config: PlatformConfig,
  opts: pulumi.ComponentResourceOptions,
): Region {
  const deletionProtection = config.unprotectedBecause === undefined;

  const network = new Network("network", config.network, opts);
  const cluster = new EcsCluster("platform", config.cluster, opts);
  const loadBalancer = new LoadBalancer(
    "load-balancer",
    { ...config.loadBalancer, network, deletionProtection },
    opts,
  );
  const databases = mapValues(
    config.databases,
    (settings, name) => new Database(name, { ...settings, network, deletionProtection }, opts),
  );
  const services = mapValues(
    config.services,
    ({ databases: keys, ...settings }, name) =>
      new EcsService(
        name,
        { ...settings, cluster, network, loadBalancer, connections: pick(databases, keys) },
        opts,
      ),
  );
  const bastion =
    config.bastion &&
    new Bastion("bastion", { ...config.bastion, network, connections: databases }, opts);
  const monitoring = new Monitoring(
    "monitoring",
    {
      ...config.monitoring,
      accountId: network.accountId,
      dashboardName: `${config.project}-${config.stack}`,
      cluster,
      loadBalancer,
      services,
      databases,
    },
    opts,
  );

  return { network, cluster, loadBalancer, databases, services, bastion, monitoring };
}

function mapValues<Value, Result>(
  map: Readonly<Record<string, Value>>,
  convert: (value: Value, key: string) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, convert(value, key)]));
}

function pick<Value>(
  map: Readonly<Record<string, Value>>,
  keys: readonly string[],
): Record<string, Value> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => keys.includes(key)));
}
