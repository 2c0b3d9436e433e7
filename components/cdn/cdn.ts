import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { parseSettings } from "../support/parse-settings";
import { SettingsError } from "../support/problem";
import { type ProvenNames, createCertificate, nameProblems } from "./certificate";
import { type CdnSettings, cdnSettings } from "./settings";

/** Policies that AWS keeps, by the ids they have in every account (developer guide, "managed policies"). */
const CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
/** Keeps what Cache-Control says, for each host, query and set of cookies by itself. */
const CACHE_CONTROL = "4cc15a8a-d715-48a4-82b8-cc0b614638fe";
/** Hands on the whole request. The host among it finds the service, and the certificate to check. */
const ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3";

const ORIGIN = "load-balancer";

export interface CdnArgs extends CdnSettings {
  /** What answers: an internal `LoadBalancer` with HTTPS. */
  readonly loadBalancer: {
    readonly arn: pulumi.Input<string>;
    readonly dnsName: pulumi.Input<string>;
  };
  /** The names that it answers, at least one; a `Domain` each will do. */
  readonly domains: Readonly<Record<string, ProvenNames>>;
  /** Firewall before it: a `WebAcl` made for CloudFront has its ARN. Without it: none. */
  readonly webAclArn?: pulumi.Input<string> | undefined;
  /** CloudFront takes certificates from us-east-1 alone. */
  readonly usEast1Provider: aws.Provider;
}

/**
 * CloudFront in front of an internal load balancer, which it reaches inside the VPC: there is no way around it. It
 * speaks HTTP/2 and HTTP/3, TLS 1.2 and 1.3, IPv4 and IPv6.
 *
 * ```ts
 * const loadBalancer = new LoadBalancer("load-balancer", { network, domains, scheme: "internal" });
 * const cdn = new Cdn("cdn", { loadBalancer, domains, usEast1Provider, cachedPaths: ["/static/*"] });
 * new DomainRecords("app", { domain: domains.app, target: cdn });
 * ```
 *
 * Cost: 1 TB and 10 million requests a month are free, then from 0.085 USD per GB; the certificate and the way into the
 * VPC are free. (AWS price pages for us-east-1, read in November 2026.)
 *
 * It writes no logs of its own: what is not kept at the edge is in the load balancer's access logs.
 */
export class Cdn extends pulumi.ComponentResource {
  public readonly distributionId: pulumi.Output<string>;
  public readonly dnsName: pulumi.Output<string>;
  /** Hosted zone of `dnsName`, for alias records. */
  public readonly zoneId: pulumi.Output<string>;
  public readonly dualStack = true;
  public readonly reportsHealth = false;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: CdnArgs, opts?: pulumi.ComponentResourceOptions) {
    const { loadBalancer, domains, usEast1Provider, webAclArn, ...rest } = args;
    const { value: settings, problems } = parseSettings(cdnSettings, rest, "");
    const names = Object.values(domains).flatMap((domain) => domain.names);
    const wrong = [...problems, ...nameProblems("domains", names)];
    if (settings === undefined || wrong.length > 0) throw new SettingsError(`Cdn "${name}"`, wrong);
    super("ecs-platform:index:Cdn", name, {}, opts);
    const child = { parent: this };

    const certificateArn = createCertificate(name, Object.values(domains), {
      ...child,
      provider: usEast1Provider,
    });
    const vpcOrigin = new aws.cloudfront.VpcOrigin(
      `${name}-origin`,
      {
        vpcOriginEndpointConfig: {
          name: nameOf(loadBalancer.arn),
          arn: loadBalancer.arn,
          httpPort: 80,
          httpsPort: 443,
          originProtocolPolicy: "https-only",
          originSslProtocols: { items: ["TLSv1.2"], quantity: 1 },
        },
        tags: { Name: name },
      },
      // CloudFront takes up to a quarter of an hour, which is all that the provider would wait.
      { ...child, customTimeouts: { create: "30m" } },
    );
    const distribution = new aws.cloudfront.Distribution(
      `${name}-distribution`,
      {
        enabled: true,
        comment: name,
        aliases: names,
        isIpv6Enabled: true,
        httpVersion: "http2and3",
        priceClass: settings.priceClass,
        ...(webAclArn !== undefined && { webAclId: webAclArn }),
        viewerCertificate: {
          acmCertificateArn: certificateArn,
          sslSupportMethod: "sni-only",
          minimumProtocolVersion: "TLSv1.2_2021",
        },
        origins: [
          {
            originId: ORIGIN,
            domainName: loadBalancer.dnsName,
            vpcOriginConfig: {
              vpcOriginId: vpcOrigin.id,
              originReadTimeout: settings.answerTimeoutSeconds,
              originKeepaliveTimeout: 5,
            },
          },
        ],
        defaultCacheBehavior: behavior(CACHING_DISABLED),
        ...(settings.cachedPaths.length > 0 && {
          orderedCacheBehaviors: settings.cachedPaths.map((pathPattern) => ({
            pathPattern,
            ...behavior(CACHE_CONTROL),
          })),
        }),
        restrictions: { geoRestriction: { restrictionType: "none" } },
        tags: { Name: name },
      },
      child,
    );

    this.distributionId = distribution.id;
    this.dnsName = distribution.domainName;
    this.zoneId = distribution.hostedZoneId;
    this.registerOutputs({
      distributionId: this.distributionId,
      dnsName: this.dnsName,
      zoneId: this.zoneId,
    });
  }
}

function behavior(cachePolicyId: string) {
  return {
    targetOriginId: ORIGIN,
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
    cachedMethods: ["GET", "HEAD"],
    compress: true,
    cachePolicyId,
    originRequestPolicyId: ALL_VIEWER,
  };
}

/** The load balancer's own name, which no other in the account and region has. */
function nameOf(loadBalancerArn: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.output(loadBalancerArn).apply((arn) => arn.split("/").at(-2) ?? arn);
}
