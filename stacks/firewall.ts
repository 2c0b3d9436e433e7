import type * as pulumi from "@pulumi/pulumi";
import { type LoadBalancer, type Monitoring, WebAcl, type WebAclArgs } from "../components";
import type { WebAclSettings } from "../components/web-acl/settings";
import type { PlatformConfig } from "./config";
import type { Place } from "./domains";

const US_EAST_1 = "us-east-1";

/** The firewall of a region: before CloudFront, where that is, and else before the load balancer. */
export function createFirewall(
  config: PlatformConfig,
  { usEast1Provider }: Place,
  { loadBalancer, monitoring }: { loadBalancer: LoadBalancer; monitoring: Monitoring },
  opts: pulumi.ComponentResourceOptions,
): WebAcl | undefined {
  const shared = {
    metricName: `${config.project}-${config.stack}`.replace(/[^A-Za-z0-9_-]/g, "-").slice(0, 128),
    pages: pagesWithLogin(config),
    blockedPerMinute: config.monitoring.thresholds.wafBlockedPerMinute,
  };
  const create = (settings: WebAclSettings, args: Partial<WebAclArgs>, at = opts) =>
    new WebAcl("waf", { ...settings, ...shared, ...args }, at);

  const { telling } = monitoring;
  if (config.cdn?.waf !== undefined && usEast1Provider !== undefined) {
    // An alarm reaches topics of its own region alone.
    const isHere = config.aws.region === US_EAST_1;
    return create(config.cdn.waf, isHere ? { telling } : {}, {
      ...opts,
      providers: [usEast1Provider],
    });
  }
  if (config.loadBalancer.waf === undefined) return undefined;
  return create(config.loadBalancer.waf, { loadBalancer, telling });
}

/** Hosts of pages whose own queries look like attacks, and which ask for a password by themselves. */
function pagesWithLogin({ grafana, logSearch }: PlatformConfig): Record<string, string[]> {
  const hosts = {
    grafana: grafana?.route?.hosts,
    "log-search": logSearch?.opensearch?.ui.route?.hosts,
  };
  return Object.fromEntries(
    Object.entries(hosts).flatMap(([page, names]) =>
      names === undefined ? [] : [[page, [...names]]],
    ),
  );
}
