import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkSettings } from "../support/parse-settings";
import { createAccessLogBucket } from "./access-logs";
import { type LoadBalancerSettings, loadBalancerSettings } from "./settings";

/** TLS 1.2 and 1.3 with post-quantum key exchange: AWS's recommended policy (describe-ssl-policies, 2025-09). */
const SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

export interface LoadBalancerArgs extends LoadBalancerSettings {
  /** Where it stands; a `Network` will do. */
  readonly network: {
    readonly vpcId: pulumi.Input<string>;
    readonly accountId: pulumi.Input<string>;
    readonly publicSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  };
  /** Whether AWS and Pulumi refuse to delete it, and its logs outlive it. Default true. */
  readonly deletionProtection?: boolean;
}

/**
 * An internet-facing Application Load Balancer that any number of services share. Requests that no service claims get
 * 404. With a certificate, port 80 only redirects to HTTPS.
 *
 * Its security group lets nothing out: every service adds a rule from the load balancer to its own port.
 *
 * ```ts
 * const loadBalancer = new LoadBalancer("load-balancer", { network, certificateArn });
 * ```
 *
 * Cost: about 16.40 USD a month, 5.84 USD a month for each capacity unit in use, and its public addresses at 3.65 USD a
 * month for each zone. (AWS price pages for us-east-1, read in November 2026.)
 */
export class LoadBalancer extends pulumi.ComponentResource {
  /** The listener that services add their rules to: HTTPS with a certificate, else HTTP. */
  public readonly listenerArn: pulumi.Output<string>;
  public readonly securityGroupId: pulumi.Output<string>;
  public readonly dnsName: pulumi.Output<string>;
  /** Hosted zone of `dnsName`, for alias records. */
  public readonly zoneId: pulumi.Output<string>;
  /** Names the load balancer in CloudWatch metrics. */
  public readonly arnSuffix: pulumi.Output<string>;
  public readonly protocol: "http" | "https";

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    const { network, deletionProtection = true, ...rest } = args;
    const settings = checkSettings(`LoadBalancer "${name}"`, loadBalancerSettings, rest);
    super("ecs-platform:index:LoadBalancer", name, {}, opts);
    const child = { parent: this };
    const { certificateArn } = settings;

    const securityGroup = createSecurityGroup(
      name,
      network.vpcId,
      certificateArn === undefined ? [80] : [80, 443],
      settings.allowedCidrs,
      child,
    );
    const accessLogs =
      settings.accessLogs.disabledBecause === undefined
        ? createAccessLogBucket(
            name,
            {
              accountId: network.accountId,
              retentionDays: settings.accessLogs.retentionDays,
              forceDestroy: !deletionProtection,
            },
            child,
          )
        : undefined;

    const loadBalancer = new aws.lb.LoadBalancer(
      `${name}-alb`,
      {
        loadBalancerType: "application",
        subnets: network.publicSubnetIds,
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
    const http = new aws.lb.Listener(
      `${name}-http`,
      {
        loadBalancerArn: loadBalancer.arn,
        port: 80,
        protocol: "HTTP",
        defaultActions: [certificateArn === undefined ? notFound : toHttps],
      },
      child,
    );
    const https =
      certificateArn === undefined
        ? undefined
        : new aws.lb.Listener(
            `${name}-https`,
            {
              loadBalancerArn: loadBalancer.arn,
              port: 443,
              protocol: "HTTPS",
              sslPolicy: SSL_POLICY,
              certificateArn,
              defaultActions: [notFound],
            },
            child,
          );

    this.listenerArn = (https ?? http).arn;
    this.securityGroupId = securityGroup.id;
    this.dnsName = loadBalancer.dnsName;
    this.zoneId = loadBalancer.zoneId;
    this.arnSuffix = loadBalancer.arnSuffix;
    this.protocol = https === undefined ? "http" : "https";
    this.registerOutputs({
      listenerArn: this.listenerArn,
      securityGroupId: this.securityGroupId,
      dnsName: this.dnsName,
      zoneId: this.zoneId,
      arnSuffix: this.arnSuffix,
    });
  }
}

const notFound = {
  type: "fixed-response",
  fixedResponse: { contentType: "text/plain", messageBody: "Not found", statusCode: "404" },
};

const toHttps = {
  type: "redirect",
  redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" },
};

function createSecurityGroup(
  name: string,
  vpcId: pulumi.Input<string>,
  ports: readonly number[],
  allowedCidrs: readonly string[],
  child: pulumi.CustomResourceOptions,
): aws.ec2.SecurityGroup {
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-security-group`,
    { vpcId, description: "Public load balancer", tags: { Name: name } },
    child,
  );
  for (const port of ports) {
    for (const cidr of allowedCidrs) {
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-port-${port}-from-${cidr.replace("/", "-")}`,
        {
          securityGroupId: securityGroup.id,
          description: port === 443 ? "HTTPS from clients" : "HTTP from clients",
          cidrIpv4: cidr,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
        },
        child,
      );
    }
  }
  return securityGroup;
}
