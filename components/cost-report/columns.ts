import type { CheckedCostReportSettings } from "./settings";

/**
 * Columns of the report (Data Exports table dictionary, COST_AND_USAGE_REPORT): when, whose, what, which resource, how
 * much of it, what it cost, and its tags. AWS has some hundred more, and takes no "*".
 */
const COLUMNS = [
  "bill_billing_period_start_date",
  "identity_line_item_id",
  "identity_time_interval",
  "line_item_usage_account_id",
  "line_item_line_item_type",
  "line_item_product_code",
  "line_item_usage_type",
  "line_item_operation",
  "line_item_usage_start_date",
  "line_item_usage_end_date",
  "line_item_usage_amount",
  "line_item_unblended_rate",
  "line_item_unblended_cost",
  "line_item_resource_id",
  "line_item_line_item_description",
  "pricing_unit",
  "product_region_code",
  "product_servicecode",
  "reservation_effective_cost",
  "resource_tags",
  "savings_plan_savings_plan_effective_cost",
  "split_line_item_parent_resource_id",
  "split_line_item_split_cost",
  "split_line_item_unused_cost",
] as const;

/** The columns that there are: AWS refuses a query for those of what the report leaves out. */
export function columnsOf({
  resources,
  splitByTask,
}: Pick<CheckedCostReportSettings, "resources" | "splitByTask">): string[] {
  return COLUMNS.filter(
    (column) =>
      (resources || column !== "line_item_resource_id") &&
      (splitByTask || !column.startsWith("split_")),
  );
}
