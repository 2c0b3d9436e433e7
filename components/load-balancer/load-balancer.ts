import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { isWildcard } from "../support/host-names";
import { parseSettings } from "../support/parse-settings";
import { SettingsError } from "../support/problem";
import { createAccessLogBucket } from "./access-logs";
import { type CertifiedDomain, certificateProblems, chooseCertificates } from "./certificates";
import { createListeners } from "./listeners";
import { createSecurityGroup } from "./security-group";
import { type LoadBalancerSettings, isOpen, loadBalancerSettings } from "./settings";

export interface LoadBalancerArgs extends LoadBalancerSettings {
  /** Where it stands; a `Network` will do. */
  readonly network: {
    readonly vpcId: pulumi.Input<string>;
    readonly accountId: pulumi.Input<string>;
    readonly publicSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** For an internal one. */
    readonly appSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Whether its subnets have IPv6 addresses; the load balancer then has, too. Default false. */
    readonly ipv6?: boolean;
  };
  /** Names that it answers by HTTPS, each `Domain` with a certificate of its own. */
  readonly domains?: Readonly<Record<string, CertifiedDomain>>;
  /** Whether AWS and Pulumi refuse to delete it, and its logs outlive it. Default true. */
  readonly deletionProtection?: boolean;
}

/**
 * An Application Load Balancer that any number of services share, internet-facing or internal. Requests that no service
 * claims get 404. With a certificate or a domain, port 80 only redirects to HTTPS; without either everything is plain
 * HTTP, which is for trying things out.
 *
 * Its security group lets nothing out: every service adds a rule from the load balancer to its own port.
 *
 * ```ts
 * const loadBalancer = new LoadBalancer("load-balancer", { network, domains: { app: domain } });
 * ```
 *
 * Cost: about 16.40 USD a month, 5.84 USD a month for each capacity unit in use, and, internet-facing, its public
 * addresses at 3.65 USD a month for each zone. (AWS price pages for us-east-1, read in November 2026.)
 */
export class LoadBalancer extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;
  /** The listener that services add their rules to: HTTPS with a certificate, else HTTP. */
  public readonly listenerArn: pulumi.Output<string>;
  public readonly securityGroupId: pulumi.Output<string>;
  public readonly dnsName: pulumi.Output<string>;
  /** Hosted zone of `dnsName`, for alias records. */
  public readonly zoneId: pulumi.Output<string>;
  /** Names the load balancer in CloudWatch metrics. */
  public readonly arnSuffix: pulumi.Output<string>;
  public readonly protocol: "http" | "https";
  public readonly scheme: "internet-facing" | "internal";
  /** Whether it takes requests from everybody who reaches it. */
  public readonly isOpen: boolean;
  /** Whether it answers over IPv6, too. */
  public readonly dualStack: boolean;
  /** Hosts of services that name none: its domains' names but for wildcards; without any, its own name. */
  public readonly defaultHosts: readonly pulumi.Input<string>[];

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    const { network, domains = {}, deletionProtection = true, ...rest } = args;
    const { value: settings, problems } = parseSettings(loadBalancerSettings, rest, "");
    const wrong = [...problems, ...certificateProblems({ ...rest, domains })];
    if (settings === undefined || wrong.length > 0) {
      throw new SettingsError(`LoadBalancer "${name}"`, wrong);
    }
    super("ecs-platform:index:LoadBalancer", name, {}, opts);
    const child = { parent: this };
    const isInternal = settings.scheme === "internal";
    const dualStack = network.ipv6 ?? false;
    const certificates = chooseCertificates(settings, domains);

    const httpPorts = certificates !== undefined && settings.http === "closed" ? [] : [80];
    const securityGroup = createSecurityGroup(
      name,
      {
        vpcId: network.vpcId,
        ports: certificates === undefined ? httpPorts : [...httpPorts, 443],
        dualStack,
        settings,
      },
      child,
    );
    const accessLogs =
      settings.accessLogs.disabledBecause === undefined
        ? createAccessLogBucket(
            name,
            {
              accountId: network.accountId,
              retentionDays: settings.accessLogs.retentionDays,
              archiveAfterDays: settings.accessLogs.archiveAfterDays,
              forceDestroy: !deletionProtection,
            },
            child,
          )
        : undefined;

    const loadBalancer = new aws.lb.LoadBalancer(
      `${name}-alb`,
      {
        loadBalancerType: "application",
        ...(isInternal && { internal: true }),
        ...(dualStack && { ipAddressType: "dualstack" }),
        subnets: isInternal ? network.appSubnetIds : network.publicSubnetIds,
        securityGroups: [securityGroup.id],
        idleTimeout: settings.idleTimeoutSeconds,
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        enableDeletionProtection: deletionProtection,
        ...(accessLogs && { accessLogs: { bucket: accessLogs.bucket.id, enabled: true } }),
      },
      {
        ...child,
        protect: deletionProtection,
        dependsOn: accessLogs === undefined ? [] : [accessLogs.policy],
      },
    );
    const listener = createListeners(name, loadBalancer.arn, certificates, settings.http, child);

    const hosts = Object.values(domains).flatMap(({ names }) => names);
    const plainHosts = hosts.filter((host) => !isWildcard(host));
    this.arn = loadBalancer.arn;
    this.listenerArn = listener.arn;
    this.securityGroupId = securityGroup.id;
    this.dnsName = loadBalancer.dnsName;
    this.zoneId = loadBalancer.zoneId;
    this.arnSuffix = loadBalancer.arnSuffix;
    this.protocol = certificates === undefined ? "http" : "https";
    this.scheme = settings.scheme;
    this.isOpen = isOpen(settings);
    this.dualStack = dualStack;
    this.defaultHosts = plainHosts.length > 0 ? plainHosts : [loadBalancer.dnsName];
    this.registerOutputs({
      listenerArn: this.listenerArn,
      securityGroupId: this.securityGroupId,
      dnsName: this.dnsName,
      zoneId: this.zoneId,
      arnSuffix: this.arnSuffix,
    });
  }
}
