import { z } from "zod";
import { different, email, nameKey, rule, ruleAcross } from "../support/rules";

/** AWS Budgets takes no more of each (its guide, "Quotas"). */
const MOST = { thresholds: 5, emails: 10 };

const percents = different(
  z.array(z.int().min(1).max(1000)).max(MOST.thresholds),
  "percentages, 5 at most",
);

export const budgetSettings = ruleAcross(
  z.strictObject({
    monthlyUsd: z
      .int()
      .min(1)
      .max(10_000_000)
      .describe("USD that everything in the stack may cost in a calendar month."),
    actualPercent: percents
      .default([80, 100])
      .describe(
        "Shares of it that somebody is told of once they are spent: below 100 to the topic for infos, from 100 on to that for warnings.",
      ),
    forecastPercent: percents
      .default([100])
      .describe(
        "Shares of it that somebody is warned of as soon as the month is likely to reach them. AWS forecasts after five weeks of use.",
      ),
    emails: rule(z.record(nameKey, email), (given) => Object.keys(given).length <= MOST.emails, {
      rule: "has more addresses than a budget tells",
      allowed: `${MOST.emails} at most`,
      fix: "remove some, or name a list of your mail server",
    })
      .default({})
      .describe("Who is told beside the topics of the alarms, by a name of your choice."),
    anomalyAboveUsd: z
      .int()
      .min(1)
      .max(10_000_000)
      .optional()
      .describe(
        "Has AWS learn what is usual, and tell of costs that are so much above it. Only in the account that pays: in a member of an organization AWS refuses it. Without it: nobody looks.",
      ),
  }),
  ["actualPercent"],
  ({ actualPercent = [80], forecastPercent = [100] }) =>
    actualPercent.length + forecastPercent.length > 0,
  {
    rule: "is empty, and so is forecastPercent: nobody would ever be told",
    allowed: "at least one share in one of the two",
    fix: "add one, such as 100",
  },
);

export type BudgetSettings = z.input<typeof budgetSettings>;
/** As checked, with the defaults filled in. */
export type CheckedBudgetSettings = z.output<typeof budgetSettings>;
