import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Telling } from "../support/alarm";
import type { Publisher } from "../support/notice-topic";
import { checkSettings } from "../support/parse-settings";
import { watchAnomalies } from "./anomalies";
import { type BudgetSettings, type CheckedBudgetSettings, budgetSettings } from "./settings";

/** Services that must be let publish to the topics of `telling`. */
export const BUDGET_PUBLISHERS: readonly Publisher[] = [
  "budgets.amazonaws.com",
  "costalerts.amazonaws.com",
];

export interface BudgetArgs extends BudgetSettings {
  /** Tag by which the stack's costs are found: what bears it counts. */
  readonly tag: { readonly key: string; readonly value: string };
  /** Whose topics are told; a `Monitoring` has it. They must let in `BUDGET_PUBLISHERS`. */
  readonly telling: Telling;
}

/**
 * What a stack may cost in a month, and who hears when it costs more.
 *
 * ```ts
 * const budget = new Budget("budget", {
 *   monthlyUsd: 500, anomalyAboveUsd: 50,
 *   tag: { key: "Environment", value: "prod" }, telling: monitoring.telling,
 * });
 * ```
 *
 * It counts by a tag, so that several stacks share an account, and stops nothing: AWS charges on. AWS knows a tag in bills
 * from a day after it is activated in the account that pays: see `CostAllocationTags`. What cannot be tagged, such as
 * some of the traffic, is not counted. AWS watches the costs of a tag for anomalies in the account that pays alone, and
 * refuses `anomalyAboveUsd` in the members of its organization.
 *
 * Cost: none; a budget without actions and anomaly detection are free. (AWS price pages, read in November 2026.)
 */
export class Budget extends pulumi.ComponentResource {
  public readonly budgetName: pulumi.Output<string>;
  /** What learns the usual costs; undefined without `anomalyAboveUsd`. */
  public readonly anomalyMonitorArn: pulumi.Output<string> | undefined;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: BudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    const { tag, telling, ...rest } = args;
    const settings = checkSettings(`Budget "${name}"`, budgetSettings, rest);
    super("ecs-platform:index:Budget", name, {}, opts);
    const child = { parent: this };

    const budget = new aws.budgets.Budget(
      `${name}-budget`,
      {
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: String(settings.monthlyUsd),
        limitUnit: "USD",
        // One tag, since AWS does not say how it joins several. `filterExpression` would, but newer versions of the provider
        // refuse it without `metrics`, which older ones do not know.
        costFilters: [{ name: "TagKeyValue", values: [`user:${tag.key}$${tag.value}`] }],
        notifications: notifications(settings, telling),
      },
      child,
    );
    this.budgetName = budget.name;
    this.anomalyMonitorArn =
      settings.anomalyAboveUsd === undefined
        ? undefined
        : watchAnomalies(name, { aboveUsd: settings.anomalyAboveUsd, tag, telling }, child).arn;
    this.registerOutputs({
      budgetName: this.budgetName,
      anomalyMonitorArn: this.anomalyMonitorArn,
    });
  }
}

function notifications(
  { actualPercent, forecastPercent, emails }: CheckedBudgetSettings,
  { topics, silenced }: Telling,
): aws.types.input.budgets.BudgetNotification[] {
  const addresses = Object.values(emails).sort();
  // AWS refuses a notice that nobody gets.
  if (silenced && addresses.length === 0) return [];
  const notice = (notificationType: "ACTUAL" | "FORECASTED") => (threshold: number) => ({
    comparisonOperator: "GREATER_THAN",
    notificationType,
    threshold,
    thresholdType: "PERCENTAGE",
    ...(addresses.length > 0 && { subscriberEmailAddresses: addresses }),
    ...(!silenced && {
      subscriberSnsTopicArns: [
        notificationType === "ACTUAL" && threshold < 100 ? topics.info : topics.warning,
      ],
    }),
  });
  return [...actualPercent.map(notice("ACTUAL")), ...forecastPercent.map(notice("FORECASTED"))];
}
