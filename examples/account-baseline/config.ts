import { z } from "zod";
import {
  accountDefaultsSettings,
  regionDefaultsSettings,
} from "../../components/account-defaults/settings";
import { accountNoticesSettings } from "../../components/account-notices/settings";
import { auditTrailSettings } from "../../components/audit-trail/settings";
import { costAllocationTagsSettings } from "../../components/budget/cost-allocation-tags";
import { configurationRecorderSettings } from "../../components/configuration-recorder/settings";
import { costReportSettings } from "../../components/cost-report/settings";
import { resourceScanSettings } from "../../components/resource-scan/settings";
import { securityHubSettings } from "../../components/security-hub/settings";
import { parseSettings } from "../../components/support/parse-settings";
import { type Problem, SettingsError } from "../../components/support/problem";
import { different, reason } from "../../components/support/rules";
import { threatDetectionSettings } from "../../components/threat-detection/settings";
import { type ConfigSource, namespace, pulumiSource } from "../../stacks/config-source";
import { awsRegion, awsSettings } from "../../stacks/provider";

const offBecause = reason
  .optional()
  .describe("Leaves this part out, and says why: it is there already, or the organization has it.");

/** Everything that the stack file of this program says. */
const baselineConfig = z.strictObject({
  notices: accountNoticesSettings.prefault({}).describe("Who is told what is found."),
  auditTrail: auditTrailSettings
    .safeExtend({ offBecause })
    .prefault({})
    .describe("The record of all calls, from all regions."),
  threatDetection: threatDetectionSettings
    .extend({ offBecause })
    .prefault({})
    .describe("GuardDuty, in each region."),
  configuration: configurationRecorderSettings
    .extend({ offBecause })
    .prefault({})
    .describe("AWS Config with its rules, in each region."),
  securityHub: securityHubSettings
    .extend({ offBecause })
    .prefault({})
    .describe("Security Hub, in each region."),
  resourceScan: resourceScanSettings
    .extend({ offBecause })
    .prefault({})
    .describe("Access Analyzer and Inspector, in each region."),
  accountDefaults: accountDefaultsSettings
    .extend({ offBecause })
    .prefault({})
    .describe("What holds for the whole account."),
  regionDefaults: regionDefaultsSettings
    .extend({ offBecause })
    .prefault({})
    .describe("What new things are like, in each region."),
  costReport: costReportSettings
    .extend({ offBecause })
    .prefault({})
    .describe("The report of all costs."),
  costAllocationTags: costAllocationTagsSettings
    .optional()
    .describe(
      "The tags that bills and budgets go by, in the account that pays. Without it: none, as AWS refuses them in a member of an organization, and anywhere on the first day.",
    ),
  otherRegions: different(z.array(awsRegion), "regions")
    .default([])
    .describe("Regions beside aws:region that there are stacks in."),
  unprotectedBecause: reason
    .optional()
    .describe(
      "Lets `pulumi destroy` delete all records, and says why. Without it AWS and Pulumi refuse.",
    ),
});

export type BaselineConfig = z.output<typeof baselineConfig> & {
  readonly aws: z.output<typeof awsSettings>;
};

/**
 * Reads and checks the configuration.
 *
 * @throws SettingsError with every problem at once; nothing has registered by then.
 */
export function loadBaselineConfig(source: ConfigSource = pulumiSource()): BaselineConfig {
  const base = `${source.project}:`;
  const own = parseSettings(baselineConfig, namespace(source, source.project), base);
  const provider = parseSettings(awsSettings, namespace(source, "aws"), "aws:");
  const problems = [
    ...provider.problems,
    ...own.problems,
    ...homeTwice(base, provider.value?.region, own.value?.otherRegions),
  ];
  if (own.value === undefined || provider.value === undefined || problems.length > 0) {
    throw new SettingsError(`Pulumi.${source.stack}.yaml`, problems);
  }
  return { ...own.value, aws: provider.value };
}

function homeTwice(
  base: string,
  home: string | undefined,
  otherRegions: readonly string[] = [],
): Problem[] {
  if (home === undefined || !otherRegions.includes(home)) return [];
  return [
    {
      key: `${base}otherRegions`,
      value: otherRegions,
      rule: "names aws:region, which has everything already",
      allowed: "other regions",
      fix: "remove it from the list",
    },
  ];
}
