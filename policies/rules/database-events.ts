import type { Control } from "../control";
import { referringTo, withInput } from "../mutants";
import type { Rule } from "../rule";
import { inputAt, listOf, textOf } from "../values";
import { databasesOf } from "./database-types";

const SUBSCRIPTION = "aws:rds/eventSubscription:EventSubscription";

/** News of RDS that somebody must hear, by kind of source. */
const NEWS: Readonly<Record<string, readonly string[]>> = {
  "db-instance": ["configuration change", "failure", "maintenance"],
  "db-cluster": ["failure", "maintenance"],
};

/** RDS-19: each database is told of, and a subscription for databases leaves out nothing that matters. */
const tellsNews: Rule = {
  check: (graph) => [
    ...databasesOf(graph)
      .filter((database) => graph.referrers(database, SUBSCRIPTION, "sourceIds").length === 0)
      .map((resource) => ({
        resource,
        message: "has nobody who hears what RDS does with it",
        fix: "set monitoring.databaseEvents to true",
      })),
    ...graph.ofType(SUBSCRIPTION).flatMap((resource) => {
      const told = listOf(inputAt(resource, "eventCategories"));
      const kind = textOf(inputAt(resource, "sourceType"));
      const missing = (NEWS[kind] ?? []).filter((category) => !told.includes(category));
      // Without categories, RDS tells everything.
      return told.length === 0 || missing.length === 0
        ? []
        : [
            {
              resource,
              message: `says nothing of ${missing.join(", ")}`,
              fix: "add it to eventCategories",
            },
          ];
    }),
  ],
  mutants: (graph) => [
    ...databasesOf(graph).flatMap((database) =>
      graph.referrers(database, SUBSCRIPTION, "sourceIds").map((subscription) => ({
        title: `${database.name}: not told of`,
        graph: referringTo(
          graph,
          subscription,
          "sourceIds",
          graph.references(subscription, "sourceIds").filter((other) => other !== database),
        ),
        finds: database.urn,
      })),
    ),
    ...graph.ofType(SUBSCRIPTION).flatMap((subscription) =>
      (NEWS[textOf(inputAt(subscription, "sourceType"))] ?? []).map((category) => ({
        title: `${subscription.name}: without ${category}`,
        graph: withInput(
          graph,
          subscription,
          "eventCategories",
          listOf(inputAt(subscription, "eventCategories")).filter((told) => told !== category),
        ),
        finds: subscription.urn,
      })),
    ),
  ],
};

export const databaseEventControls: readonly Control[] = [
  {
    id: "RDS-19",
    title: "Somebody hears of maintenance, failures and changed settings of databases",
    severity: "low",
    appliesTo: "production",
    sources: ["RDS.19", "RDS.20", "RDS.21"],
    status: {
      kind: "optional",
      setting: "monitoring.databaseEvents",
      because:
        "the alarms tell of everything that users would notice, and each maintenance is a message more",
    },
    rule: tellsNews,
  },
];
