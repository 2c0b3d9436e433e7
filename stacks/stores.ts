import type * as pulumi from "@pulumi/pulumi";
import { Bucket, Cache, type Network, Table, Vault } from "../components";
import { backupTagOf } from "./backups";
import type { PlatformConfig } from "./config";

/** Caches, buckets and tables of a region: all that keeps data beside the databases. */
export interface DataStores {
  readonly caches: Readonly<Record<string, Cache>>;
  readonly buckets: Readonly<Record<string, Bucket>>;
  readonly tables: Readonly<Record<string, Table>>;
}

export function createDataStores(
  config: PlatformConfig,
  network: Network,
  opts: pulumi.ComponentResourceOptions,
): DataStores {
  const deletionProtection = config.unprotectedBecause === undefined;
  const create = <Settings, Store>(
    members: Readonly<Record<string, Settings>>,
    make: (settings: Settings, name: string) => Store,
  ): Record<string, Store> =>
    Object.fromEntries(
      Object.entries(members).map(([name, settings]) => [name, make(settings, name)]),
    );
  return {
    caches: create(
      config.caches,
      (settings, name) => new Cache(name, { ...settings, network, deletionProtection }, opts),
    ),
    buckets: create(
      config.buckets,
      (settings, name) =>
        new Bucket(
          name,
          { ...settings, deletionProtection, backupTag: backupTagOf(config, settings) },
          opts,
        ),
    ),
    tables: create(
      config.tables,
      (settings, name) =>
        new Table(
          name,
          { ...settings, deletionProtection, backupTag: backupTagOf(config, settings) },
          opts,
        ),
    ),
  };
}

/** The vault of one service; undefined where the stack has none. */
export function createVault(
  config: PlatformConfig,
  {
    name,
    port,
    network,
  }: { readonly name: string; readonly port: number; readonly network: Network },
  opts: pulumi.ComponentResourceOptions,
): Vault | undefined {
  if (config.vaults === undefined) return undefined;
  const { namePrefix = `${config.project}/${config.stack}/`, ...settings } = config.vaults;
  return new Vault(
    name,
    {
      ...settings,
      namePrefix,
      serviceName: name,
      port,
      accountId: network.accountId,
      deletionProtection: config.unprotectedBecause === undefined,
    },
    opts,
  );
}
