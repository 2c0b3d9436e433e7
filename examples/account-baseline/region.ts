import type * as aws from "@pulumi/aws";
import {
  AccountNotices,
  ConfigurationRecorder,
  RegionDefaults,
  ResourceScan,
  SecurityHub,
  ThreatDetection,
} from "../../components";
import type { BaselineConfig } from "./config";

/** What every region of the account has by itself. Its notices are told there, too. */
export interface BaselineRegion {
  readonly notices: AccountNotices;
  readonly threatDetection: ThreatDetection | undefined;
  readonly configuration: ConfigurationRecorder | undefined;
  readonly securityHub: SecurityHub | undefined;
  readonly resourceScan: ResourceScan | undefined;
}

/** `home` is the region that was first; it has what the others use. Undefined for itself. */
export function createRegion(
  config: BaselineConfig,
  region: string,
  provider: aws.Provider,
  home?: BaselineRegion,
): BaselineRegion {
  const opts = { providers: [provider] };
  const deletionProtection = config.unprotectedBecause === undefined;

  const notices = new AccountNotices(`notices-${region}`, config.notices, opts);
  const { accountId } = notices;

  const { offBecause: noThreats, ...threats } = config.threatDetection;
  const threatDetection = isOn(noThreats)
    ? new ThreatDetection(`threats-${region}`, threats, opts)
    : undefined;

  const { offBecause: noRecorder, ...recording } = config.configuration;
  const configuration = isOn(noRecorder)
    ? new ConfigurationRecorder(
        `configuration-${region}`,
        {
          ...recording,
          accountId,
          deletionProtection,
          recordsGlobals: home === undefined,
          // The account has one such role, which the first recorder brings.
          createServiceLinkedRole: home === undefined && recording.createServiceLinkedRole,
        },
        { ...opts, dependsOn: home?.configuration ?? [] },
      )
    : undefined;

  const { offBecause: noHub, ...measuring } = config.securityHub;
  const securityHub = isOn(noHub)
    ? new SecurityHub(`security-hub-${region}`, measuring, {
        ...opts,
        dependsOn: configuration ?? [],
      })
    : undefined;

  const { offBecause: noScan, ...scanning } = config.resourceScan;
  const resourceScan = isOn(noScan)
    ? new ResourceScan(`scan-${region}`, { ...scanning, accountId }, opts)
    : undefined;

  const { offBecause: noDefaults, ...defaults } = config.regionDefaults;
  if (isOn(noDefaults)) new RegionDefaults(`defaults-${region}`, defaults, opts);

  return { notices, threatDetection, configuration, securityHub, resourceScan };
}

/** Whether a part is made: not where a reason is given against it. */
export function isOn(offBecause: string | undefined): boolean {
  return offBecause === undefined;
}
