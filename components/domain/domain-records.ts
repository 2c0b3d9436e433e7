import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { parseSettings } from "../support/parse-settings";
import { type Problem, SettingsError } from "../support/problem";
import { logicalPart } from "../support/host-names";
import {
  type CheckedRecordSettings,
  type RecordSettings,
  firstPlainName,
  recordSettings,
} from "./record-settings";

/** How Route 53 chooses between records of one name. */
export type Routing =
  | { readonly policy: "failover"; readonly role: "PRIMARY" | "SECONDARY" }
  | { readonly policy: "latency"; readonly region: string };

export interface RecordTarget {
  readonly dnsName: pulumi.Input<string>;
  /** Hosted zone of `dnsName`, for Route 53's aliases. */
  readonly zoneId: pulumi.Input<string>;
  /** Whether it answers over IPv6, too. */
  readonly dualStack: boolean;
  /** Whether Route 53 can tell if it is healthy. Default true; CloudFront does not say. */
  readonly reportsHealth?: boolean;
}

export interface DomainRecordsArgs {
  /** The names and their zone; a `Domain` will do. */
  readonly domain: { readonly zoneId: pulumi.Input<string>; readonly records: RecordSettings };
  /** Where the names lead; a `LoadBalancer` or a `Cdn` will do. */
  readonly target: RecordTarget;
  /** For a platform in several regions, with a record in each. Default: this is the only one. Route 53 only. */
  readonly routing?: Routing;
  /** Tells the records of one name apart; required with `routing`. A region's name will do. */
  readonly setIdentifier?: string;
}

/**
 * Leads the names of a `Domain` to a load balancer or to CloudFront: aliases at Route 53 (AAAA exactly where the target
 * answers over IPv6), a CNAME at Cloudflare.
 *
 * With `routing`, a region whose load balancer has no healthy target gets no requests; the health check then watches
 * the load balancer itself by TCP, for the names may lead to the other region.
 *
 * ```ts
 * new DomainRecords("app", { domain, target: loadBalancer });
 * ```
 *
 * Cost: aliases are free, and so are queries for them; a health check by HTTPS is 1.50 USD a month. (AWS price pages for
 * us-east-1, read in November 2026.)
 */
export class DomainRecords extends pulumi.ComponentResource {
  /** Names the health check in CloudWatch; undefined without one. */
  public readonly healthCheckId: pulumi.Output<string> | undefined;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: DomainRecordsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { domain, target, routing } = args;
    const { value: records, problems } = parseSettings(
      recordSettings,
      domain.records,
      "domain.records",
    );
    const wrong = [...problems, ...routingProblems(args)];
    if (records === undefined || wrong.length > 0) {
      throw new SettingsError(`DomainRecords "${name}"`, wrong);
    }
    super("ecs-platform:index:DomainRecords", name, {}, opts);
    const child = { parent: this };

    const healthCheck = records.healthCheck && createHealthCheck(name, records, args, child);
    // A name has either one record of its kind, or several that are told apart.
    const replaced = { ...child, deleteBeforeReplace: true };
    for (const host of records.names) {
      const logicalName = `${name}-${logicalPart(host)}`;
      if (records.provider === "cloudflare") {
        new cloudflare.DnsRecord(
          logicalName,
          {
            zoneId: domain.zoneId,
            name: host,
            type: "CNAME",
            content: target.dnsName,
            proxied: records.proxied,
            ttl: records.proxied ? 1 : records.ttlSeconds, // 1 is "automatic", the only one for a proxied record
          },
          replaced,
        );
        continue;
      }
      for (const type of target.dualStack ? ["A", "AAAA"] : ["A"]) {
        new aws.route53.Record(
          `${logicalName}-${type.toLowerCase()}`,
          {
            zoneId: domain.zoneId,
            name: host,
            type,
            aliases: [
              {
                name: target.dnsName,
                zoneId: target.zoneId,
                evaluateTargetHealth: target.reportsHealth ?? true,
              },
            ],
            ...(routing && {
              setIdentifier: args.setIdentifier,
              ...routingPolicy(routing),
              ...(healthCheck && { healthCheckId: healthCheck.id }),
            }),
          },
          replaced,
        );
      }
    }

    this.healthCheckId = healthCheck?.id;
    this.registerOutputs({ healthCheckId: this.healthCheckId });
  }
}

function createHealthCheck(
  name: string,
  { names, healthCheck }: CheckedRecordSettings,
  { target, routing }: DomainRecordsArgs,
  child: pulumi.CustomResourceOptions,
): aws.route53.HealthCheck {
  const check =
    routing === undefined
      ? { type: "HTTPS", fqdn: firstPlainName(names), resourcePath: healthCheck?.path }
      : { type: "TCP", fqdn: target.dnsName };
  return new aws.route53.HealthCheck(
    `${name}-health-check`,
    {
      ...check,
      port: 443,
      requestInterval: healthCheck?.intervalSeconds,
      failureThreshold: healthCheck?.failureThreshold,
      tags: { Name: name },
    },
    child,
  );
}

function routingPolicy(
  routing: Routing,
): Pick<aws.route53.RecordArgs, "failoverRoutingPolicies" | "latencyRoutingPolicies"> {
  return routing.policy === "failover"
    ? { failoverRoutingPolicies: [{ type: routing.role }] }
    : { latencyRoutingPolicies: [{ region: routing.region }] };
}

function routingProblems({ domain, routing, setIdentifier }: DomainRecordsArgs): Problem[] {
  const problems: Problem[] = [];
  if (routing !== undefined && domain.records.provider === "cloudflare") {
    problems.push({
      key: "routing",
      value: routing,
      rule: "is done by Route 53 alone",
      allowed: "nothing for a zone at Cloudflare",
      fix: "remove it, or move the zone to Route 53",
    });
  }
  if ((routing === undefined) !== (setIdentifier === undefined)) {
    problems.push({
      key: "setIdentifier",
      value: setIdentifier,
      rule: "goes with routing: it tells the records of one name apart",
      allowed: "text with routing, nothing without",
      fix: "give the region's name, or remove it",
    });
  }
  return problems;
}
