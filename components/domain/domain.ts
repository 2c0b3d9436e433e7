import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { checkSettings } from "../support/parse-settings";
import { logicalPart, validatedName } from "../support/host-names";
import type { CheckedRecordSettings } from "./record-settings";
import { type DomainSettings, domainSettings } from "./settings";

export interface DomainArgs extends DomainSettings {
  /**
   * The same domain in another region; a `Domain` will do. Then only the certificate is made here, which proves itself
   * by the other's records: ACM asks an account for the same ones in every region.
   */
  readonly primary?: Pick<Domain, "zoneId" | "validationRecordFqdns">;
  /** Whether Pulumi refuses to delete a zone that it made. Default true. */
  readonly deletionProtection?: boolean;
}

/**
 * Host names of one DNS zone at Route 53 or Cloudflare, with a certificate for them that ACM issues, and renews for as
 * long as its validation records stand. Where the names lead is said by `DomainRecords`.
 *
 * ```ts
 * const domain = new Domain("app", {
 *   zoneId: "Z0123456789ABCDEFGHIJ",
 *   names: ["app.example.com", "*.app.example.com"],
 * });
 * const loadBalancer = new LoadBalancer("load-balancer", { network, domains: { app: domain } });
 * new DomainRecords("app", { domain, target: loadBalancer });
 * ```
 *
 * Cost: the certificate is free; a zone at Route 53 is 0.50 USD a month. (AWS price pages for us-east-1, read in
 * November 2026.)
 *
 * It waits until ACM has seen the records, so a zone that it makes must be delegated within half an hour.
 */
export class Domain extends pulumi.ComponentResource {
  /** The certificate, once it is issued. */
  public readonly certificateArn: pulumi.Output<string>;
  public readonly zoneId: pulumi.Output<string>;
  /** To be entered at the registrar; undefined where the zone existed. */
  public readonly nameServers: pulumi.Output<string[]> | undefined;
  /** Names of the records by which ACM knows the owner. */
  public readonly validationRecordFqdns: pulumi.Output<string>[];
  /** The names, and how their records are kept. */
  public readonly records: CheckedRecordSettings;
  public readonly names: readonly string[];
  /** Whether clients that name no host get its certificate. */
  public readonly isDefault: boolean;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: DomainArgs, opts?: pulumi.ComponentResourceOptions) {
    const { primary, deletionProtection = true, ...rest } = args;
    const settings = checkSettings(`Domain "${name}"`, domainSettings, rest);
    const { zone: zoneName, zoneId, createZone, default: isDefault = false, ...records } = settings;
    super("ecs-platform:index:Domain", name, {}, opts);
    const child = { parent: this };

    const zone =
      createZone && primary === undefined
        ? new aws.route53.Zone(
            `${name}-zone`,
            { name: zoneName, forceDestroy: !deletionProtection },
            { ...child, protect: deletionProtection },
          )
        : undefined;
    this.zoneId = pulumi.output(primary?.zoneId ?? zone?.zoneId ?? zoneId ?? "");

    const [domainName = "", ...subjectAlternativeNames] = settings.names;
    const certificate = new aws.acm.Certificate(
      `${name}-certificate`,
      {
        domainName,
        ...(subjectAlternativeNames.length > 0 && { subjectAlternativeNames }),
        validationMethod: "DNS",
        tags: { Name: name },
      },
      child,
    );
    this.validationRecordFqdns =
      primary?.validationRecordFqdns ??
      [...new Set(settings.names.map(validatedName))].map((host) =>
        createValidationRecord(name, host, certificate, this.zoneId, records, child),
      );
    const validation = new aws.acm.CertificateValidation(
      `${name}-validation`,
      { certificateArn: certificate.arn, validationRecordFqdns: this.validationRecordFqdns },
      { ...child, customTimeouts: { create: "30m" } },
    );

    this.certificateArn = validation.certificateArn;
    this.nameServers = zone?.nameServers;
    this.records = records;
    this.names = settings.names;
    this.isDefault = isDefault;
    this.registerOutputs({
      certificateArn: this.certificateArn,
      zoneId: this.zoneId,
      nameServers: this.nameServers,
      validationRecordFqdns: this.validationRecordFqdns,
    });
  }
}

/** Proves to ACM that the owner of the zone wants the certificate. It stays: ACM looks again before each renewal. */
function createValidationRecord(
  name: string,
  host: string,
  certificate: aws.acm.Certificate,
  zoneId: pulumi.Output<string>,
  { provider, ttlSeconds }: CheckedRecordSettings,
  child: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const logicalName = `${name}-validation-${logicalPart(host)}`;
  const asked = certificate.domainValidationOptions.apply((options) => {
    const option = options.find(({ domainName }) => validatedName(domainName) === host);
    if (option === undefined) throw new Error(`ACM names no validation record for ${host}`);
    return option;
  });
  if (provider === "cloudflare") {
    // ACM ends names with a dot, which Cloudflare takes off: each run would find a difference.
    const record = new cloudflare.DnsRecord(
      logicalName,
      {
        zoneId,
        name: asked.resourceRecordName.apply(withoutDot),
        type: asked.resourceRecordType,
        content: asked.resourceRecordValue.apply(withoutDot),
        proxied: false,
        ttl: ttlSeconds,
      },
      { ...child, deleteBeforeReplace: true },
    );
    return record.name;
  }
  const record = new aws.route53.Record(
    logicalName,
    {
      zoneId,
      name: asked.resourceRecordName,
      type: asked.resourceRecordType,
      records: [asked.resourceRecordValue],
      ttl: ttlSeconds,
      // ACM asks an account for one record for each name, whatever certificate is to have it: it may be there.
      allowOverwrite: true,
    },
    { ...child, deleteBeforeReplace: true },
  );
  return record.fqdn;
}

function withoutDot(name: string): string {
  return name.replace(/\.$/, "");
}
