import type { Control } from "../control";
import { type Graph, type PolicyResource, UNKNOWN } from "../graph";
import { withInput } from "../mutants";
import { requiredRule } from "../required";
import { allOf, type Rule } from "../rule";
import { inputAt, listOf, mapsOf } from "../values";

const BUDGET = "aws:budgets/budget:Budget";

/** Shares of the budget that somebody must hear of. */
const NOTICES = [
  { type: "ACTUAL", percent: 80 },
  { type: "ACTUAL", percent: 100 },
  { type: "FORECASTED", percent: 100 },
];

/** COST-01: at the latest there; sooner is as good. */
const tells: Rule = {
  check: (graph) =>
    knownBudgets(graph).flatMap((resource) =>
      NOTICES.filter(
        ({ type, percent }) =>
          !mapsOf(inputAt(resource, "notifications")).some(
            (notice) =>
              notice["notificationType"] === type &&
              Number(notice["threshold"]) === percent &&
              [
                ...listOf(notice["subscriberSnsTopicArns"]),
                ...listOf(notice["subscriberEmailAddresses"]),
              ].length > 0,
          ),
      ).map(({ type, percent }) => ({
        resource,
        message: `tells nobody when ${percent} % are ${type === "ACTUAL" ? "spent" : "to be expected"}`,
        fix: "add it to budget.actualPercent or budget.forecastPercent",
      })),
    ),
  mutants: (graph) =>
    graph.ofType(BUDGET).flatMap((budget) =>
      mapsOf(inputAt(budget, "notifications")).flatMap((notice, index) => [
        {
          title: `${budget.name}: without notice ${index}`,
          graph: withInput(graph, budget, `notifications.${index}`, undefined),
          finds: budget.urn,
        },
        {
          title: `${budget.name}: notice ${index} to nobody`,
          graph: withInput(graph, budget, `notifications.${index}`, {
            ...notice,
            subscriberSnsTopicArns: [],
            subscriberEmailAddresses: [],
          }),
          finds: budget.urn,
        },
      ]),
    ),
};

/** In the preview of a new stack it is not known yet whom they tell. */
function knownBudgets(graph: Graph): readonly PolicyResource[] {
  return graph.ofType(BUDGET).filter((budget) => inputAt(budget, "notifications") !== UNKNOWN);
}

export const costControls: readonly Control[] = [
  {
    id: "COST-01",
    title: "Somebody hears when a stack spends, or will spend, what it may",
    severity: "low",
    appliesTo: "production",
    sources: ["seed 002", "seed 004"],
    status: {
      kind: "optional",
      setting: "budget",
      because: "what a stack may cost nobody can guess; the budget itself is free",
    },
    rule: allOf(
      requiredRule({
        type: BUDGET,
        where: () => true,
        message: "has no budget",
        fix: "add the section budget",
      }),
      tells,
    ),
  },
];
