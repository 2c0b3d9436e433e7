import type * as aws from "@pulumi/aws";
import { AccountDefaults, AuditTrail, CostAllocationTags, CostReport } from "../../components";
import { createProvider } from "../../stacks/provider";
import type { BaselineConfig } from "./config";
import { type BaselineRegion, createRegion, isOn } from "./region";

const US_EAST_1 = "us-east-1";
const TAGS = { Project: "account-baseline", Environment: "account", ManagedBy: "pulumi" };

/** What an account has once, whatever stacks it has. */
export interface Baseline {
  readonly home: BaselineRegion;
  /** The other regions, by name. */
  readonly others: Readonly<Record<string, BaselineRegion>>;
  readonly auditTrail: AuditTrail | undefined;
  readonly costReport: CostReport | undefined;
}

export function createBaseline(config: BaselineConfig): Baseline {
  const { aws: settings, otherRegions } = config;
  const deletionProtection = config.unprotectedBecause === undefined;
  const providers = createProviders(config);
  const home = createRegion(config, settings.region, providers.home);
  const others = Object.fromEntries(
    otherRegions.map((region) => [
      region,
      createRegion(config, region, providerOf(providers, region), home),
    ]),
  );

  const opts = { providers: [providers.home] };
  const { offBecause: noDefaults, ...defaults } = config.accountDefaults;
  if (isOn(noDefaults)) new AccountDefaults("account", defaults, opts);

  const { offBecause: noTrail, ...trail } = config.auditTrail;
  const auditTrail = isOn(noTrail)
    ? new AuditTrail("audit", { ...trail, notices: home.notices, deletionProtection }, opts)
    : undefined;

  const { offBecause: noReport, ...report } = config.costReport;
  const costReport = isOn(noReport)
    ? new CostReport(
        "costs",
        {
          ...report,
          accountId: home.notices.accountId,
          usEast1Provider: providerOf(providers, US_EAST_1),
          deletionProtection,
        },
        opts,
      )
    : undefined;
  if (config.costAllocationTags !== undefined) {
    new CostAllocationTags("cost-tags", config.costAllocationTags, opts);
  }
  return { home, others, auditTrail, costReport };
}

interface Providers {
  readonly home: aws.Provider;
  /** By region, the home region among them. */
  readonly byRegion: ReadonlyMap<string, aws.Provider>;
}

/** One for each region; the report of costs is made in us-east-1, wherever the account is at home. */
function createProviders({ aws: settings, otherRegions, costReport }: BaselineConfig): Providers {
  const home = createProvider("aws", settings, TAGS);
  const byRegion = new Map([[settings.region, home]]);
  const regions = [...otherRegions, ...(isOn(costReport.offBecause) ? [US_EAST_1] : [])];
  for (const region of regions) {
    if (byRegion.has(region)) continue;
    byRegion.set(region, createProvider(`aws-${region}`, { ...settings, region }, TAGS));
  }
  return { home, byRegion };
}

function providerOf({ home, byRegion }: Providers, region: string): aws.Provider {
  return byRegion.get(region) ?? home;
}
