import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Telling, createAlarm } from "../support/alarm";
import { regionOf } from "../support/iam";
import { checkSettings } from "../support/parse-settings";
import { createLog } from "./logging";
import { rulesOf, visibility } from "./rules";
import { type CheckedWebAclSettings, type WebAclSettings, webAclSettings } from "./settings";

export interface WebAclArgs extends WebAclSettings {
  /**
   * What it stands before; a `LoadBalancer` will do. Without it the firewall is one for CloudFront: pass a provider for
   * us-east-1, and its `arn` to a `Cdn`.
   */
  readonly loadBalancer?: { readonly arn: pulumi.Input<string> };
  /** Names it in CloudWatch, unique in the region: 1 to 128 letters, digits, hyphens and underscores. */
  readonly metricName: string;
  /**
   * Hosts of pages that ask for a login and send what looks like an attack, such as the queries of Grafana, by the
   * page. They are exempt as by `exemptions`. Default: none.
   */
  readonly pages?: Readonly<Record<string, readonly string[]>>;
  /** Whom the alarm tells, in the firewall's own region; as `Monitoring` has it. Without it: no alarm. */
  readonly telling?: Telling | undefined;
  /** Blocked requests in a minute, five minutes in a row, that raise the alarm. Default 1000. */
  readonly blockedPerMinute?: number;
}

/**
 * A firewall for requests (AWS WAF) before a load balancer or CloudFront. It blocks what AWS's managed groups take for
 * attacks, addresses of bad repute or hidden ones, and whoever sends too much, and lets everything else pass.
 *
 * ```ts
 * const waf = new WebAcl("waf", {
 *   loadBalancer, metricName: "shop", telling: monitoring.telling,
 *   groups: { common: { countedRules: { NoUserAgent_HEADER: "our devices send none" } } },
 *   largeBodyPaths: ["/uploads/*"],
 * });
 * ```
 *
 * Health checks do not pass it, as the load balancer asks its targets itself, and no rule looks at the header that
 * rollouts are tried out by. Where WAF itself fails, the load balancer answers 500 instead of letting requests pass
 * unseen. Before relying on it, run a new application with `countBecause` and read the log.
 *
 * Cost: 5 USD a month, 1 USD a month for each rule (6 by default), 0.60 USD per million requests; 0.50 USD per GB of the
 * log. The rules need 1,187 of the 1,500 capacity units that this includes. (AWS price pages for us-east-1.)
 */
export class WebAcl extends pulumi.ComponentResource {
  /** For a `Cdn`. */
  public readonly arn: pulumi.Output<string>;
  /** Log of what rules found; undefined with `logs.disabledBecause`. */
  public readonly logGroupName: pulumi.Output<string> | undefined;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: WebAclArgs, opts?: pulumi.ComponentResourceOptions) {
    const { loadBalancer, metricName, pages = {}, telling, blockedPerMinute, ...rest } = args;
    const settings = checkSettings(`WebAcl "${name}"`, webAclSettings, rest);
    super("ecs-platform:index:WebAcl", name, {}, opts);
    const child = { parent: this };
    const scope = loadBalancer === undefined ? "CLOUDFRONT" : "REGIONAL";

    const webAcl = new aws.wafv2.WebAcl(
      `${name}-acl`,
      {
        scope,
        defaultAction: { allow: {} },
        rules: rulesOf(settings, {
          ipSetArns: createIpSets(name, scope, settings, child),
          pageHosts: Object.entries(pages)
            .sort(([left], [right]) => (left < right ? -1 : 1))
            .map(([, hosts]) => hosts),
        }),
        visibilityConfig: visibility(metricName),
        tags: { Name: name },
      },
      child,
    );
    if (loadBalancer !== undefined) {
      new aws.wafv2.WebAclAssociation(
        `${name}-association`,
        { resourceArn: loadBalancer.arn, webAclArn: webAcl.arn },
        child,
      );
    }
    const logGroup =
      settings.logs.disabledBecause === undefined
        ? createLog(name, { webAclArn: webAcl.arn, metricName, settings: settings.logs }, child)
        : undefined;
    if (telling !== undefined) {
      createBlockedAlarm(name, { webAcl, metricName, scope, telling, blockedPerMinute }, child);
    }

    this.arn = webAcl.arn;
    this.logGroupName = logGroup?.name;
    this.registerOutputs({ arn: this.arn, logGroupName: this.logGroupName });
  }
}

type Scope = "REGIONAL" | "CLOUDFRONT";

function createIpSets(
  name: string,
  scope: Scope,
  { blockedCidrs, blockedIpv6Cidrs }: CheckedWebAclSettings,
  child: pulumi.CustomResourceOptions,
): { IPV4?: pulumi.Output<string>; IPV6?: pulumi.Output<string> } {
  const create = (ipAddressVersion: "IPV4" | "IPV6", addresses: string[]) =>
    new aws.wafv2.IpSet(
      `${name}-blocked-${ipAddressVersion.toLowerCase()}`,
      { scope, ipAddressVersion, addresses: [...addresses].sort() },
      child,
    ).arn;
  return {
    ...(blockedCidrs.length > 0 && { IPV4: create("IPV4", blockedCidrs) }),
    ...(blockedIpv6Cidrs.length > 0 && { IPV6: create("IPV6", blockedIpv6Cidrs) }),
  };
}

function createBlockedAlarm(
  name: string,
  args: Pick<WebAclArgs, "metricName" | "blockedPerMinute"> & {
    readonly webAcl: aws.wafv2.WebAcl;
    readonly scope: Scope;
    readonly telling: Telling;
  },
  child: pulumi.CustomResourceOptions,
): void {
  const { webAcl, metricName, scope, telling, blockedPerMinute = 1000 } = args;
  createAlarm(
    `${name}-blocked`,
    {
      metric: {
        namespace: "AWS/WAFV2",
        metricName: "BlockedRequests",
        dimensions: {
          WebACL: metricName,
          Rule: "ALL",
          // CloudFront's is counted for no region.
          ...(scope === "REGIONAL" && { Region: regionOf(webAcl.arn) }),
        },
        statistic: "Sum",
      },
      above: blockedPerMinute,
      minutes: 1,
      periods: 5,
      silence: "notBreaching",
      severity: "info",
      runbook: "waf-blocked",
      description: `The firewall has blocked more than ${blockedPerMinute} requests a minute for five minutes: an attack, or a rule that mistakes clients for one.`,
    },
    telling,
    child,
  );
}
