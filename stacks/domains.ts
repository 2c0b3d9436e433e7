import type * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import {
  Cdn,
  Domain,
  DomainRecords,
  type LoadBalancer,
  type Routing,
  type WebAcl,
} from "../components";
import type { PlatformConfig } from "./config";

export type Domains = Readonly<Record<string, Domain>>;

/** What the place of a region among others decides about names. */
export interface Place {
  /** The first region's domains: their zones and validation records serve the second, too. */
  readonly primaryDomains?: Domains;
  /** How requests are shared out. Default: this is the only region. */
  readonly routing?: Routing | undefined;
  /** For CloudFront's certificate; required with `cdn`. */
  readonly usEast1Provider?: aws.Provider | undefined;
}

/** The names and their certificates, before anything answers. */
export function createDomains(
  config: PlatformConfig,
  { primaryDomains = {} }: Place,
  opts: pulumi.ComponentResourceOptions,
): Domains {
  const deletionProtection = config.unprotectedBecause === undefined;
  const domains = Object.entries(config.domains).map(([key, settings]) => {
    const primary = primaryDomains[key];
    return [
      key,
      new Domain(key, { ...settings, deletionProtection, ...(primary && { primary }) }, opts),
    ] as const;
  });
  return Object.fromEntries(domains);
}

/** Leads the names to the load balancer, or to CloudFront in front of it. */
export function createEntrance(
  config: PlatformConfig,
  { routing, usEast1Provider }: Place,
  {
    domains,
    loadBalancer,
    firewall,
  }: { domains: Domains; loadBalancer: LoadBalancer; firewall: WebAcl | undefined },
  opts: pulumi.ComponentResourceOptions,
): Cdn | undefined {
  const { waf: _, ...settings } = config.cdn ?? {};
  const cdn =
    config.cdn &&
    usEast1Provider &&
    new Cdn(
      "cdn",
      { ...settings, loadBalancer, domains, usEast1Provider, webAclArn: firewall?.arn },
      opts,
    );
  const routed = routing && { routing, setIdentifier: config.aws.region };
  for (const [key, domain] of Object.entries(domains)) {
    new DomainRecords(key, { domain, target: cdn ?? loadBalancer, ...routed }, opts);
  }
  return cdn;
}

/** How a region shares the requests with the other; undefined where there is none. */
export function routingOf(
  { secondRegion, aws: { region } }: PlatformConfig,
  role: "PRIMARY" | "SECONDARY",
): Routing | undefined {
  if (secondRegion === undefined) return undefined;
  return secondRegion.routing === "failover"
    ? { policy: "failover", role }
    : { policy: "latency", region };
}

/** Name servers of the zones that the stack made, for the registrar, by domain; nothing without such zones. */
export function nameServersOf(domains: Domains): {
  readonly nameServers?: Readonly<Record<string, pulumi.Output<string[]>>>;
} {
  const made = Object.entries(domains).flatMap(([key, { nameServers }]) =>
    nameServers === undefined ? [] : [[key, nameServers] as const],
  );
  return made.length === 0 ? {} : { nameServers: Object.fromEntries(made) };
}

/** For the zones at Cloudflare, with the secret `cloudflare:apiToken` or else CLOUDFLARE_API_TOKEN. */
export function createCloudflareProviders(config: PlatformConfig): cloudflare.Provider[] {
  const isUsed = Object.values(config.domains).some(({ provider }) => provider === "cloudflare");
  if (!isUsed) return [];
  const apiToken = new pulumi.Config("cloudflare").getSecret("apiToken");
  return [new cloudflare.Provider("cloudflare", { ...(apiToken && { apiToken }) })];
}
